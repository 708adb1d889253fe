/** A Standard workflow that AWS would take as Express, and that would cost less so. */
import type { OpportunityRule, Subject } from "../rule.ts";

export const shortStandardWorkflow: OpportunityRule = {
  id: "short-standard-workflow",
  kind: "opportunity",
  title: "A short Standard workflow that is cheaper as Express",
  passes: "the workflow's type is the cheaper one, or the only one it can have",
  propose: (subject) => (subject.type === "STANDARD" ? proposals(subject) : null),
};

function proposals({ workflow, choice, eligibility }: Subject) {
  if (choice.type !== "EXPRESS" || !eligibility.eligible) return [];
  const repeated = eligibility.cautions.filter(({ code }) => code === "at-least-once");
  const names = repeated.flatMap(({ state }) => state ?? []);
  return [
    {
      states: [],
      pointer: workflow.stateMachine.pointer,
      advice: "run it as an Express workflow: a new state machine, since the type cannot be changed in place",
      effort: "medium" as const,
      conditions: [
        // What may run a payment twice is said first.
        ...(names.length === 0 ? [] : [`these may run twice without harm: ${names.join(", ")}`]),
        "every execution ends within five minutes",
        "no caller counts on a name that starts only one execution: Standard starts none twice under one name, Express does",
        "nobody needs the execution history or redrive; CloudWatch Logs take their place",
      ],
      change: [],
      isMechanical: false,
      keepsBehaviour: true,
      around: { type: "EXPRESS" as const },
    },
  ];
}
