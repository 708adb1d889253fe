/** Judges a capacity report: which share of a limit may be used before the run fails. */
import type { StartLoad } from "../capacity/start-load.ts";
import { decimalText } from "../decimal-text.ts";
import type { LimitReport } from "./analysis-report.ts";

export interface CapacityGate {
  /** Code of a limit or a quota. */
  readonly code: CapacityCode;
  /** Most that may be used, as a share of the limit. */
  readonly share: number;
}

export interface CapacityVerdict {
  readonly passed: boolean;
  readonly reasons: readonly string[];
}

const LIMITS = [
  "history-events",
  "child-history-events",
  "definition-size",
  "execution-duration",
  "child-duration",
  "inline-concurrency",
  "map-run-items",
  "payload",
] as const;

/** Quotas that executions draw on as they start, at a rate that somebody has to say. */
const LOADS = [
  "state-transitions",
  "start-execution",
  "nested-start-execution",
  "open-executions",
  "start-map-run",
  "open-map-runs",
  "lambda-concurrency",
  "downstream",
] as const;

export const CAPACITY_CODES = [...LIMITS, ...LOADS] as const;

export type CapacityCode = (typeof CAPACITY_CODES)[number];

interface Judged {
  readonly limits: readonly LimitReport[];
  readonly load: StartLoad | null;
}

/** A limit is held at its 99th percentile, a quota at the peak; what is asked for but not known does not pass. */
export function judgeCapacity(gates: readonly CapacityGate[], judged: Judged): CapacityVerdict {
  const reasons = gates.flatMap((gate) => reasonsOf(gate, judged));
  return { passed: reasons.length === 0, reasons };
}

function reasonsOf({ code, share }: CapacityGate, { limits, load }: Judged): readonly string[] {
  const limit = limits.find((each) => each.code === code);
  const quota = load?.quotas.find((each) => each.code === code);
  const found = limit ?? quota;
  if (found === undefined) {
    const missing = missingFor(code, load);
    return missing === null ? [] : [`${code}: how much of it is used is not known: ${missing}`];
  }
  const used = limit === undefined ? (quota!.peak ?? quota!.mean) : (limit.p99 ?? limit.mean);
  if (used === null) return [`${code}: how much of it is used is not known`];
  const reached = used / found.limit;
  if (reached <= share) return [];
  return [
    `${code}: ${percent(reached)} of ${decimalText(found.limit)} is used, ${percent(share)} is allowed`,
  ];
}

/** What would have to be said; null where the workflow has none of it. */
function missingFor(code: CapacityCode, load: StartLoad | null): string | null {
  if (!LOADS.some((each) => each === code)) return null;
  if (load === null) return "give --rate, or executionsPerMonth in stepfare.yml";
  const isAsked = code === "downstream" && load.tasks.some(({ isWaiting }) => !isWaiting);
  return isAsked ? "give --downstream-limit" : null;
}

function percent(share: number): string {
  return `${decimalText(share * 100, { maximumSignificantDigits: 4 })}%`;
}
