/**
 * Error names are how Amazon States Language tells failures apart.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */

/** Stands for "some error that no name in the definition tells": only States.ALL and States.TaskFailed match it. */
export const ANY_ERROR = "*";

/** AWS ends an execution with it, even where a Catcher names it. */
export const RUNTIME_ERROR = "States.Runtime";

/** Errors that States.ALL and States.TaskFailed leave alone. */
const TERMINAL_ERRORS: ReadonlySet<string> = new Set([RUNTIME_ERROR, "States.DataLimitExceeded"]);
/** A missed heartbeat is a timeout, too. */
const TIMEOUTS: ReadonlySet<string> = new Set(["States.Timeout", "States.HeartbeatTimeout"]);

/** Whether a Retrier's or Catcher's ErrorEquals matches an error name, with AWS's wildcards. */
export function matchesError(errorEquals: readonly string[], error: string): boolean {
  if (error === RUNTIME_ERROR) return false;
  return errorEquals.some((pattern) => {
    if (pattern === error) return error !== ANY_ERROR;
    if (pattern === "States.Timeout") return TIMEOUTS.has(error);
    if (TERMINAL_ERRORS.has(error)) return false;
    return pattern === "States.ALL" || (pattern === "States.TaskFailed" && !TIMEOUTS.has(error));
  });
}
