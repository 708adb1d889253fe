/** A Distributed Map that tolerates no failure: one bad item fails the run of all the others. */
import { placedOf } from "../placed-state.ts";
import type { FindingRule } from "../rule.ts";

const FIELDS = ["ToleratedFailurePercentage", "ToleratedFailureCount"].flatMap((name) => [
  name,
  `${name}Path`,
]);

export const mapWithoutTolerance: FindingRule = {
  id: "map-without-tolerance",
  kind: "finding",
  severity: "info",
  title: "A Distributed Map that tolerates no failed item",
  passes: "every Distributed Map says how many items may fail",
  judge: ({ states }) => {
    const maps = placedOf(states, "Map").filter(({ state }) => state.mode === "DISTRIBUTED");
    if (maps.length === 0) return null;
    return maps
      .filter(({ state }) => !FIELDS.some((name) => Object.hasOwn(state.fields, name)))
      .map(({ state }) => ({
        states: [state.name],
        pointer: state.pointer,
        text: `${state.name} tolerates no failure: one child execution that fails stops the whole run`,
        remedy: `Set "ToleratedFailurePercentage" or "ToleratedFailureCount"; write 0 where none may fail.`,
      }));
  },
};
