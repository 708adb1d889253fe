/**
 * Checks that no payload template has a field both as value and as path: `x` and `x.$` become one field at run time.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-inputpath-params.html
 */
import { scopesOf } from "./check-reachability.ts";
import { membersIn, pointerOf, templatesOf } from "./expression-fields.ts";
import { isJsonObject } from "../text/json-value.ts";
import type { JsonValue } from "../text/json-value.ts";
import type { Problem } from "./problem.ts";
import type { Scope } from "../state-machine.ts";

export function checkTemplateKeys(machine: Scope): readonly Problem[] {
  const states = scopesOf(machine).flatMap((scope) => scope.states);
  return states.flatMap((state) =>
    templatesOf(state).flatMap(({ value, pointer }) => conflictsIn(value, pointer)),
  );
}

function conflictsIn(root: JsonValue, pointer: string): readonly Problem[] {
  return membersIn(root, pointer).flatMap((member) => {
    const { key, within } = member;
    if (!key.endsWith(".$") || typeof within === "string" || !isJsonObject(within.value)) return [];
    return Object.hasOwn(within.value, key.slice(0, -2)) ? [conflict(key, pointerOf(member))] : [];
  });
}

function conflict(key: string, pointer: string): Problem {
  const message = `The template has both ${JSON.stringify(key.slice(0, -2))} and ${JSON.stringify(key)}, which are one field.`;
  return { code: "conflicting-fields", severity: "error", message, pointer, hint: "Remove one." };
}
