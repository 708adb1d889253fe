/** A way to fail that undoes an earlier step before a later one, which may still stand on it. */
import type { FindingRule } from "../rule.ts";

export const undoOutOfOrder: FindingRule = {
  id: "undo-out-of-order",
  kind: "finding",
  severity: "warning",
  title: "Undos that do not run in reverse order",
  passes: "undos run in the reverse order of the steps",
  judge: ({ sagas }) => {
    if (sagas.length === 0) return null;
    return sagas.flatMap(({ failures }) =>
      failures.flatMap(({ failing, catcher, outOfOrder }) => {
        const [pair] = outOfOrder;
        if (pair === undefined || catcher === null) return [];
        const [early, late] = pair;
        return [
          {
            states: [failing.name],
            pointer: catcher.pointer,
            detail: catcher.next,
            text: `when ${failing.name} fails, ${early.undos[0]?.name} runs before ${late.undos[0]?.name}, though ${late.task.name} was done after ${early.task.name} and may stand on it`,
            remedy: "Undo what was done last first.",
          },
        ];
      }),
    );
  },
};
