/** Each line of a change in the user's words. */
import { describe, expect, test } from "vitest";
import type { ChangeCause } from "../../src/cost/change-ledger.ts";
import { wordChanges } from "../../src/cost/change-words.ts";
import type { PricedFigure, PricedState, PricedWorkflow } from "../../src/cost/priced-workflow.ts";

const stateOf = (more: Partial<PricedState> = {}): PricedState => ({
  ...{ name: "S", pointer: "/States/S", type: "Task", ids: ["a", "b", "c"], visits: 1, retries: 0 },
  ...{ isBilled: true, iterations: null, childExecutions: 0 },
  ...more,
});

const usage = { lines: [], prices: new Map(), free: new Map(), monthlyCost: null, costPerExecution: null };

const workflowOf = (more: Partial<PricedWorkflow> = {}): PricedWorkflow => ({
  ...{ type: "STANDARD", executions: 1000, ruleTransitions: 1, states: [stateOf()], figures: [] },
  ...{ byType: { STANDARD: usage, EXPRESS: usage }, billedDurationMs: 1200, billedMemoryMB: 64 },
  terms: { region: "us-east-1", date: "2026-01-01", discountPercent: 0 },
  ...more,
});

const figure = (key: string, value: number, unit: PricedFigure["unit"]): PricedFigure => ({
  ...{ key, value, unit, text: "", basis: "declared" },
});

type Side = Partial<PricedWorkflow> | null;

function textOf(kind: ChangeCause["kind"], before: Side = {}, after: Side = {}): string {
  const [old, now] = [before === null ? null : workflowOf(before), after === null ? null : workflowOf(after)];
  const pair = { before: old?.states[0] ?? null, after: now?.states[0] ?? null };
  const entry = { cause: { kind, key: "the key", pair }, moved: [], cost: 1, transitions: 2 };
  return wordChanges([entry], { before: old, after: now })[0]!.text;
}

const visiting = (more: Partial<PricedState>): Side => ({ states: [stateOf(more)] });

describe("a change is told", () => {
  test.each<[ChangeCause["kind"], Side, Side, string]>([
    ["workflow-added", null, {}, "new workflow: 1 state"],
    ["workflow-added", null, { states: [stateOf(), stateOf()] }, "new workflow: 2 states"],
    ["workflow-removed", {}, null, "workflow removed: 1 state"],
    ["presence", null, {}, "S added (Task, entered once per execution)"],
    ["presence", visiting({ visits: 2.345 }), null, "S removed (Task, entered 2.35 times per execution)"],
    ["retries", visiting({ visits: 2, retries: 1 }), visiting({ visits: 0 }), "S: 0.5 → 0 retries per visit"],
    ["items", visiting({ iterations: 3 }), visiting({ iterations: 4.5 }), "S: 3 → 4.5 iterations per run"],
    [
      "items",
      visiting({ iterations: null }),
      visiting({ iterations: 4 }),
      "S: unknown → 4 iterations per run",
    ],
    [
      "flow",
      visiting({ visits: 0.12345 }),
      visiting({ visits: 1234.5 }),
      "S entered 0.123 → 1,235 times per execution",
    ],
    ["billing", {}, {}, "S runs in child executions of another type"],
    ["children", {}, {}, "child executions of S take other time or memory"],
    ["type", {}, { type: "EXPRESS" }, "type Standard → Express"],
    ["type", { type: "EXPRESS" }, {}, "type Express → Standard"],
    ["executions", {}, { executions: 1_234_567.8 }, "executions 1,000 → 1,234,568 a month"],
    ["executions", { executions: null }, {}, "executions unknown → 1,000 a month"],
    ["duration", {}, { billedDurationMs: 900 }, "each execution is billed 1,200 → 900 ms"],
    ["memory", {}, { billedMemoryMB: 128 }, "each execution is billed 64 → 128 MB"],
    ["rule", {}, { ruleTransitions: 2 }, "the start rule counts 1 → 2 transitions for an execution itself"],
    ["tier", {}, {}, "volume tiers, which the account's workflows reach together"],
    ["free-tier", {}, {}, "the month's free tier, which the account's workflows share"],
    ["usage", {}, {}, "other usage of the key"],
    ["other", {}, {}, "everything else"],
  ])("%s", (kind, before, after, text) => {
    expect(textOf(kind, before, after)).toBe(text);
  });

  const terms = (region: string, date: string | null, discountPercent: number | null): Side => ({
    terms: { region, date, discountPercent },
  });

  test.each<[Side, Side, string]>([
    [terms("a", "1", 0), terms("b", "2", 5), "prices of b instead of a"],
    [terms("a", "1", 0), terms("a", "2", 5), "discount 0 → 5%"],
    [terms("a", "1", null), terms("a", "2", 5), "price list of 2 instead of 1"],
    [terms("a", "1", 5), terms("a", null, null), "price list of no date instead of 1"],
    [terms("a", null, 5), terms("a", "1", 5), "price list of 1 instead of no date"],
    [terms("a", "1", 5), terms("a", "1", null), "another price list or discount"],
  ])("in prices: %j, then %j", (before, after, text) => {
    expect(textOf("prices", before, after)).toBe(text);
  });

  test("in figures, as they are written", () => {
    const before = [
      figure("states.S.items", 3, "count"),
      figure("states.S.choices.X.Y", 0.25, "share"),
      figure("states.S.failureRate", 0.01, "share"),
    ];
    const after = [figure("states.S.items", 5, "count"), figure("states.S.choices.X.Y", 0.3333, "share")];
    expect(textOf("flow-figure", { figures: before }, { figures: after })).toBe(
      "S: items 3 → 5, share of X.Y 25% → 33.3%, failureRate 1% → not given",
    );
    expect(textOf("items", { figures: before }, { figures: after })).toBe("S: 3 → 5 items");
  });

  test("in time, with the one figure that is behind it", () => {
    const lasting = (ms: number, more: readonly PricedFigure[] = []): Side => ({
      ...{ billedDurationMs: ms, figures: [figure("states.S.duration", ms, "ms"), ...more] },
    });
    expect(textOf("duration", lasting(100), lasting(200))).toBe(
      "each execution is billed 100 → 200 ms (a state's duration 100 → 200 ms)",
    );
    const other = (ms: number) => [figure("states.S.itemsMs", ms, "ms")];
    expect(textOf("duration", lasting(100, other(1)), lasting(200, other(2)))).toBe(
      "each execution is billed 100 → 200 ms",
    );
    expect(textOf("duration", lasting(100), lasting(100))).toBe("each execution is billed 100 → 100 ms");
  });

  test("with the states that it moves, by their names after it", () => {
    const moved = [
      { before: stateOf({ name: "Old" }), after: stateOf({ name: "New" }) },
      { before: stateOf({ name: "Gone" }), after: null },
    ];
    const entry = { cause: { kind: "rule", key: "" } as const, moved, cost: 1, transitions: 2 };
    expect(wordChanges([entry], { before: workflowOf(), after: workflowOf() })).toMatchObject([
      { state: null, cause: "rule", cost: 1, transitions: 2, states: ["New", "Gone"] },
    ]);
    expect(wordChanges([], { before: null, after: null })).toEqual([]);
  });
});
