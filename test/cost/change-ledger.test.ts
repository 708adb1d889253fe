/** A ledger of what each cause adds to a difference. */
import { describe, expect, test } from "vitest";
import { type ChangeCause, openLedger } from "../../src/cost/change-ledger.ts";

const cause = (kind: ChangeCause["kind"], key = ""): ChangeCause => ({ kind, key });
const scale = { cost: 100, transitions: 10 };

function settled(
  added: readonly (readonly [ChangeCause, cost: number, transitions: number])[],
  total: readonly [cost: number, transitions: number],
) {
  const ledger = openLedger();
  for (const [of, cost, transitions] of added) ledger.add(of, { cost, transitions });
  return ledger
    .settle({ cost: total[0], transitions: total[1] }, scale)
    .map((entry) => [`${entry.cause.kind} ${entry.cause.key}`.trim(), entry.cost, entry.transitions]);
}

describe("a ledger", () => {
  test("adds up what has the same kind and key, and tells the dearest first", () => {
    expect(
      settled(
        [
          [cause("flow", "/a"), 1, 0.5],
          [cause("flow", "/b"), -5, 0],
          [cause("flow", "/a"), 2, 0.25],
          [cause("rule", "/a"), 2, 1],
        ],
        [0, 1.75],
      ),
    ).toEqual([
      ["flow /b", -5, 0],
      ["flow /a", 3, 0.75],
      ["rule /a", 2, 1],
    ]);
  });

  test("tells more transitions first where the cost is alike, then by kind and key", () => {
    const added = [
      [cause("items", "/b"), 1, 0.5],
      [cause("flow", "/b"), 1, 0.5],
      [cause("flow", "/a"), -1, 0.5],
      [cause("rule"), 1, -2],
    ] as const;
    const order = ["rule", "flow /a", "flow /b", "items /b"];
    expect(settled(added, [2, -0.5]).map(([of]) => of)).toEqual(order);
    expect(settled(added.toReversed(), [2, -0.5]).map(([of]) => of)).toEqual(order);
  });

  test("drops what is nothing beside what is compared, in cost and in transitions", () => {
    expect(settled([[cause("flow"), 0, 0]], [0, 0])).toEqual([]);
    expect(settled([[cause("flow"), 0.9e-7, 0.9e-8]], [0, 0])).toEqual([]);
    expect(settled([[cause("flow"), 1.1e-7, 0]], [1.1e-7, 0])).toHaveLength(1);
    expect(settled([[cause("flow"), 0, -1.1e-8]], [0, -1.1e-8])).toHaveLength(1);
    expect(settled([[cause("flow"), -1.1e-7, 0]], [-1.1e-7, 0])).toHaveLength(1);
  });

  test("gives what rounding leaves to the largest entry of each", () => {
    const entries = settled(
      [
        [cause("flow", "/a"), -60, 1],
        [cause("flow", "/b"), 20, -4],
      ],
      [-40 + 5e-5, -3 + 5e-6],
    );
    expect(entries).toEqual([
      ["flow /a", -60 + 5e-5, 1],
      ["flow /b", 20, expect.closeTo(-4 + 5e-6, 12)],
    ]);
  });

  test("tells what is more than rounding as something else", () => {
    expect(settled([[cause("flow"), 60, 0]], [61, 0])).toEqual([
      ["flow", 60, 0],
      ["other", 1, 0],
    ]);
    expect(settled([[cause("flow"), 60, 0]], [60, 2])).toEqual([
      ["flow", 60, 0],
      ["other", 0, 2],
    ]);
    expect(settled([], [3, 0])).toEqual([["other", 3, 0]]);
    expect(settled([], [0.9e-7, 0.9e-8])).toEqual([]);
    expect(settled([], [0, 1.1e-8])).toEqual([["other", 0, 1.1e-8]]);
  });

  test("knows each state that a cause moves once", () => {
    const ledger = openLedger();
    const [one, other] = [
      { before: null, after: null },
      { before: null, after: null },
    ];
    for (const moved of [one, other, one])
      ledger.add({ kind: "flow-figure", key: "/a", moved }, { cost: 1, transitions: 0 });
    const [entry] = ledger.settle({ cost: 3, transitions: 0 }, scale);
    expect(entry!.moved).toEqual([one, other]);
    expect(entry!.moved[0]).toBe(one);
  });
});
