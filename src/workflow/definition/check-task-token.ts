/**
 * Checks that a Task which waits for its task token hands the token over: else nobody can ever answer it.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
 */
import { scopesOf } from "./check-reachability.ts";
import { expressionsOf } from "./expression-fields.ts";
import { shown } from "./field-reader.ts";
import type { Problem } from "./problem.ts";
import type { Scope, State } from "../state-machine.ts";

/** The token itself, the whole context object, or a variable that may hold it. */
const MAY_HOLD_TOKEN = /Task\.Token|\$\$(?![.\w])|\$states\.context(?!\.)|\$(?!states\b)[A-Za-z_]\w*|\$\{/;

export function checkTaskTokens(machine: Scope): readonly Problem[] {
  return scopesOf(machine)
    .flatMap(({ states }) => states)
    .filter((state) => waitsInVain(state))
    .map(({ name, pointer }) => ({
      code: "missing-task-token",
      severity: "warning",
      message: `State ${shown(name)} waits for its task token but does not pass it on, so it can only end by timeout.`,
      pointer,
      hint: `Pass "$$.Task.Token" under a key that ends in ".$" (JSONPath), or {% $states.context.Task.Token %} (JSONata).`,
    }));
}

function waitsInVain(state: State): boolean {
  if (state.type !== "Task" || state.resource.pattern !== "WAIT_FOR_TASK_TOKEN") return false;
  return !expressionsOf(state).some(({ text }) => MAY_HOLD_TOKEN.test(text));
}
