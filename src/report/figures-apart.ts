/**
 * Figures apart: where a definition and its figures both changed, how much is due to each. The definition's part is its
 * change under the old figures and under the new ones, half each; the figures' part is theirs in the old definition and
 * in the new one, half each; so that the parts add up and swapping the sides negates them. What is said of a state that only
 * one definition has comes and goes with it: without it, a Map that is removed would first be told to have as many items as
 * one that nobody knows.
 */
import { type CostChange, changeCost, changePrices } from "../cost/cost-change.ts";
import type { PricedWorkflow } from "../cost/priced-workflow.ts";
import { matchStates } from "../workflow/workload/matched-states.ts";
import type { StateWorkload, Workload } from "../workflow/workload/workload.ts";
import type { DiffMachine } from "./diff-machine.ts";
import type { DiffLine } from "./diff-report.ts";
import type { MachinePair } from "./matched-machines.ts";

const OF_PRICES: ReadonlySet<DiffLine["cause"]> = new Set(["prices", "tier", "free-tier", "rule"]);

/** The change of a pair, each line with whose part it is. */
export function changeMachine({
  before,
  after,
}: MachinePair): CostChange & { readonly because: readonly DiffLine[] } {
  const change = changeOf(before, after);
  const parts = before === null || after === null ? null : apart(before, after, change);
  return {
    ...change,
    because: parts ?? change.because.map((line) => partOf(line, wholePart({ before, after }))),
  };
}

/** Of the same workflow, which most are, its share of the account's tiers and free units may still change. */
function changeOf(before: DiffMachine | null, after: DiffMachine | null): CostChange {
  const [old, now] = [before?.priced ?? null, after?.priced ?? null];
  if (old === null || now === null || before?.workflow == null || before.workflow !== after?.workflow) {
    return changeCost(old, now);
  }
  const costsTheSame =
    old.executions === now.executions &&
    old.ruleTransitions === now.ruleTransitions &&
    costAs(old).monthlyCost === costAs(now).monthlyCost &&
    costAs(old).costPerExecution === costAs(now).costPerExecution;
  return costsTheSame ? changeCost(now, now) : changePrices(old, now);
}

function costAs({ byType, type }: PricedWorkflow): PricedWorkflow["byType"][typeof type] {
  return byType[type];
}

type Part = DiffLine["part"];

function wholePart({ before, after }: MachinePair): Part {
  const isSameDefinition = before?.contentIds.definition === after?.contentIds.definition;
  return isSameDefinition && before?.priced.type === after?.priced.type ? "figures" : "definition";
}

function partOf(line: CostChange["because"][number], part: Part): DiffLine {
  if (OF_PRICES.has(line.cause)) return { ...line, part: "prices" };
  return { ...line, part: line.cause === "executions" ? "figures" : part };
}

interface Step {
  readonly change: CostChange;
  readonly part: Part;
}

/** Null where one of the two alone changed, or the steps between cannot be priced. */
function apart(before: DiffMachine, after: DiffMachine, whole: CostChange): readonly DiffLine[] | null {
  const [old, now] = [before.workflow, after.workflow];
  if (old === null || now === null || old === now) return null;
  if (before.contentIds.definition === after.contentIds.definition) return null;
  if (before.contentIds.figures === after.contentIds.figures) return null;
  const names = namesOf(before.priced, after.priced);
  const oldFigures = withOwnStates(renameStates(old.workload, names.after), now.workload, names.before);
  const newFigures = withOwnStates(renameStates(now.workload, names.before), old.workload, names.after);
  const newDefinition = before.priceAs?.({ ...now, workload: oldFigures }, before.priced.executions) ?? null;
  const oldDefinition = after.priceAs?.({ ...old, workload: newFigures }, after.priced.executions) ?? null;
  if (newDefinition === null || oldDefinition === null) return null;
  const steps: readonly Step[] = [
    { change: changeCost(before.priced, newDefinition), part: "definition" },
    { change: changeCost(newDefinition, after.priced), part: "figures" },
    { change: changeCost(oldDefinition, after.priced), part: "definition" },
    { change: changeCost(before.priced, oldDefinition), part: "figures" },
  ];
  return steps.every(({ change }) => change.per === whole.per) ? together(steps, names.after) : null;
}

/** Half of each step; lines about the same thing are one, told as the first step tells it. */
function together(steps: readonly Step[], nowCalled: ReadonlyMap<string, string>): readonly DiffLine[] {
  const lines = new Map<string, DiffLine>();
  for (const { change, part } of steps) {
    for (const each of change.because) {
      const line = partOf(each, part);
      const state = line.state === null ? null : (nowCalled.get(line.state) ?? line.state);
      const id = [line.part, line.cause, state ?? ""].join("\n");
      const known = lines.get(id);
      lines.set(id, {
        ...(known ?? line),
        state,
        transitions: (known?.transitions ?? 0) + line.transitions / 2,
        cost: line.cost === null || known?.cost === null ? null : (known?.cost ?? 0) + line.cost / 2,
      });
    }
  }
  const size = ({ cost }: DiffLine): number => Math.abs(cost ?? 0);
  return [...lines.values()].sort(
    (a, b) => size(b) - size(a) || Math.abs(b.transitions) - Math.abs(a.transitions),
  );
}

interface Names {
  /** By the name before, the name after; and the other way round, pointers too. */
  readonly after: ReadonlyMap<string, string>;
  readonly before: ReadonlyMap<string, string>;
}

function namesOf(before: PricedWorkflow, after: PricedWorkflow): Names {
  const names: Names & { after: Map<string, string>; before: Map<string, string> } = {
    after: new Map(),
    before: new Map(),
  };
  for (const pair of matchStates(before.states, after.states)) {
    if (pair.before === null || pair.after === null) continue;
    for (const key of ["name", "pointer"] as const) {
      names.after.set(pair.before[key], pair.after[key]);
      names.before.set(pair.after[key], pair.before[key]);
    }
  }
  return names;
}

/** The same figures for the states' other names. */
function renameStates(workload: Workload, names: ReadonlyMap<string, string>): Workload {
  const called = (name: string): string => names.get(name) ?? name;
  const branches = (state: StateWorkload): StateWorkload => ({
    ...state,
    choices: new Map([...state.choices].map(([target, share]) => [called(target), share])),
  });
  return {
    ...workload,
    states: new Map([...workload.states].map(([key, state]) => [called(key), branches(state)])),
  };
}

/** With what `own` says of the states that have no name on the other side. */
function withOwnStates(figures: Workload, own: Workload, otherNames: ReadonlyMap<string, string>): Workload {
  const alone = [...own.states].filter(([key]) => !otherNames.has(key));
  return { ...figures, states: new Map([...figures.states, ...alone]) };
}
