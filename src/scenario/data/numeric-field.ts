/** A numeric field is a number written as a literal, a path (`…Path`) or an expression, known when its state is entered. */
import { ownValue } from "../../workflow/text/json-value.ts";
import type { JsonObject, JsonValue } from "../../workflow/text/json-value.ts";
import type { State } from "../../workflow/state-machine.ts";
import { pathDataOf, queryDataOf } from "../execution-thread.ts";
import type { Visit } from "../execution-thread.ts";
import type { Flow } from "../flow.ts";
import { explainMissing, parseJsonPath } from "./json-path.ts";
import { compileQuery, raiseType } from "./jsonata-expression.ts";
import { raiseRuntime } from "../states-error.ts";

export type NumericField = (visit: Visit, selected: JsonValue) => Flow<number | null>;

interface Kind {
  readonly whole: boolean;
  readonly least: number;
  readonly most: number;
}

const WHOLE_NUMBER: Kind = { whole: true, least: 0, most: Infinity };
export const PERCENTAGE: Kind = { whole: false, least: 0, most: 100 };

/** Null when the field is absent. */
export function compileNumber(
  state: State,
  fields: JsonObject,
  field: string,
  kind = WHOLE_NUMBER,
): NumericField | null {
  const path = ownValue(fields, `${field}Path`);
  if (typeof path === "string" && state.queryLanguage === "JSONPath") return compilePath(field, path, kind);
  const source = ownValue(fields, field);
  if (source === undefined) return null;
  const query = state.queryLanguage === "JSONata" ? compileQuery(source, field) : null;
  return function* (visit) {
    const value = query === null ? source : yield* query(queryDataOf(visit));
    if (isNumber(value, kind)) return value;
    const expected = kind.whole ? "integer" : "number";
    if (query === null) return raiseRuntime(`The field '${field}' must hold a valid ${expected}.`);
    return raiseType(source, { field, expected, value });
  };
}

function compilePath(field: string, text: string, kind: Kind): NumericField {
  return function* (visit, selected) {
    const path = parseJsonPath(text);
    const found = path.read(pathDataOf(visit, selected));
    if (found === undefined) raiseRuntime(explainMissing(path, selected));
    // AWS takes a number written as text, too: seen with MaxItemsPath.
    const value = typeof found === "string" && /^\d+$/.test(found) ? Number(found) : found;
    if (typeof value !== "number" || (kind.whole && !Number.isInteger(value))) {
      raiseRuntime(
        `The ${field}Path field refers to value "${JSON.stringify(value)}" which is not a valid ${kind.whole ? "integer" : "float"}: ${text}`,
      );
    }
    if (value < kind.least || value > kind.most) {
      raiseRuntime(
        kind.most === Infinity
          ? `${field} must not be negative.`
          : `${field} must be between ${kind.least} and ${kind.most}.`,
      );
    }
    return value;
  };
}

function isNumber(value: JsonValue, kind: Kind): value is number {
  if (typeof value !== "number" || (kind.whole && !Number.isInteger(value))) return false;
  return value >= kind.least && value <= kind.most;
}
