/**
 * Checks that no payload template has a field both as value and as path: `x` and `x.$` become one field at run time.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-inputpath-params.html
 */
import { scopesOf } from "./check-reachability.ts";
import { templatesOf } from "./expression-fields.ts";
import { isJsonObject, pointerTo } from "../text/json-value.ts";
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
  const problems: Problem[] = [];
  const open = [{ value: root, pointer }];
  for (let spot = open.pop(); spot !== undefined; spot = open.pop()) {
    if (typeof spot.value !== "object" || spot.value === null) continue;
    for (const [key, value] of Object.entries(spot.value)) {
      const at = pointerTo(spot.pointer, key);
      if (isJsonObject(spot.value) && key.endsWith(".$") && Object.hasOwn(spot.value, key.slice(0, -2))) {
        problems.push(conflict(key, at));
      }
      open.push({ value: value, pointer: at });
    }
  }
  return problems;
}

function conflict(key: string, pointer: string): Problem {
  const message = `The template has both ${JSON.stringify(key.slice(0, -2))} and ${JSON.stringify(key)}, which are one field.`;
  return { code: "conflicting-fields", severity: "error", message, pointer, hint: "Remove one." };
}
