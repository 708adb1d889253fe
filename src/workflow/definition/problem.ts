/** A problem is a fault at a JSON pointer of a definition; it becomes a diagnostic once the pointer is located. */
import type { Diagnostic, Place, Severity } from "../../diagnostic.ts";

export interface Problem {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly pointer: string;
  readonly hint: string | null;
}

export type ReportProblem = (problem: Problem) => void;

export function diagnoseProblem(problem: Problem, locate: (pointer: string) => Place): Diagnostic {
  const { code, severity, message, pointer, hint } = problem;
  return { code, severity, message, at: locate(pointer), hint };
}
