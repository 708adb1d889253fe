/** An Express workflow that logs every event with all of its data: the logs can cost more than the workflow. */
import type { OpportunityRule, Subject } from "../rule.ts";

export const verboseExpressLogging: OpportunityRule = {
  id: "verbose-express-logging",
  kind: "opportunity",
  title: "An Express workflow that logs everything with its data",
  passes: "no Express workflow logs every event with its data",
  propose: (subject) => (subject.type === "EXPRESS" ? proposals(subject) : null),
};

function proposals({ workflow }: Subject) {
  const { workload, stateMachine } = workflow;
  if (workload.logLevel !== "ALL" || workload.logExecutionData !== true) return [];
  return [
    {
      states: [],
      pointer: stateMachine.pointer,
      advice:
        "log at level ERROR, without execution data: the events of what went well are what fills the logs",
      effort: "low" as const,
      conditions: ["nobody follows executions that succeed in the logs, or an audit asks for them"],
      change: [],
      isMechanical: false,
      keepsBehaviour: true,
      around: { workload: { ...workload, logLevel: "ERROR" as const, logExecutionData: false } },
    },
  ];
}
