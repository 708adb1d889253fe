/** The expressions of a state: which of its fields hold paths, templates or JSONata, and where. */
import { isJsonObject, pointerTo } from "../text/json-value.ts";
import type { JsonObject, JsonValue } from "../text/json-value.ts";
import type { PathKind } from "./path-syntax.ts";
import type { State } from "../state-machine.ts";

export interface Expression {
  readonly kind: PathKind | "jsonata";
  readonly text: string;
  readonly pointer: string;
}

export interface Spot {
  readonly value: JsonValue;
  readonly pointer: string;
}

const PATH_FIELDS: ReadonlyMap<string, PathKind> = new Map([
  ["InputPath", "path"],
  ["OutputPath", "path"],
  ["ResultPath", "result_path"],
  ["ErrorPath", "payload_template"],
  ["CausePath", "payload_template"],
  ...["ItemsPath", "SecondsPath", "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath"].map(
    reference,
  ),
  ...["MaxConcurrencyPath", "ToleratedFailureCountPath", "ToleratedFailurePercentagePath"].map(reference),
  ...["MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath", "MaxItemsPath"].map(reference),
]);
const TEMPLATE_FIELDS: ReadonlySet<string> = new Set([
  "Parameters",
  "ResultSelector",
  "ItemSelector",
  "BatchInput",
  "Credentials",
  "Assign",
]);
const JSONATA_FIELDS: ReadonlySet<string> = new Set([
  ...["Arguments", "Output", "Assign", "Items", "ItemSelector", "BatchInput", "Credentials", "Condition"],
  ...["Seconds", "Timestamp", "TimeoutSeconds", "HeartbeatSeconds", "Error", "Cause", "MaxConcurrency"],
  ...[
    "ToleratedFailureCount",
    "ToleratedFailurePercentage",
    "MaxItems",
    "MaxItemsPerBatch",
    "MaxInputBytesPerBatch",
  ],
]);
/** Objects and arrays inside a state that hold such fields themselves. */
const PARTS: ReadonlySet<string> = new Set([
  "ItemReader",
  "ItemBatcher",
  "ResultWriter",
  "ReaderConfig",
  "Catch",
  "Choices",
  "And",
  "Or",
  "Not",
]);

function reference(name: string): readonly [string, PathKind] {
  return [name, "reference_path"];
}

/** In no particular order. */
export function expressionsOf(state: State): readonly Expression[] {
  const read = state.queryLanguage === "JSONata" ? jsonataOf : pathsOf;
  return partsOf(state).flatMap(({ fields, pointer }) => read(fields, pointer));
}

/** The payload templates of a JSONPath state; JSONata states have none. */
export function templatesOf(state: State): readonly Spot[] {
  const spots: Spot[] = [];
  for (const { fields, pointer } of state.queryLanguage === "JSONata" ? [] : partsOf(state)) {
    for (const key of Object.keys(fields)) {
      if (TEMPLATE_FIELDS.has(key)) spots.push({ value: fields[key]!, pointer: pointerTo(pointer, key) });
    }
  }
  return spots;
}

interface Part {
  readonly fields: JsonObject;
  readonly pointer: string;
}

/** The state itself and the objects in it with fields of their own. A stack, not recursion: rules nest as deep as they like. */
function partsOf(state: State): readonly Part[] {
  const parts: Part[] = [];
  const open: Spot[] = [{ value: state.fields, pointer: state.pointer }];
  for (let spot = open.pop(); spot !== undefined; spot = open.pop()) {
    if (!isJsonObject(spot.value)) continue;
    parts.push({ fields: spot.value, pointer: spot.pointer });
    for (const key of Object.keys(spot.value)) {
      if (PARTS.has(key)) open.push(...objectsAt(spot.value[key]!, pointerTo(spot.pointer, key)));
    }
  }
  return parts;
}

function objectsAt(value: JsonValue, pointer: string): readonly Spot[] {
  return Array.isArray(value)
    ? value.map((item: JsonValue, index) => ({ value: item, pointer: pointerTo(pointer, index) }))
    : [{ value, pointer }];
}

function pathsOf(fields: JsonObject, pointer: string): readonly Expression[] {
  return Object.keys(fields).flatMap((key) => {
    const value = fields[key]!;
    if (TEMPLATE_FIELDS.has(key)) return templateOf(value, pointerTo(pointer, key));
    if (typeof value !== "string") return [];
    const kind = PATH_FIELDS.get(key) ?? choicePathKind(key);
    return kind === undefined ? [] : [{ kind, text: value, pointer: pointerTo(pointer, key) }];
  });
}

/** `Variable`, and operands such as `StringEqualsPath`. */
function choicePathKind(key: string): PathKind | undefined {
  return key === "Variable" || (key.endsWith("Path") && /(?:Equals|Than)Path$/.test(key))
    ? "path"
    : undefined;
}

/** Members whose key ends in `.$`, at any depth. */
function templateOf(value: JsonValue, pointer: string): readonly Expression[] {
  return membersIn(value, pointer).flatMap((member) =>
    member.key.endsWith(".$") && typeof member.value === "string"
      ? [{ kind: "payload_template" as const, text: member.value, pointer: pointerOf(member) }]
      : [],
  );
}

/** Strings that open or close as JSONata do. */
function jsonataOf(fields: JsonObject, pointer: string): readonly Expression[] {
  return Object.keys(fields).flatMap((field) => {
    if (!JSONATA_FIELDS.has(field)) return [];
    return membersIn(fields[field]!, pointerTo(pointer, field)).flatMap((member) => {
      const text = member.value;
      return typeof text === "string" && (text.startsWith("{%") || text.endsWith("%}"))
        ? [{ kind: "jsonata" as const, text, pointer: pointerOf(member) }]
        : [];
    });
  });
}

/** A value within another; its pointer is made only of those that are asked for it. */
export interface Member {
  readonly value: JsonValue;
  readonly key: string;
  /** The pointer itself, of the outermost. */
  readonly within: Member | string;
}

/** The value itself, and all that is inside of it. */
export function membersIn(root: JsonValue, pointer: string): readonly Member[] {
  const members: Member[] = [{ value: root, key: "", within: pointer }];
  for (let at = 0; at < members.length; at++) {
    const within = members[at]!;
    const { value } = within;
    if (typeof value !== "object" || value === null) continue;
    for (const key of Object.keys(value)) members.push({ value: (value as JsonObject)[key]!, key, within });
  }
  return members;
}

export function pointerOf(member: Member): string {
  const keys: string[] = [];
  let { key, within } = member;
  while (typeof within !== "string") {
    keys.push(key);
    ({ key, within } = within);
  }
  return pointerTo(within, ...keys.reverse());
}
