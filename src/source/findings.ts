/** Findings are what a look into files brings: declared machines, and what was learned of the files. */
import type { Diagnostic } from "../diagnostic.ts";
import type { FoundWorkflow } from "./found-workflow.ts";

export interface Findings {
  /** In any order; a machine is declared once, but its definition's file may be among them too. */
  readonly workflows: readonly FoundWorkflow[];
  readonly diagnostics: readonly Diagnostic[];
  /** Definition files of machines declared elsewhere. */
  readonly filesUsed: readonly string[];
  /** Parameters that the templates declare. */
  readonly parameters: readonly string[];
}

export const NO_FINDINGS: Findings = { workflows: [], diagnostics: [], filesUsed: [], parameters: [] };

export function joinFindings(parts: readonly Findings[]): Findings {
  return {
    workflows: parts.flatMap(({ workflows }) => workflows),
    diagnostics: parts.flatMap(({ diagnostics }) => diagnostics),
    filesUsed: parts.flatMap(({ filesUsed }) => filesUsed),
    parameters: parts.flatMap(({ parameters }) => parameters),
  };
}
