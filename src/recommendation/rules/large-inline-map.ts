/** An inline Map over many items, each of which is billed by the state; as a Distributed Map with Express children it is not. */
import type { MapState } from "../../workflow/state-machine.ts";
import { workloadOfState } from "../../workflow/workload/workload.ts";
import {
  batchedMap,
  chooseBatch,
  concurrencyWords,
  discardsResults,
  expressBlockersIn,
  itemSpent,
  leansOnSurroundings,
} from "../map-batch.ts";
import { type PlacedState, placedOf } from "../placed-state.ts";
import type { Proposal } from "../recommendation.ts";
import type { OpportunityRule, Subject } from "../rule.ts";
import { pathFrom } from "../state-removal.ts";

export const largeInlineMap: OpportunityRule = {
  id: "large-inline-map",
  kind: "opportunity",
  title: "An inline Map that belongs distributed",
  passes: "no inline Map is known to hold so many items that it belongs distributed",
  propose: (subject) => {
    const maps = placedOf(subject.states, "Map").filter(
      ({ state, runsAs, within }) =>
        state.mode === "INLINE" && runsAs === "STANDARD" && within.every(({ type }) => type !== "Map"),
    );
    return maps.length === 0 ? null : maps.flatMap((placed) => proposal(placed, subject));
  },
};

const MANY_ITEMS = 100;

function proposal({ state: map, scope }: PlacedState<MapState>, subject: Subject): readonly Proposal[] {
  const { workflow, profile } = subject;
  const { items } = workloadOfState(workflow.workload, map);
  if (items === null || items.value < MANY_ITEMS || expressBlockersIn(map).length > 0) return [];
  const item = itemSpent(profile, map);
  if (item === null || item.durationMs > 240_000) return [];
  const batch = chooseBatch(map, workflow.workload, { item, executionType: "EXPRESS" });
  const isSelfContained = !leansOnSurroundings(map, scope);
  return [
    {
      states: [map.name],
      pointer: map.pointer,
      advice: `make it a Distributed Map with Express children of ${batch} items each: a child costs one transition and an Express execution, however many states its items pass`,
      effort: isSelfContained ? "medium" : "high",
      conditions: [
        "the Tasks inside may run twice without harm: Express executions are at least once",
        ...(isSelfContained
          ? []
          : [
              "what the items use of the states around the Map, and of the execution's name or input, is handed to them by ItemSelector: in a child they are others",
            ]),
        ...(discardsResults(map)
          ? []
          : [`what follows takes the results of ${map.name} as lists of ${batch}, one for each child`]),
        concurrencyWords(map),
        "the state machine's role may start its own executions (states:StartExecution)",
      ],
      change: batchedMap(map, { batch, executionType: "EXPRESS" }, pathFrom(workflow.stateMachine.pointer)),
      isMechanical: isSelfContained,
      keepsBehaviour: false,
    },
  ];
}
