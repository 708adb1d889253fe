/**
 * Cost curves are both types' costs as one quantity moves and all else stays: executions a month, seconds of an
 * execution, MB that Express bills. Where two of them cross is the break-even. The month is the exact tiered one of
 * the workflow alone in its account; over seconds and memory Express is the straight line that its rounded bill
 * follows.
 */
import type { CostEstimate } from "../cost/cost-estimate.ts";
import type { PriceList } from "../cost/price-list.ts";
import { type BreakEven, monthOf, totalWithRecords } from "./break-even.ts";

export interface CostCurves {
  /** Cost per month. */
  readonly executionsPerMonth: readonly MonthPoint[];
  /** Cost per million executions. */
  readonly durationSeconds: readonly CurvePoint[];
  readonly memoryMB: readonly CurvePoint[];
}

/** Null = not known. */
export interface CurvePoint {
  readonly at: number;
  readonly STANDARD: number | null;
  readonly EXPRESS: number | null;
}

/** Powers of ten, where the workflow stands, and where the types cost the same are worth their words. */
export interface MonthPoint extends CurvePoint {
  readonly mark: "decade" | "here" | "even" | null;
}

/** Where the workflow stands, from which the curves reach far enough to both sides. */
export interface CurveInput {
  readonly standard: CostEstimate;
  readonly express: CostEstimate;
  readonly priceList: PriceList;
  readonly breakEven: BreakEven;
  readonly executions: number | null;
}

const MILLION = 1e6;
const STEPS_PER_DECADE = 6;
/** No Express execution lasts longer. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const LONGEST_SECONDS = 300;
/** Express bills memory in chunks of 64 MB. https://aws.amazon.com/step-functions/pricing/ */
const CHUNK_MB = 64;
const WIDEST_MB = 3072;

export function drawCurves(input: CurveInput): CostCurves {
  return {
    executionsPerMonth: executionsCurve(input),
    durationSeconds: lineOver(input, "seconds"),
    memoryMB: lineOver(input, "MB"),
  };
}

/** From a hundredth to a hundred times what matters, by powers of ten, and at what matters itself. */
function executionsCurve(input: CurveInput): readonly MonthPoint[] {
  const { standard, express, priceList, breakEven, executions } = input;
  const matter = (at: number | null): at is number => at !== null && at > 0 && Number.isFinite(at);
  const matters = [executions ?? MILLION, breakEven.executionsPerMonth].filter(matter);
  if (matters.length === 0) matters.push(MILLION);
  const first = Math.max(0, Math.floor(Math.log10(Math.min(...matters))) - 1);
  const last = Math.ceil(Math.log10(Math.max(...matters))) + 1;
  const marks = new Map<number, MonthPoint["mark"]>(
    Array.from({ length: (last - first) * STEPS_PER_DECADE + 1 }, (_, step) => [
      10 ** (first + step / STEPS_PER_DECADE),
      step % STEPS_PER_DECADE === 0 ? "decade" : null,
    ]),
  );
  if (matter(breakEven.executionsPerMonth)) marks.set(breakEven.executionsPerMonth, "even");
  if (matter(executions)) marks.set(executions, "here");
  const [standardMonth, expressMonth] = [monthOf(standard, priceList), monthOf(express, priceList)];
  return [...marks]
    .sort(([one], [other]) => one - other)
    .map(([at, mark]) => ({ at, mark, STANDARD: standardMonth(at), EXPRESS: expressMonth(at) }));
}

function lineOver(
  { standard, express, breakEven }: CurveInput,
  over: "seconds" | "MB",
): readonly CurvePoint[] {
  const { billedDurationMs, billedMemoryMB } = express.metered;
  const here = over === "seconds" ? billedDurationMs / 1000 : billedMemoryMB;
  const crossing = over === "seconds" ? breakEven.durationSeconds : breakEven.memoryMB;
  const widest = over === "seconds" ? LONGEST_SECONDS : WIDEST_MB;
  const least = over === "seconds" ? 1 : 2 * CHUNK_MB;
  const far = Math.max(least, 2 * Math.min(here, widest), crossing === null ? 0 : 1.4 * crossing);
  const ends = over === "seconds" ? [0, Math.min(widest, far)] : [CHUNK_MB, Math.min(widest, far)];
  const standardCost = perMillion(totalWithRecords(standard));
  return ends.map((at) => ({
    at,
    STANDARD: standardCost,
    EXPRESS: perMillion(expressAt(express, at / (here === 0 ? 1 : here))),
  }));
}

/** Express per execution with `times` the GB-seconds. */
function expressAt(express: CostEstimate, times: number): number | null {
  const total = totalWithRecords(express);
  const own = express.perExecution.find(
    (item) => item.state === null && item.usageType === "StepFunctions-GB-Second",
  );
  if (total === null || own?.cost == null) return null;
  return total - own.cost + own.cost * times;
}

function perMillion(cost: number | null): number | null {
  return cost === null ? null : cost * MILLION;
}
