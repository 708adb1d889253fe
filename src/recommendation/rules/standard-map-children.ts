/** A Distributed Map whose Standard children could be Express ones: their states would then not be billed one by one. */
import { quantileOf } from "../../graph/distribution.ts";
import { pointerTo } from "../../workflow/text/json-value.ts";
import type { MapState } from "../../workflow/state-machine.ts";
import { expressBlockersIn } from "../map-batch.ts";
import { placedOf } from "../placed-state.ts";
import type { Proposal } from "../recommendation.ts";
import type { OpportunityRule, Subject } from "../rule.ts";
import { tasksInside } from "../saga.ts";
import { pathFrom } from "../state-removal.ts";
import { repeatabilityOf } from "../task-effect.ts";

export const standardMapChildren: OpportunityRule = {
  id: "standard-map-children",
  kind: "opportunity",
  title: "A Distributed Map whose Standard children could be Express",
  passes: "no Distributed Map starts Standard children that could be Express",
  propose: (subject) => {
    const maps = placedOf(subject.states, "Map").filter(({ state }) => state.mode === "DISTRIBUTED");
    return maps.length === 0 ? null : maps.flatMap(({ state }) => proposal(state, subject));
  },
};

/** A minute below the five that an Express execution has. */
const SAFE_MS = 240_000;

function proposal(map: MapState, { workflow, profile }: Subject): readonly Proposal[] {
  if (map.executionType !== "STANDARD" || expressBlockersIn(map).length > 0) return [];
  const child = profile.children.find(({ state }) => state === map);
  if (child === undefined || quantileOf(child.durationMs, 0.99) > SAFE_MS) return [];
  const repeated = tasksInside(map).filter((task) => repeatabilityOf(task, workflow.workload) !== "harmless");
  const config = pathFrom(workflow.stateMachine.pointer)(
    pointerTo(map.processor.pointer, "ProcessorConfig", "ExecutionType"),
  );
  return [
    {
      states: [map.name],
      pointer: map.pointer,
      advice: `set "ExecutionType": "EXPRESS": a child then costs one transition, a request and its duration, not each of its states`,
      effort: "low",
      conditions: [
        ...(repeated.length === 0
          ? []
          : [`these may run twice without harm: ${repeated.map(({ name }) => name).join(", ")}`]),
        "every child ends within five minutes, retries included",
        "nobody looks into a child's execution history",
      ],
      change: [{ op: "add", path: config, value: "EXPRESS" }],
      isMechanical: true,
      keepsBehaviour: true,
    },
  ];
}
