/** How states act that call nothing and branch nowhere: Pass, Succeed and Fail. */
import { ownValue } from "../../workflow/text/json-value.ts";
import type { JsonValue } from "../../workflow/text/json-value.ts";
import type { FailState, PassState, SucceedState } from "../../workflow/state-machine.ts";
import { logStep, pathDataOf, queryDataOf } from "../execution-thread.ts";
import type { StateAction, Visit } from "../execution-thread.ts";
import type { Flow } from "../flow.ts";
import { compileQuery, evaluateQuery, raiseType } from "../data/jsonata-expression.ts";
import { shownText } from "../data/json-text.ts";
import { compileReference } from "../data/payload-template.ts";
import { compileStateData } from "../data/state-data.ts";
import { raise, raiseRuntime, statesError } from "../states-error.ts";

export function compilePass(state: PassState): StateAction {
  const data = compileStateData(state);
  const constant = state.queryLanguage === "JSONPath" ? ownValue(state.fields, "Result") : undefined;
  return function* (visit) {
    const selected = data.select(visit);
    const built = state.queryLanguage === "JSONPath" ? yield* data.build(visit, selected) : selected;
    const output = yield* data.finish(visit, constant === undefined ? built : constant);
    logStep(visit.thread, visit.compiled, { kind: "exited", events: 1, to: state.next });
    return { output, next: state.next };
  };
}

export function compileSucceed(state: SucceedState): StateAction {
  const data = compileStateData(state);
  return function* (visit) {
    const output = yield* data.finish(visit, data.select(visit));
    logStep(visit.thread, visit.compiled, { kind: "exited", events: 1 });
    return { output, next: null };
  };
}

export function compileFail(state: FailState): StateAction {
  const error = compileText(state, "Error");
  const cause = compileText(state, "Cause");
  return function* (visit) {
    const name = yield* error(visit);
    return raise(statesError(name, yield* cause(visit)));
  };
}

/** A literal, a path or intrinsic call (`…Path`), or an expression that gives a string; null when absent. */
function compileText(state: FailState, field: string): (visit: Visit) => Flow<string | null> {
  const { fields, queryLanguage } = state;
  const path = ownValue(fields, `${field}Path`);
  if (path !== undefined && queryLanguage === "JSONPath") {
    const read = compileReference(path, `${field}Path`);
    return function* (visit) {
      const value = read(pathDataOf(visit, visit.input), visit.thread.execution.draw);
      return asText(value, () =>
        raiseRuntime(`The ${field}Path field does not lead to a string: ${shownText(path)}`),
      );
    };
  }
  const source = ownValue(fields, field);
  if (source === undefined)
    return function* () {
      return null;
    };
  const query = queryLanguage === "JSONata" ? compileQuery(source, field) : null;
  return function* (visit) {
    const value = yield* evaluateQuery(query, source, queryDataOf(visit));
    return asText(value, () => raiseType(source, { field, expected: "string", value }));
  };
}

function asText(value: JsonValue, refuse: () => never): string {
  return typeof value === "string" ? value : refuse();
}
