/** A suppressed finding is one that somebody has looked at and, for a reason they wrote down, wants to hear no more of. */
import type { Suppression } from "../workflow/workload/workload.ts";

/** The first that is for the rule, and for all states or one of these; null when none is. */
export function findSuppression(
  suppressions: readonly Suppression[],
  { rule, states }: { readonly rule: string; readonly states: readonly string[] },
): Suppression | null {
  return (
    suppressions.find(
      (suppression) =>
        suppression.rule === rule && (suppression.state === null || states.includes(suppression.state)),
    ) ?? null
  );
}
