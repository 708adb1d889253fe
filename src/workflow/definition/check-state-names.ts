/**
 * Checks that no state name stands in two scopes: AWS asks for names unique in the whole state machine.
 * https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
 */
import { scopesOf } from "./check-reachability.ts";
import { shown } from "./field-reader.ts";
import type { Problem } from "./problem.ts";
import type { Scope } from "../state-machine.ts";

export function checkStateNames(machine: Scope): readonly Problem[] {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const { states } of scopesOf(machine)) {
    for (const { name, pointer } of states) {
      if (seen.has(name)) {
        const message = `The name ${shown(name)} stands for more than one state; names should be unique in the whole state machine.`;
        problems.push({
          code: "duplicate-state-name",
          severity: "warning",
          message,
          pointer,
          hint: "Rename one of them.",
        });
      }
      seen.add(name);
    }
  }
  return problems;
}
