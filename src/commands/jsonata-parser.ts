/** The JSONata parser, asked only when some workflow of the run is written in it. */
import jsonata from "jsonata";
import type { ParseJsonata } from "../graph/constant-expression.ts";
import { innerScopes } from "../workflow/state-identity.ts";
import type { Scope, StateMachine } from "../workflow/state-machine.ts";
import type { Workflow } from "../workflow/workflow.ts";

export function jsonataParserFor(workflows: readonly Workflow[]): ParseJsonata | null {
  const used = workflows.some(({ stateMachine }) => usesJsonata(stateMachine));
  return used ? parseJsonata : null;
}

export const parseJsonata: ParseJsonata = (expression) => {
  try {
    return jsonata(expression).ast();
  } catch {
    return null; // what does not parse has a diagnostic of its own, and is unknown here
  }
};

function usesJsonata(stateMachine: StateMachine): boolean {
  const scopes: Scope[] = [stateMachine];
  for (let scope = scopes.pop(); scope !== undefined; scope = scopes.pop()) {
    for (const state of scope.states) {
      if (state.queryLanguage === "JSONata") return true;
      scopes.push(...innerScopes(state));
    }
  }
  return stateMachine.queryLanguage === "JSONata";
}
