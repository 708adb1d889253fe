/** Applicable retriers are those that some error reaches: the first that matches an error has it, spent or not. */
import { ANY_ERROR, matchesError } from "../workflow/definition/error-names.ts";
import type { Retrier } from "../workflow/state-machine.ts";

/** Errors that no Retrier need name: what States.ALL and States.TaskFailed stand for. */
const UNNAMED = [ANY_ERROR, "States.Timeout", "States.HeartbeatTimeout"];

/** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
export function applicableRetriers(retriers: readonly Retrier[]): readonly Retrier[] {
  if (retriers.length === 0) return retriers;
  return retriers.filter(({ errorEquals }, at) =>
    [...errorEquals, ...UNNAMED].some(
      (error) =>
        matchesError(errorEquals, error) &&
        !retriers.slice(0, at).some((earlier) => matchesError(earlier.errorEquals, error)),
    ),
  );
}
