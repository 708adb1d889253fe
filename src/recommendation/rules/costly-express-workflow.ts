/** An Express workflow that would cost less as Standard: long, large or seldom started. */
import type { OpportunityRule, Subject } from "../rule.ts";

export const costlyExpressWorkflow: OpportunityRule = {
  id: "costly-express-workflow",
  kind: "opportunity",
  title: "An Express workflow that is cheaper as Standard",
  passes: "Express is the cheaper type",
  propose: (subject) => (subject.type === "EXPRESS" ? proposals(subject) : null),
};

function proposals({ workflow, choice }: Subject) {
  if (choice.why !== "standard-cheaper") return [];
  return [
    {
      states: [],
      pointer: workflow.stateMachine.pointer,
      advice: "run it as a Standard workflow: a new state machine, since the type cannot be changed in place",
      effort: "medium" as const,
      conditions: [
        "no caller uses StartSyncExecution, which Standard does not have",
        "it is started less often than the StartExecution quota of Standard allows",
      ],
      change: [],
      isMechanical: false,
      keepsBehaviour: true,
      around: { type: "STANDARD" as const },
    },
  ];
}
