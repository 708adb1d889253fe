/**
 * State data is how a state reads its input and shapes its output: InputPath, Parameters, ResultSelector, ResultPath and
 * OutputPath in JSONPath, Arguments and Output in JSONata, Assign in both.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
 */
import { isJsonObject, ownValue } from "../../workflow/text/json-value.ts";
import type { JsonObject, JsonValue } from "../../workflow/text/json-value.ts";
import type { State } from "../../workflow/state-machine.ts";
import { pathDataOf, queryDataOf } from "../execution-thread.ts";
import type { Visit } from "../execution-thread.ts";
import type { Flow } from "../flow.ts";
import { shownText } from "./json-text.ts";
import { explainMissing, parseJsonPath, placeValue } from "./json-path.ts";
import { compileQuery, evaluateQuery, raiseQuery } from "./jsonata-expression.ts";
import { compileTemplate } from "./payload-template.ts";
import type { Template } from "./payload-template.ts";
import { checkAssigned, checkBuilt, checkPayload } from "../action/payload-limit.ts";
import { raiseRuntime } from "../states-error.ts";

export interface StateData {
  /** The state's input after InputPath; in JSONata the input itself. */
  readonly select: (visit: Visit) => JsonValue;
  /** What the state works on: Parameters or Arguments applied to the selected input. */
  readonly build: (visit: Visit, selected: JsonValue) => Flow<JsonValue>;
  /** Output and new variables for a result. States without a result of their own pass what they selected. */
  readonly finish: (visit: Visit, result: JsonValue) => Flow<JsonValue>;
}

/** Output and Assign of a Catcher or a Choice rule, which have fields of their own. */
export type Finish = (visit: Visit, value: JsonValue) => Flow<JsonValue>;

export function compileStateData(state: State): StateData {
  return state.queryLanguage === "JSONata" ? compileJsonataData(state) : compilePathData(state);
}

function compilePathData(state: State): StateData {
  const { fields } = state;
  const inputPath = compileSelection(fields, "InputPath");
  const outputPath = compileSelection(fields, "OutputPath");
  const parameters = state.type === "Map" ? null : templateOf(fields, "Parameters");
  const selector = templateOf(fields, "ResultSelector");
  const assign = templateOf(fields, "Assign");
  const place = compileResultPath(fields);
  const hasResult = ["Task", "Parallel", "Map", "Pass"].includes(state.type);
  return {
    select: (visit) => inputPath(visit, visit.input),
    *build(visit, selected) {
      if (parameters === null) return selected;
      const built = applyTemplate(parameters, visit, selected);
      checkBuilt(visit, built);
      return built;
    },
    *finish(visit, result) {
      const chosen = selector === null ? result : applyTemplate(selector, visit, result);
      const placed = hasResult ? place(visit.input, chosen) : chosen;
      const assigned = assign === null ? null : applyTemplate(assign, visit, chosen);
      const output = outputPath(visit, placed);
      assignVariables(visit, assigned);
      checkPayload(visit, output);
      return output;
    },
  };
}

function compileJsonataData(state: State): StateData {
  const finish = compileJsonataFinish(state.fields, (value) => ({ result: value }));
  const source = ownValue(state.fields, "Arguments");
  const query = source === undefined ? null : compileQuery(source, "Arguments");
  return {
    select: (visit) => visit.input,
    *build(visit, selected) {
      if (source === undefined) return selected;
      const built = yield* evaluateQuery(query, source, queryDataOf(visit));
      checkBuilt(visit, built);
      return built;
    },
    finish,
  };
}

/** `expose` gives the members $states has for these fields. */
export function compileJsonataFinish(fields: JsonObject, expose: (value: JsonValue) => JsonObject): Finish {
  const output = ownValue(fields, "Output");
  const assign = ownValue(fields, "Assign");
  const outputQuery = output === undefined ? null : compileQuery(output, "Output");
  const assignQuery = assign === undefined ? null : compileQuery(assign, "Assign");
  return function* (visit, value) {
    const needsData = outputQuery !== null || assignQuery !== null;
    const data = needsData ? queryDataOf(visit, expose(value)) : null;
    const given = output === undefined ? value : output;
    const shaped = outputQuery === null || data === null ? given : yield* outputQuery(data);
    const constant = assign ?? null;
    const assigned = assignQuery === null || data === null ? constant : yield* assignQuery(data);
    assignVariables(visit, assigned);
    checkPayload(visit, shaped);
    return shaped;
  };
}

/** A Catcher's ResultPath and Assign, or its Output and Assign. */
export function compileCatcherFinish(state: State, fields: JsonObject): Finish {
  if (state.queryLanguage === "JSONata") {
    return compileJsonataFinish(fields, (value) => ({ errorOutput: value }));
  }
  const place = compileResultPath(fields);
  const assign = templateOf(fields, "Assign");
  return function* (visit, value) {
    const assigned = assign === null ? null : applyTemplate(assign, visit, value);
    const output = place(visit.input, value);
    assignVariables(visit, assigned);
    checkPayload(visit, output);
    return output;
  };
}

export function assignVariables(visit: Visit, values: JsonValue | null): void {
  if (values === null) return;
  if (!isJsonObject(values)) raiseQuery("The field 'Assign' must give an object.", "Assign");
  checkAssigned(visit, values);
  visit.thread.variables = visit.thread.variables.assign(values);
}

export function templateOf(fields: JsonObject, field: string): Template | null {
  const source = ownValue(fields, field);
  return source === undefined ? null : compileTemplate(source);
}

export function applyTemplate(template: Template, visit: Visit, input: JsonValue): JsonValue {
  return template(pathDataOf(visit, input), visit.thread.execution.draw);
}

type Selection = (visit: Visit, value: JsonValue) => JsonValue;

/** InputPath, OutputPath and ItemsPath: absent is the whole, null is an empty object. */
export function compileSelection(fields: JsonObject, field: string): Selection {
  const source = ownValue(fields, field);
  if (source === undefined || source === "$") return (_visit, value) => value;
  if (source === null) return () => ({});
  if (typeof source !== "string") return () => raiseRuntime(`The field '${field}' must hold a path.`);
  try {
    const path = parseJsonPath(source);
    return (visit, value) => {
      const found = path.read(pathDataOf(visit, value));
      return found === undefined ? raiseRuntime(explainMissing(path, value)) : found;
    };
  } catch {
    return () => raiseRuntime(`Invalid path '${source}'`);
  }
}

/** Where the result goes in the state's raw input. */
function compileResultPath(fields: JsonObject): (input: JsonValue, result: JsonValue) => JsonValue {
  const source = ownValue(fields, "ResultPath");
  if (source === undefined || source === "$") return (_input, result) => result;
  if (source === null) return (input) => input;
  const steps = typeof source === "string" ? stepsOf(source) : null;
  return (input, result) => {
    const placed = steps === null ? undefined : placeValue(input, steps, result);
    if (placed !== undefined) return placed;
    return raiseRuntime(
      `Unable to apply ResultPath '${shownText(source)}' to the state's input`,
      "States.ResultPathMatchFailure",
    );
  };
}

function stepsOf(path: string): readonly (string | number)[] | null {
  try {
    const parsed = parseJsonPath(path);
    return parsed.root === "input" ? parsed.steps : null;
  } catch {
    return null;
  }
}
