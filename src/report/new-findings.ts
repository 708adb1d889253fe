/** New findings are what is wrong or near a limit after a change and was not before. */
import type { Diagnostic } from "../diagnostic.ts";
import type { WorkflowReport } from "./analysis-report.ts";
import type { PassedLimit } from "./diff-report.ts";

/** A report of an earlier version may hold no findings of rules. */
type Details = Pick<WorkflowReport, "diagnostics" | "limits"> & Partial<Pick<WorkflowReport, "findings">>;

/** Figures for a state that one of the sides has are meant for that side. */
const OF_STATES_ELSEWHERE: ReadonlySet<string> = new Set([
  "unknown-state-in-workload",
  "unknown-branch-in-workload",
  "unused-figure-in-workload",
]);

/** Where they stand is no matter: a finding that moved is no new one. */
export function newFindings(before: Details | null, after: Details | null): readonly Diagnostic[] {
  const left = new Map<string, number>();
  for (const { code, message } of before?.diagnostics ?? []) {
    const id = `${code}\n${message}`;
    left.set(id, (left.get(id) ?? 0) + 1);
  }
  const told = (after?.diagnostics ?? []).filter(({ code, message }) => {
    if (before !== null && OF_STATES_ELSEWHERE.has(code)) return false;
    const id = `${code}\n${message}`;
    const known = left.get(id) ?? 0;
    left.set(id, known - 1);
    return known <= 0;
  });
  return [...told, ...newRuleFindings(before, after)];
}

/** By their ids, which a change of words or of place leaves alone. Nothing is new against a report that does not tell. */
function newRuleFindings(before: Details | null, after: Details | null): readonly Diagnostic[] {
  if (before !== null && before.findings === undefined) return [];
  const known = new Set((before?.findings ?? []).map(({ id }) => id));
  return (after?.findings ?? [])
    .filter(({ id }) => !known.has(id))
    .map(({ rule, severity, text, at, remedy }) => ({
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
