/** The config of one run: flags over workload file over environment over defaults, made strict once. */
import type { TransitionRule } from "./report/analysis-report.ts";
import type { Shell } from "./shell.ts";
import { UserError } from "./user-error.ts";
import { parseDuration } from "./workflow/workload/duration.ts";
import type { Figure } from "./workflow/figure.ts";
import { parsePercent, parseRange, parseRate, parseSizeKB, quoted } from "./workflow/workload/quantity.ts";
import type { Parsed, Range } from "./workflow/workload/quantity.ts";
import { parseWhole } from "./workflow/workload/whole-number.ts";
import { REGION_PATTERN } from "./workflow/fleet/region-name.ts";
import type { DurationFigure } from "./workflow/workload/workload.ts";
import type { LoadedWorkloadFile } from "./workload-files.ts";

/** Flags as the command line hands them on; absent = not given. A flag given twice arrives as a list. */
export interface Flags {
  readonly region?: unknown;
  readonly transitionRule?: unknown;
  readonly executions?: unknown;
  readonly payload?: unknown;
  readonly duration?: unknown;
  readonly discount?: unknown;
  readonly borrow?: unknown;
  readonly format?: unknown;
  readonly output?: unknown;
  readonly top?: unknown;
  readonly quiet?: unknown;
  readonly verbose?: unknown;
}

export interface Config<Format extends string = string> {
  readonly region: string;
  /** For people: `--region`, `stepfare.yml`, `AWS_REGION`, `AWS_DEFAULT_REGION` or `default`. */
  readonly regionFrom: string;
  readonly transitionRule: TransitionRule;
  /** Replaces what the workload file says of every workflow; null = not given. */
  readonly executions: Figure | null;
  readonly payloadKB: Figure | null;
  /** One attempt of each Task whose duration nobody declares; null = not given. */
  readonly taskDuration: DurationFigure | null;
  readonly prices: {
    /** Percent off the list price, 0 to 100; 0 = list price. */
    readonly discountPercent: number;
    /** Absolute path of a private price list. */
    readonly list: string | null;
  };
  /** Whether prices a region lacks are taken from us-east-1. */
  readonly borrow: boolean;
  readonly format: Format;
  /** Path as given; null = standard output. */
  readonly output: string | null;
  /** How many paths are shown. */
  readonly top: number;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export const TRANSITION_RULES = [
  "entered",
  "start+entered",
  "start+entered+end",
] as const satisfies readonly TransitionRule[];

/** Public sources count in three ways; most that carry numbers of AWS's own count the start of an execution as one. */
const DEFAULT_TRANSITION_RULE: TransitionRule = "start+entered";
const DEFAULT_REGION = "us-east-1";
const DEFAULT_TOP = 5;

export interface ConfigSources<Format extends string> {
  readonly shell: Pick<Shell, "env" | "paths">;
  readonly flags: Flags;
  /** The one that `WorkloadFiles.forRun` gives. */
  readonly workloadFile: LoadedWorkloadFile | null;
  /** Formats of the command, its default first. */
  readonly formats: readonly [Format, ...Format[]];
}

/** Throws one UserError `invalid-option` that lists all that is wrong, a line each. */
export function resolveConfig<Format extends string>(sources: ConfigSources<Format>): Config<Format> {
  const { flags, workloadFile, formats } = sources;
  const problems: string[] = [];
  const read: FlagReader = (name, written, parse) => {
    if (written === undefined || written === null) return null;
    const parsed: ReturnType<typeof parse> = Array.isArray(written) ? twice(written) : parse(written);
    if (parsed.ok) return parsed.value;
    problems.push(`${name}: ${parsed.problem}`);
    return null;
  };
  const file = workloadFile?.content;
  const listed = file?.prices.list;
  const config: Config<Format> = {
    ...resolveRegion(sources, read),
    transitionRule:
      read("--transition-rule", flags.transitionRule, oneOf(TRANSITION_RULES)) ??
      file?.transitionRule ??
      DEFAULT_TRANSITION_RULE,
    executions: figureOf("--executions", read("--executions", flags.executions, rangeOf(parseRate))),
    payloadKB: figureOf("--payload", read("--payload", flags.payload, rangeOf(parseSizeKB))),
    taskDuration: durationOf("--duration", read("--duration", flags.duration, parseDuration)),
    prices: {
      discountPercent: read("--discount", flags.discount, parsePercent) ?? file?.prices.discountPercent ?? 0,
      list: workloadFile && listed != null ? sources.shell.paths.resolve(workloadFile.folder, listed) : null,
    },
    borrow: flags.borrow !== false,
    format: read("--format", flags.format, oneOf(formats)) ?? formats[0],
    output: read("--output", flags.output, textual),
    top: read("--top", flags.top, parseWhole) ?? DEFAULT_TOP,
    quiet: flags.quiet === true,
    verbose: flags.verbose === true,
  };
  if (config.quiet && config.verbose)
    problems.push("--quiet and --verbose contradict each other: give one of them");
  if (problems.length > 0) throw new UserError("invalid-option", problems.join("\n"));
  return config;
}

type FlagReader = <T>(name: string, written: unknown, parse: (written: unknown) => Parsed<T>) => T | null;

function twice(written: readonly unknown[]): Parsed<never> {
  return { ok: false, problem: `it is given ${written.length} times: give it once` };
}

function resolveRegion<Format extends string>(
  { shell, flags, workloadFile }: ConfigSources<Format>,
  read: FlagReader,
): Pick<Config, "region" | "regionFrom"> {
  const flag = read("--region", flags.region, regionName);
  if (flag !== null || flags.region != null)
    return { region: flag ?? DEFAULT_REGION, regionFrom: "--region" };
  const written = workloadFile?.content.region;
  if (written != null) return { region: written, regionFrom: workloadFile?.content.file ?? "stepfare.yml" };
  for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION"]) {
    // AWS's own tools take an empty variable for one that is not set.
    const region = read(name, shell.env[name] || undefined, regionName);
    if (region !== null) return { region, regionFrom: name };
  }
  return { region: DEFAULT_REGION, regionFrom: "default" };
}

function regionName(written: unknown): Parsed<string> {
  if (typeof written === "string" && REGION_PATTERN.test(written)) return { ok: true, value: written };
  return { ok: false, problem: `${quoted(written)} is no AWS region: write a name such as us-east-1` };
}

function oneOf<T extends string>(values: readonly T[]): (written: unknown) => Parsed<T> {
  return (written) => {
    const value = values.find((known) => known === written);
    return value === undefined
      ? { ok: false, problem: `${quoted(written)} is not known: write ${values.join(" or ")}` }
      : { ok: true, value };
  };
}

function textual(written: unknown): Parsed<string> {
  if (typeof written === "string" && written !== "") return { ok: true, value: written };
  return { ok: false, problem: `${quoted(written)} is no path: write a file name` };
}

/** On the command line a range is written `500k..1M..3M`, low to high. */
function rangeOf(parse: (written: unknown) => Parsed<number>): (written: unknown) => Parsed<Range> {
  return (written) => {
    const parts = typeof written === "string" ? written.split("..") : [];
    if (parts.length !== 2 && parts.length !== 3) return parseRange(written, parse);
    if (parts.length === 3) return parseRange({ low: parts[0], likely: parts[1], high: parts[2] }, parse);
    return {
      ok: false,
      problem: `${quoted(written)} has no likely value: write three, such as 500k..1M..3M`,
    };
  };
}

function figureOf(name: string, range: Range | null): Figure | null {
  return range
    ? { value: range.value, low: range.low, high: range.high, basis: "declared", note: name }
    : null;
}

function durationOf(
  name: string,
  duration: { readonly ms: Range; readonly percentiles: DurationFigure["percentiles"] } | null,
): DurationFigure | null {
  const ms = figureOf(name, duration?.ms ?? null);
  return ms ? { ms, percentiles: duration?.percentiles ?? null } : null;
}
