/** Reads a JSON value as a state machine: everything that can be understood of it, and every problem found on the way. */
import type { Reading } from "./field-reader.ts";
import {
  checkFieldNames,
  COUNT,
  hasField,
  kindOf,
  readNumber,
  readObject,
  readOneOf,
  readString,
  reportAt,
  reportMissing,
  shown,
} from "./field-reader.ts";
import type { JsonValue } from "../text/json-value.ts";
import { isJsonObject, ownValue, pointerTo } from "../text/json-value.ts";
import { checkTargets } from "./check-targets.ts";
import { MAX_STATE_NAME_CHARACTERS, parseState } from "./parse-state.ts";
import type { Problem } from "./problem.ts";
import type { FieldTable } from "./state-fields.ts";
import { BRANCH_FIELDS, MACHINE_FIELDS, PROCESSOR_FIELDS } from "./state-fields.ts";
import type { QueryLanguage, Scope, State, StateMachine } from "../state-machine.ts";

/** Scopes within scopes; each takes three levels of JSON or more, so texts within the reader's limit never get here. */
const MAX_SCOPE_DEPTH = 80;

export interface ParsedStateMachine {
  /** Null when there is nothing like a state machine: no object with `StartAt` or `States`. */
  readonly stateMachine: StateMachine | null;
  readonly problems: readonly Problem[];
}

/** `pointer` is where in its file the value stands; `definitionBytes` its size as AWS would receive it. */
export function parseStateMachine(
  value: JsonValue,
  options: { readonly pointer?: string; readonly definitionBytes: number },
): ParsedStateMachine {
  const pointer = options.pointer ?? "";
  if (!isJsonObject(value) || (!Object.hasOwn(value, "States") && !Object.hasOwn(value, "StartAt"))) {
    return { stateMachine: null, problems: [notAStateMachine(value, pointer)] };
  }
  const problems: Problem[] = [];
  const report = (problem: Problem) => void problems.push(problem);
  const reading: Reading = {
    fields: value,
    pointer,
    queryLanguage: "JSONPath",
    subject: "The state machine",
    report,
  };
  const queryLanguage = readQueryLanguage(reading);
  const machine = { ...reading, queryLanguage };
  if (hasField(machine, "Version")) readOneOf(machine, "Version", ["1.0"]);
  const scope = parseScope(machine, { fields: MACHINE_FIELDS, depth: 0 });
  const stateMachine = {
    ...scope,
    comment: readString(machine, "Comment"),
    queryLanguage,
    timeoutSeconds: readNumber(machine, "TimeoutSeconds", COUNT),
    definitionBytes: options.definitionBytes,
  };
  return { stateMachine, problems };
}

function notAStateMachine(value: JsonValue, pointer: string): Problem {
  const message = isJsonObject(value)
    ? `This is not a state machine: it has neither "StartAt" nor "States".`
    : `This is not a state machine: it is ${kindOf(value)}, not an object.`;
  return { code: "not-a-state-machine", severity: "error", message, pointer, hint: null };
}

/** The language written here, or that of the surroundings; JSONata cannot be taken back to JSONPath further in. */
function readQueryLanguage(reading: Reading): QueryLanguage {
  const written = readOneOf(reading, "QueryLanguage", ["JSONPath", "JSONata"]);
  if (written === "JSONPath" && reading.queryLanguage === "JSONata") {
    const message = `${reading.subject} goes back to JSONPath inside a JSONata definition, which Step Functions refuses.`;
    const hint = `Only the other way is possible: JSONata states in a JSONPath definition.`;
    reportAt(reading, "QueryLanguage", ["query-language-mismatch", message], hint);
  }
  return written ?? reading.queryLanguage;
}

function parseScope(reading: Reading, place: { readonly fields: FieldTable; readonly depth: number }): Scope {
  const { pointer } = reading;
  checkFieldNames(reading, place.fields);
  const startAt = readString(reading, "StartAt", true) ?? "";
  if (!hasField(reading, "States")) reportMissing(reading, "States");
  const list = readObject(reading, "States", "States");
  if (list === null) return { pointer, startAt, states: [] };
  if (Object.keys(list.fields).length === 0) {
    reportAt(reading, "States", ["empty-states", `${reading.subject} has no states.`]);
  }
  const states = parseStates(list, place.depth);
  checkTargets({ pointer, startAt, states }, list, typeof ownValue(reading.fields, "StartAt") === "string");
  return { pointer, startAt, states };
}

function parseStates(list: Reading, depth: number): readonly State[] {
  return Object.keys(list.fields).flatMap((name) => {
    checkName(list, name);
    const fields = ownValue(list.fields, name) ?? null;
    if (!isJsonObject(fields)) {
      reportAt(list, name, ["wrong-type", `State ${shown(name)} must be an object, not ${kindOf(fields)}.`]);
      return [];
    }
    const subject = `State ${shown(name)}`;
    const reading = { ...list, fields, pointer: pointerTo(list.pointer, name), subject };
    const state = { ...reading, queryLanguage: readQueryLanguage(reading) };
    return [
      parseState(name, state, (parent, path) =>
        parseInnerScope(parent, path, { depth: depth + 1, outer: list }),
      ),
    ];
  });
}

/** A scope inside a state takes the query language of the scope around the state, not the state's own. */
function parseInnerScope(
  parent: Reading,
  path: readonly (string | number)[],
  place: { readonly depth: number; readonly outer: Reading },
): Scope {
  const pointer = pointerTo(parent.pointer, ...path);
  const [field = "", index] = path;
  const held = ownValue(parent.fields, String(field)) ?? null;
  const value = typeof index === "number" && Array.isArray(held) ? (held[index] ?? null) : held;
  const subject =
    index === undefined ? `The ${field} of ${parent.subject}` : `Branch ${index} of ${parent.subject}`;
  const reading = { ...parent, queryLanguage: place.outer.queryLanguage, pointer, subject };
  if (!isJsonObject(value as JsonValue)) {
    reportAt(reading, null, [
      "wrong-type",
      `${subject} must be an object, not ${kindOf(value as JsonValue)}.`,
    ]);
    return { pointer, startAt: "", states: [] };
  }
  if (place.depth > MAX_SCOPE_DEPTH) {
    reportAt(reading, null, [
      "nested-too-deep",
      `${subject} lies more than ${MAX_SCOPE_DEPTH} scopes deep and is not read.`,
    ]);
    return { pointer, startAt: "", states: [] };
  }
  const scope = { ...reading, fields: value as Reading["fields"] };
  const table = index === undefined ? PROCESSOR_FIELDS : BRANCH_FIELDS;
  return parseScope(
    { ...scope, queryLanguage: readQueryLanguage(scope) },
    { fields: table, depth: place.depth },
  );
}

function checkName(list: Reading, name: string): void {
  const length = [...name].length;
  if (length > 0 && length <= MAX_STATE_NAME_CHARACTERS) return;
  const message =
    length === 0
      ? "A state's name must not be empty."
      : `State ${shown(name)} has a name of ${length} characters; at most ${MAX_STATE_NAME_CHARACTERS} are allowed.`;
  reportAt(list, name, ["invalid-state-name", message]);
}
