/** Relocated workflows are found workflows whose places are told from another folder. */
import type { Diagnostic, Place } from "../diagnostic.ts";
import type { Findings } from "./findings.ts";
import type { FoundDefinition, FoundWorkflow } from "./found-workflow.ts";

export function relocateFound(found: Findings, move: (place: Place) => Place): Findings {
  return {
    ...found,
    workflows: found.workflows.map((workflow) => relocate(workflow, move)),
    diagnostics: found.diagnostics.map((diagnostic) => relocateDiagnostic(diagnostic, move)),
  };
}

function relocate(found: FoundWorkflow, move: (place: Place) => Place): FoundWorkflow {
  return {
    ...found,
    at: move(found.at),
    definition: found.definition === null ? null : relocateDefinition(found.definition, move),
    schedules: found.schedules.map((schedule) => ({ ...schedule, at: move(schedule.at) })),
    lambdas: found.lambdas.map((lambda) => ({ ...lambda, at: move(lambda.at) })),
    diagnostics: found.diagnostics.map((diagnostic) => relocateDiagnostic(diagnostic, move)),
  };
}

function relocateDefinition(definition: FoundDefinition, move: (place: Place) => Place): FoundDefinition {
  if (definition.kind === "value")
    return { ...definition, locate: (pointer) => move(definition.locate(pointer)) };
  return { ...definition, place: (line, column) => move(definition.place(line, column)) };
}

function relocateDiagnostic(diagnostic: Diagnostic, move: (place: Place) => Place): Diagnostic {
  return { ...diagnostic, at: diagnostic.at && move(diagnostic.at) };
}
