/** Constant flow says what is known after a state, given what was known before it, for each edge that leaves it. */
import { type JsonObject, type JsonValue, isJsonObject, ownValue } from "../workflow/text/json-value.ts";
import type { ChoiceState, State } from "../workflow/state-machine.ts";
import {
  type Evaluation,
  evaluateCondition,
  evaluateJsonPath,
  evaluateTemplate,
} from "./constant-expression.ts";
import { type KnownData, knownInBoth, placeKnown, withVariables } from "./known-data.ts";
import type { Edge } from "./state-graph.ts";

/** Known data on the far side of an edge. Rules that share it may set different things: then what they agree on. */
export function flowAlong(state: State, edge: Edge, at: Evaluation): KnownData {
  if (edge.rules.length < 2) return flowBy(edge.rules[0], { state, edge, at });
  return edge.rules.map((rule) => flowBy(rule, { state, edge, at })).reduce(knownInBoth);
}

interface Flowing {
  readonly state: State;
  readonly edge: Edge;
  readonly at: Evaluation;
}

/** `rule` is the number of the Choice rule or Catcher. */
function flowBy(rule: string | undefined, { state, edge, at }: Flowing): KnownData {
  if (edge.kind === "catch") return flowThroughCatch(state, rule, at);
  const fields = state.type === "Choice" ? ruleFields(state, rule) : state.fields;
  const input = effectiveInput(state, at.known);
  const inside: Evaluation = { ...at, known: input };
  const result = resultOf(state, inside);
  const output =
    state.queryLanguage === "JSONata"
      ? jsonataOutput(state, fields, inside)
      : pathOutput(state, inside, { before: at.known, result });
  const assigning =
    state.queryLanguage === "JSONPath" && HAVE_RESULTS.has(state.type)
      ? { ...at, known: { input: orUnknown(result), variables: at.known.variables } }
      : inside;
  return withVariables(
    { input: output, variables: at.known.variables },
    assigned(ownValue(fields, "Assign"), state, assigning),
  );
}

/** In JSONPath their Assign reads the result, where that of the others reads the input. */
const HAVE_RESULTS: ReadonlySet<string> = new Set(["Pass", "Task", "Parallel", "Map"]);

/** Output and Assign of a Choice stand in the rule, or, for Default, in the state. */
function ruleFields(state: ChoiceState, rule: string | undefined): JsonObject {
  return state.choices[Number(rule)]?.fields ?? state.fields;
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

/** What is known of the state's input after its InputPath. */
export function effectiveInput(state: State, known: KnownData): KnownData {
  if (state.queryLanguage === "JSONata") return known;
  return { ...known, input: throughPath(ownValue(state.fields, "InputPath"), known.input) };
}

/** InputPath and OutputPath: absent keeps all, null empties, a path selects. */
function throughPath(path: JsonValue | undefined, input: JsonValue): JsonValue {
  if (path === undefined || path === "$") return input;
  return orUnknown(typeof path === "string" ? evaluateJsonPath(path, { input, variables: {} }) : undefined);
}

function orUnknown(value: JsonValue | undefined): JsonValue {
  return value === undefined ? {} : value;
}

function pathOutput(
  state: State,
  inside: Evaluation,
  { before, result }: { before: KnownData; result: JsonValue | undefined },
): JsonValue {
  const outputPath = ownValue(state.fields, "OutputPath");
  if (state.type === "Choice" || state.type === "Wait" || state.type === "Succeed") {
    return throughPath(outputPath, inside.known.input);
  }
  if (state.type === "Fail") return {};
  const resultPath = ownValue(state.fields, "ResultPath");
  if (resultPath === null) return throughPath(outputPath, before.input);
  const placed = placeKnown(before.input, typeof resultPath === "string" ? resultPath : "$", result);
  return throughPath(outputPath, placed);
}

function jsonataOutput(state: State, fields: JsonObject, at: Evaluation): JsonValue {
  const output = ownValue(fields, "Output");
  if (output !== undefined) return orUnknown(evaluateTemplate(output, "JSONata", at));
  return HAVE_RESULTS.has(state.type) && state.type !== "Pass" ? {} : at.known.input;
}

/** Only a Pass has a result that is known without running anything. */
function resultOf(state: State, at: Evaluation): JsonValue | undefined {
  if (state.type !== "Pass") return undefined;
  const result = ownValue(state.fields, "Result");
  if (result !== undefined) return result;
  const parameters = ownValue(state.fields, "Parameters");
  return parameters === undefined ? at.known.input : evaluateTemplate(parameters, "JSONPath", at);
}

/** In JSONPath a Catcher's Assign reads the error output, of which nothing is known. */
function flowThroughCatch(state: State, rule: string | undefined, at: Evaluation): KnownData {
  // As written, where it need not be what a Catcher is.
  const catcher = (ownValue(state.fields, "Catch") as readonly JsonValue[])[Number(rule)];
  if (!isJsonObject(catcher)) return { input: {}, variables: {} };
  const path = ownValue(catcher, "ResultPath");
  const jsonPath = state.queryLanguage === "JSONPath";
  const placed = typeof path === "string" ? placeKnown(at.known.input, path, undefined) : {};
  const input = jsonPath ? (path === null ? at.known.input : placed) : {};
  const assigning = jsonPath ? { ...at, known: { ...at.known, input: {} } } : at;
  return withVariables(
    { input, variables: at.known.variables },
    assigned(ownValue(catcher, "Assign"), state, assigning),
  );
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
