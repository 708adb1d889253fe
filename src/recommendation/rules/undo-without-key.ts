/** An undo that is retried, or may run twice, without an idempotency key: a refund that runs twice must refund once. */
import type { FindingRule } from "../rule.ts";
import { undosOf } from "../saga.ts";
import { repeatabilityOf } from "../task-effect.ts";

export const undoWithoutKey: FindingRule = {
  id: "undo-without-key",
  kind: "finding",
  severity: "info",
  title: "An undo without an idempotency key",
  passes: "every undo carries an idempotency key",
  judge: ({ sagas, workflow }) => {
    if (sagas.length === 0) return null;
    return sagas.flatMap(undosOf).flatMap(({ undo }) =>
      repeatabilityOf(undo, workflow.workload) === "harmless"
        ? []
        : [
            {
              states: [undo.name],
              pointer: undo.pointer,
              text: `nothing shows that ${undo.name} passes an idempotency key: when it is retried after an answer that got lost, it may undo twice`,
              remedy: `Pass the execution's name ($$.Execution.Name, or {% $states.context.Execution.Name %}), or declare idempotent: true in stepfare.yml.`,
            },
          ],
    );
  },
};
