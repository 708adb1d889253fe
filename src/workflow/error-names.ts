/**
 * Error names are how Amazon States Language tells failures apart.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */

/** Stands for "some error that no name in the definition tells": only States.ALL and States.TaskFailed match it. */
export const ANY_ERROR = "*";

/** Errors that no Retrier or Catcher can match, not even States.ALL. */
const TERMINAL_ERRORS: ReadonlySet<string> = new Set(["States.Runtime", "States.DataLimitExceeded"]);

/** Whether a Retrier's or Catcher's ErrorEquals matches an error name, with AWS's wildcards. */
export function matchesError(errorEquals: readonly string[], error: string): boolean {
  return errorEquals.some((pattern) => {
    if (pattern === error) return true;
    if (pattern === "States.ALL") return !TERMINAL_ERRORS.has(error);
    if (pattern === "States.TaskFailed") return error !== "States.Timeout" && !TERMINAL_ERRORS.has(error);
    if (pattern === "States.Timeout") return error === "States.HeartbeatTimeout";
    return false;
  });
}
