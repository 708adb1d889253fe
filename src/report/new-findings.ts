/** New findings are what is wrong or near a limit after a change and was not before. */
import type { Diagnostic } from "../diagnostic.ts";
import { pointerTo } from "../workflow/text/json-value.ts";
import { pointerTokens } from "../workflow/text/text-position.ts";
import type { FindingReport, WorkflowReport } from "./analysis-report.ts";
import type { PassedLimit } from "./diff-report.ts";

/** A report of an earlier version may hold no findings of rules. */
type Details = Pick<WorkflowReport, "diagnostics" | "limits"> & Partial<Pick<WorkflowReport, "findings">>;

/** Figures for a state that one of the sides has are meant for that side. */
const OF_STATES_ELSEWHERE: ReadonlySet<string> = new Set([
  "unknown-state-in-workload",
  "unknown-branch-in-workload",
  "unused-figure-in-workload",
]);

/** Names of states before and after, where they differ. */
export type RenamedStates = readonly { readonly from: string; readonly to: string }[];

/**
 * A finding that moved is no new one, nor is one that says the same of a state by its new name, or of the same place with
 * other numbers.
 */
export function newFindings(
  before: Details | null,
  after: Details | null,
  renamed: RenamedStates = [],
): readonly Diagnostic[] {
  const toNew = new Map(renamed.map(({ from, to }) => [from, to]));
  const told = (after?.diagnostics ?? []).filter(
    ({ code }) => before === null || !OF_STATES_ELSEWHERE.has(code),
  );
  const old = before?.diagnostics ?? [];
  const reworded = unmatched({ of: told, by: saying }, { of: old, by: saying });
  const fresh = unmatched(
    { of: reworded.fresh, by: (diagnostic) => placing(diagnostic, new Map()) },
    { of: reworded.gone, by: (diagnostic) => placing(diagnostic, toNew) },
  );
  return [...fresh.fresh, ...newRuleFindings(before, after, toNew)];
}

interface Keyed<T> {
  readonly of: readonly T[];
  /** Null for what is like nothing else. */
  readonly by: (each: T) => string | null;
}

/** Each of the one side takes one of the other with the same key; what is left of both. */
function unmatched<T>(after: Keyed<T>, before: Keyed<T>): { readonly fresh: T[]; readonly gone: T[] } {
  const left = new Map<string | null, T[]>();
  for (const each of before.of) {
    const key = before.by(each);
    left.set(key, [...(left.get(key) ?? []), each]);
  }
  const fresh = after.of.filter((each) => {
    const key = after.by(each);
    return key === null || left.get(key)?.shift() === undefined;
  });
  return { fresh, gone: [...left.values()].flat() };
}

function saying({ code, message }: Diagnostic): string {
  return `${code}\n${message}`;
}

/** A place is told by its pointer, which lines added above do not change. */
function placing({ code, at }: Diagnostic, toNew: ReadonlyMap<string, string>): string | null {
  if (at === null) return null;
  const pointer = at.pointer.replace(/(?<=\/States\/)[^/]+/g, (part) => {
    const to = toNew.get(pointerTokens(`/${part}`)[0] ?? part);
    return to === undefined ? part : pointerTo("", to).slice(1);
  });
  return `${code}\n${pointer}`;
}

/** By their ids, which a change of words or of place leaves alone. Nothing is new against a report that does not tell. */
function newRuleFindings(
  before: Details | null,
  after: Details | null,
  toNew: ReadonlyMap<string, string>,
): readonly Diagnostic[] {
  if (before !== null && before.findings === undefined) return [];
  const byId = unmatched(
    { of: after?.findings ?? [], by: ({ id }) => id },
    { of: before?.findings ?? [], by: ({ id }) => id },
  );
  // Ids hold the names of states: of one by another name, what the same rule said before.
  const isRenamed = ({ states }: FindingReport): boolean => states.some((name) => toNew.has(name));
  const { fresh } = unmatched(
    { of: byId.fresh, by: ({ rule, states }) => JSON.stringify([rule, ...states]) },
    {
      of: byId.gone.filter(isRenamed),
      by: ({ rule, states }) => JSON.stringify([rule, ...states.map((name) => toNew.get(name) ?? name)]),
    },
  );
  return fresh.map(({ rule, severity, text, at, remedy }) => ({
    code: rule,
    severity,
    message: text,
    at,
    hint: remedy,
  }));
}

/** Figures for states that neither side has. */
export function unusedFigures(before: Details, after: Details): readonly Diagnostic[] {
  const said = new Set(before.diagnostics.map(({ code, message }) => `${code}\n${message}`));
  return after.diagnostics.filter(
    ({ code, message }) => OF_STATES_ELSEWHERE.has(code) && said.has(`${code}\n${message}`),
  );
}

const PASSED = { none: 0, worst: 1, likely: 2 } as const;

export function newLimits(before: Details | null, after: Details | null): readonly PassedLimit[] {
  const old = new Map((before?.limits ?? []).map((limit) => [limit.code, passedAt(limit)]));
  return (after?.limits ?? []).flatMap((limit): PassedLimit[] => {
    const passed = passedAt(limit);
    if (passed === "none" || PASSED[passed] <= PASSED[old.get(limit.code) ?? "none"]) return [];
    return [{ code: limit.code, limit: limit.limit, text: limit.text, passed }];
  });
}

function passedAt({ mean, p99, worst, limit }: WorkflowReport["limits"][number]): keyof typeof PASSED {
  if ((mean ?? 0) > limit || (p99 ?? 0) > limit) return "likely";
  return worst === null || worst > limit ? "worst" : "none";
}
