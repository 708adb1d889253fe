/** A Distributed Map of many items without ResultWriter: its results have to fit in 256 KiB, and those of failed children are lost. */
import { ownValue } from "../../workflow/text/json-value.ts";
import { placedOf } from "../placed-state.ts";
import type { FindingRule } from "../rule.ts";

/** Results of this many children, a few hundred bytes each, come near the payload limit. */
const MANY_CHILDREN = 500;

export const mapWithoutResultWriter: FindingRule = {
  id: "map-without-result-writer",
  kind: "finding",
  severity: "warning",
  title: "A Distributed Map without ResultWriter",
  passes: "every Distributed Map of many items writes its results to S3",
  judge: ({ states, profile }) => {
    const maps = placedOf(states, "Map").filter(({ state }) => state.mode === "DISTRIBUTED");
    if (maps.length === 0) return null;
    return maps
      .filter(({ state }) => !Object.hasOwn(state.fields, "ResultWriter"))
      .map(({ state, visits }) => {
        const all = profile.children.find((child) => child.state === state)?.count ?? 0;
        const children = visits === 0 ? 0 : all / visits;
        const isDiscarded = ownValue(state.fields, "ResultPath") === null;
        return {
          states: [state.name],
          pointer: state.pointer,
          severity: children > MANY_CHILDREN && !isDiscarded ? ("warning" as const) : ("info" as const),
          text: isDiscarded
            ? `${state.name} has no ResultWriter: what failed, and with which input, is written nowhere`
            : `${state.name} has no ResultWriter: the results of all children have to fit in 256 KiB, or the state fails after all the work is done`,
          remedy: `Add a "ResultWriter" with a bucket and a prefix: results and failures then lie in S3, with a manifest.`,
        };
      });
  },
};
