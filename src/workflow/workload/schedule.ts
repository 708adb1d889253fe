/** A schedule is an EventBridge expression, `rate(5 minutes)` or `cron(0 12 * * ? *)`, read as executions per month. */
import { parseCronPerMonth } from "./cron-expression.ts";
import type { Parsed } from "./quantity.ts";
import { HOURS_PER_MONTH, problem, quoted } from "./quantity.ts";

export const SCHEDULE_PATTERN = /^(?:rate\(\s*\d+\s+(?:minute|hour|day)s?\s*\)|cron\([^()]*\))$/;

const MINUTES: ReadonlyMap<string, number> = new Map([
  ["minute", 1],
  ["hour", 60],
  ["day", 1440],
]);

const EXAMPLES = "rate(5 minutes), rate(1 day) or cron(0 12 * * ? *)";

/** Executions per month of 730 hours. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rate-expressions.html */
export function parseSchedule(written: unknown): Parsed<number> {
  if (typeof written !== "string") return problem(`${quoted(written)} is no schedule: write ${EXAMPLES}`);
  const text = written.trim();
  if (text.startsWith("at(")) return problem(`${quoted(text)} runs once: write executionsPerMonth instead`);
  const cron = /^cron\(([^()]*)\)$/.exec(text);
  if (cron) return parseCronPerMonth(cron[1] ?? "");
  const rate = /^rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)$/.exec(text);
  if (!rate) return problem(`${quoted(text)} is no schedule: write ${EXAMPLES}`);
  const every = Number(rate[1]) * (MINUTES.get(rate[2] ?? "") ?? Number.NaN);
  if (every === 0) return problem(`${quoted(text)} has no interval: write 1 or more, such as ${EXAMPLES}`);
  return { ok: true, value: (HOURS_PER_MONTH * 60) / every };
}
