/** Builds the diff report of two sides: their workflows matched, each difference with what it is due to, and the sums. */
import { type CostSummary, subtractCosts } from "../cost/cost-change.ts";
import type { PricedState } from "../cost/priced-workflow.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { type StatePair, matchStates } from "../workflow/workload/matched-states.ts";
import { drawGraph } from "./diff-graph.ts";
import type { DiffMachine, DiffSide, UnreadMachine } from "./diff-machine.ts";
import type { DiffReport, DiffStatus, DiffTotals, DiffWorkflow } from "./diff-report.ts";
import { changeMachine } from "./figures-apart.ts";
import { type MachinePair, matchMachines } from "./matched-machines.ts";
import { newAssumptions } from "./new-assumptions.ts";
import { newFindings, newLimits, unusedFigures } from "./new-findings.ts";

/** The verdict is passed until `judgeDiff` has looked at it. */
export function buildDiff(base: DiffSide, head: DiffSide): DiffReport {
  const pairs = matchMachines(base.machines, head.machines);
  const reported = pairs.map((pair) => reportPair(pair, unreadSide(pair, base, head)));
  const workflows = reported.map(({ workflow }) => workflow);
  return {
    schemaVersion: "1",
    kind: "diff",
    base: base.name,
    head: head.name,
    region: head.region,
    currency: head.currency,
    totals: totalsOf(workflows),
    verdict: { passed: true, reasons: [], warnings: [] },
    workflows: largestFirst(workflows),
    diagnostics: [
      ...ofBoth(base.diagnostics, head.diagnostics),
      ...reported.flatMap(({ unused }) => unused),
      ...mixedTerms(base, head),
    ],
  };
}

/** A machine of one side alone may be there on the other, and unreadable: then nothing was added or removed. */
function unreadSide({ before, after }: MachinePair, base: DiffSide, head: DiffSide): DiffWorkflow["unread"] {
  const isAmong = (machine: DiffMachine, unread: readonly UnreadMachine[]): boolean =>
    unread.some(({ name, file }) => name === machine.name || file === machine.file);
  if (before === null && after !== null) return isAmong(after, base.unread) ? "base" : null;
  if (after === null && before !== null) return isAmong(before, head.unread) ? "head" : null;
  return null;
}

interface ReportedPair {
  readonly workflow: DiffWorkflow;
  /** Figures that neither side has a use for. */
  readonly unused: readonly Diagnostic[];
}

function reportPair(pair: MachinePair, unread: DiffWorkflow["unread"]): ReportedPair {
  const { before, after } = pair;
  const one = (after ?? before)!;
  const status = unread === null ? statusOf(pair) : "changed";
  const common = {
    name: one.name,
    formerName: before !== null && after !== null && before.name !== after.name ? before.name : null,
    status,
    at: one.at,
    formerFile: before !== null && after !== null && before.file !== after.file ? before.at.file : null,
    unread,
  };
  const change = changeMachine(pair);
  if (unread !== null) {
    const open = { because: [], difference: null, differencePerMillion: null };
    return { workflow: { ...common, ...change, ...NOTHING_KNOWN, ...open }, unused: [] };
  }
  const same = { ...common, ...change, ...NOTHING_KNOWN };
  if (status === "unchanged" && !startsOtherTypes(pair)) return { workflow: same, unused: [] };
  const states = matchStates(before?.priced.states ?? [], after?.priced.states ?? []);
  const [was, is] = [before?.details() ?? null, after?.details() ?? null];
  if (status === "unchanged")
    return { workflow: { ...same, newFindings: newFindings(was, is, states) }, unused: [] };
  const workflow = {
    ...common,
    ...change,
    states: changedStates(pair, states),
    newFindings: newFindings(was, is, states),
    newLimits: newLimits(was, is),
    newAssumptions: newAssumptions(before?.priced ?? null, after?.priced ?? null),
    graph: before === null || after?.workflow == null ? null : drawGraph(after.workflow.stateMachine, states),
  };
  return { workflow, unused: was && is ? unusedFigures(was, is) : [] };
}

/** Whether a workflow that it starts was made another type, which it may not be able to wait for. */
function startsOtherTypes({ before, after }: MachinePair): boolean {
  if (before?.startedTypes == null || after?.startedTypes == null) return false;
  const now = after.startedTypes;
  return [...before.startedTypes].some(([task, type]) => now.has(task) && now.get(task) !== type);
}

const NOTHING_KNOWN = {
  states: { added: [], removed: [], renamed: [] },
  newFindings: [],
  newLimits: [],
  newAssumptions: [],
  graph: null,
} as const;

function statusOf({ before, after }: MachinePair): DiffStatus {
  if (before === null) return "added";
  if (after === null) return "removed";
  // The very same workflow, which most are, has the same ids without looking.
  const isSameContent =
    (before.workflow !== null && before.workflow === after.workflow) ||
    (before.contentIds.definition === after.contentIds.definition &&
      before.contentIds.figures === after.contentIds.figures);
  const isSame =
    isSameContent &&
    before.priced.type === after.priced.type &&
    before.priced.executions === after.priced.executions;
  return isSame ? "unchanged" : "changed";
}

/** A workflow that is there on one side only is told as a whole. */
function changedStates(
  { before, after }: MachinePair,
  pairs: readonly StatePair<PricedState>[],
): DiffWorkflow["states"] {
  if (before === null || after === null) return NOTHING_KNOWN.states;
  return {
    added: pairs.flatMap((pair) => (pair.before === null && pair.after ? [pair.after.name] : [])),
    removed: pairs.flatMap((pair) => (pair.after === null && pair.before ? [pair.before.name] : [])),
    renamed: pairs.flatMap((pair) =>
      pair.before && pair.after && pair.before.name !== pair.after.name
        ? [{ from: pair.before.name, to: pair.after.name }]
        : [],
    ),
  };
}

function totalsOf(workflows: readonly DiffWorkflow[]): DiffTotals {
  const compared = workflows.filter(({ unread }) => unread === null);
  const month = sumOf(compared, "monthlyCost");
  const perMillion = sumOf(compared, "costPerMillion");
  const transitions = (side: "before" | "after"): number =>
    compared.reduce((sum, workflow) => sum + (workflow[side]?.transitions ?? 0), 0);
  const [before, after] = [transitions("before"), transitions("after")];
  return {
    ...month,
    unknown: workflows.filter(({ unread, before: was, after: is }) => {
      const isUnknown = (side: CostSummary | null): boolean => side !== null && side.monthlyCost === null;
      return unread !== null || isUnknown(was) || isUnknown(is);
    }).length,
    perMillion,
    transitions: { before, after, difference: subtractCosts(before, after) ?? 0 },
  };
}

/** Each side's sum over the workflows that both sides know, or that are on one alone; null where nothing is known. */
function sumOf(
  workflows: readonly DiffWorkflow[],
  what: "monthlyCost" | "costPerMillion",
): DiffTotals["perMillion"] {
  const sum = (side: "before" | "after"): number | null => {
    const known = workflows.flatMap((workflow) =>
      isKnownWhereItIs(workflow, what) ? (workflow[side]?.[what] ?? []) : [],
    );
    const isEmpty = workflows.every((workflow) => workflow[side] === null);
    return known.length > 0 || isEmpty ? known.reduce((all, each) => all + each, 0) : null;
  };
  const [before, after] = [sum("before"), sum("after")];
  return { before, after, difference: subtractCosts(before, after) };
}

/** What one side alone knows would be all of it as a difference. */
function isKnownWhereItIs({ before, after }: DiffWorkflow, what: "monthlyCost" | "costPerMillion"): boolean {
  return [before, after].every((side) => side === null || side[what] !== null);
}

function largestFirst(workflows: readonly DiffWorkflow[]): readonly DiffWorkflow[] {
  const size = ({ difference }: DiffWorkflow): number => Math.abs(difference ?? 0);
  const each = ({ differencePerMillion }: DiffWorkflow): number => Math.abs(differencePerMillion ?? 0);
  const rank = ({ status, unread }: DiffWorkflow): number =>
    unread !== null ? 0 : status === "unchanged" ? 2 : 1;
  return [...workflows].sort(
    (a, b) => rank(a) - rank(b) || size(b) - size(a) || each(b) - each(a) || (a.name < b.name ? -1 : 1),
  );
}

/** What both sides say is said once; of what the base alone says, what is wrong with it. */
function ofBoth(base: readonly Diagnostic[], head: readonly Diagnostic[]): readonly Diagnostic[] {
  const idOf = ({ code, message }: Diagnostic): string => `${code}\n${message}`;
  const said = new Map(head.map((one) => [idOf(one), one]));
  const alone = base.filter((one) => one.severity !== "info" && !said.has(idOf(one)));
  return [...said.values(), ...alone.map((one) => ({ ...one, message: `in the base: ${one.message}` }))];
}

function mixedTerms(base: DiffSide, head: DiffSide): readonly Diagnostic[] {
  if (base.currency === head.currency) return [];
  return [
    {
      code: "mixed-currencies",
      severity: "warning",
      message: `the base is in ${base.currency}, the head in ${head.currency}: their difference is of no use`,
      at: null,
      hint: "Compare both with the prices of one region: --region.",
    },
  ];
}
