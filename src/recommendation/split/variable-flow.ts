/**
 * The variable flow says which workflow variables may, and which must, hold a value at each state of a machine: what
 * Assign stored on some way to it, and on every way.
 * https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
 */
import type { Scope, State } from "../../workflow/state-machine.ts";
import { innerScopes } from "../../workflow/state-identity.ts";
import { type JsonObject, type JsonValue, isJsonObject, ownValue } from "../../workflow/text/json-value.ts";

export interface Assigned {
  readonly may: ReadonlySet<string>;
  readonly must: ReadonlySet<string>;
}

export interface VariableFlow {
  /** Names that any Assign of the machine stores. */
  readonly names: ReadonlySet<string>;
  /** When a state is entered, by its pointer; nothing for states that no way leads to. */
  readonly before: ReadonlyMap<string, Assigned>;
  /** On the way from a state to another of its scope (null: to the scope's end); null when there is none. */
  readonly along: (state: State, to: string | null) => Assigned | null;
}

const NOTHING: Assigned = { may: new Set(), must: new Set() };

export function followVariables(machine: Scope): VariableFlow {
  const before = new Map<string, Assigned>();
  const names = new Set<string>();
  const along = (state: State, to: string | null): Assigned | null => {
    const ways = waysOf(state).filter((way) => way.to === to);
    return ways.length === 0 ? null : join(ways.map((way) => after(before.get(state.pointer), way)));
  };
  const open = [{ scope: machine, start: NOTHING }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const state of next.scope.states) for (const name of assignedBy(state)) names.add(name);
    followScope(next.scope, next.start, before);
    for (const state of next.scope.states)
      for (const scope of innerScopes(state))
        open.push({ scope, start: before.get(state.pointer) ?? NOTHING });
  }
  return { names, before, along };
}

/** A worklist to the greatest fixed point: `must` only shrinks and `may` only grows on the way. */
function followScope(scope: Scope, start: Assigned, before: Map<string, Assigned>): void {
  const byName = new Map(scope.states.map((state) => [state.name, state]));
  const first = byName.get(scope.startAt);
  if (first === undefined) return;
  before.set(first.pointer, start);
  const changed = new Set([first]);
  for (const state of changed) {
    changed.delete(state);
    for (const way of waysOf(state)) {
      const target = byName.get(way.to ?? "");
      if (target === undefined) continue;
      const known = before.get(target.pointer);
      const arriving = after(before.get(state.pointer), way);
      const joined = known === undefined ? arriving : join([known, arriving]);
      if (known !== undefined && sameSize(known, joined)) continue;
      before.set(target.pointer, joined);
      changed.add(target);
    }
  }
}

function sameSize(one: Assigned, other: Assigned): boolean {
  return one.may.size === other.may.size && one.must.size === other.must.size;
}

interface AssigningWay {
  readonly to: string | null;
  readonly assigns: readonly string[];
}

/** A Choice rule and a Catcher assign by themselves; every other way by the state's own Assign. */
function waysOf(state: State): readonly AssigningWay[] {
  const own = namesIn(state.fields);
  const parts = (key: string): readonly JsonValue[] => {
    const value = ownValue(state.fields, key);
    return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
  };
  const partWays = (key: string): readonly AssigningWay[] =>
    parts(key)
      .filter(isJsonObject)
      .map((part) => ({ to: nextOf(part), assigns: namesIn(part) }));
  switch (state.type) {
    case "Choice":
      return [...partWays("Choices"), { to: state.default, assigns: own }];
    case "Succeed":
      return [{ to: null, assigns: [] }];
    case "Fail":
      return [];
    case "Task":
    case "Map":
    case "Parallel":
      return [{ to: state.next, assigns: own }, ...partWays("Catch")];
    default:
      return [{ to: state.next, assigns: own }];
  }
}

/** Variables that a state may assign, what runs inside it apart. */
export function assignedBy(state: State): readonly string[] {
  return waysOf(state).flatMap(({ assigns }) => assigns);
}

function nextOf(part: JsonObject): string {
  const next = ownValue(part, "Next");
  return typeof next === "string" ? next : "";
}

function namesIn(fields: JsonObject): readonly string[] {
  const assign = ownValue(fields, "Assign");
  return isJsonObject(assign) ? Object.keys(assign).map((key) => key.replace(/\.\$$/, "")) : [];
}

function after(before: Assigned = NOTHING, { assigns }: AssigningWay): Assigned {
  if (assigns.length === 0) return before;
  return { may: new Set([...before.may, ...assigns]), must: new Set([...before.must, ...assigns]) };
}

function join([first, ...others]: readonly Assigned[]): Assigned {
  if (first === undefined) return NOTHING;
  return others.reduce(
    (one, other) => ({
      may: new Set([...one.may, ...other.may]),
      must: new Set([...one.must].filter((name) => other.must.has(name))),
    }),
    first,
  );
}

const MENTION = /\$([\p{ID_Start}_][\p{ID_Continue}]*)/gu;

/** Variables that a state's expressions may read, wherever in it; more rather than fewer. */
export function mentionedIn({ fields }: State, names: ReadonlySet<string>): ReadonlySet<string> {
  const mentioned = new Set<string>();
  if (names.size === 0) return mentioned;
  for (const [, name] of JSON.stringify(fields).matchAll(MENTION)) if (names.has(name!)) mentioned.add(name!);
  return mentioned;
}
