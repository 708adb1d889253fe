/** A Retry of what cannot succeed: the same request meets the same refusal. */
import { RUNTIME_ERROR } from "../../workflow/definition/error-names.ts";
import { retriedStates } from "../retried-state.ts";
import type { FindingRule } from "../rule.ts";

/** Errors of the definition or its data. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
const FUTILE = new Set([
  ...[
    "States.Runtime",
    "States.DataLimitExceeded",
    "States.ParameterPathFailure",
    "States.ResultPathMatchFailure",
  ],
  ...[
    "States.NoChoiceMatched",
    "States.IntrinsicFailure",
    "States.QueryEvaluationError",
    "States.Permissions",
  ],
]);
/** Refusals by the service that is called, whatever its name is. */
const REFUSED =
  /(AccessDenied|Unauthori[sz]ed|NotAuthorized|Validation(Exception|Error)|InvalidParameter|InvalidRequest|BadRequest|ConditionalCheckFailed)/;

/** Those that AWS retries cost as well; States.Runtime ends the execution at once, whatever stands beside it. */
function sayingOf(
  name: string,
  futile: readonly string[],
): { readonly text: string; readonly remedy: string } {
  const ending = futile.includes(RUNTIME_ERROR)
    ? `${RUNTIME_ERROR}, which AWS neither retries nor lets be caught: it ends the execution at once`
    : null;
  const repeated = futile.filter((error) => error !== RUNTIME_ERROR);
  if (repeated.length === 0)
    return {
      text: `${name} retries ${ending}`,
      remedy: "Take it out of Retry, and mend what the path or the data lack.",
    };
  const billed = `${repeated.join(", ")}, which comes of the request itself: each retry is billed and fails the same way`;
  return ending === null
    ? { text: `${name} retries ${billed}`, remedy: "Take it out of Retry and catch it." }
    : {
        text: `${name} retries ${billed}; and ${ending}`,
        remedy: `Take them out of Retry; catch ${repeated.join(", ")}, and mend what the path or the data lack.`,
      };
}

export const futileRetry: FindingRule = {
  id: "futile-retry",
  kind: "finding",
  severity: "warning",
  title: "A Retry of what cannot succeed",
  passes: "no Retry repeats what cannot succeed",
  judge: ({ states }) => {
    const retried = retriedStates(states);
    if (retried.length === 0) return null;
    return retried.flatMap(({ state, retry }) =>
      retry.flatMap(({ errorEquals, maxAttempts, pointer }) => {
        const futile = errorEquals.filter((name) => FUTILE.has(name) || REFUSED.test(name));
        if (futile.length === 0 || maxAttempts === 0) return [];
        return [
          {
            states: [state.name],
            pointer,
            detail: futile.join(" "),
            ...sayingOf(state.name, futile),
          },
        ];
      }),
    );
  },
};
