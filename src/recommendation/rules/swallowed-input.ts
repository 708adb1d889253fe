/** A Catcher that puts the error in the place of the input, though the state it leads to reads the input. */
import { expressionsOf } from "../../workflow/definition/expression-fields.ts";
import { type JsonObject, isJsonObject, ownValue } from "../../workflow/text/json-value.ts";
import type { Catcher, Scope, State } from "../../workflow/state-machine.ts";
import type { FindingRule } from "../rule.ts";

export const swallowedInput: FindingRule = {
  id: "swallowed-input",
  kind: "finding",
  severity: "warning",
  title: "A Catcher that replaces the input its handler reads",
  passes: "every handler of errors gets the input it reads",
  judge: ({ states }) => {
    const catching = states.filter(({ state }) => "catch" in state && state.catch.length > 0);
    if (catching.length === 0) return null;
    const known = new Map<Scope, ReadonlyMap<string, State>>();
    const handlersOf = (scope: Scope): ReadonlyMap<string, State> => {
      const handlers = known.get(scope) ?? new Map(scope.states.map((each) => [each.name, each]));
      known.set(scope, handlers);
      return handlers;
    };
    return catching.flatMap(({ state, scope }) => {
      if (!("catch" in state)) return [];
      const seen = new Set<string>();
      return state.catch.flatMap((catcher) => {
        const handler = handlersOf(scope).get(catcher.next);
        if (handler === undefined || seen.has(handler.name) || keepsInput(state, catcher)) return [];
        const lost = lostReads(handler);
        if (lost === null) return [];
        seen.add(handler.name);
        return [
          {
            states: [state.name, handler.name],
            pointer: catcher.pointer,
            detail: handler.name,
            text: `${state.name} hands ${handler.name} the error in place of its input, and ${handler.name} reads ${lost}, which is then not there`,
            remedy:
              state.queryLanguage === "JSONata"
                ? `Give the Catcher an "Output" that merges both: {% $merge([$states.input, { "error": $states.errorOutput }]) %}.`
                : `Give the Catcher "ResultPath": "$.error": the error is then added to the input.`,
          },
        ];
      });
    });
  },
};

function keepsInput(state: State, { pointer }: Catcher): boolean {
  const written = ownValue(state.fields, "Catch");
  const catcher = Array.isArray(written)
    ? written[Number(pointer.slice(pointer.lastIndexOf("/") + 1))]
    : null;
  if (!isJsonObject(catcher)) return true;
  const own: JsonObject = catcher;
  if (state.queryLanguage === "JSONata") return Object.hasOwn(own, "Output");
  const path = ownValue(own, "ResultPath");
  return path !== undefined && path !== "$";
}

const ERROR_FIELDS = new Set(["Error", "Cause"]);

/** The first part of the input that it reads and that an error does not have. */
function lostReads(handler: State): string | null {
  for (const { kind, text, pointer } of expressionsOf(handler)) {
    // What is done with its own result comes later.
    if (
      /\/(ResultSelector|ResultPath|OutputPath|Assign|Output|Catch)(\/|$)/.test(
        pointer.slice(handler.pointer.length),
      )
    )
      continue;
    const pattern = kind === "jsonata" ? /\$states\.input\.([A-Za-z_]\w*)/g : /(?<![\w$])\$\.([A-Za-z_]\w*)/g;
    for (const [read, field = ""] of text.matchAll(pattern)) if (!ERROR_FIELDS.has(field)) return read;
  }
  return null;
}
