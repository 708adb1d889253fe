/** How a Choice acts: the first rule that holds leads on, else Default. */
import type { JsonValue } from "../../workflow/text/json-value.ts";
import type { ChoiceRule, ChoiceState } from "../../workflow/state-machine.ts";
import { ownValue } from "../../workflow/text/json-value.ts";
import { compileChoiceTest } from "./choice-test.ts";
import { logStep, pathDataOf, queryDataOf } from "../execution-thread.ts";
import type { StateAction, Visit } from "../execution-thread.ts";
import type { Flow } from "../flow.ts";
import { compileQuery, evaluateQuery, raiseType } from "../data/jsonata-expression.ts";
import {
  applyTemplate,
  assignVariables,
  compileJsonataFinish,
  compileSelection,
  templateOf,
} from "../data/state-data.ts";
import type { Finish } from "../data/state-data.ts";
import { raiseRuntime } from "../states-error.ts";

interface Rule {
  readonly next: string;
  readonly holds: (visit: Visit, selected: JsonValue) => Flow<boolean>;
  readonly finish: Finish;
}

export function compileChoice(state: ChoiceState): StateAction {
  const isJsonata = state.queryLanguage === "JSONata";
  const inputPath = isJsonata ? null : compileSelection(state.fields, "InputPath");
  const rules = state.choices.map((rule, index) => compileRule(state, rule, index));
  const byDefault = compileFinish(state, null);
  return function* (visit) {
    const selected = inputPath === null ? visit.input : inputPath(visit, visit.input);
    const rule = yield* firstRule(rules, visit, selected);
    const next = rule?.next ?? state.default;
    if (next === null) {
      return raiseRuntime(
        "Failed to transition out of the state. The state does not point to a next state.",
        "States.NoChoiceMatched",
      );
    }
    const output = yield* (rule?.finish ?? byDefault)(visit, selected);
    logStep(visit.thread, visit.compiled, { kind: "chose", events: 1, to: next });
    return { output, next };
  };
}

function* firstRule(rules: readonly Rule[], visit: Visit, selected: JsonValue): Flow<Rule | null> {
  for (const rule of rules) if (yield* rule.holds(visit, selected)) return rule;
  return null;
}

function compileRule(state: ChoiceState, rule: ChoiceRule, index: number): Rule {
  return { next: rule.next, finish: compileFinish(state, rule), holds: compileCondition(state, rule, index) };
}

function compileCondition(state: ChoiceState, rule: ChoiceRule, index: number): Rule["holds"] {
  if (state.queryLanguage === "JSONPath") {
    const test = compileChoiceTest(rule.fields);
    return function* (visit, selected) {
      return test(pathDataOf(visit, selected));
    };
  }
  const field = `Choices[${index}]/Condition`;
  const source = ownValue(rule.fields, "Condition") ?? false;
  const query = compileQuery(source, field);
  return function* (visit) {
    const value = yield* evaluateQuery(query, source, queryDataOf(visit));
    if (typeof value === "boolean") return value;
    return raiseType(source, { field, expected: "boolean", value });
  };
}

/** Output and Assign stand in the rule, or, for Default, in the state; OutputPath always in the state. */
function compileFinish(state: ChoiceState, rule: ChoiceRule | null): Finish {
  if (state.queryLanguage === "JSONata") return compileJsonataFinish((rule ?? state).fields, () => ({}));
  const assign = templateOf((rule ?? state).fields, "Assign");
  const outputPath = compileSelection(state.fields, "OutputPath");
  return function* (visit, selected) {
    const assigned = assign === null ? null : applyTemplate(assign, visit, selected);
    const output = outputPath(visit, selected);
    assignVariables(visit, assigned);
    return output;
  };
}
