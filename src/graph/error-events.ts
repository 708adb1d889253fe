/** Error events are the history events of a visit that tell of a failure, caught or not: AWS logs them at level ERROR. */
import type { State } from "../workflow/state-machine.ts";
import type { StateVisit } from "./run-context.ts";

/**
 * Of one visit, what runs inside it apart. FailStateEntered; TaskFailed or LambdaFunctionFailed of each failed attempt;
 * ParallelStateFailed once; MapIterationFailed or MapRunFailed of each failed attempt, and MapStateFailed once. What is
 * aborted beside a failure is not counted. https://docs.aws.amazon.com/step-functions/latest/dg/cloudwatch-log-level.html
 */
export function errorEventsOf(state: State, { attempts, ends }: StateVisit): number {
  const succeeded = ends.reduce((sum, { edge, share }) => sum + (edge.kind === "next" ? share : 0), 0);
  const failedAttempts = Math.max(0, attempts - succeeded);
  const failed = Math.max(0, 1 - succeeded);
  switch (state.type) {
    case "Fail":
      return 1;
    case "Task":
      return failedAttempts;
    case "Parallel":
      return failed;
    case "Map":
      return failedAttempts + failed;
    case "Pass":
    case "Choice":
    case "Wait":
    case "Succeed":
      return 0;
  }
}
