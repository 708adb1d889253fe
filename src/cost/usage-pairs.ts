/** Usage pairs are two workflows' usage besides state transitions, side by side: by usage type and matched state. */
import type { UsageType } from "../usage/usage-line.ts";
import type { StatePair } from "../workflow/workload/matched-states.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import type { PricedState, PricedUsage, PricedWorkflow } from "./priced-workflow.ts";

export interface UsagePair {
  readonly usageType: UsageType;
  /** Null: of the execution itself. */
  readonly pair: StatePair<PricedState> | null;
  /** Per execution. */
  readonly quantity: { readonly before: number; readonly after: number };
}

export interface PairedWorkflows {
  readonly before: PricedWorkflow;
  readonly after: PricedWorkflow;
  readonly pairs: readonly StatePair<PricedState>[];
}

export function pairUsage(
  { before, after, pairs }: PairedWorkflows,
  type: WorkflowType,
): readonly UsagePair[] {
  const found = new Map<
    string,
    { usageType: UsageType; pair: StatePair<PricedState> | null; before: number; after: number }
  >();
  for (const side of ["before", "after"] as const) {
    const byName = new Map(pairs.flatMap((pair) => (pair[side] === null ? [] : [[pair[side].name, pair]])));
    const { lines }: PricedUsage = (side === "before" ? before : after).byType[type];
    for (const { usageType, state, quantity } of lines) {
      const pair = state === null ? null : (byName.get(state) ?? null);
      const id = `${usageType}\n${pair === null ? "" : (pair.after ?? pair.before)!.pointer}`;
      const known = found.get(id) ?? { usageType, pair, before: 0, after: 0 };
      known[side] += quantity;
      found.set(id, known);
    }
  }
  return [...found.values()].map(({ usageType, pair, ...quantity }) => ({ usageType, pair, quantity }));
}
