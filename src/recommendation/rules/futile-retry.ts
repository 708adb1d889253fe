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

/** Those that AWS retries cost as well; the others end the execution at once. */
function sayingOf(
  name: string,
  futile: readonly string[],
): { readonly text: string; readonly remedy: string } {
  const errors = futile.join(", ");
  return futile.every((error) => error === RUNTIME_ERROR)
    ? {
        text: `${name} retries ${errors}, which AWS neither retries nor lets be caught: it ends the execution at once`,
        remedy: "Take it out of Retry, and mend what the path or the data lack.",
      }
    : {
        text: `${name} retries ${errors}, which comes of the request itself: each retry is billed and fails the same way`,
        remedy: "Take it out of Retry and catch it.",
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
