/** A Task that changes something and runs at least once: without an idempotency key it may change it twice. */
import type { Severity } from "../../diagnostic.ts";
import type { TaskState } from "../../workflow/state-machine.ts";
import { placedOf } from "../placed-state.ts";
import type { FindingRule } from "../rule.ts";
import { calleeOf, repeatabilityOf, wordsOf } from "../task-effect.ts";

/** Words for what must not happen twice. */
const GRAVE = new Set([
  ...[
    "charge",
    "pay",
    "payment",
    "capture",
    "debit",
    "credit",
    "refund",
    "transfer",
    "withdraw",
    "deposit",
    "invoice",
  ],
  ...["increment", "decrement", "order", "ship", "email", "sms", "purchase", "bill", "book", "reserve"],
]);

export const repeatedSideEffect: FindingRule = {
  id: "repeated-side-effect",
  kind: "finding",
  severity: "warning",
  title: "A side effect that may happen twice",
  passes: "every Task under at-least-once execution may be repeated",
  judge: ({ states, workflow }) => {
    const tasks = placedOf(states, "Task").filter(({ runsAs }) => runsAs === "EXPRESS");
    if (tasks.length === 0) return null;
    return tasks.flatMap(({ state, within }) => {
      const repeatability = repeatabilityOf(state, workflow.workload);
      if (repeatability === "harmless") return [];
      const where = within.some((outer) => outer.type === "Map" && outer.mode === "DISTRIBUTED")
        ? "an Express child of a Distributed Map, which may run it more than once"
        : "an Express execution, which may run it more than once unless StartSyncExecution starts it";
      return [
        {
          states: [state.name],
          pointer: state.pointer,
          severity: repeatability === "harmful" ? "warning" : severityOf(state),
          text:
            repeatability === "harmful"
              ? `${state.name} is declared not idempotent and runs in ${where}`
              : `${state.name} runs in ${where}, and nothing shows that it may be repeated`,
          remedy:
            "Pass an idempotency key, such as the execution's name ($$.Execution.Name), or declare idempotent: true in stepfare.yml.",
        },
      ];
    });
  },
};

function severityOf(task: TaskState): Severity {
  const words = [...wordsOf(task.name), ...wordsOf(calleeOf(task))];
  return words.some((word) => GRAVE.has(word)) ? "warning" : "info";
}
