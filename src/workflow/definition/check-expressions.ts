/**
 * Checks the syntax of every path, intrinsic function and JSONata expression of a state machine.
 * Paths: https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
 * JSONata: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
import { scopesOf } from "./check-reachability.ts";
import type { Expression } from "./expression-fields.ts";
import { expressionsOf } from "./expression-fields.ts";
import { shown } from "./field-reader.ts";
import { faultOfJsonata } from "./jsonata-syntax.ts";
import { faultOfPath } from "./path-syntax.ts";
import type { Problem } from "./problem.ts";
import type { Scope } from "../state-machine.ts";

export function checkExpressions(machine: Scope): readonly Problem[] {
  const known = new Map<string, string | null>();
  const problems: Problem[] = [];
  for (const scope of scopesOf(machine)) {
    for (const state of scope.states) {
      for (const expression of expressionsOf(state)) {
        const fault = faultOf(expression, known);
        if (fault !== null) problems.push(problemOf(expression, fault));
      }
    }
  }
  return problems;
}

/** The same text is judged once, however often it stands in a definition. */
function faultOf({ kind, text }: Expression, known: Map<string, string | null>): string | null {
  const key = `${kind} ${text}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const fault = kind === "jsonata" ? faultOfJsonata(text) : faultOfPath(text, kind);
  known.set(key, fault);
  return fault;
}

function problemOf({ kind, text, pointer }: Expression, fault: string): Problem {
  const jsonata = kind === "jsonata";
  return {
    code: jsonata ? "invalid-jsonata" : "invalid-path",
    severity: "error",
    message: `${shown(text)} ${fault}.`,
    pointer,
    hint: !jsonata && text.startsWith("{%") ? `A JSONata expression needs "QueryLanguage": "JSONata".` : null,
  };
}
