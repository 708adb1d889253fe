/** A loop that starts to poll long before the job can be done: one longer wait in front spares the rounds in vain. */
import type { Figure } from "../../workflow/figure.ts";
import { pointerTo } from "../../workflow/text/json-value.ts";
import { workloadOfState } from "../../workflow/workload/workload.ts";
import { withStateFigures } from "../changed-workload.ts";
import { type JobLoop, findJobLoops } from "../job-loop.ts";
import { freeName } from "../free-name.ts";
import type { PatchOperation } from "../json-patch.ts";
import type { Proposal } from "../recommendation.ts";
import type { OpportunityRule, Subject } from "../rule.ts";
import { pathFrom } from "../state-removal.ts";

export const earlyFirstWait: OpportunityRule = {
  id: "early-first-wait",
  kind: "opportunity",
  title: "A polling loop whose first wait is too short",
  passes: "no polling loop is known to ask several times in vain",
  propose: (subject) => {
    const loops = [...new Set(subject.states.map(({ scope }) => scope))].flatMap(findJobLoops);
    return loops.length === 0 ? null : loops.flatMap((loop) => proposal(loop, subject));
  },
};

/** Fewer rounds are not worth a state more. */
const MANY_ROUNDS = 4;

function proposal(loop: JobLoop, { workflow }: Subject): readonly Proposal[] {
  const { wait, poll, choice, scope, entries } = loop;
  const { rounds } = workloadOfState(workflow.workload, choice);
  if (rounds === null || wait.seconds === null || rounds.value < MANY_ROUNDS) return [];
  if (entries.length === 0 || entries.some(({ into }) => into !== wait)) return [];
  const sure = rounds.low < rounds.value ? Math.floor(rounds.low) : Math.floor(rounds.value / 2);
  const spared = sure - 1;
  if (spared < 1) return [];
  const name = freeName(
    `${wait.name}, at first`,
    scope.states.map((state) => state.name),
  );
  const pathOf = pathFrom(workflow.stateMachine.pointer);
  const { Comment: _, ...fields } = wait.fields;
  const first = { ...fields, Seconds: wait.seconds * sure, Next: poll.name };
  const change: PatchOperation[] = [
    { op: "add", path: pathOf(pointerTo(scope.pointer, "States", name)), value: first },
    ...entries.map(({ way }) => ({ op: "replace" as const, path: pathOf(way.pointer), value: name })),
  ];
  return [
    {
      states: [wait.name, poll.name, choice.name],
      pointer: wait.pointer,
      advice: `wait ${wait.seconds * sure} s before the first question: ${spared} of ${Number(rounds.value.toPrecision(3))} rounds are then not made`,
      effort: "low",
      conditions: [`the job takes at least ${wait.seconds * sure} s; one that ends sooner is noticed later`],
      change,
      isMechanical: true,
      keepsBehaviour: false,
      around: {
        workload: withStateFigures(workflow.workload, choice, { rounds: fewer(rounds, spared) }),
      },
    },
  ];
}

function fewer(rounds: Figure, spared: number): Figure {
  const less = (value: number): number => Math.max(1, value - spared);
  return { ...rounds, value: less(rounds.value), low: less(rounds.low), high: less(rounds.high) };
}
