/**
 * A state's identity is what can be known of it without its name, so that a renamed state is recognised in the next
 * version of its definition; a workflow's identity is what tells whether anything changed at all.
 */
import { contentId } from "./content-id.ts";
import type { Figure } from "./figure.ts";
import type { Scope, State, StateMachine } from "./state-machine.ts";
import type { StateWorkload, Workload } from "./workload/workload.ts";

/** Content ids, the strictest first: what it is and what follows it; what it is; roughly what it is. */
export type StateIds = readonly [role: string, content: string, shape: string];

/** How far a role looks along the edges. */
const NEIGHBOURS = 3;

/** By the state's pointer. Roles are colours after Weisfeiler and Leman: each round adds the neighbours' colours. */
export function identifyStates(stateMachine: Scope): ReadonlyMap<string, StateIds> {
  const ids = new Map<string, StateIds>();
  const scopes: Scope[] = [stateMachine];
  for (let scope = scopes.pop(); scope !== undefined; scope = scopes.pop()) {
    const contents = new Map(scope.states.map((state) => [state.name, contentOf(state)]));
    const roles = rolesIn(scope, contents);
    for (const state of scope.states) {
      const content = contents.get(state.name)!;
      ids.set(state.pointer, [roles.get(state.name)!, content, shapeOf(state, content)]);
      scopes.push(...innerScopes(state));
    }
  }
  return ids;
}

function rolesIn(scope: Scope, contents: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  let colours = new Map(
    [...contents].map(([name, content]) => [
      name,
      contentId([content, name === scope.startAt ? "start" : ""]),
    ]),
  );
  for (let round = 0; round < NEIGHBOURS; round++) {
    const before = colours;
    const seenFrom = (state: State): readonly string[] =>
      followersOf(state).map((name) => before.get(name) ?? "");
    colours = new Map(
      scope.states.map((state) => [state.name, contentId([before.get(state.name)!, ...seenFrom(state)])]),
    );
  }
  return colours;
}

/** All states below a scope, nested ones too. */
export function statesWithin(scope: Scope): readonly State[] {
  const found: State[] = [];
  const scopes: Scope[] = [scope];
  for (let next = scopes.pop(); next !== undefined; next = scopes.pop()) {
    for (const state of next.states) {
      found.push(state);
      scopes.push(...innerScopes(state));
    }
  }
  return found;
}

/** Names of the states that may come next, in the order written. */
export function followersOf(state: State): readonly string[] {
  if (state.type === "Choice") {
    const targets = state.choices.map(({ next }) => next);
    return state.default === null ? targets : [...targets, state.default];
  }
  if (state.type === "Succeed" || state.type === "Fail") return [];
  const next = state.next === null ? [] : [state.next];
  return "catch" in state ? [...next, ...state.catch.map((catcher) => catcher.next)] : next;
}

/** All states, wherever they are nested: those of a scope before those inside them. */
export function statesOf(scope: Scope): readonly State[] {
  const scopes = [scope];
  // Grows while it is walked.
  for (const { states } of scopes) for (const state of states) scopes.push(...innerScopes(state));
  return scopes.flatMap(({ states }) => states);
}

export function innerScopes(state: State): readonly Scope[] {
  if (state.type === "Parallel") return state.branches;
  return state.type === "Map" ? [state.processor] : [];
}

/** Fields that name other states, or hold states of their own. */
const NOT_ITS_OWN: ReadonlySet<string> = new Set([
  "Next",
  "End",
  "Default",
  "Branches",
  "Iterator",
  "ItemProcessor",
  "Comment",
]);

function contentOf({ fields }: State): string {
  return contentId([canonicalJson(fields, NOT_ITS_OWN)]);
}

/** What is left of a Task when its details change; for other states nothing is rough enough to be told apart by. */
function shapeOf(state: State, content: string): string {
  if (state.type !== "Task") return contentId([state.type, content]);
  const { FunctionName: called } = (state.fields["Parameters"] ?? state.fields["Arguments"] ?? {}) as {
    readonly FunctionName?: unknown;
  };
  return contentId(["Task", state.resource.arn, typeof called === "string" ? called : ""]);
}

/** The same for definitions that hold the same JSON, whatever its layout and the order of its keys. */
export function definitionId({
  queryLanguage,
  timeoutSeconds,
  comment,
  startAt,
  states,
}: StateMachine): string {
  const sorted = [...states].sort((a, b) => (a.name < b.name ? -1 : 1));
  return contentId([
    queryLanguage,
    String(timeoutSeconds),
    comment ?? "",
    startAt,
    ...sorted.flatMap(({ name, fields }) => [name, canonicalJson(fields)]),
  ]);
}

/** The same for workloads with the same figures, wherever they were written. */
export function figuresId(workload: Workload): string {
  const { states, suppressions: _, ...own } = workload;
  const said = [...states].map(([key, state]) => [key, figuresOf(state)] as const);
  return contentId([
    canonicalJson({ ...own }),
    ...said.filter(([, text]) => text !== "{}").flatMap((pair) => [...pair]),
  ]);
}

/** Figures that moved to another line are the same. */
function figuresOf(state: StateWorkload): string {
  const { choicesAt: _, ...figures } = state;
  const given = Object.entries(figures).filter(
    ([, value]) => value !== null && !(value instanceof Map && value.size === 0),
  );
  return canonicalJson(Object.fromEntries(given));
}

/** Keys in order, Maps as lists, figures without their notes; the names in `without` are left out at every depth. */
function canonicalJson(value: unknown, without: ReadonlySet<string> = new Set()): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (each instanceof Map) return [...(each as Map<string, unknown>)].sort(byKey);
    if (typeof each !== "object" || each === null || Array.isArray(each)) return each;
    if (isFigure(each)) return [each.value, each.low, each.high];
    const entries = Object.entries(each).filter(([key]) => !without.has(key));
    return Object.fromEntries(entries.sort(byKey));
  });
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function isFigure(value: object): value is Figure {
  return "basis" in value && "low" in value && "high" in value && "note" in value;
}
