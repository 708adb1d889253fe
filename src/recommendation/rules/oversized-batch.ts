/** Batches that cannot fit in 256 KiB: items as large as declared, as many as asked for. */
import { workloadOfState } from "../../workflow/workload/workload.ts";
import { PAYLOAD_BYTES } from "../map-batch.ts";
import { placedOf } from "../placed-state.ts";
import type { FindingRule } from "../rule.ts";

export const oversizedBatch: FindingRule = {
  id: "oversized-batch",
  kind: "finding",
  severity: "warning",
  title: "A batch too large for 256 KiB",
  passes: "every batch of a Distributed Map fits in 256 KiB",
  judge: ({ states, workflow }) => {
    const maps = placedOf(states, "Map").flatMap(({ state }) => {
      const items = state.itemBatcher?.maxItemsPerBatch ?? null;
      const { itemKB } = workloadOfState(workflow.workload, state);
      // How large items are, only the user can say.
      return items === null || itemKB === null
        ? []
        : [{ state, items, bytes: items * itemKB.value * 1000, itemKB }];
    });
    if (maps.length === 0) return null;
    return maps
      .filter(({ bytes, state }) => bytes > PAYLOAD_BYTES && state.itemBatcher?.maxInputBytesPerBatch == null)
      .map(({ state, items, bytes, itemKB }) => ({
        states: [state.name],
        pointer: state.pointer,
        text: `${state.name} asks for ${items} items a batch: ${Math.round(bytes / 1024)} KiB at ${itemKB.value} KB each, and a child's input holds 256 KiB`,
        remedy: `Set "MaxItemsPerBatch": ${Math.max(1, Math.floor(PAYLOAD_BYTES / (itemKB.value * 1000)))} or less, or "MaxInputBytesPerBatch": ${PAYLOAD_BYTES}.`,
      }));
  },
};
