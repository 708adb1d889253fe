/** Diff words are what the table and the Markdown of a diff both say: signed amounts, headline, rows. */
import type { DiffLine, DiffReport, DiffWorkflow } from "../report/diff-report.ts";
import { unitWords } from "./analysis-words.ts";
import { countedWords, moneyWords, quantityWords, shareWords, signedMoney } from "./number-words.ts";
import type { ReportSection, SectionCell } from "./report-section.ts";

const MILLION = "per million executions";

function signedCount(count: number): string {
  const words = quantityWords(count);
  return count > 0 ? `+${words}` : words;
}

function transitionCount(count: number): string {
  return `${signedCount(count)} ${Math.abs(count) === 1 ? "transition" : "transitions"}`;
}

/** `$175.40 → $350.40, +99.8%`: a share of nothing is left out. */
function fromTo(before: number, after: number, currency: string): string {
  const share = before > 0 ? (after - before) / before : null;
  const told =
    share === null || share === 0 ? "" : `, ${share > 0 ? "+" : "-"}${shareWords(Math.abs(share))}`;
  return `${moneyWords(before, currency)} → ${moneyWords(after, currency)}${told}`;
}

/** The difference in one line; never empty. */
export function headlineWords(diff: DiffReport): string {
  const { totals, currency, workflows } = diff;
  if (workflows.length === 0) return "no state machine on either side";
  const changed = workflows.filter(isTold);
  if (changed.length === 0) return `no change in ${countedWords(workflows.length, "state machine")}`;
  const month =
    totals.before !== null && totals.after !== null && totals.difference !== null
      ? `${signedMoney(totals.difference, currency)} per month (${fromTo(totals.before, totals.after, currency)})`
      : null;
  const open = workflows.filter(({ per, unread }) => per === "million executions" && unread === null);
  const perMillion = open.reduce((sum, { differencePerMillion }) => sum + (differencePerMillion ?? 0), 0);
  const transitions = open.reduce(
    (sum, { before, after }) => sum + ((after?.transitions ?? 0) - (before?.transitions ?? 0)),
    0,
  );
  const isQuiet = open.every((workflow) => !isTold(workflow)) || (transitions === 0 && perMillion === 0);
  if (month !== null && isQuiet) return month;
  const execution = `${transitionCount(transitions)} per execution, ${signedMoney(perMillion, currency)} ${MILLION}`;
  if (month === null) return execution;
  // What nobody has counted yet is no "$0": the change comes first, wherever it is known.
  if (totals.difference === 0) return `${execution}; nothing changes where executions are known`;
  return `${month}; where executions are not known ${execution}`;
}

/** Worth a line of its own: anything but an unchanged workflow that stayed where it was, and that another did not break. */
export function isTold({ status, formerFile, formerName, newFindings }: DiffWorkflow): boolean {
  return status !== "unchanged" || formerFile !== null || formerName !== null || newFindings.length > 0;
}

/** What became of it, in a word or two. */
function statusWords({ status, unread, formerName, formerFile, before, after }: DiffWorkflow): string {
  if (unread !== null) return `unreadable in the ${unread}`;
  const moved = [
    ...(formerName === null ? [] : [`was ${formerName}`]),
    ...(formerFile === null ? [] : [`moved from ${formerFile}`]),
  ];
  const type = before !== null && after !== null && before.type !== after.type ? ["type switched"] : [];
  const own = status === "unchanged" ? [] : [status];
  return [...own, ...type, ...moved].join(", ") || "unchanged";
}

const LEFT = { align: "left" } as const;
const RIGHT = { align: "right" } as const;

/** A row for each told workflow: what it was, what it is, the difference. */
export function changeSection(workflows: readonly DiffWorkflow[], currency: string): ReportSection {
  return {
    title: "Changed",
    aside: "",
    columns: [
      { head: "workflow", ...LEFT, shrinkTo: 16 },
      { head: "what", ...LEFT, shrinkTo: 12 },
      { head: "before", ...RIGHT },
      { head: "after", ...RIGHT },
      { head: "difference", ...RIGHT },
      { head: "per", ...LEFT },
      { head: "transitions", ...RIGHT },
    ],
    rows: workflows.map((workflow) => changeRow(workflow, currency)),
    more: null,
  };
}

function changeRow(workflow: DiffWorkflow, currency: string): readonly SectionCell[] {
  const { name, before, after, per, unread } = workflow;
  const cost = (side: DiffWorkflow["before"]): string => {
    if (side === null) return "–";
    return moneyWords(per === "month" ? side.monthlyCost : side.costPerMillion, currency);
  };
  const difference = per === "month" ? workflow.difference : workflow.differencePerMillion;
  const tone = (difference ?? 0) > 0 ? "bad" : "good";
  const text = unread === null ? signedMoney(difference, currency) : "unknown";
  return [
    name,
    statusWords(workflow),
    cost(before),
    cost(after),
    (difference ?? 0) === 0 ? text : { text, tone },
    per === "month" ? "month" : "million executions",
    unread === null ? transitionWords(before?.transitions ?? null, after?.transitions ?? null) : "",
  ];
}

function transitionWords(before: number | null, after: number | null): string {
  if (before === null || after === null) return quantityWords(after ?? before);
  const [was, is] = [quantityWords(before), quantityWords(after)];
  return was === is ? is : `${was} → ${is}`;
}

/** Two lines that read the same are told apart by whose part they are. */
export function lineWords(line: DiffLine, parts: ReadonlySet<DiffLine["part"]>): string {
  const isApart = parts.has("definition") && parts.has("figures") && line.part !== "prices";
  return isApart ? `${line.text} (${line.part === "figures" ? "figures" : "definition"})` : line.text;
}

export function partsOf(lines: readonly DiffLine[]): ReadonlySet<DiffLine["part"]> {
  return new Set(lines.map(({ part }) => part));
}

/** `+4 transitions`; empty where there is none. */
export function lineTransitions({ transitions }: DiffLine): string {
  return transitions === 0 ? "" : transitionCount(transitions);
}

/** A reason this small beside the largest one explains nothing that a reader could see. */
const DUST = 1e-4;

/** Those that explain the change, and the sum of those that do not; in JSON every one stands. */
export function weightyLines({ because }: DiffWorkflow): {
  readonly lines: readonly DiffLine[];
  readonly dust: { readonly count: number; readonly cost: number } | null;
} {
  const largest = Math.max(0, ...because.map(({ cost }) => Math.abs(cost ?? 0)));
  const isDust = ({ cost, transitions }: DiffLine): boolean =>
    cost !== null && Math.abs(cost) < largest * DUST && Math.abs(transitions) < DUST;
  const dust = because.filter(isDust);
  if (dust.length < 2) return { lines: because, dust: null };
  const cost = dust.reduce((sum, line) => sum + (line.cost ?? 0), 0);
  return { lines: because.filter((line) => !isDust(line)), dust: { count: dust.length, cost } };
}

/** `2 smaller reasons, $0.0000148 together`. */
export function dustWords(dust: { readonly count: number; readonly cost: number }, currency: string): string {
  return `${countedWords(dust.count, "smaller reason")}, ${signedMoney(dust.cost, currency)} together`;
}

/** The sum of what unchanged workflows cost more or less because they share tiers and free units; null = nothing. */
export function sharedWords({ workflows, currency }: DiffReport): string | null {
  const moved = workflows.filter((workflow) => !isTold(workflow) && (workflow.difference ?? 0) !== 0);
  if (moved.length === 0) return null;
  const sum = moved.reduce((all, { difference }) => all + (difference ?? 0), 0);
  return `${countedWords(moved.length, "unchanged state machine")}: ${signedMoney(sum, currency)} per month, because the account's tiers, free units or prices shifted`;
}

/** The states that came, went or changed their names, in a line each; empty for none. */
export function stateWords({ states: { added, removed, renamed } }: DiffWorkflow): readonly string[] {
  return [
    ...(added.length === 0 ? [] : [`States added: ${added.join(", ")}`]),
    ...(removed.length === 0 ? [] : [`States removed: ${removed.join(", ")}`]),
    ...(renamed.length === 0
      ? []
      : [`States renamed: ${renamed.map(({ from, to }) => `${from} → ${to}`).join(", ")}`]),
  ];
}

/** Findings of one code before the rest are counted: what is wrong twelve times over is one thing to look at. */
const FEW_OF_A_CODE = 2;

const FEW_ASSUMPTIONS = 3;

/** What the difference rests on and nobody has said: the reviewer may know better. */
function assumptionWords(assumptions: DiffWorkflow["newAssumptions"]): readonly string[] {
  if (assumptions.length === 0) return [];
  const told = assumptions.slice(0, FEW_ASSUMPTIONS);
  const more = assumptions.length - told.length;
  const words = told.map(({ text, value, unit }) => `${text}: ${unitWords(value, unit)}`);
  const rest = more === 0 ? "" : `; and ${quantityWords(more)} more`;
  return [`Assumed, as stepfare.yml does not say: ${words.join("; ")}${rest}`];
}

const GRAVITY = { error: 0, warning: 1, info: 2 } as const;

/** What reviewers should look at besides money, the gravest first. */
export function findingWords({ newFindings, newLimits, newAssumptions }: DiffWorkflow): readonly string[] {
  const seen = new Map<string, number>();
  for (const { code } of newFindings) seen.set(code, (seen.get(code) ?? 0) + 1);
  const told = new Map<string, number>();
  const gravestFirst = newFindings.toSorted((a, b) => GRAVITY[a.severity] - GRAVITY[b.severity]);
  const findings = gravestFirst.flatMap(({ severity, code, message }) => {
    const [count, all] = [(told.get(code) ?? 0) + 1, seen.get(code) ?? 0];
    told.set(code, count);
    if (all > FEW_OF_A_CODE + 1 && count > FEW_OF_A_CODE) return [];
    const rest =
      all > FEW_OF_A_CODE + 1 && count === FEW_OF_A_CODE ? ` (and ${all - count} more like it)` : "";
    return [`New ${severity} ${code}: ${message}${rest}`];
  });
  return [
    ...assumptionWords(newAssumptions),
    ...newLimits.map(({ text }) => `New limit passed: ${text}`),
    ...findings,
  ];
}

export function verdictWords({ verdict: { passed, reasons } }: DiffReport): string | null {
  if (passed) return null;
  return `Not passed: ${countedWords(reasons.length, "policy is", "policies are")} broken`;
}

/** What was compared with what, and at whose prices. */
export function footWords({ base, head, region, totals }: DiffReport): string {
  const open =
    totals.unknown > 0
      ? ` ${countedWords(totals.unknown, "state machine is", "state machines are")} in no monthly total, for want of executions, a price or a readable definition.`
      : "";
  return `${head} compared with ${base}, at ${region} prices.${open}`;
}
