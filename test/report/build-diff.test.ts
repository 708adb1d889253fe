import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseFailOn } from "../../src/commands/fail-on.ts";
import { buildDiff } from "../../src/report/build-diff.ts";
import type { DiffReport } from "../../src/report/diff-report.ts";
import { judgeDiff } from "../../src/report/judge-diff.ts";
import { liveSides } from "../../src/report/live-side.ts";
import {
  type RandomWorkflow,
  analysed,
  discounted,
  randomWorkflow,
  workflowOf,
} from "../cost/random-workflow.ts";

function sideOf(random: RandomWorkflow) {
  return {
    name: "side",
    root: "",
    workflows: [workflowOf(random)],
    unread: [],
    diagnostics: [],
    priceList: discounted(random),
    transitionRule: random.transitionRule,
  };
}

function compare(a: RandomWorkflow, b: RandomWorkflow): DiffReport {
  const sides = liveSides(sideOf(a), sideOf(b), { parseJsonata: null, taskDuration: null });
  return buildDiff(sides.base!, sides.head);
}

/** Some pairs share a definition, some their figures, some neither. */
const pair = fc
  .tuple(randomWorkflow, randomWorkflow, fc.constantFrom("both", "figures", "definition"))
  .map(([a, b, changed]): [RandomWorkflow, RandomWorkflow] => {
    if (changed === "figures") return [a, { ...a, executions: b.executions, figures: b.figures }];
    return [a, changed === "definition" ? { ...b, figures: a.figures, executions: a.executions } : b];
  });

function linesOf({ workflows }: DiffReport, sign: number) {
  const lines = workflows.flatMap(({ because }) => because);
  return lines
    .map(({ part, cause, cost, transitions }) => ({
      id: `${part} ${cause}`,
      cost: sign * (cost ?? 0),
      transitions: sign * transitions,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.cost - b.cost || a.transitions - b.transitions));
}

function scaleOf({ workflows }: DiffReport): number {
  const sides = workflows.flatMap(({ before, after }) => [before, after]);
  return Math.max(
    1e-6,
    ...sides.map(
      (side) => ((side?.costPerMillion ?? 0) * Math.max(1e6, side?.executionsPerMonth ?? 0)) / 1e6,
    ),
  );
}

describe("laws", () => {
  test("a workflow compared with itself is unchanged", () => {
    fc.assert(
      fc.property(randomWorkflow, (random) => {
        const [workflow] = compare(random, random).workflows;
        expect(workflow).toMatchObject({ status: "unchanged", because: [], newFindings: [], newLimits: [] });
      }),
      { numRuns: 50 },
    );
  });

  test("the parts of definition and figures add up, and swapping the sides negates them", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const [there, back] = [compare(a, b), compare(b, a)];
        const [workflow] = there.workflows;
        const total = workflow!.per === "month" ? workflow!.difference! : workflow!.differencePerMillion!;
        const [forth, negated] = [linesOf(there, 1), linesOf(back, -1)];
        const sum = (what: "cost" | "transitions") => forth.reduce((all, line) => all + line[what], 0);
        // Lines that cancel out are no more exact than the largest of them.
        const size = forth.reduce((all, { cost }) => all + Math.abs(cost), 0);
        const near = 1e-7 * scaleOf(there) + 1e-14 * size;
        expect(Math.abs(sum("cost") - total)).toBeLessThan(near);
        const transitions = workflow!.after!.transitions - workflow!.before!.transitions;
        expect(Math.abs(sum("transitions") - transitions)).toBeLessThan(
          1e-6 * (1 + workflow!.after!.transitions + workflow!.before!.transitions),
        );
        expect(forth.map(({ id }) => id)).toEqual(negated.map(({ id }) => id));
        forth.forEach(({ cost }, i) => expect(Math.abs(cost - negated[i]!.cost)).toBeLessThan(near));
      }),
      { numRuns: 50 },
    );
  });

  test("the totals are those that analyze gives each side, of what both sides know", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const { totals } = compare(a, b);
        const sides = [analysed(a).totals.monthlyCost, analysed(b).totals.monthlyCost];
        const [before, after] = sides.includes(null) ? [null, null] : sides;
        expect([totals.before === null, totals.after === null]).toEqual([before === null, after === null]);
        expect(totals.before ?? 0).toBeCloseTo(before ?? 0, 9);
        expect(totals.after ?? 0).toBeCloseTo(after ?? 0, 9);
      }),
      { numRuns: 40 },
    );
  });
});

type Machines = Readonly<Record<string, readonly [tasks: number, executions: number | null]>>;

/** Chains of Tasks, with executions a month where they are known. */
function compareAll(before: Machines, after: Machines): DiffReport {
  const side = (machines: Machines) => ({
    ...sideOf(plain(1, null)),
    workflows: Object.entries(machines).map(([name, [tasks, executions]]) =>
      workflowOf(plain(tasks, executions), name),
    ),
  });
  const sides = liveSides(side(before), side(after), { parseJsonata: null, taskDuration: null });
  return buildDiff(sides.base!, sides.head);
}

function plain(tasks: number, executions: number | null): RandomWorkflow {
  const states = Array.from({ length: tasks }, (_, at) => {
    const next = at === tasks - 1 ? { End: true } : { Next: `S${at + 1}` };
    return [`S${at}`, { Type: "Task", Resource: `arn:aws:lambda:us-east-1:1:function:f${at}`, ...next }];
  });
  const definition = JSON.stringify({ StartAt: "S0", States: Object.fromEntries(states) as object });
  return {
    definition,
    figures: {},
    type: "STANDARD",
    executions,
    discount: 0,
    transitionRule: "start+entered",
  };
}

describe("a workflow whose month one side alone knows", () => {
  const [kept, renamed] = [{ pay: [5, 200_000] }, { order: [4, 1e6] }] as const;
  const judged = (diff: DiffReport, failOn: string) =>
    judgeDiff(diff, [parseFailOn([failOn]).policies]).reasons;

  test("is on neither side of the totals, one that is gone or new on its own", () => {
    const diff = compareAll(
      { ...kept, ...renamed, del: [3, 10_000] },
      { pay: [7, 200_000], order: [4, null] },
    );
    const { before, after, difference, unknown } = diff.totals;
    const own = diff.workflows.filter(({ name }) => name !== "order");
    expect(unknown).toBe(1);
    expect(before).toBeCloseTo(
      own.reduce((sum, each) => sum + (each.before?.monthlyCost ?? 0), 0),
      9,
    );
    expect(after).toBeCloseTo(
      own.reduce((sum, each) => sum + (each.after?.monthlyCost ?? 0), 0),
      9,
    );
    // $10 more less $1, and a little of the free transitions that they share.
    expect(difference).toBeCloseTo(8.92, 2);
  });

  test("hides no growth from a gate, and is over an amount all the same", () => {
    const lost = compareAll({ ...kept, ...renamed }, { pay: [7, 200_000], order: [4, null] });
    expect(judged(lost, "total.monthly-cost=+5")).toHaveLength(1);
    expect(judged(lost, "total.monthly-cost=+11")).toEqual([]);
    const found = compareAll({ ...kept, order: [4, null] }, { ...kept, ...renamed });
    expect(judged(found, "total.monthly-cost=+5")).toEqual([]);
    expect(judged(found, "total.monthly-cost=100")).toHaveLength(1);
  });
});
