/** A Distributed Map without MaxConcurrency: up to 10,000 children call what is downstream at once. */
import { placedOf } from "../placed-state.ts";
import type { FindingRule } from "../rule.ts";
import { tasksInside } from "../saga.ts";

export const mapWithoutConcurrencyLimit: FindingRule = {
  id: "map-without-concurrency-limit",
  kind: "finding",
  severity: "warning",
  title: "A Distributed Map without a limit of concurrency",
  passes: "every Distributed Map says how many children may run at once",
  judge: ({ states }) => {
    // Children that call nothing can do no harm.
    const maps = placedOf(states, "Map").filter(
      ({ state }) => state.mode === "DISTRIBUTED" && tasksInside(state).length > 0,
    );
    if (maps.length === 0) return null;
    return maps
      .filter(
        ({ state }) =>
          state.fields["MaxConcurrency"] === 0 ||
          !["MaxConcurrency", "MaxConcurrencyPath"].some((name) => Object.hasOwn(state.fields, name)),
      )
      .map(({ state }) => ({
        states: [state.name],
        pointer: state.pointer,
        text: `${state.name} has no MaxConcurrency: up to 10,000 children run at once, whatever what they call can bear`,
        remedy: `Set "MaxConcurrency" to what the slowest service downstream can take.`,
      }));
  },
};
