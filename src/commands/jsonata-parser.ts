/** The JSONata parser, loaded only when some workflow of the run is written in it. */
import type { ParseJsonata } from "../graph/constant-expression.ts";
import { innerScopes } from "../workflow/state-identity.ts";
import type { Scope, StateMachine } from "../workflow/state-machine.ts";
import type { Workflow } from "../workflow/workflow.ts";

export async function jsonataParserFor(workflows: readonly Workflow[]): Promise<ParseJsonata | null> {
  const used = workflows.some(({ stateMachine }) => usesJsonata(stateMachine));
  return used ? jsonataParser() : null;
}

export async function jsonataParser(): Promise<ParseJsonata> {
  const { default: jsonata } = await import("jsonata");
  return (expression) => {
    try {
      return jsonata(expression).ast();
    } catch {
      return null; // what does not parse has a diagnostic of its own, and is unknown here
    }
  };
}

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
