/** What a workload file says of states that are not there, or that cannot use it. */
import type { Diagnostic, Place } from "../../diagnostic.ts";
import { didYouMean } from "../did-you-mean.ts";
import type { ChoiceState, Scope, State, StateMachine } from "../state-machine.ts";
import type { StateKey, WorkloadEntry } from "./workload-file.ts";

/** State types that a figure is for; the figures not named here are for any state that can fail or take time. */
const FIGURE_OWNERS: ReadonlyMap<string, State["type"]> = new Map([
  ["choices", "Choice"],
  ["rounds", "Choice"],
  ["items", "Map"],
  ["itemKB", "Map"],
  ["batchItems", "Map"],
  ["lambda", "Task"],
  ["idempotent", "Task"],
]);

/**
 * Warnings for keys under an entry's `states`, and for what it suppresses: `unknown-state-in-workload` where no state has that name or pointer,
 * `unknown-branch-in-workload` where a Choice has no such target or rule, `unused-figure-in-workload` where a state of
 * that type has no use for it.
 */
export function diagnoseStateKeys(entry: WorkloadEntry, stateMachine: StateMachine): readonly Diagnostic[] {
  const states = statesByKey(stateMachine);
  const found = entry.stateKeys.flatMap((stateKey) => {
    const named = states.get(stateKey.key);
    return named ? diagnoseFigures(stateKey, named) : [unknownState(stateKey, states)];
  });
  const names = [...states.keys()].filter((key) => !key.startsWith("/"));
  const suppressing = entry.workload.suppressions.flatMap(({ state, at }) =>
    state === null || names.includes(state) ? [] : [unsuppressed(state, at, names)],
  );
  return [...found, ...suppressing].toSorted((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
}

/** Every warning of a workload file has a place. */
type PlacedDiagnostic = Diagnostic & { readonly at: Place };

/** By name and by pointer; a name may stand for several states. */
function statesByKey(stateMachine: StateMachine): ReadonlyMap<string, readonly State[]> {
  const byKey = new Map<string, State[]>();
  const scopes: Scope[] = [stateMachine];
  for (let scope = scopes.pop(); scope !== undefined; scope = scopes.pop()) {
    for (const state of scope.states) {
      for (const key of [state.name, state.pointer]) {
        const known = byKey.get(key);
        if (known) known.push(state);
        else byKey.set(key, [state]);
      }
      if (state.type === "Parallel") scopes.push(...state.branches);
      if (state.type === "Map") scopes.push(state.processor);
    }
  }
  return byKey;
}

function unknownState(
  { key, at }: StateKey,
  states: ReadonlyMap<string, readonly State[]>,
): PlacedDiagnostic {
  const isPointer = key.startsWith("/");
  const candidates = [...states].flatMap(([known, [state]]) =>
    (known === state?.pointer) === isPointer ? [known] : [],
  );
  const message = `no state is called ${JSON.stringify(key)}: its figures are not used`;
  return warning("unknown-state-in-workload", { message, at, hint: didYouMean(key, candidates) });
}

function unsuppressed(state: string, at: Place, names: readonly string[]): PlacedDiagnostic {
  const message = `no state is called ${JSON.stringify(state)}: nothing of it is suppressed`;
  return warning("unknown-state-in-workload", { message, at, hint: didYouMean(state, names) });
}

function diagnoseFigures(stateKey: StateKey, named: readonly State[]): PlacedDiagnostic[] {
  const unused = stateKey.figures.flatMap(({ key, at }) => {
    const owner = FIGURE_OWNERS.get(key);
    if (owner === undefined || named.some(({ type }) => type === owner)) return [];
    const message = `${JSON.stringify(stateKey.key)} is a ${named[0]?.type}: ${key} is for ${owner} states and is not used`;
    return [warning("unused-figure-in-workload", { message, at, hint: null })];
  });
  const choices = named.filter((state) => state.type === "Choice");
  return choices.length > 0 ? [...unused, ...diagnoseBranches(stateKey, choices)] : unused;
}

function diagnoseBranches(stateKey: StateKey, choices: readonly ChoiceState[]): PlacedDiagnostic[] {
  const targets = new Set(choices.flatMap(branchTargets));
  const ruleCount = Math.max(...choices.map((choice) => choice.choices.length));
  const hasDefault = choices.some((choice) => choice.default !== null);
  const isRule = (key: string) =>
    (key === "default" && hasDefault) || (/^(?:0|[1-9]\d*)$/.test(key) && Number(key) < ruleCount);
  return stateKey.choices
    .filter(({ key }) => !targets.has(key) && !isRule(key))
    .map(({ key, at }) => {
      const message = `${JSON.stringify(key)} is no branch of ${JSON.stringify(stateKey.key)}: its share is not used`;
      const known = `Its rules are numbered from 0 and lead to ${[...targets].map((target) => JSON.stringify(target)).join(", ")}.`;
      const meant = didYouMean(key, hasDefault ? [...targets, "default"] : targets);
      return warning("unknown-branch-in-workload", { message, at, hint: meant ?? known });
    });
}

function branchTargets(choice: ChoiceState): string[] {
  const targets = choice.choices.map(({ next }) => next);
  return choice.default === null ? targets : [...targets, choice.default];
}

function warning(code: string, said: { message: string; at: Place; hint: string | null }): PlacedDiagnostic {
  return { code, severity: "warning", ...said };
}
