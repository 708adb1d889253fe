/** A Distributed Map without ItemBatcher: every item starts a child execution of its own, and each start is a transition. */
import type { MapState } from "../../workflow/state-machine.ts";
import {
  batchedMap,
  chooseBatch,
  concurrencyWords,
  discardsResults,
  itemSpent,
  leansOnSurroundings,
} from "../map-batch.ts";
import { type PlacedState, placedOf } from "../placed-state.ts";
import type { Proposal } from "../recommendation.ts";
import type { OpportunityRule, Subject } from "../rule.ts";
import { pathFrom } from "../state-removal.ts";

export const unbatchedDistributedMap: OpportunityRule = {
  id: "unbatched-distributed-map",
  kind: "opportunity",
  title: "A Distributed Map without batches",
  passes: "every Distributed Map of many items works in batches",
  propose: (subject) => {
    const maps = placedOf(subject.states, "Map").filter(({ state }) => state.mode === "DISTRIBUTED");
    return maps.length === 0 ? null : maps.flatMap((placed) => proposal(placed, subject));
  },
};

const MANY_ITEMS = 100;

function proposal({ state: map, scope }: PlacedState<MapState>, subject: Subject): readonly Proposal[] {
  const { workflow, profile } = subject;
  const items = profile.children.find(({ state }) => state === map)?.items ?? 0;
  if (map.itemBatcher !== null || items < MANY_ITEMS) return [];
  const item = itemSpent(profile, map);
  if (map.executionType === "EXPRESS" && (item === null || item.durationMs > 240_000)) return [];
  const batch = chooseBatch(map, workflow.workload, { item, executionType: map.executionType });
  if (batch < 2) return [];
  const isSelfContained = !leansOnSurroundings(map, scope);
  return [
    {
      states: [map.name],
      pointer: map.pointer,
      advice: `let a child execution take ${batch} items (ItemBatcher), over which an inline Map in it runs; a Task that takes the whole batch in one call saves more still`,
      effort: "medium",
      conditions: [
        ...(isSelfContained
          ? []
          : [
              "what the items use of the execution's name or input, their number in the whole list or variables from outside is handed to them by ItemSelector: in a child the name is that of its batch, and no key for one item",
            ]),
        ...(discardsResults(map)
          ? []
          : [`whoever reads the results of ${map.name} takes them as lists of ${batch}`]),
        "ToleratedFailure counts items of a failed child as failed, all of them",
        `MaxConcurrency counts batches: ${concurrencyWords(map)}`,
      ],
      change: batchedMap(
        map,
        { batch, executionType: map.executionType },
        pathFrom(workflow.stateMachine.pointer),
      ),
      isMechanical: isSelfContained,
      keepsBehaviour: false,
    },
  ];
}
