import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildDiff } from "../../src/report/build-diff.ts";
import type { DiffReport } from "../../src/report/diff-report.ts";
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
    discountPercent: random.discount,
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

  test("the totals are those that analyze gives each side", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const { totals } = compare(a, b);
        const [before, after] = [analysed(a).totals.monthlyCost, analysed(b).totals.monthlyCost];
        expect([totals.before === null, totals.after === null]).toEqual([before === null, after === null]);
        expect(totals.before ?? 0).toBeCloseTo(before ?? 0, 9);
        expect(totals.after ?? 0).toBeCloseTo(after ?? 0, 9);
      }),
      { numRuns: 40 },
    );
  });
});
