/**
 * Variables hold what Assign stored. An inner scope (a branch or an iteration) reads the outer scope's variables
 * and keeps its own assignments to itself.
 * Scopes: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
 */
import type { JsonObject, JsonValue } from "../../workflow/text/json-value.ts";

export interface Variables {
  readonly read: (name: string) => JsonValue | undefined;
  /** These variables with all of `values` stored at once. */
  readonly assign: (values: JsonObject) => Variables;
  readonly all: () => ReadonlyMap<string, JsonValue>;
}

export const NO_VARIABLES: Variables = variablesOf(new Map());

function variablesOf(values: ReadonlyMap<string, JsonValue>): Variables {
  return {
    read: (name) => values.get(name),
    assign: (added) => variablesOf(new Map([...values, ...Object.entries(added)])),
    all: () => values,
  };
}
