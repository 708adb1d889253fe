/**
 * Flow owners are the states whose figures decide how a scope is walked: a Choice's shares and rounds, a Task's failure
 * rates. Where one alone has changed, it is what moves all states of its scope; else each state is told by itself.
 */
import type { StatePair } from "../workflow/workload/matched-states.ts";
import type { ChangeCause } from "./change-ledger.ts";
import type { PricedFigure, PricedState, PricedWorkflow } from "./priced-workflow.ts";
import { scopePointer } from "./state-chain.ts";

export interface FlowOwners {
  /** What a change of a state's visits within its scope is due to. */
  causeOf(pair: StatePair<PricedState>): ChangeCause;
}

export interface ChangedFigure {
  /** Key below the state: `items`, `rounds`, `choices.Approve`, `duration`. */
  readonly key: string;
  readonly unit: PricedFigure["unit"];
  readonly before: number | null;
  readonly after: number | null;
}

const FLOW = /^(?:choices\.|rounds$|errors\.|failureRate$)/;

export function findFlowOwners(
  before: PricedWorkflow,
  after: PricedWorkflow,
  pairs: readonly StatePair<PricedState>[],
): FlowOwners {
  const changed = changedFigures({ before, after }, pairs);
  const owners = new Map<string, StatePair<PricedState>[]>();
  const reshaped = new Set<string>();
  for (const pair of pairs) {
    if (pair.before === null || pair.after === null) {
      for (const scope of scopesOf(pair)) reshaped.add(scope);
    } else if (changed.get(pair)?.some(({ key }) => FLOW.test(key))) {
      const scopes = scopesOf(pair).join("\n");
      owners.set(scopes, [...(owners.get(scopes) ?? []), pair]);
    }
  }
  return {
    causeOf: (pair) => {
      const scopes = scopesOf(pair);
      const [owner, ...others] = owners.get(scopes.join("\n")) ?? [];
      const isAlone =
        owner !== undefined && others.length === 0 && !scopes.some((scope) => reshaped.has(scope));
      if (!isAlone) return { kind: "flow", key: (pair.after ?? pair.before)!.pointer, pair, moved: pair };
      return { kind: "flow-figure", key: owner.after!.pointer, pair: owner, moved: pair };
    },
  };
}

/** The scope it stands in before, and the one after; told apart, because the same pointer may mean two scopes. */
function scopesOf({ before, after }: StatePair<PricedState>): readonly string[] {
  return [
    ...(before === null ? [] : [`before ${scopePointer(before.pointer)}`]),
    ...(after === null ? [] : [`after ${scopePointer(after.pointer)}`]),
  ];
}

/** Figures of states that are there on both sides, and differ; the same figure under a state's old and new name is one. */
export function changedFigures(
  { before, after }: { readonly before: PricedWorkflow; readonly after: PricedWorkflow },
  pairs: readonly StatePair<PricedState>[],
): ReadonlyMap<StatePair<PricedState>, readonly ChangedFigure[]> {
  const renamed = new Map<string, string>();
  for (const pair of pairs) if (pair.before && pair.after) renamed.set(pair.before.name, pair.after.name);
  const [olds, news] = [figuresByState(before, renamed), figuresByState(after, null)];
  return new Map(
    pairs.flatMap((pair) => {
      if (pair.before === null || pair.after === null) return [];
      const [old, now] = [olds.get(pair.after.name), news.get(pair.after.name)];
      const keys = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
      const changes = [...keys].flatMap((key): ChangedFigure[] => {
        const [was, is] = [old?.get(key), now?.get(key)];
        if (was?.value === is?.value) return [];
        return [{ key, unit: (is ?? was)!.unit, before: was?.value ?? null, after: is?.value ?? null }];
      });
      return changes.length === 0 ? [] : [[pair, changes] as const];
    }),
  );
}

const PREFIX = "states.";

/** A state's name may hold dots, so it is the longest known name that the key begins with. */
function figuresByState(
  { states, figures }: PricedWorkflow,
  renamed: ReadonlyMap<string, string> | null,
): ReadonlyMap<string, ReadonlyMap<string, PricedFigure>> {
  const names = new Set(states.map(({ name }) => name));
  const now = (name: string): string => renamed?.get(name) ?? name;
  const byState = new Map<string, Map<string, PricedFigure>>();
  for (const figure of figures) {
    if (!figure.key.startsWith(PREFIX)) continue;
    const rest = figure.key.slice(PREFIX.length);
    const dots = [...rest.matchAll(/\./g)].map(({ index }) => index).reverse();
    const end = dots.find((dot) => names.has(rest.slice(0, dot)));
    if (end === undefined) continue;
    const name = now(rest.slice(0, end));
    const own = rest.slice(end + 1);
    const target = own.startsWith("choices.") ? `choices.${now(own.slice("choices.".length))}` : own;
    const known = byState.get(name) ?? new Map<string, PricedFigure>();
    byState.set(name, known.set(target, figure));
  }
  return byState;
}
