/** Known figures are the seconds of a Wait and the items of a Map that follow from constants of the definition. */
import { type Figure, exactFigure } from "../workflow/figure.ts";
import { statesOf } from "../workflow/state-identity.ts";
import type { MapState, Scope, State, WaitState } from "../workflow/state-machine.ts";
import { type JsonValue, ownValue } from "../workflow/text/json-value.ts";
import { type StateWorkload, type Workload, workloadOfState } from "../workflow/workload/workload.ts";
import { type Evaluation, type ParseJsonata, evaluateTemplate } from "./constant-expression.ts";
import { effectiveInput } from "./constant-flow.ts";
import { NOTHING_KNOWN, readKnown } from "./known-data.ts";
import { knownByState } from "./known-scopes.ts";

/** The same workload, with these figures inferred where nobody says or saw them. */
export function withKnownFigures(
  machine: Scope,
  workload: Workload,
  parseJsonata: ParseJsonata | null,
): Workload {
  const before = latest.get(machine);
  if (before?.workload === workload && before.parseJsonata === parseJsonata) return before.known;
  const known = inferred(machine, workload, parseJsonata);
  latest.set(machine, { workload, parseJsonata, known });
  return known;
}

/** One is profiled many times with the same figures. */
const latest = new WeakMap<
  Scope,
  { readonly workload: Workload; readonly parseJsonata: ParseJsonata | null; readonly known: Workload }
>();

function inferred(machine: Scope, workload: Workload, parseJsonata: ParseJsonata | null): Workload {
  const open = statesOf(machine).filter(
    (state): state is WaitState | MapState =>
      isComputed(state) && isOpen(state, workloadOfState(workload, state)),
  );
  if (open.length === 0) return workload;
  const known = knownByState(machine, workload, parseJsonata);
  const figures = open.flatMap((state): [string, StateWorkload][] => {
    const data = effectiveInput(state, known.get(state.pointer) ?? NOTHING_KNOWN);
    const figure = figureOf(state, { known: data, parseJsonata });
    return figure === null ? [] : [[state.pointer, { ...workloadOfState(workload, state), ...figure }]];
  });
  return figures.length === 0 ? workload : { ...workload, states: new Map([...workload.states, ...figures]) };
}

/** What an ItemReader finds lies outside of the definition. */
function isComputed(state: State): state is WaitState | MapState {
  if (state.type === "Wait")
    return ["Seconds", "SecondsPath"].some((field) => typeof ownValue(state.fields, field) === "string");
  return state.type === "Map" && ownValue(state.fields, "ItemReader") === undefined;
}

function isOpen(state: WaitState | MapState, said: StateWorkload): boolean {
  return state.type === "Wait" ? said.duration === null : said.items === null;
}

function figureOf(state: WaitState | MapState, at: Evaluation): Partial<StateWorkload> | null {
  if (state.type === "Map") {
    const items = itemsKnown(state, at);
    return items === null ? null : { items };
  }
  const ms = waitKnown(state, at);
  return ms === null ? null : { duration: { ms, percentiles: null } };
}

/** AWS fails a Wait of anything but a whole number of seconds, 0 or more. Figure in ms. */
function waitKnown({ fields, queryLanguage }: WaitState, at: Evaluation): Figure | null {
  const path = ownValue(fields, "SecondsPath");
  const seconds =
    queryLanguage === "JSONata"
      ? evaluateTemplate(ownValue(fields, "Seconds") ?? null, queryLanguage, at)
      : typeof path === "string"
        ? readKnown(at.known, path)
        : undefined;
  if (typeof seconds !== "number" || !Number.isInteger(seconds) || seconds < 0) return null;
  return exactFigure(seconds * 1000, "inferred", "seconds set in the definition");
}

function itemsKnown(map: MapState, at: Evaluation): Figure | null {
  const written = ownValue(map.fields, "Items");
  if (Array.isArray(written))
    return exactFigure(written.length, "inferred", "length of the list written in Items");
  const list = listKnown(map, written, at);
  if (!Array.isArray(list)) return null;
  return exactFigure(list.length, "inferred", "length of the list set in the definition");
}

function listKnown(
  { fields, queryLanguage }: MapState,
  items: JsonValue | undefined,
  at: Evaluation,
): JsonValue | undefined {
  if (queryLanguage === "JSONata")
    return items === undefined ? at.known.input : evaluateTemplate(items, queryLanguage, at);
  const path = ownValue(fields, "ItemsPath");
  if (path === undefined) return at.known.input;
  return typeof path === "string" ? readKnown(at.known, path) : undefined;
}
