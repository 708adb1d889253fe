/** A capacity request is what the options of `capacity` ask for, made strict before anything is simulated. */
import type { StormRequest } from "../report/simulation-report.ts";
import { CAPACITY_CODES, type CapacityGate } from "../report/judge-capacity.ts";
import { UserError } from "../user-error.ts";
import { didYouMean } from "../workflow/did-you-mean.ts";
import { parseDurationMs } from "../workflow/workload/duration.ts";
import {
  HOURS_PER_MONTH,
  type Parsed,
  parseCount,
  parseRate,
  parseShare,
  problem,
  quoted,
} from "../workflow/workload/quantity.ts";
import { parseSeed } from "../workflow/workload/whole-number.ts";

/** As the command line hands them on. */
export interface CapacityFlags {
  readonly rate?: unknown;
  readonly peak?: unknown;
  readonly dayProfile?: unknown;
  readonly window?: unknown;
  readonly downstreamLimit?: unknown;
  readonly items?: unknown;
  readonly storm?: unknown;
  readonly recovery?: unknown;
  readonly simulate?: unknown;
  readonly seed?: unknown;
  readonly failOver?: unknown;
  readonly executions?: unknown;
}

export interface CapacityRequest {
  /** Executions per second. */
  readonly peakPerSecond: number | null;
  /** Shares of a day's executions by hour, 24 of them. */
  readonly dayProfile: readonly number[] | null;
  readonly windowMs: number | null;
  readonly downstreamLimit: number | null;
  readonly items: readonly GivenItems[];
  readonly storm: StormRequest | null;
  /** Executions to simulate; 0 = none. */
  readonly simulated: number;
  readonly seed: number;
  readonly gates: readonly CapacityGate[];
}

export interface GivenItems {
  /** Null = the only Map there is. */
  readonly state: string | null;
  readonly count: number;
}

const SECONDS_PER_MONTH = HOURS_PER_MONTH * 3600;

/** Throws one UserError `invalid-option` that lists all that is wrong, a line each. */
export function parseCapacityFlags(flags: CapacityFlags): CapacityRequest {
  const problems: string[] = [];
  const read = <T>(name: string, written: unknown, parse: (written: unknown) => Parsed<T>): T | null => {
    if (written === undefined) return null;
    const parsed = parse(written);
    if (parsed.ok) return parsed.value;
    problems.push(`${name}: ${parsed.problem}`);
    return null;
  };
  if (flags.rate !== undefined && flags.executions !== undefined)
    problems.push("--rate and --executions contradict each other: give one of them");
  if (flags.peak !== undefined && flags.dayProfile !== undefined)
    problems.push("--peak and --day-profile contradict each other: give one of them");
  const rate = read("--rate", flags.rate, ratePerSecond);
  const request: CapacityRequest = {
    peakPerSecond: read("--peak", flags.peak, ratePerSecond),
    dayProfile: read("--day-profile", flags.dayProfile, profileOfDay),
    windowMs: read("--window", flags.window, positive(parseDurationMs)),
    downstreamLimit: read("--downstream-limit", flags.downstreamLimit, wholePositive),
    items: listOf(flags.items).flatMap((text) => read("--items", text, givenItems) ?? []),
    storm: null,
    simulated: read("--simulate", flags.simulate, wholePositive) ?? 0,
    seed: read("--seed", flags.seed, parseSeed) ?? 1,
    gates: listOf(flags.failOver).flatMap((text) => read("--fail-over", text, gateOf) ?? []),
  };
  if (rate !== null && request.peakPerSecond !== null && request.peakPerSecond < rate)
    problems.push("--peak: it is less than --rate, the mean: a peak is the busiest second");
  const executions = read("--storm", flags.storm, stormSize);
  const recoveryMs = read("--recovery", flags.recovery, parseDurationMs);
  if (flags.recovery !== undefined && flags.storm === undefined)
    problems.push("--recovery: it is how long a storm's downstream is down: give --storm too");
  if (problems.length > 0) throw new UserError("invalid-option", problems.join("\n"));
  if (executions === null) return request;
  // With neither a limit nor a time to recover, nothing is ever answered and each Retrier shows its whole length.
  const { downstreamLimit } = request;
  const isDown = downstreamLimit === null ? null : 0;
  return { ...request, storm: { executions, recoveryMs: recoveryMs ?? isDown, downstreamLimit } };
}

function listOf(written: unknown): readonly string[] {
  if (written === undefined) return [];
  return (Array.isArray(written) ? written : [written]).map(String);
}

function positive(parse: (written: unknown) => Parsed<number>): (written: unknown) => Parsed<number> {
  return (written) => {
    const parsed = parse(written);
    return parsed.ok && parsed.value === 0
      ? problem(`${quoted(written)} is nothing: write more than 0`)
      : parsed;
  };
}

/** A bare number could be meant per second or per month. */
function ratePerSecond(written: unknown): Parsed<number> {
  const text = String(written).trim();
  if (/^[\d._]+ ?[kKMB]?$/.test(text) && Number(text) !== 0)
    return problem(`${quoted(written)} has no unit: write ${text}/s, or ${text}/day`);
  const parsed = positive(parseRate)(written);
  return parsed.ok ? { ok: true, value: parsed.value / SECONDS_PER_MONTH } : parsed;
}

function wholePositive(written: unknown): Parsed<number> {
  const parsed = positive(parseCount)(written);
  if (!parsed.ok || Number.isSafeInteger(parsed.value)) return parsed;
  return problem(`${quoted(written)} is not a whole number: write 400 or 1k`);
}

/** Every execution of a storm is kept in memory. */
const LARGEST_STORM = 5_000_000;

function stormSize(written: unknown): Parsed<number> {
  const size = wholePositive(written);
  if (!size.ok || size.value <= LARGEST_STORM) return size;
  return problem(`${quoted(written)} is too large a storm: write at most ${LARGEST_STORM}`);
}

function profileOfDay(written: unknown): Parsed<readonly number[]> {
  const shares = String(written)
    .split(",")
    .map((text) => parseShare(text.trim()));
  const wrong = shares.find((share) => !share.ok);
  if (wrong !== undefined && !wrong.ok) return wrong;
  const values = shares.flatMap((share) => (share.ok ? [share.value] : []));
  if (values.length !== 24)
    return problem(`it has ${values.length} shares: a day has 24 hours, separated by commas`);
  const sum = values.reduce((total, share) => total + share, 0);
  if (Math.abs(sum - 1) > 0.005)
    return problem(`its shares sum to ${Number((sum * 100).toFixed(2))}%: they must make 100%`);
  return { ok: true, value: values.map((share) => share / sum) };
}

function givenItems(written: unknown): Parsed<GivenItems> {
  const text = String(written);
  const at = text.lastIndexOf("=");
  const count = wholePositive(at < 0 ? text : text.slice(at + 1));
  return count.ok
    ? { ok: true, value: { state: at < 0 ? null : text.slice(0, at), count: count.value } }
    : count;
}

/** `historyEvents=0.8`, `payload=50%`; codes as the report has them will do too. */
function gateOf(written: unknown): Parsed<CapacityGate> {
  const [name = "", value] = String(written).split("=");
  const meant = name.trim().replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const code = CAPACITY_CODES.find((known) => known === meant);
  if (code === undefined)
    return problem(
      `${quoted(name)} is no limit. ${didYouMean(meant, CAPACITY_CODES) ?? `Write one of ${CAPACITY_CODES.join(", ")}.`}`,
    );
  const share =
    value === undefined ? problem(`${quoted(name)} needs a share: write ${name}=0.8`) : parseShare(value);
  return share.ok ? { ok: true, value: { code, share: share.value } } : share;
}
