/** Ranges and what moves them, against the same workflow with its figures declared at their ends. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { priceExecution } from "../../src/cost/cost-estimate.ts";
import { priceListOf } from "../../src/cost/known-price-lists.ts";
import { estimateWorkflow } from "../../src/cost/workflow-estimates.ts";
import type { WorkflowType } from "../../src/workflow/state-machine.ts";
import { workloadFor } from "../../src/workflow/workload/workload-file-match.ts";
import { parseWorkloadFile } from "../../src/workflow/workload/whole-workload-file.ts";
import { machineOf } from "../graph/run-of.ts";

interface Range {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

type End = keyof Range;

const TYPES = ["STANDARD", "EXPRESS"] as const;

function estimated(definition: object, states: object, more: object = {}) {
  const text = JSON.stringify({ workflows: { it: { payloadKB: 1, states, ...more } } });
  const file = parseWorkloadFile(text, "stepfare.yml");
  return estimateWorkflow({
    stateMachine: machineOf(definition),
    workload: workloadFor(file, { name: "it", file: null, aliases: [] })!.workload,
    context: { parseJsonata: null, childEnds: () => null, taskDuration: null },
    executions: null,
    basis: { priceList: priceListOf("us-east-1")!, transitionRule: "start+entered", others: new Map() },
  })!;
}

const costAt = (definition: object, states: object, type: WorkflowType): number =>
  estimated(definition, states).byType[type].likely.costPerExecution!;

/** A chain of Tasks and, in between, Maps of one Task. */
function chainOf(maps: readonly boolean[]): object {
  const States = maps.map((isMap, i) => {
    const next = i + 1 < maps.length ? { Next: `S${i + 1}` } : { End: true };
    const task = { Type: "Task", Resource: "arn:aws:lambda:us-east-1:1:function:f" };
    const inner = { StartAt: `In${i}`, States: { [`In${i}`]: { Type: "Pass", End: true } } };
    return [`S${i}`, isMap ? { Type: "Map", ItemProcessor: inner, ...next } : { ...task, ...next }];
  });
  return { StartAt: "S0", States: Object.fromEntries(States) };
}

/** In steps of 100 ms: of less, Express bills more only where several come together. */
const ms = (value: number): string => `${value * 100}ms`;

/** Figures of such a chain, as ranges or at one end of them. */
function figuresOf(maps: readonly boolean[], ranges: readonly Range[], end: End | null): object {
  const states = maps.map((isMap, i) => {
    const { low, likely, high } = ranges[i]!;
    const written = isMap
      ? { items: end === null ? { low, likely, high } : ranges[i]![end] }
      : {
          duration: end === null ? { low: ms(low), likely: ms(likely), high: ms(high) } : ms(ranges[i]![end]),
        };
    return [`S${i}`, written];
  });
  return Object.fromEntries(states);
}

const range = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 400 }))
  .map(([low, more, most]) => ({ low, likely: low + more, high: low + more + most }));

describe("the range of what an execution costs", () => {
  test("goes from all figures at their low ends to all at their high ones, where more of each costs more", () => {
    const chains = fc.array(fc.tuple(fc.boolean(), range), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(chains, (drawn) => {
        const [maps, ranges] = [drawn.map(([isMap]) => isMap), drawn.map(([, each]) => each)];
        const definition = chainOf(maps);
        const { byType, moved, movedTogether } = estimated(definition, figuresOf(maps, ranges, null));
        for (const type of TYPES) {
          const at = (end: End) => costAt(definition, figuresOf(maps, ranges, end), type);
          expect(byType[type].likely.costPerExecution).toBeCloseTo(at("likely"), 12);
          expect(byType[type].lowPerExecution).toBeCloseTo(at("low"), 12);
          expect(byType[type].highPerExecution).toBeCloseTo(at("high"), 12);
        }
        expect(movedTogether).toBe(0);
        expect(moved).toHaveLength(drawn.length);
      }),
      { numRuns: 25 },
    );
  });

  test("is that of each figure alone beside it, the one that moves most first", () => {
    const maps = [false, true, false];
    const ranges = [
      { low: 1, likely: 2, high: 3 },
      { low: 1, likely: 4, high: 6 },
      { low: 1, likely: 3, high: 20 },
    ];
    const definition = chainOf(maps);
    const { moved } = estimated(definition, figuresOf(maps, ranges, null));
    // Five transitions of $25 a million outweigh seconds of Express; time is nothing to Standard.
    expect(moved.map(({ assumption }) => assumption.key)).toEqual([
      "states.S1.items",
      "states.S2.duration",
      "states.S0.duration",
    ]);
    for (const { assumption, low, high } of moved) {
      const i = Number(/S(\d)/.exec(assumption.key)![1]);
      for (const type of TYPES) {
        const at = (end: End) => {
          const likely = figuresOf(maps, ranges, "likely");
          const one = { [`S${i}`]: (figuresOf(maps, ranges, end) as Record<string, object>)[`S${i}`] };
          return costAt(definition, { ...likely, ...one }, type);
        };
        expect(low[type]).toBeCloseTo(at("low"), 13);
        expect(high[type]).toBeCloseTo(at("high"), 13);
      }
    }
  });

  test("holds where more figures than sixty are moved together", () => {
    const maps = Array.from({ length: 64 }, () => false);
    const ranges = maps.map((_, i) =>
      i < 4 ? { low: 90, likely: 100, high: 110 + i } : { low: 1, likely: 2, high: 3 + (i % 5) },
    );
    const definition = chainOf(maps);
    const { byType, moved, movedTogether } = estimated(definition, figuresOf(maps, ranges, null));
    expect(moved).toHaveLength(60);
    expect(movedTogether).toBe(4);
    // Those of the least range beside their value are left.
    for (const { assumption } of moved) expect(assumption.figure.high).toBeLessThanOrEqual(700);
    for (const { assumption } of moved.slice(0, 12)) expect(assumption.figure.high).toBe(700);
    const gbSecond = 0.00001667 * 0.0625;
    const high = ranges.reduce((sum, each) => sum + each.high, 0) / 10;
    expect(byType.EXPRESS.lowPerExecution).toBeCloseTo(1e-6 + 42 * gbSecond, 12);
    expect(byType.EXPRESS.highPerExecution).toBeCloseTo(1e-6 + high * gbSecond, 12);
    expect(byType.STANDARD.lowPerExecution).toBeCloseTo(65 * 0.000025, 12);
    expect(byType.STANDARD.highPerExecution).toBeCloseTo(65 * 0.000025, 12);
  });

  test("of two ways is the same for the one's share at its low end as for the other's at its high one", () => {
    const long = { Type: "Task", Resource: "arn:aws:lambda:us-east-1:1:function:f", Next: "Z" };
    const definition = {
      StartAt: "C",
      States: {
        C: { Type: "Choice", Choices: [{ Variable: "$.x", IsPresent: true, Next: "A" }], Default: "Z" },
        A: long,
        Z: { Type: "Succeed" },
      },
    };
    const said = { A: { duration: "1s" } };
    const { moved, byType } = estimated(definition, said);
    const at = (share: number, type: WorkflowType) =>
      costAt(definition, { ...said, C: { choices: { A: share } } }, type);
    expect(moved.map(({ assumption }) => assumption.key).sort()).toEqual([
      "states.C.choices.A",
      "states.C.choices.Z",
    ]);
    for (const { assumption, low, high } of moved) {
      const ofA = assumption.key.endsWith("A");
      for (const type of TYPES) {
        expect(low[type]).toBeCloseTo(at(ofA ? 0.1 : 0.9, type), 13);
        expect(high[type]).toBeCloseTo(at(ofA ? 0.9 : 0.1, type), 13);
      }
    }
    expect(byType.STANDARD.lowPerExecution).toBeCloseTo(at(0.1, "STANDARD"), 13);
    expect(byType.EXPRESS.highPerExecution).toBeCloseTo(at(0.9, "EXPRESS"), 13);
  });

  test("of the data's size is that of Express alone", () => {
    const definition = chainOf([true]);
    const payloadKB = { low: 1, likely: 100, high: 250 };
    const { byType, moved } = estimated(definition, { S0: { items: 300 } }, { payloadKB });
    expect(moved).toHaveLength(1);
    expect(moved[0]!.high.STANDARD).toBe(moved[0]!.low.STANDARD);
    // 50 MB and 300 steps: 64, 128 and 128 MB of no time at all, which is billed as 100 ms.
    const cost = (mb: number) => 1e-6 + (mb / 1024) * 0.1 * 0.00001667;
    expect(moved[0]!.low.EXPRESS).toBeCloseTo(cost(64), 14);
    expect(byType.EXPRESS.likely.costPerExecution).toBeCloseTo(cost(128), 14);
    expect(byType.EXPRESS.lowPerExecution).toBeCloseTo(cost(64), 14);
    expect(byType.EXPRESS.highPerExecution).toBeCloseTo(cost(128), 14);
  });
});

test("the corners stand at each end of every type's range", () => {
  const maps = [false, true];
  const ranges = [
    { low: 1, likely: 2, high: 3 },
    { low: 1, likely: 4, high: 6 },
  ];
  const { byType, corners } = estimated(chainOf(maps), figuresOf(maps, ranges, null));
  const basis = {
    priceList: priceListOf("us-east-1")!,
    transitionRule: "start+entered",
    others: new Map(),
  } as const;
  for (const type of TYPES) {
    const costs = corners().map((input) => priceExecution(type, input, basis)!);
    expect(Math.min(...costs)).toBe(byType[type].lowPerExecution);
    expect(Math.max(...costs)).toBe(byType[type].highPerExecution);
  }
});

/** Written where a key of stepfare.yml points. */
function written(into: object, [first = "", ...rest]: readonly string[], value: unknown): object {
  const below = (into as Readonly<Record<string, object>>)[first] ?? {};
  return { ...into, [first]: rest.length === 0 ? value : written(below, rest, value) };
}

test("each figure in use is declared by the key that it names, in its unit", () => {
  const lambda = { Type: "Task", Resource: "arn:aws:lambda:us-east-1:1:function:f" };
  const rule = (Next: string) => [{ Variable: "$.x", IsPresent: true, Next }];
  const definition = {
    StartAt: "Which",
    States: {
      Which: { Type: "Choice", Choices: rule("Each"), Default: "Work" },
      Each: {
        Type: "Map",
        ItemProcessor: { StartAt: "Item", States: { Item: { ...lambda, End: true } } },
        Next: "Work",
      },
      Work: { ...lambda, Next: "Job" },
      Job: { ...lambda, Resource: "arn:aws:states:::glue:startJobRun.sync", Next: "Later" },
      Later: { Type: "Wait", SecondsPath: "$.s", Next: "Sleep" },
      Sleep: { Type: "Wait", SecondsPath: "$.s", Next: "Again" },
      Again: { Type: "Choice", Choices: rule("Work"), Default: "End" },
      End: { Type: "Succeed" },
    },
  };
  const states = {
    Work: { duration: "1s", failureRate: 0.1, errors: { Boom: 0.1 } },
    Sleep: { duration: "2s" },
    Again: { rounds: 3 },
  };
  const values = {
    share: [0.25, 0.25],
    count: [7, 7],
    ms: ["4321ms", 4321],
    KB: [33, 33],
    MB: [512, 512],
  } as const;
  const { assumptions } = estimated(definition, states);
  const anyOf = { "default:duration:tasks": "Item", "default:duration:jobs": "Job" };
  const anyName = ({ id }: { readonly id: string }): string =>
    (anyOf as Readonly<Record<string, string>>)[id] ?? "Later";
  const keys = assumptions.map((assumption) => assumption.key.replace("<name>", anyName(assumption)));
  expect([...keys].sort()).toEqual([
    "payloadKB",
    "states.Again.rounds",
    "states.Each.items",
    "states.Item.duration",
    "states.Job.duration",
    "states.Later.duration",
    "states.Sleep.duration",
    "states.Which.choices.Each",
    "states.Which.choices.Work",
    "states.Work.duration",
    "states.Work.errors.Boom",
    "states.Work.failureRate",
  ]);
  assumptions.forEach(({ unit }, i) => {
    const [said, value] = values[unit];
    const whole = written({ payloadKB: 1, states }, keys[i]!.split("."), said);
    const declared = estimated(definition, {}, whole).assumptions.find(({ key }) => key === keys[i]);
    expect(declared, keys[i]).toMatchObject({ unit, figure: { value, basis: "declared" } });
  });
});

test("nothing is said of a month where no executions are known", () => {
  const { byType } = estimated(chainOf([false]), {}, { logLevel: "ALL" });
  for (const type of TYPES) {
    const { monthly, monthlyCost, recordsPerMonth, recordsPerExecution, downstream } = byType[type].likely;
    expect({ monthly, monthlyCost, recordsPerMonth }).toEqual({
      monthly: null,
      monthlyCost: null,
      recordsPerMonth: null,
    });
    // Seven events of 500 bytes, and a Lambda request.
    expect(recordsPerExecution).toBeCloseTo((7 * 500 * 0.5) / 1e9, 14);
    expect(downstream.map(({ usageType, quantity }) => [usageType, quantity])).toEqual([
      ["Lambda-Request", 1],
      ["Logs-Ingest-GB", (7 * 500) / 1e9],
    ]);
  }
});

test("nothing is estimated of a machine whose StartAt names no state", () => {
  expect(estimated({ StartAt: "Nowhere", States: { A: { Type: "Succeed" } } }, {})).toBe(null);
});
