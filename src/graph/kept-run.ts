/**
 * A kept run is a scope's run with the figures it asked for: at any other standpoint that answers them alike, it is
 * the same run. So moving one figure runs anew only the scopes that it enters.
 */
import type { Assumption, Standpoint } from "./assumption.ts";
import type { KeptRun, RunContext, ScopeRun } from "./run-context.ts";
import { measured } from "./spent.ts";

/** Runs kept of a scope: the likely one, which most others share parts with, and both ends of the figure that was moved last. */
const MOST_KEPT = 3;

/** The scope's run, kept or made anew; keeps the first and the two latest. */
export function keepRun(
  kept: KeptRun[],
  context: RunContext,
  make: (context: RunContext) => ScopeRun,
): ScopeRun {
  const same = kept.find((known) => answersAlike(known, context));
  if (same !== undefined) return onlyMeasured(same, context.measure);
  const asked = new Map<string, { assumption: Assumption; answer: number }>();
  const stand: Standpoint = (assumption) => {
    const answer = context.stand(assumption);
    asked.set(assumption.id, { assumption, answer });
    return answer;
  };
  const run = make({ ...context, stand });
  if (kept.length === MOST_KEPT) kept.splice(1, 1);
  kept.push({ run, measure: context.measure, asked });
  return run;
}

/** Asks every figure again, so that a run around this one learns what it rests on, too. */
function answersAlike({ measure, asked }: KeptRun, { measure: wanted, stand }: RunContext): boolean {
  for (const metric of wanted) if (!measure.has(metric)) return false;
  for (const { assumption, answer } of asked.values()) if (stand(assumption) !== answer) return false;
  return true;
}

/** Without the distributions that were not asked for, which the runs around it would carry along at a price. */
function onlyMeasured({ run, measure }: KeptRun, wanted: RunContext["measure"]): ScopeRun {
  if (measure.size === wanted.size) return run;
  const outcomes = run.outcomes.map((outcome) => ({ ...outcome, spent: measured(outcome.spent, wanted) }));
  return { ...run, outcomes };
}
