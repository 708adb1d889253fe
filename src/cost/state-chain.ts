/**
 * A state's chain is the product that its visits are: visits of the Map or Parallel around it, times its attempts, times
 * its iterations, times the visits in each of them; so that a change is told where it was made.
 */
import type { MatchableState, StatePair } from "../workflow/workload/matched-states.ts";
import type { ChangedFactor } from "./product-shares.ts";
import type { PricedState } from "./priced-workflow.ts";

/** What a factor of a state's visits is due to. */
export interface ChainCause<State> {
  /** `flow`: how its own scope reaches it; `retries` and `items`: of a state; `presence`: it is there on one side only. */
  readonly kind: "flow" | "retries" | "items" | "presence";
  readonly pair: StatePair<State>;
}

export type StateFactor = ChangedFactor<ChainCause<PricedState>>;

export interface StateChains {
  /** Factors of the state's visits, the outermost first. */
  visits(pair: StatePair<PricedState>): readonly StateFactor[];
}

export function chainStates(pairs: readonly StatePair<PricedState>[]): StateChains {
  const byPointer = {
    before: new Map<string, StatePair<PricedState>>(),
    after: new Map<string, StatePair<PricedState>>(),
  };
  for (const pair of pairs) {
    for (const side of ["before", "after"] as const) {
      const state = pair[side];
      if (state !== null) byPointer[side].set(state.pointer, pair);
    }
  }
  const around = (state: PricedState, side: "before" | "after"): StatePair<PricedState> | null => {
    const pointer = containerPointer(state);
    return pointer === null ? null : (byPointer[side].get(pointer) ?? null);
  };
  const visits = (pair: StatePair<PricedState>): readonly StateFactor[] => {
    const { before, after } = pair;
    if (before === null || after === null) {
      return [factor({ kind: "presence", pair }, before?.visits ?? 0, after?.visits ?? 0)];
    }
    const container = around(before, "before");
    const isSame = container === around(after, "after");
    if (container?.before == null || container.after === null || !isSame) {
      return [factor({ kind: "flow", pair }, before.visits, after.visits)];
    }
    const runs = { before: runsInside(container.before), after: runsInside(container.after) };
    const [old, now] = known(ratio(before.visits, runs.before), ratio(after.visits, runs.after));
    return [
      ...visits(container),
      ...attemptFactor(container),
      factor(
        { kind: "items", pair: container },
        container.before.iterations ?? 1,
        container.after.iterations ?? 1,
      ),
      factor({ kind: "flow", pair }, old, now),
    ];
  };
  return { visits: (pair) => withBatchesAsOne(visits(pair)) };
}

/**
 * Fewer children with larger batches, or the other way round, work on the same items: what runs for each of these does
 * not change by the one and back by the other. Both are then one factor, of the Map that makes the batches.
 */
function withBatchesAsOne(factors: readonly StateFactor[]): readonly StateFactor[] {
  const at = factors.findIndex((inner) => batchesOf(inner, factors) !== null);
  if (at < 0) return factors;
  const inner = factors[at]!;
  const outer = batchesOf(inner, factors)!;
  const { before, after } = inner;
  const together = factor(outer.cause, outer.before * before, outer.after * after);
  return factors.flatMap((each) => (each === inner ? [] : each === outer ? [together] : [each]));
}

/** The factor of a Map around it whose children take the items told by this one, to less than a batch; null = none. */
function batchesOf(inner: StateFactor, factors: readonly StateFactor[]): StateFactor | null {
  if (inner.cause.kind !== "items" || inner.before === inner.after) return null;
  const around = factors.slice(0, factors.indexOf(inner));
  return (
    around.find(
      (outer) =>
        outer.cause.kind === "items" &&
        (outer.cause.pair.before?.childExecutions ?? 0) > 0 &&
        (outer.cause.pair.after?.childExecutions ?? 0) > 0 &&
        outer.before !== outer.after &&
        Math.abs(outer.before * inner.before - outer.after * inner.after) <
          Math.max(inner.before, inner.after),
    ) ?? null
  );
}

/** Attempts of each visit: one, and the retries. */
export function attemptFactor(pair: StatePair<PricedState>): readonly StateFactor[] {
  const [before, after] = known(attemptsOf(pair.before), attemptsOf(pair.after));
  const isOneSided = pair.before === null || pair.after === null;
  return [factor({ kind: isOneSided ? "presence" : "retries", pair }, before, after)];
}

function attemptsOf(state: PricedState | null): number | null {
  return state === null ? null : ratio(state.visits + state.retries, state.visits);
}

function runsInside({ visits, retries, iterations }: PricedState): number {
  return (visits + retries) * (iterations ?? 1);
}

function ratio(quantity: number, per: number): number | null {
  return per > 0 ? quantity / per : null;
}

/** A ratio to nothing is as on the other side, where it is known: the change is then due to what became nothing. */
function known(before: number | null, after: number | null): readonly [number, number] {
  return [before ?? after ?? 1, after ?? before ?? 1];
}

/** Ratios of the same thing may differ in their last digits. */
const SAME = 1e-12;

function factor(cause: ChainCause<PricedState>, before: number, after: number): StateFactor {
  const isSame = Math.abs(after - before) <= SAME * Math.max(Math.abs(before), Math.abs(after));
  return { cause, before, after: isSame ? before : after };
}

/** `/States/Outer/Branches/0/States/Twin` is within `/States/Outer`; null at the top. */
function containerPointer({ pointer }: Pick<MatchableState, "pointer">): string | null {
  const scope = scopePointer(pointer);
  const container = scope.replace(/\/(?:Branches\/\d+|ItemProcessor|Iterator)$/, "");
  return container === scope ? null : container;
}

/** The scope a state stands in: its pointer without `/States/<name>`. */
export function scopePointer(pointer: string): string {
  return pointer.replace(/\/States\/[^/]*$/, "");
}
