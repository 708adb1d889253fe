/**
 * Context uses are the places where a state reads what the context object says of its execution. In a child these
 * would speak of the child, so they are turned to a variable that holds the parent's; what a state reads of itself
 * ($$.State) stays true.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
 */
import type { QueryLanguage, State } from "../../workflow/state-machine.ts";
import { type JsonObject, type JsonValue, isJsonObject } from "../../workflow/text/json-value.ts";

/** Parts of the context object that differ between parent and child. `Map`: of the Map around the region. */
const PARTS = "Execution|StateMachine|Map";
const PATH = new RegExp(String.raw`\$\$\.(${PARTS})\b((?:\.[A-Za-z]+)?)`, "g");
const QUERY = new RegExp(String.raw`\$states\.context\.(${PARTS})\b((?:\.[A-Za-z]+)?)`, "g");
/** Reads that cannot be turned to a part: the object as a whole, or a part found by computing. */
const WHOLE_PATH = /\$\$(?!\.(?:Execution|StateMachine|Map|State|Task)\b)/;
const WHOLE_QUERY =
  /\$states(?!\.(?:input|result|errorOutput)\b)(?!\.context\.(?:Execution|StateMachine|Map|State|Task)\b)/;

export interface ContextUse {
  /** Such as `Execution.Name`, or `Map` for all of it. */
  readonly parts: ReadonlySet<string>;
  /** An expression that reads the context object as a whole; null = none does. */
  readonly whole: string | null;
}

export interface TurnedState {
  readonly fields: JsonObject;
  readonly use: ContextUse;
}

/** A state's JSON with its context uses turned to `$variable`; `mapAround`: a Map lies around the region. */
export function turnContext(
  state: State,
  { variable, mapAround }: { readonly variable: string; readonly mapAround: boolean },
): TurnedState {
  const parts = new Set<string>();
  let whole: string | null = null;
  const turnText = (text: string, spot: Spot): string => {
    const query = spot.language === "JSONata";
    if ((query ? WHOLE_QUERY : WHOLE_PATH).test(text)) whole ??= text;
    return text.replaceAll(query ? QUERY : PATH, (use: string, part: string, member: string) => {
      if (part === "Map" && (spot.inMap || !mapAround)) return use;
      const name = part === "Map" ? part : `${part}${member}`;
      parts.add(name);
      return `$${variable}.${part}${member}`;
    });
  };
  const fields = turnValue(state.fields, { key: "", language: state.queryLanguage, inMap: false }, turnText);
  return { fields: fields as JsonObject, use: { parts, whole } };
}

interface Spot {
  readonly key: string;
  readonly language: QueryLanguage;
  /** Inside of a Map that is part of the region: its own iterations are meant. */
  readonly inMap: boolean;
}

/** As deep as the reader lets definitions nest. */
function turnValue(value: JsonValue, spot: Spot, turnText: (text: string, spot: Spot) => string): JsonValue {
  if (typeof value === "string") return isExpression(value, spot) ? turnText(value, spot) : value;
  if (Array.isArray(value))
    return (value as readonly JsonValue[]).map((each) => turnValue(each, spot, turnText));
  if (!isJsonObject(value)) return value;
  const language = value["QueryLanguage"] === "JSONata" ? "JSONata" : spot.language;
  const isMap = value["Type"] === "Map" && ("ItemProcessor" in value || "Iterator" in value);
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      const own = isMap && (MAP_PARTS.has(key) || (key === "Parameters" && language === "JSONPath"));
      return [key, turnValue(each, { key, language, inMap: spot.inMap || own }, turnText)];
    }),
  );
}

const MAP_PARTS: ReadonlySet<string> = new Set(["ItemProcessor", "Iterator", "ItemSelector", "ItemBatcher"]);

/** JSONata stands in delimiters; a path where a field or a template's member takes one. */
function isExpression(text: string, { key, language }: Spot): boolean {
  if (language === "JSONata") return text.startsWith("{%");
  return key.endsWith(".$") || key.endsWith("Path") || key === "Variable";
}
