/** A change ledger gathers what each cause adds to a difference, cause by cause, and sees that the whole adds up. */
import type { StatePair } from "../workflow/workload/matched-states.ts";
import type { ChainCause } from "./state-chain.ts";
import type { PricedState } from "./priced-workflow.ts";

export interface ChangeCause {
  readonly kind:
    | ChainCause<PricedState>["kind"]
    | "workflow-added"
    | "workflow-removed"
    /** Branch shares, rounds or failure rates of a state: they move the states around it. */
    | "flow-figure"
    /** Whether transitions of a state are billed: its child executions changed their type. */
    | "billing"
    /** Time or memory of a Distributed Map's child executions. */
    | "children"
    | "type"
    | "executions"
    | "duration"
    | "memory"
    | "rule"
    | "prices"
    | "tier"
    | "free-tier"
    | "usage"
    | "other";
  /** Tells apart causes of the same kind: a state's pointer. */
  readonly key: string;
  /** The state it is about. */
  readonly pair?: StatePair<PricedState>;
  /** The state whose visits it moves. */
  readonly moved?: StatePair<PricedState>;
}

export interface ChangeAmount {
  readonly cost: number;
  /** Per execution. */
  readonly transitions: number;
}

export interface LedgerEntry extends ChangeAmount {
  readonly cause: ChangeCause;
  readonly moved: readonly StatePair<PricedState>[];
}

export interface ChangeLedger {
  add(cause: ChangeCause, amount: ChangeAmount): void;
  /** Entries that are something, the dearest first, adding up to `total`. `scale` is what is being compared. */
  settle(total: ChangeAmount, scale: ChangeAmount): readonly LedgerEntry[];
}

/** Below this share of what is compared an amount is what rounding leaves. */
const NOISE = 1e-9;

interface OpenEntry {
  readonly cause: ChangeCause;
  cost: number;
  transitions: number;
  readonly moved: Set<StatePair<PricedState>>;
}

export function openLedger(): ChangeLedger {
  const entries = new Map<string, OpenEntry>();
  return {
    add: (cause, { cost, transitions }) => {
      if (cost === 0 && transitions === 0) return;
      const id = `${cause.kind}\n${cause.key}`;
      const known = entries.get(id) ?? { cause, cost: 0, transitions: 0, moved: new Set() };
      known.cost += cost;
      known.transitions += transitions;
      if (cause.moved) known.moved.add(cause.moved);
      entries.set(id, known);
    },
    settle: (total, scale) => {
      const real = [...entries.values()].filter(
        ({ cost, transitions }) =>
          Math.abs(cost) > NOISE * scale.cost || Math.abs(transitions) > NOISE * scale.transitions,
      );
      const settled = withRest(real, total, scale);
      return settled
        .map(({ moved, ...entry }) => ({ ...entry, moved: [...moved] }))
        .sort(
          (a, b) =>
            Math.abs(b.cost) - Math.abs(a.cost) ||
            Math.abs(b.transitions) - Math.abs(a.transitions) ||
            (idOf(a.cause) < idOf(b.cause) ? -1 : 1),
        );
    },
  };
}

function idOf({ kind, key }: ChangeCause): string {
  return `${kind}\n${key}`;
}

/** What rounding leaves goes to the largest entry; what is more than rounding is told as such. */
function withRest(
  entries: readonly OpenEntry[],
  total: ChangeAmount,
  scale: ChangeAmount,
): readonly OpenEntry[] {
  const rest = (what: keyof ChangeAmount): number =>
    total[what] - entries.reduce((sum, entry) => sum + entry[what], 0);
  const [cost, transitions] = [rest("cost"), rest("transitions")];
  const isNoise = Math.abs(cost) <= 1e-6 * scale.cost && Math.abs(transitions) <= 1e-6 * scale.transitions;
  if (!isNoise || entries.length === 0) {
    if (Math.abs(cost) <= NOISE * scale.cost && Math.abs(transitions) <= NOISE * scale.transitions)
      return entries;
    return [...entries, { cause: { kind: "other", key: "" }, cost, transitions, moved: new Set() }];
  }
  const largest = (what: keyof ChangeAmount): OpenEntry =>
    entries.reduce((most, entry) => (Math.abs(entry[what]) > Math.abs(most[what]) ? entry : most));
  const [dearest, busiest] = [largest("cost"), largest("transitions")];
  return entries.map((entry) => ({
    ...entry,
    cost: entry === dearest ? entry.cost + cost : entry.cost,
    transitions: entry === busiest ? entry.transitions + transitions : entry.transitions,
  }));
}
