/**
 * Cut data is what crosses a cut: besides the state's input and output, variables that the region reads or leaves
 * behind, and what its states read of the parent's context object.
 */
import { type Region, membersOf } from "../../graph/region/single-exit-regions.ts";
import { reachedFrom } from "../../graph/region/flow-graph.ts";
import type { Scope, State } from "../../workflow/state-machine.ts";
import { type ContextUse, turnContext } from "./context-use.ts";
import type { ScopeFlow } from "./scope-flow.ts";
import { type VariableFlow, assignedBy, followVariables, mentionedIn } from "./variable-flow.ts";
import { keptIn } from "../../once.ts";

export interface CutData {
  /** Variables that the child is given. */
  readonly given: readonly string[];
  /** Variables that it gives back. */
  readonly returned: readonly string[];
  /** Parts of the parent's context object that it is given, such as `Execution.Name`. */
  readonly context: readonly string[];
}

export interface CutDataReading {
  readonly read: (scope: ScopeFlow, region: Region) => CutData | { readonly blocker: string };
  /** Why a region's data cannot cross; null when they can. */
  readonly blockerOf: (scope: ScopeFlow, region: Region) => string | null;
  /** A name no variable has, for the parent's context object in a child. */
  readonly contextVariable: string;
}

export function readCutData(machine: Scope): CutDataReading {
  const variables = followVariables(machine);
  const contextVariable = freeName("parentContext", variables, machine);
  const once = memoByState(variables.names, contextVariable);
  const read: CutDataReading["read"] = (scope, region) => {
    const states = statesOf(scope, region);
    const context = contextOf(states, scope.mapAround, once);
    if ("blocker" in context) return context;
    const crossing =
      variables.names.size === 0 ? NO_VARIABLES : variablesOf({ scope, region, states, variables, once });
    return "blocker" in crossing ? crossing : { ...crossing, context: context.parts };
  };
  const blocking = new Map<ScopeFlow, boolean>();
  /** Only variables, or a state that reads all of the context object, can be in the way of a region. */
  const mayBlock = (scope: ScopeFlow): boolean => {
    const known =
      blocking.get(scope) ??
      (variables.names.size > 0 ||
        scope.run.graph.nodes.some((state) => once.context(state, scope.mapAround).whole !== null));
    blocking.set(scope, known);
    return known;
  };
  return {
    contextVariable,
    read,
    blockerOf: (scope, region) => {
      const data = mayBlock(scope) ? read(scope, region) : null;
      return data !== null && "blocker" in data ? data.blocker : null;
    },
  };
}

const NO_VARIABLES = { given: [], returned: [] };

/** The region's states, its entry first, then the doomed ones that its failures lead to. */
export function statesOf({ run, flow, family }: ScopeFlow, region: Region): readonly State[] {
  const members = membersOf(region, family.tree);
  const doomed = doomedBehind(members, { run, flow });
  return [...members, ...doomed].map((node) => run.graph.nodes[node]!);
}

function doomedBehind(
  members: readonly number[],
  { run, flow }: Pick<ScopeFlow, "run" | "flow">,
): readonly number[] {
  if (!flow.doomed.includes(true)) return [];
  const inside = new Set(members);
  const doomed = run.graph.edges.map((edges, node) =>
    inside.has(node) || flow.doomed[node]
      ? edges.flatMap(({ to }) => (to >= 0 && flow.doomed[to] ? [to] : []))
      : [],
  );
  const reached = new Set<number>();
  for (const node of members)
    for (const to of doomed[node]!)
      if (!reached.has(to)) for (const each of reachedFrom(to, doomed)) reached.add(each);
  return [...reached].sort((a, b) => a - b);
}

interface OnceByState {
  readonly mentions: (state: State) => ReadonlySet<string>;
  readonly context: (state: State, mapAround: boolean) => ContextUse;
}

function memoByState(names: ReadonlySet<string>, variable: string): OnceByState {
  const mentions = new Map<State, ReadonlySet<string>>();
  const uses = new Map<State, ContextUse>();
  return {
    mentions: (state) => keptIn(mentions, state, () => mentionedIn(state, names)),
    context: (state, mapAround) => keptIn(uses, state, () => turnContext(state, { variable, mapAround }).use),
  };
}

function contextOf(
  states: readonly State[],
  mapAround: boolean,
  once: OnceByState,
): { readonly parts: readonly string[] } | { readonly blocker: string } {
  const parts = new Set<string>();
  for (const state of states) {
    const use = once.context(state, mapAround);
    if (use.whole !== null)
      return { blocker: `${state.name} reads the context object as a whole, and a child has another one` };
    for (const part of use.parts) parts.add(part);
  }
  return { parts: [...parts].sort() };
}

interface Crossing {
  readonly scope: ScopeFlow;
  readonly region: Region;
  readonly states: readonly State[];
  readonly variables: VariableFlow;
  readonly once: OnceByState;
}

function variablesOf(crossing: Crossing): Pick<CutData, "given" | "returned"> | { readonly blocker: string } {
  const { scope, region, states, variables, once } = crossing;
  const { run, flow, family } = scope;
  const members = membersOf(region, family.tree).map((node) => run.graph.nodes[node]!);
  const exit = region.exit === flow.end ? null : run.graph.nodes[region.exit]!;
  const readLater = exit === null ? new Set<string>() : mentionedFrom(region.exit, scope, once);
  const returned = new Set(members.flatMap(assignedBy).filter((name) => readLater.has(name)));
  const before = variables.before.get(states[0]!.pointer);
  const mentioned = new Set([...returned, ...states.flatMap((state) => [...once.mentions(state)])]);
  const given = [...mentioned].filter((name) => before?.may.has(name));
  const unsure = given.find((name) => before?.must.has(name) !== true);
  if (unsure !== undefined) {
    const where = states[0]!.name;
    return {
      blocker: `the variable ${unsure} is assigned on some ways to ${where} only, and a child must be given it`,
    };
  }
  const exits = members.flatMap((state) => variables.along(state, exit?.name ?? null) ?? []);
  const lost = [...returned].find((name) => exits.some(({ must }) => !must.has(name)));
  if (lost !== undefined)
    return {
      blocker: `the variable ${lost} is assigned on some ways through only and read later: it would be lost`,
    };
  return { given: given.sort(), returned: [...returned].sort() };
}

function mentionedFrom(exit: number, { run }: ScopeFlow, once: OnceByState): ReadonlySet<string> {
  const targets = run.graph.edges.map((edges) => edges.flatMap(({ to }) => (to >= 0 ? [to] : [])));
  return new Set(
    [...reachedFrom(exit, targets)].flatMap((node) => [...once.mentions(run.graph.nodes[node]!)]),
  );
}

function freeName(wanted: string, { names }: VariableFlow, machine: Scope): string {
  const text = JSON.stringify(machine.states.map(({ fields }) => fields));
  let name = wanted;
  for (let number = 2; names.has(name) || text.includes(`$${name}`); number++) name = `${wanted}${number}`;
  return name;
}
