/** A collection request is what `collect`'s options ask for, checked at once. */
import { knownRegions, nearestRegion } from "../cost/known-price-lists.ts";
import type { CollectionPeriod, CollectionRequest } from "../observation/fleet-collection.ts";
import { UserError } from "../user-error.ts";
import { REGION_PATTERN } from "../workflow/fleet/region-name.ts";
import { type Parsed, parseCount, problem, quoted } from "../workflow/workload/quantity.ts";
import { parseWhole } from "../workflow/workload/whole-number.ts";

/** As the command line hands them on; absent = not given. */
export interface CollectFlags {
  readonly region?: readonly string[] | undefined;
  readonly profile?: string | undefined;
  readonly roleArn?: readonly string[] | undefined;
  readonly organizationRole?: string | undefined;
  readonly name?: readonly string[] | undefined;
  readonly arn?: readonly string[] | undefined;
  readonly tag?: readonly string[] | undefined;
  readonly month?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly histories?: unknown;
  readonly sampleCalls?: unknown;
  readonly logs?: boolean | undefined;
  readonly keepPayloads?: boolean | undefined;
  readonly versions?: boolean | undefined;
  readonly rate?: unknown;
}

const DEFAULT_HISTORIES = 30;
const DEFAULT_SAMPLE_CALLS = 5000;
/** Half is left to consoles, deployments and monitoring, which draw on the same quotas. */
const DEFAULT_RATE = 0.5;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface ReadRequest {
  readonly request: CollectionRequest;
  /** Worth a word, such as a region that stepfare does not know. */
  readonly warnings: readonly string[];
}

/** Throws one UserError `invalid-option` that lists all that is wrong, a line each. `now` is the present, UTC. */
export function readCollectionRequest(flags: CollectFlags, now: Date): ReadRequest {
  const problems: string[] = [];
  const read = (name: string, written: unknown, parse: (text: unknown) => Parsed<number>): number | null => {
    if (written === undefined) return null;
    const parsed = parse(written);
    if (parsed.ok) return parsed.value;
    problems.push(`${name}: ${parsed.problem}`);
    return null;
  };
  const { regions, warnings } = readRegions(flags.region ?? [], problems);
  const request: CollectionRequest = {
    regions,
    profile: flags.profile ?? null,
    roles: listed(flags.roleArn).filter((role) => isRole(role, problems)),
    organizationRole: flags.organizationRole ?? null,
    select: {
      names: listed(flags.name),
      arns: listed(flags.arn).filter((arn) => isMachine(arn, problems)),
      tags: (flags.tag ?? []).map(readTag),
    },
    period: readPeriod(flags, now, problems),
    histories: read("--histories", flags.histories, parseWhole) ?? DEFAULT_HISTORIES,
    sampleCalls: read("--sample-calls", flags.sampleCalls, parseWhole) ?? DEFAULT_SAMPLE_CALLS,
    logs: flags.logs ?? false,
    keepPayloads: flags.keepPayloads ?? false,
    versions: flags.versions ?? false,
    rate: read("--rate", flags.rate, shareOfQuotas) ?? DEFAULT_RATE,
  };
  if (problems.length > 0) throw new UserError("invalid-option", problems.join("\n"));
  return { request, warnings };
}

/** Lists are written with commas, or by giving the option several times. */
function listed(given: readonly string[] | undefined): readonly string[] {
  const all = (given ?? []).flatMap((text) => text.split(",")).map((text) => text.trim());
  return [...new Set(all.filter((text) => text !== ""))];
}

function readRegions(
  given: readonly string[],
  problems: string[],
): { readonly regions: CollectionRequest["regions"]; readonly warnings: readonly string[] } {
  const names = listed(given);
  if (names.length === 0) return { regions: null, warnings: [] };
  if (names.length === 1 && names[0] === "all") return { regions: "all", warnings: [] };
  const known = knownRegions();
  const warnings: string[] = [];
  for (const name of names) {
    if (!REGION_PATTERN.test(name)) {
      problems.push(
        `--region: ${JSON.stringify(name)} is no AWS region: write names such as us-east-1,eu-west-1, or all`,
      );
    } else if (!known.includes(name)) {
      const meant = nearestRegion(name);
      warnings.push(
        `stepfare does not know the region ${name}.${meant === null ? "" : ` Did you mean ${meant}?`}`,
      );
    }
  }
  return { regions: names.toSorted(), warnings };
}

function isRole(role: string, problems: string[]): boolean {
  const is = /^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(role);
  if (!is) {
    problems.push(
      `--role-arn: ${JSON.stringify(role)} is no role: write arn:aws:iam::123456789012:role/Name`,
    );
  }
  return is;
}

function isMachine(arn: string, problems: string[]): boolean {
  const is = /^arn:[\w-]+:states:[\w-]+:\d{12}:stateMachine:[^:]+$/.test(arn);
  if (!is) {
    problems.push(
      `--arn: ${JSON.stringify(arn)} is no state machine: write arn:aws:states:eu-west-1:123456789012:stateMachine:Name`,
    );
  }
  return is;
}

function readTag(text: string): { readonly key: string; readonly value: string | null } {
  const at = text.indexOf("=");
  return at < 0 ? { key: text, value: null } : { key: text.slice(0, at), value: text.slice(at + 1) };
}

const LARGEST_RATE = 1000;

function shareOfQuotas(written: unknown): Parsed<number> {
  const parsed = parseCount(written);
  if (!parsed.ok || (parsed.value > 0 && parsed.value <= LARGEST_RATE)) return parsed;
  return problem(
    `${quoted(written)} is not above 0 and up to ${LARGEST_RATE}: 0.5 uses half of AWS's default request quotas`,
  );
}

/** The month named, the days named, or the last whole month. */
function readPeriod(flags: CollectFlags, now: Date, problems: string[]): CollectionPeriod {
  const present = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS;
  const { month, since, until } = flags;
  if (month !== undefined && (since !== undefined || until !== undefined)) {
    problems.push("--month and --since/--until contradict each other: give one of them");
  }
  const period =
    month === undefined && (since !== undefined || until !== undefined)
      ? readDays(flags, present, problems)
      : readMonth(month ?? monthBefore(now), present, problems);
  if (period.untilMs <= period.fromMs) {
    problems.push(
      `the period from ${isoDay(period.fromMs)} has not begun, or ends before it begins: name an earlier one`,
    );
  }
  return period;
}

function readMonth(written: string, present: number, problems: string[]): CollectionPeriod {
  const [, year = "", month = ""] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(written) ?? [];
  if (year === "") {
    problems.push(`--month: ${JSON.stringify(written)} is no month: write it as 2026-10`);
    return { month: null, fromMs: 0, untilMs: DAY_MS, partial: false };
  }
  const fromMs = Date.UTC(Number(year), Number(month) - 1, 1);
  const end = Date.UTC(Number(year), Number(month), 1);
  return { month: written, fromMs, untilMs: Math.min(end, present), partial: end > present };
}

function readDays({ since, until }: CollectFlags, present: number, problems: string[]): CollectionPeriod {
  const fromMs = readDay("--since", since, problems);
  const untilMs = until === undefined ? present : readDay("--until", until, problems) + DAY_MS;
  return { month: null, fromMs, untilMs: Math.min(untilMs, present), partial: untilMs >= present };
}

function readDay(name: string, written: string | undefined, problems: string[]): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(written ?? "") ? Date.parse(`${written}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms) || isoDay(ms) !== written) {
    problems.push(
      written === undefined
        ? `${name} is missing: give the first day, such as --since 2026-10-01`
        : `${name}: ${JSON.stringify(written)} is no day: write it as 2026-10-01`,
    );
    return 0;
  }
  return ms;
}

function monthBefore(now: Date): string {
  return isoDay(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).slice(0, 7);
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
