/** Diff words are what the table and the Markdown of a diff both say: signed amounts, headline, rows. */
import type { DiffLine, DiffReport, DiffWorkflow } from "../report/diff-report.ts";
import { countedWords, moneyWords, quantityWords, shareWords } from "./number-words.ts";
import type { ReportSection, SectionCell } from "./report-section.ts";

const MILLION = "per million executions";

/** `+$175.00`, `-$3.20`, `$0`; null is unknown. */
export function signedMoney(amount: number | null, currency: string): string {
  const words = moneyWords(amount, currency);
  return amount !== null && amount > 0 ? `+${words}` : words;
}

function signedCount(count: number): string {
  const words = quantityWords(count);
  return count > 0 ? `+${words}` : words;
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
  if (month !== null && open.filter(isTold).length === 0) return month;
  const perMillion = open.reduce((sum, { differencePerMillion }) => sum + (differencePerMillion ?? 0), 0);
  const transitions = open.reduce(
    (sum, { before, after }) => sum + ((after?.transitions ?? 0) - (before?.transitions ?? 0)),
    0,
  );
  const execution = `${signedCount(transitions)} transitions per execution, ${signedMoney(perMillion, currency)} ${MILLION}`;
  return month === null ? execution : `${month}; where executions are not known ${execution}`;
}

/** Worth a line of its own: anything but an unchanged workflow that stayed where it was. */
export function isTold({ status, formerFile, formerName }: DiffWorkflow): boolean {
  return status !== "unchanged" || formerFile !== null || formerName !== null;
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

export function partsOf({ because }: DiffWorkflow): ReadonlySet<DiffLine["part"]> {
  return new Set(because.map(({ part }) => part));
}

/** `+4 transitions`; empty where there is none. */
export function lineTransitions({ transitions }: DiffLine): string {
  return transitions === 0 ? "" : `${signedCount(transitions)} transitions`;
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

/** What reviewers should look at besides money. */
export function findingWords({ newFindings, newLimits }: DiffWorkflow): readonly string[] {
  return [
    ...newLimits.map(({ text }) => `New limit passed: ${text}`),
    ...newFindings.map(({ severity, code, message }) => `New ${severity} ${code}: ${message}`),
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
