/** A definition's place is where it begins when it is in a file of its own, else where its machine is declared. */
import type { Place } from "../diagnostic.ts";
import type { FoundWorkflow } from "./found-workflow.ts";

export function definitionPlace({ definition, at }: FoundWorkflow): Place {
  if (definition === null) return at;
  const own = definition.kind === "text" ? definition.place(1, 1) : definition.locate("");
  return own.file === at.file ? at : own;
}
