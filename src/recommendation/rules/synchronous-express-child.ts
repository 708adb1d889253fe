/** startExecution.sync on an Express workflow: AWS does not support waiting for it this way. */
import { placedOf } from "../placed-state.ts";
import type { FindingRule } from "../rule.ts";

export const synchronousExpressChild: FindingRule = {
  id: "synchronous-express-child",
  kind: "finding",
  severity: "warning",
  title: "startExecution.sync on an Express workflow",
  passes: "no Task waits for an Express workflow by startExecution.sync",
  judge: ({ states, startedTypes }) => {
    const starts = placedOf(states, "Task").filter(
      ({ state: { resource } }) =>
        /^startExecution$/i.test(resource.action) && resource.pattern === "RUN_JOB",
    );
    if (starts.length === 0) return null;
    return starts
      .filter(({ state }) => startedTypes.get(state.pointer) === "EXPRESS")
      .map(({ state }) => ({
        states: [state.name],
        pointer: state.pointer,
        text: `${state.name} waits for an Express workflow by ${state.resource.suffix}, which AWS does not support for nested Express workflows`,
        remedy:
          "Call arn:aws:states:::aws-sdk:sfn:startSyncExecution, and test the Status in its answer: the call succeeds also when the child failed.",
      }));
  },
};
