/** Constant flow says what is known after a state, given what was known before it, for each edge that leaves it. */
import { type JsonObject, type JsonValue, isJsonObject, ownValue } from "../workflow/json-value.ts";
import type { State } from "../workflow/state-machine.ts";
import {
  type Evaluation,
  evaluateCondition,
  evaluateJsonPath,
  evaluateTemplate,
} from "./constant-expression.ts";
import { type KnownData, placeKnown, withVariables } from "./known-data.ts";
import type { Edge } from "./state-graph.ts";

/** Known data on the far side of an edge. */
export function flowAlong(state: State, edge: Edge, at: Evaluation): KnownData {
  if (edge.kind === "catch") return flowThroughCatch(state, edge, at);
  const input = effectiveInput(state, at.known);
  const inside: Evaluation = { ...at, known: input };
  const output = outputOf(state, inside, at.known);
  const assigning = edge.kind === "choice" ? choiceAssign(state, edge) : ownValue(state.fields, "Assign");
  return withVariables({ input: output, variables: at.known.variables }, assigned(assigning, state, inside));
}

/** Which edges of a Choice are still possible: a rule known to hold ends the search, one known to fail is passed over. */
export function possibleRules(state: State & { type: "Choice" }, at: Evaluation): ReadonlySet<string> {
  const possible = new Set<string>();
  const known = effectiveInput(state, at.known);
  for (const [number, rule] of state.choices.entries()) {
    const holds = evaluateCondition(rule.fields, state.queryLanguage, { ...at, known });
    if (holds !== false) possible.add(String(number));
    if (holds === true) return possible;
  }
  return possible.add("default");
}

function effectiveInput(state: State, known: KnownData): KnownData {
  if (state.queryLanguage === "JSONata") return known;
  return { ...known, input: throughPath(ownValue(state.fields, "InputPath"), known.input) };
}

/** InputPath and OutputPath: absent keeps all, null empties, a path selects. */
function throughPath(path: JsonValue | undefined, input: JsonObject): JsonObject {
  if (path === undefined || path === "$") return input;
  const selected = typeof path === "string" ? evaluateJsonPath(path, { input, variables: {} }) : undefined;
  return isJsonObject(selected) ? selected : {};
}

function outputOf(state: State, inside: Evaluation, before: KnownData): JsonObject {
  if (state.queryLanguage === "JSONata") return jsonataOutput(state, inside);
  const outputPath = ownValue(state.fields, "OutputPath");
  if (state.type === "Choice" || state.type === "Wait" || state.type === "Succeed") {
    return throughPath(outputPath, inside.known.input);
  }
  if (state.type === "Fail") return {};
  const resultPath = ownValue(state.fields, "ResultPath");
  if (resultPath === null) return throughPath(outputPath, before.input);
  const placed = placeKnown(
    before.input,
    typeof resultPath === "string" ? resultPath : "$",
    resultOf(state, inside),
  );
  return throughPath(outputPath, placed);
}

function jsonataOutput(state: State, at: Evaluation): JsonObject {
  const output = ownValue(state.fields, "Output");
  if (output !== undefined) {
    const value = evaluateTemplate(output, "JSONata", at);
    return isJsonObject(value) ? value : {};
  }
  const passesOn =
    state.type === "Pass" || state.type === "Choice" || state.type === "Wait" || state.type === "Succeed";
  return passesOn ? at.known.input : {};
}

/** Only a Pass has a result that is known without running anything. */
function resultOf(state: State, at: Evaluation): JsonValue | undefined {
  if (state.type !== "Pass") return undefined;
  const result = ownValue(state.fields, "Result");
  if (result !== undefined) return result;
  const parameters = ownValue(state.fields, "Parameters");
  return parameters === undefined ? at.known.input : evaluateTemplate(parameters, "JSONPath", at);
}

function flowThroughCatch(state: State, edge: Edge, at: Evaluation): KnownData {
  const catchers = ownValue(state.fields, "Catch");
  const catcher = Array.isArray(catchers)
    ? (catchers as readonly JsonValue[])[Number(edge.rules[0])]
    : undefined;
  if (!isJsonObject(catcher)) return { input: {}, variables: {} };
  const path = ownValue(catcher, "ResultPath");
  const jsonPath = state.queryLanguage === "JSONPath";
  const input =
    jsonPath && path === null
      ? at.known.input
      : jsonPath && typeof path === "string"
        ? placeKnown(at.known.input, path, undefined)
        : {};
  return withVariables(
    { input, variables: at.known.variables },
    assigned(ownValue(catcher, "Assign"), state, at),
  );
}

function choiceAssign(state: State, edge: Edge): JsonValue | undefined {
  const rule = edge.rules[0];
  if (state.type !== "Choice" || rule === undefined) return undefined;
  const holder = rule === "default" ? state.fields : state.choices[Number(rule)]?.fields;
  return holder === undefined ? undefined : ownValue(holder, "Assign");
}

/** What an Assign sets; an entry that is not known is undefined, so that it overwrites what was known before. */
function assigned(
  assign: JsonValue | undefined,
  state: State,
  at: Evaluation,
): [string, JsonValue | undefined][] {
  if (!isJsonObject(assign)) return [];
  return Object.entries(assign).map(([key, value]) => {
    const computed = state.queryLanguage === "JSONPath" && key.endsWith(".$");
    if (computed)
      return [key.slice(0, -2), typeof value === "string" ? evaluateJsonPath(value, at.known) : undefined];
    return [key, evaluateTemplate(value, state.queryLanguage, at)];
  });
}
