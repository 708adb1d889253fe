import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CostChange, changeCost, changePrices, transitionsOf } from "../../src/cost/cost-change.ts";
import type { PricedWorkflow } from "../../src/cost/priced-workflow.ts";
import { priceWorkflow } from "../../src/report/price-workflow.ts";
import { pricedAgain } from "../../src/report/saved-side.ts";
import { type RandomWorkflow, analysed, discounted, randomWorkflow, workflowOf } from "./random-workflow.ts";

function priced(random: RandomWorkflow): PricedWorkflow {
  return priceWorkflow({
    workflow: workflowOf(random),
    context: { parseJsonata: null, childEnds: () => null, taskDuration: null },
    executions: random.executions,
    basis: { priceList: discounted(random), transitionRule: random.transitionRule, others: new Map() },
    profile: null,
  })!;
}

function close(actual: number, expected: number, scale: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-8 * Math.max(scale, 1e-12));
}

function sumOf({ because }: CostChange, what: "cost" | "transitions"): number {
  return because.reduce((sum, line) => sum + (line[what] ?? 0), 0);
}

/** Before the free tier takes its part. */
function scaleOf({ before, after, per }: CostChange): number {
  const cost = (side: CostChange["before"]) =>
    ((side?.costPerMillion ?? 0) / 1e6) * (per === "month" ? (side?.executionsPerMonth ?? 0) : 1e6);
  return Math.max(cost(before), cost(after));
}

const pair = fc.tuple(randomWorkflow, randomWorkflow);

const runs = { numRuns: 100 };

describe("laws", () => {
  test("nothing changes between a workflow and itself", () => {
    fc.assert(
      fc.property(randomWorkflow, (random) => {
        const change = changeCost(priced(random), priced(random));
        expect(change.because).toEqual([]);
        expect(change.differencePerMillion).toBe(0);
        expect(change.difference).toBe(random.executions === null ? null : 0);
      }),
      runs,
    );
  });

  test("what is added costs all it costs, and what is removed saves that", () => {
    fc.assert(
      fc.property(randomWorkflow, (random) => {
        const workflow = priced(random);
        const [added, removed] = [changeCost(null, workflow), changeCost(workflow, null)];
        const { after } = added;
        expect(added.because.map(({ cause }) => cause)).toEqual(["workflow-added"]);
        expect(removed.because.map(({ cause }) => cause)).toEqual(["workflow-removed"]);
        expect(added.differencePerMillion).toBe(after!.costPerMillion);
        expect(removed.differencePerMillion).toBeCloseTo(-after!.costPerMillion!, 9);
        if (random.executions === null) return;
        expect(added.difference).toBe(after!.monthlyCost);
        expect(removed.difference).toBeCloseTo(-after!.monthlyCost!, 9);
        expect(sumOf(removed, "cost")).toBe(removed.difference);
      }),
      runs,
    );
  });

  test("the lines add up to the difference, in money and in transitions", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const change = changeCost(priced(a), priced(b));
        const total = change.per === "month" ? change.difference! : change.differencePerMillion!;
        close(sumOf(change, "cost"), total, scaleOf(change));
        const transitions = change.after!.transitions - change.before!.transitions;
        close(
          sumOf(change, "transitions"),
          transitions,
          change.after!.transitions + change.before!.transitions,
        );
      }),
      runs,
    );
  });

  test("no part of a difference is left without a cause", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const change = changeCost(priced(a), priced(b));
        expect(change.because.filter(({ cause }) => cause === "other" || cause === "usage")).toEqual([]);
      }),
      runs,
    );
  });

  test("where only prices change, all states taken together are told the same as each by itself", () => {
    fc.assert(
      fc.property(randomWorkflow, fc.integer({ min: 0, max: 90 }), (random, discount) => {
        const [before, after] = [priced(random), priced({ ...random, discount })];
        const [apart, together] = [changeCost(before, after), changePrices(before, after)];
        for (const side of ["before", "after"] as const) {
          const [one, other] = [together[side]!, apart[side]!];
          expect({ ...one, transitions: 0 }).toEqual({ ...other, transitions: 0 });
          // Sums of the same terms, in another order.
          close(one.transitions, other.transitions, other.transitions);
        }
        expect(together.difference).toBe(apart.difference);
        expect(together.differencePerMillion).toBe(apart.differencePerMillion);
        const causes = (change: CostChange) => change.because.map(({ cause }) => cause);
        expect(causes(together)).toEqual(causes(apart));
        together.because.forEach((line, at) => close(line.cost!, apart.because[at]!.cost!, scaleOf(apart)));
      }),
      runs,
    );
  });

  test("swapping before and after negates every line", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const [there, back] = [changeCost(priced(a), priced(b)), changeCost(priced(b), priced(a))];
        expect(back.because.length).toBe(there.because.length);
        const causes = (change: CostChange) => change.because.map(({ cause }) => cause).sort();
        expect(causes(back)).toEqual(causes(there));
        for (const what of ["cost", "transitions"] as const) {
          const list = (change: CostChange, sign: number) =>
            change.because.map((line) => sign * (line[what] ?? 0)).sort((x, y) => x - y);
          const scale =
            what === "cost" ? scaleOf(there) : there.before!.transitions + there.after!.transitions;
          const [forth, negated] = [list(there, 1), list(back, -1)];
          forth.forEach((amount, i) => close(amount, negated[i]!, scale));
        }
      }),
      runs,
    );
  });

  test("a state's name is worth nothing", () => {
    fc.assert(
      fc.property(randomWorkflow, (random) => {
        const rename = (text: string) =>
          text.replaceAll(/"(S[0-9abm]*)"/g, (_, name: string) => `"Renamed ${name}"`);
        const renamed = {
          ...random,
          definition: rename(random.definition),
          figures: JSON.parse(rename(JSON.stringify(random.figures))) as object,
        };
        const change = changeCost(priced(random), priced(renamed));
        // Express memory follows the size of the definition, names included.
        const lines = change.because.filter(({ cause }) => cause !== "memory");
        expect(lines).toEqual([]);
      }),
      runs,
    );
  });

  test("a report that was saved is worth the same as the workflow it tells of", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const saved = (random: RandomWorkflow) => {
          const report = analysed(random);
          return pricedAgain(report.workflows[0]!, report);
        };
        const [live, again] = [changeCost(priced(a), priced(b)), changeCost(saved(a), saved(b))];
        expect(again.difference === null).toBe(live.difference === null);
        close(again.difference ?? 0, live.difference ?? 0, scaleOf(live));
        close(transitionsOf(saved(a)), transitionsOf(priced(a)), transitionsOf(priced(a)));
        close(
          sumOf(again, "cost"),
          (again.per === "month" ? again.difference : again.differencePerMillion) ?? 0,
          scaleOf(again),
        );
      }),
      { numRuns: 40 },
    );
  });
});
