/** The options of `capacity`, as yargs knows them, and made strict before anything is simulated. */
import type { Argv } from "yargs";
import { CAPACITY_CODES, type CapacityGate } from "../report/judge-capacity.ts";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import { didYouMean } from "../workflow/did-you-mean.ts";
import { parseDurationMs } from "../workflow/duration.ts";
import {
  HOURS_PER_MONTH,
  type Parsed,
  parseCount,
  parseRate,
  parseShare,
  problem,
  quoted,
} from "../workflow/quantity.ts";

/** As the command line hands them on. */
export interface CapacityFlags {
  readonly rate?: unknown;
  readonly peak?: unknown;
  readonly dayProfile?: unknown;
  readonly window?: unknown;
  readonly downstreamLimit?: unknown;
  readonly items?: unknown;
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
    seed: read("--seed", flags.seed, wholeSeed) ?? 1,
    gates: listOf(flags.failOver).flatMap((text) => read("--fail-over", text, gateOf) ?? []),
  };
  if (rate !== null && request.peakPerSecond !== null && request.peakPerSecond < rate)
    problems.push("--peak: it is less than --rate, the mean: a peak is the busiest second");
  if (problems.length > 0) throw new UserError("invalid-option", problems.join("\n"));
  return request;
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

function wholeSeed(written: unknown): Parsed<number> {
  const parsed = parseCount(written);
  if (!parsed.ok || (Number.isInteger(parsed.value) && parsed.value < 2 ** 31)) return parsed;
  return problem(`${quoted(written)} is no seed: write a whole number below 2147483648`);
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

const LOAD = "Load and plan:";

/** `common` adds the options that every command with workload, prices and output has. */
export function capacityCommand(
  cli: Argv,
  shell: Shell,
  {
    ended,
    common,
  }: { readonly ended: (exitCode: number) => void; readonly common: <T>(command: Argv<T>) => Argv<T> },
): Argv {
  return cli.command(
    "capacity <definition>",
    "how near a workflow comes to AWS's limits, and how wide its Distributed Maps should run",
    (command) =>
      common(command)
        .positional("definition", {
          type: "string",
          demandOption: true,
          describe: "a definition or a template with one state machine; - is standard input",
        })
        .option("rate", { type: "string", group: LOAD, describe: "executions started, mean: 50/s, 1200/day" })
        .option("peak", {
          type: "string",
          group: LOAD,
          describe: "executions started in the busiest second: 200/s",
        })
        .option("day-profile", {
          type: "string",
          group: LOAD,
          describe: "24 shares of a day's executions, by hour, separated by commas",
        })
        .option("window", {
          type: "string",
          group: LOAD,
          describe: "time that a Distributed Map may take: 6h",
        })
        .option("downstream-limit", {
          type: "string",
          group: LOAD,
          describe: "requests that what the Tasks call bears at once: 400",
        })
        .option("items", {
          type: "string",
          array: true,
          nargs: 1,
          group: LOAD,
          describe: "items of a Map: 60000, or State=60000 where there are several",
        })
        .option("seed", { type: "string", group: LOAD, describe: "seed of all that is simulated (1)" })
        .option("fail-over", {
          type: "string",
          array: true,
          nargs: 1,
          describe: "exit with 1 past this share of a limit: historyEvents=0.8",
        })
        .example(
          "$0 capacity nightly.asl.json --window 6h --downstream-limit 400",
          "which batch and width fit the night",
        )
        .example("$0 capacity order.asl.json --rate 50/s --peak 400/s", "which quota breaks first, and when"),
    async (argv) => {
      const { runCapacity } = await import("./capacity.ts");
      ended(await runCapacity(shell, argv));
    },
  );
}
