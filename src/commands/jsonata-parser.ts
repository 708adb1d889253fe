/** The JSONata parser, loaded only when some workflow of the run is written in it. */
import type { ParseJsonata } from "../graph/constant-expression.ts";
import type { Workflow } from "../workflow/workflow.ts";

export async function jsonataParserFor(workflows: readonly Workflow[]): Promise<ParseJsonata | null> {
  const used = workflows.some(({ stateMachine }) => JSON.stringify(stateMachine).includes("{%"));
  if (!used) return null;
  const { default: jsonata } = await import("jsonata");
  return (expression) => {
    try {
      return jsonata(expression).ast();
    } catch {
      return null; // what does not parse has a diagnostic of its own, and is unknown here
    }
  };
}
