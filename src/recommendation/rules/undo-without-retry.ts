/** An undo that is tried only once: a blip leaves the work half undone. */
import type { FindingRule } from "../rule.ts";
import { undosOf } from "../saga.ts";

export const undoWithoutRetry: FindingRule = {
  id: "undo-without-retry",
  kind: "finding",
  severity: "warning",
  title: "An undo without Retry",
  passes: "every undo is retried",
  judge: ({ sagas }) => {
    if (sagas.length === 0) return null;
    return sagas.flatMap(undosOf).flatMap(({ undo, step }) =>
      undo.retry.length > 0
        ? []
        : [
            {
              states: [undo.name],
              pointer: undo.pointer,
              text: `${undo.name} undoes ${step.task.name} and has no Retry: one blip, and it stays done`,
              remedy: `Retry States.ALL, patiently, with "MaxDelaySeconds" and "JitterStrategy": "FULL".`,
            },
          ],
    );
  },
};
