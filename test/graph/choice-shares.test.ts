/** Shares of a Choice's ways, as declared and with figures moved in their range. */
import { describe, expect, test } from "vitest";
import { type Standpoint, atLikely } from "../../src/graph/assumption.ts";
import { declaresShares, sharesOfChoice } from "../../src/graph/choice-shares.ts";
import { buildStateGraph } from "../../src/graph/state-graph.ts";
import { type Figure, exactFigure } from "../../src/workflow/figure.ts";
import { EMPTY_STATE_WORKLOAD } from "../../src/workflow/workload/workload.ts";
import { machineOf } from "./run-of.ts";

/** Rules to these targets in turn, the last being Default. */
function graphOf(targets: readonly string[]) {
  const names = [...new Set(targets)];
  const ways = targets.map((Next, i) => ({ Variable: "$.x", NumericEquals: i, Next }));
  const Which = { Type: "Choice", Choices: ways.slice(0, -1), Default: targets.at(-1) };
  const States = { Which, ...Object.fromEntries(names.map((name) => [name, { Type: "Succeed" }])) };
  return buildStateGraph(machineOf({ StartAt: "Which", States }))!;
}

type Declared = number | readonly [low: number, likely: number, high: number];

const figureOf = (of: Declared): Figure =>
  typeof of === "number"
    ? exactFigure(of, "declared")
    : { ...exactFigure(of[1], "declared"), low: of[0], high: of[2] };

function sharesOf(targets: readonly string[], said: Readonly<Record<string, Declared>>, stand = atLikely) {
  const choices = new Map(Object.entries(said).map(([key, of]) => [key, figureOf(of)]));
  return sharesOfChoice(graphOf(targets), 0, { said: { ...EMPTY_STATE_WORKLOAD, choices }, stand });
}

const atHigh: Standpoint = ({ figure }) => figure.high;
const atLow: Standpoint = ({ figure }) => figure.low;

function expectShares(found: { readonly shares: readonly number[] }, expected: readonly number[]): void {
  expect(found.shares).toHaveLength(expected.length);
  found.shares.forEach((share, i) => expect(share).toBeCloseTo(expected[i]!, 12));
}

describe("shares of a Choice", () => {
  test.each<
    [what: string, targets: readonly string[], said: Record<string, Declared>, shares: readonly number[]]
  >([
    ["are alike for all rules", ["A", "B", "A", "C"], {}, [0.5, 0.25, 0.25]],
    ["are whole for the only way", ["A", "A"], {}, [1]],
    ["are declared by target", ["A", "B", "C"], { A: 0.2, B: 0.3 }, [0.2, 0.3, 0.5]],
    ["are declared by rule", ["A", "B", "C"], { 1: 0.3, default: 0.1 }, [0.6, 0.3, 0.1]],
    ["are the sum of the rules to a target", ["A", "B", "A", "C"], { 0: 0.2, 2: 0.1 }, [0.3, 0, 0.7]],
    ["by target stand before those by rule", ["A", "B"], { A: 0.2, 0: 0.9 }, [0.2, 0.8]],
    ["that are left go to Default", ["A", "B", "C", "D"], { A: 0.4 }, [0.4, 0, 0, 0.6]],
    [
      "that are left go to all rules where Default is declared",
      ["A", "B", "B", "C"],
      { C: 0.4 },
      [0.2, 0.4, 0.4],
    ],
  ])("%s", (_, targets, said, shares) => {
    const found = sharesOf(targets, said);
    expectShares(found, shares);
    expect(found.problem).toBe(null);
  });

  test("that pass 1, or leave some to nobody, are scaled, and told", () => {
    const more = sharesOf(["A", "B"], { A: 0.9, B: 0.6 });
    expect(more.problem).toBe("its declared shares sum to 1.5, which exceeds 1");
    expectShares(more, [0.6, 0.4]);
    expect(sharesOf(["A", "B"], { A: 0.5, B: 0.3 }).problem).toBe(
      "its declared shares sum to 0.8 and no way is left for the rest",
    );
    expect(sharesOf(["A", "B"], { A: 1 / 3, B: 2 / 3 }).problem).toBe(null);
    expect(sharesOf(["A", "B", "C"], { A: 0.9, B: 0.6 }).problem).toContain("exceeds 1");
  });

  test.each<[what: string, said: Record<string, Declared>, stand: Standpoint, shares: readonly number[]]>([
    ["moved make room in proportion", { A: [0.1, 0.2, 0.6], B: 0.6 }, atHigh, [0.6, 0.3, 0.1]],
    ["moved down leave it in proportion", { A: [0.1, 0.2, 0.6], B: 0.6 }, atLow, [0.1, 0.675, 0.225]],
    [
      "moved past 1 are scaled with the others",
      { A: [0, 0.3, 0.9], B: [0, 0.3, 0.7] },
      atHigh,
      [9 / 20, 7 / 20, 4 / 20],
    ],
    [
      "that all are moved are scaled",
      { A: [0, 0.3, 0.9], B: [0, 0.4, 0.6], C: [0, 0.3, 0.5] },
      atHigh,
      [0.45, 0.3, 0.25],
    ],
    [
      "that all are moved to nothing are alike",
      { A: [0, 0.3, 0.9], B: [0, 0.4, 0.6], C: [0, 0.3, 0.5] },
      atLow,
      [1 / 3, 1 / 3, 1 / 3],
    ],
    [
      "moved off nothing but themselves leave it to all alike",
      { A: [0.4, 1, 1], B: 0, C: 0 },
      atLow,
      [0.4, 0.3, 0.3],
    ],
  ])("%s", (_, said, stand, shares) => {
    expectShares(sharesOf(["A", "B", "C"], said, stand), shares);
  });

  test("say which way they are a figure of", () => {
    const asked: [string, string, string][] = [];
    sharesOf(["A", "B"], { A: 0.2 }, ({ id, key, text, figure }) => {
      asked.push([id, key, text]);
      return figure.value;
    });
    expect(asked).toEqual([
      ["/States/Which:choices:A", "states.Which.choices.A", "share of Which that goes to A"],
      ["/States/Which:choices:B", "states.Which.choices.B", "share of Which that goes to B"],
    ]);
  });

  test("are figures: declared, what those leave, or a default", () => {
    const bases = (said: Record<string, Declared>) =>
      sharesOf(["A", "B"], said).figures.map(({ basis }) => basis);
    expect(bases({})).toEqual(["default", "default"]);
    expect(bases({ A: 0.2 })).toEqual(["declared", "inferred"]);
    expect(sharesOf(["A", "A"], {}).figures).toMatchObject([{ value: 1, basis: "inferred" }]);
    const summed = sharesOf(["A", "A", "B"], { 0: [0.1, 0.4, 0.8], 1: [0, 0.1, 0.5] }).figures[0];
    expect(summed).toMatchObject({ value: 0.5, low: 0.1, high: 1 });
  });

  test("are declared where any way is", () => {
    const graph = graphOf(["A", "B"]);
    const declares = (choices: ReadonlyMap<string, Figure>) =>
      declaresShares(graph.edges[0]!, graph, { ...EMPTY_STATE_WORKLOAD, choices });
    expect(declares(new Map())).toBe(false);
    expect(declares(new Map([["B", figureOf(0.4)]]))).toBe(true);
    expect(declares(new Map([["7", figureOf(0.4)]]))).toBe(false);
  });
});
