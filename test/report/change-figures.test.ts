/**
 * What each kind of change is told to cost and why, held in a file beside the figures of single machines, and written
 * anew as those are.
 */
import { describe, expect, test } from "vitest";
import type { PriceList } from "../../src/cost/price-list.ts";
import { buildDiff } from "../../src/report/build-diff.ts";
import { liveSides } from "../../src/report/live-side.ts";
import { CHANGE_CASES, type ChangeCase } from "./change-cases.ts";
import type { FigureCase } from "./figure-cases.ts";
import { contextOf, pricesOf, workflowOf } from "./figure-machine.ts";
import { lineOf, sectionOf, wordOf } from "./figure-text.ts";

function discounted(list: PriceList, percent: number): PriceList {
  const prices = Object.entries(list.prices).map(([usageType, price]) => {
    const tiers = price.tiers.map((tier) => ({
      ...tier,
      unitPrice: tier.unitPrice === null ? null : tier.unitPrice * (1 - percent / 100),
    }));
    return [usageType, { ...price, tiers }];
  });
  return { ...list, discountPercent: percent, prices: Object.fromEntries(prices) as PriceList["prices"] };
}

function sideOf(of: FigureCase, discountPercent: number) {
  return {
    ...{ name: "side", root: "", unread: [], diagnostics: [] },
    workflows: [workflowOf(of)],
    priceList: discounted(pricesOf(of), discountPercent),
    transitionRule: of.rule ?? "start+entered",
  };
}

function toldOf({ before, after, discounts: [old, now] = [0, 0] }: ChangeCase): readonly string[] {
  const sides = liveSides(sideOf(before, old), sideOf(after, now), contextOf(after));
  const [workflow] = buildDiff(sides.base!, sides.head).workflows;
  const { because, per, difference, differencePerMillion, states, status } = workflow!;
  return [
    lineOf({ [status]: per, difference, differencePerMillion, ...states }),
    `  before: ${lineOf(workflow!.before!)}`,
    `  after: ${lineOf(workflow!.after!)}`,
    ...sectionOf(
      "  because",
      because.map(({ text, cost, ...line }) => ({ [`  ${text}:`]: wordOf(cost), ...line })),
    ),
  ];
}

describe("what a change costs, and why", () => {
  test("is as written", async () => {
    const told = Object.entries(CHANGE_CASES).flatMap(([name, each]) => [name, ...toldOf(each), ""]);
    await expect(told.join("\n")).toMatchFileSnapshot("figures/changes.txt");
  });
});
