/** Change words tell each line of a cost change in the user's terms: what was done to which state, from what to what. */
import { decimalText } from "../decimal-text.ts";
import type { StatePair } from "../workflow/workload/matched-states.ts";
import { matchStates } from "../workflow/workload/matched-states.ts";
import type { BecauseLine } from "./because-line.ts";
import type { LedgerEntry } from "./change-ledger.ts";
import { type ChangedFigure, changedFigures } from "./flow-owners.ts";
import type { PricedState, PricedWorkflow, PriceTerms } from "./priced-workflow.ts";

export interface ChangeWords {
  readonly before: PricedWorkflow | null;
  readonly after: PricedWorkflow | null;
}

type Figures = ReadonlyMap<string, readonly ChangedFigure[]>;

export function wordChanges(entries: readonly LedgerEntry[], words: ChangeWords): readonly BecauseLine[] {
  if (entries.length === 0) return [];
  const figures = figuresOf(words);
  return entries.map((entry) => ({
    text: textOf(entry, words, figures),
    state: nameOf(entry.cause.pair),
    transitions: entry.transitions,
    cost: entry.cost,
    cause: entry.cause.kind,
    states: entry.moved.flatMap((pair) => nameOf(pair) ?? []),
  }));
}

/** Changed figures by the state's place after the change. */
function figuresOf({ before, after }: ChangeWords): Figures {
  if (before === null || after === null) return new Map();
  const changed = changedFigures({ before, after }, matchStates(before.states, after.states));
  return new Map([...changed].map(([pair, list]) => [pair.after!.pointer, list]));
}

function nameOf(pair: StatePair<PricedState> | undefined): string | null {
  return pair === undefined ? null : (pair.after ?? pair.before)!.name;
}

function textOf({ cause }: LedgerEntry, { before, after }: ChangeWords, figures: Figures): string {
  const name = nameOf(cause.pair) ?? "";
  const own = figures.get(cause.pair?.after?.pointer ?? "") ?? [];
  switch (cause.kind) {
    case "workflow-added":
      return `new workflow: ${counted(after?.states.length ?? 0, "state")}`;
    case "workflow-removed":
      return `workflow removed: ${counted(before?.states.length ?? 0, "state")}`;
    case "presence":
      return presenceText(cause.pair!);
    case "retries":
      return `${name}: ${fromTo(perVisit(cause.pair!.before), perVisit(cause.pair!.after))} retries per visit`;
    case "items":
      return itemsText(cause.pair!, own);
    case "flow":
      return `${name} entered ${fromTo(cause.pair!.before?.visits, cause.pair!.after?.visits)} times per execution`;
    case "flow-figure":
      return `${name}: ${own.map(figureText).join(", ")}`;
    case "billing":
      return `${name} runs in child executions of another type`;
    case "children":
      return `child executions of ${name} take other time or memory`;
    case "type":
      return `type ${typeWords(before)} → ${typeWords(after)}`;
    case "executions":
      return `executions ${fromTo(before?.executions, after?.executions)} a month`;
    case "duration":
      return `each execution is billed ${fromTo(before?.billedDurationMs, after?.billedDurationMs)} ms${whyLonger(figures)}`;
    case "memory":
      return `each execution is billed ${fromTo(before?.billedMemoryMB, after?.billedMemoryMB)} MB`;
    case "rule":
      return `the start rule counts ${fromTo(before?.ruleTransitions, after?.ruleTransitions)} transitions for an execution itself`;
    case "prices":
      return pricesText(before?.terms, after?.terms);
    case "tier":
      return "volume tiers, which the account's workflows reach together";
    case "free-tier":
      return "the month's free tier, which the account's workflows share";
    case "usage":
      return `other usage of ${cause.key}`;
    case "other":
      return "everything else";
  }
}

function presenceText({ before, after }: StatePair<PricedState>): string {
  const { name, type, visits } = (after ?? before)!;
  const verb = before === null ? "added" : "removed";
  return `${name} ${verb} (${type}, entered ${timesWords(visits)} per execution)`;
}

function timesWords(visits: number): string {
  return visits === 1 ? "once" : `${count(visits)} times`;
}

function itemsText({ before, after }: StatePair<PricedState>, figures: readonly ChangedFigure[]): string {
  const { name } = (after ?? before)!;
  const items = figures.find(({ key }) => key === "items");
  if (items) return `${name}: ${fromTo(items.before, items.after)} items`;
  return `${name}: ${fromTo(before?.iterations, after?.iterations)} iterations per run`;
}

function figureText({ key, unit, before, after }: ChangedFigure): string {
  const write = (value: number | null): string =>
    value === null ? "not given" : unit === "share" ? `${count(value * 100)}%` : count(value);
  const what = key.startsWith("choices.") ? `share of ${key.slice("choices.".length)}` : key;
  return `${what} ${write(before)} → ${write(after)}`;
}

function whyLonger(figures: Figures): string {
  const times = [...figures.values()].flat().filter(({ unit }) => unit === "ms");
  const [only, ...others] = times;
  return only !== undefined && others.length === 0 && only.key === "duration"
    ? ` (a state's duration ${fromTo(only.before, only.after)} ms)`
    : "";
}

function pricesText(before: PriceTerms | undefined, after: PriceTerms | undefined): string {
  if (before?.region !== after?.region) return `prices of ${after?.region} instead of ${before?.region}`;
  if (
    before?.discountPercent !== after?.discountPercent &&
    before?.discountPercent != null &&
    after?.discountPercent != null
  ) {
    return `discount ${fromTo(before.discountPercent, after.discountPercent)}%`;
  }
  if (before?.date !== after?.date)
    return `price list of ${after?.date ?? "no date"} instead of ${before?.date ?? "no date"}`;
  return "another price list or discount";
}

function typeWords(workflow: PricedWorkflow | null): string {
  return workflow?.type === "EXPRESS" ? "Express" : "Standard";
}

function perVisit(state: PricedState | null): number {
  return state === null || state.visits === 0 ? 0 : state.retries / state.visits;
}

function fromTo(before: number | null | undefined, after: number | null | undefined): string {
  return `${count(before ?? null)} → ${count(after ?? null)}`;
}

/** Three digits of a fraction, all digits of a whole number; fixed to one locale so that reports read the same everywhere. */
function count(value: number | null): string {
  if (value === null) return "unknown";
  const shown = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
  return decimalText(shown, { maximumSignificantDigits: 15 });
}

function counted(number: number, one: string): string {
  return `${count(number)} ${number === 1 ? one : `${one}s`}`;
}
