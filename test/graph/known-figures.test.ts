import fc from "fast-check";
import jsonata from "jsonata";
import { describe, expect, test } from "vitest";
import { meanOf } from "../../src/graph/distribution.ts";
import { profileExecution } from "../../src/graph/execution-profile.ts";
import { withKnownFigures } from "../../src/graph/known-figures.ts";
import { compileDefinition } from "../../src/scenario/compiled-definition.ts";
import { actOut } from "../../src/scenario/execution-trace.ts";
import type { Figure } from "../../src/workflow/figure.ts";
import { statesOf } from "../../src/workflow/state-identity.ts";
import { EMPTY_WORKLOAD, workloadOfState } from "../../src/workflow/workload/workload.ts";
import { type SaidOfState, contextOf, machineOf, workloadOf } from "./run-of.ts";

function parseJsonata(expression: string): unknown {
  try {
    return jsonata(expression).ast();
  } catch {
    return null;
  }
}

type Said = Readonly<Record<string, SaidOfState>>;

/** The figure of a Wait or Map named "It". */
function figureOfIt(States: object, said: Said = {}, StartAt = "Set"): Figure | null {
  const machine = machineOf({ StartAt, States });
  const it = statesOf(machine).find(({ name }) => name === "It")!;
  const { items, duration } = workloadOfState(withKnownFigures(machine, workloadOf(said), parseJsonata), it);
  return items ?? duration?.ms ?? null;
}

const done = { StartAt: "Done", States: { Done: { Type: "Succeed" } } };
const Map1 = { Type: "Map", ItemProcessor: done };
const Task = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };
const query = { QueryLanguage: "JSONata" };
const set = (fields: object, it: object, Next = "It") => ({
  Set: { Type: "Pass", ...fields, Next },
  It: { ...it, End: true },
});

describe("a Wait's seconds", () => {
  test.each<[what: string, fields: object, wait: object, ms: number | null]>([
    ["set by a Pass", { Result: { s: 30 } }, { SecondsPath: "$.s" }, 30_000],
    ["set by a Pass as its whole result", { Result: 30 }, { SecondsPath: "$" }, 30_000],
    ["behind an InputPath", { Result: { a: { s: 30 } } }, { InputPath: "$.a", SecondsPath: "$.s" }, 30_000],
    [
      "behind an InputPath that drops it",
      { Result: { s: 30 } },
      { InputPath: null, SecondsPath: "$.s" },
      null,
    ],
    ["in a variable", { Assign: { s: 30 } }, { SecondsPath: "$s" }, 30_000],
    ["in JSONata", { Assign: { s: 30 } }, { ...query, Seconds: "{% $s * 2 %}" }, 60_000],
    ["in JSONata, of the input", { Result: { s: 5 } }, { ...query, Seconds: "{% $states.input.s %}" }, 5_000],
    ["in JSONata, of nothing", {}, { ...query, Seconds: "{% 5 %}" }, 5_000],
    ["that are 0", { Result: { s: 0 } }, { SecondsPath: "$.s" }, 0],
    ["that AWS refuses as broken", { Result: { s: 1.5 } }, { SecondsPath: "$.s" }, null],
    ["that AWS refuses as negative", { Result: { s: -1 } }, { SecondsPath: "$.s" }, null],
    ["that AWS refuses as text", { Result: { s: "30" } }, { SecondsPath: "$.s" }, null],
    ["that are computed", { Parameters: { "s.$": "$.x" } }, { SecondsPath: "$.s" }, null],
    ["a literal in JSONPath", {}, { Seconds: 7 }, null],
    ["of a Timestamp", { Result: { s: "2030-01-01T00:00:00Z" } }, { TimestampPath: "$.s" }, null],
    ["with a predicate", { Assign: { s: { a: 3 } } }, { ...query, Seconds: "{% $s.a[1] %}" }, null],
    ["made a list of", { Assign: { s: { a: 3 } } }, { ...query, Seconds: "{% $s.a[] %}" }, null],
    ["grouped", { Assign: { s: 3 } }, { ...query, Seconds: '{% $s{"a": 1} %}' }, null],
  ])("%s", (_, fields, wait, ms) => {
    expect(figureOfIt(set(fields, { Type: "Wait", ...wait }))?.value ?? null).toBe(ms);
  });
});

describe("a Map's items", () => {
  test.each<[what: string, fields: object, map: object, items: number | null]>([
    ["set by a Pass", { Result: { l: [1, 2, 3] } }, { ItemsPath: "$.l" }, 3],
    ["as its whole result", { Result: [1, 2, 3] }, {}, 3],
    ["beside an ItemSelector", { Result: [1, 2] }, { ItemSelector: { "x.$": "$$.Map.Item.Value" } }, 2],
    ["behind an InputPath", { Result: { a: [1, 2] } }, { InputPath: "$.a" }, 2],
    ["in a variable", { Assign: { l: [1, 2] } }, { ItemsPath: "$l" }, 2],
    [
      "of a Distributed Map",
      { Result: [1, 2] },
      { ItemProcessor: { ...done, ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" } } },
      2,
    ],
    [
      "of an ItemReader",
      { Result: [1, 2] },
      { ItemReader: { Resource: "arn:aws:states:::s3:listObjectsV2" } },
      null,
    ],
    ["written as an expression", {}, { ...query, Items: "{% [1, 2, [3, 4]] %}" }, 3],
    ["written as a range", {}, { ...query, Items: "{% [1..5] %}" }, 5],
    ["written as a range without end", {}, { ...query, Items: "{% [1..$n] %}" }, null],
    ["in a JSONata variable", { Assign: { l: [7] } }, { ...query, Items: "{% $l %}" }, 1],
    ["in a list of lists", { Assign: { l: [7, 8] } }, { ...query, Items: "{% [$l, $l, 9] %}" }, 5],
    ["of the JSONata input", { Result: { l: [] } }, { ...query, Items: "{% $states.input.l %}" }, 0],
    ["that are the JSONata input", { Result: [1, 2] }, { ...query }, 2],
    ["written as a list", {}, { ...query, Items: [1, "{% $x %}"] }, 2],
    ["of an object", { Result: { l: { a: 1 } } }, { ItemsPath: "$.l" }, null],
    ["of text", { Result: "abc" }, {}, null],
  ])("%s", (_, fields, map, items) => {
    expect(figureOfIt(set(fields, { ...Map1, ...map }))?.value ?? null).toBe(items);
  });
});

describe("what is known reaches", () => {
  const It = { Type: "Wait", SecondsPath: "$.s", End: true };
  const Yes = { Type: "Pass", Result: { s: 5 }, Next: "It" };
  const fork = (No: object, rule: object = { Variable: "$.x", IsPresent: true }) => ({
    Set: { Type: "Choice", Choices: [{ ...rule, Next: "Yes" }], Default: "No" },
    Yes,
    No,
    It,
  });

  test("a state on which all ways agree, and only such a one", () => {
    expect(figureOfIt(fork({ Type: "Pass", Result: { s: 5 }, Next: "It" }))?.value).toBe(5_000);
    expect(figureOfIt(fork({ Type: "Pass", Result: { s: 6 }, Next: "It" }))).toBe(null);
    expect(figureOfIt(fork({ ...Task, Next: "It" }))).toBe(null);
  });

  test("past a way that a constant rules out, unless its shares are declared", () => {
    const rule = { Variable: "$n", NumericEquals: 1 };
    const { Set, ...states } = fork({ Type: "Pass", Result: { s: 6 }, Next: "It" }, rule);
    const all = { Init: { Type: "Pass", Assign: { n: 1 }, Next: "Set" }, Set, ...states };
    expect(figureOfIt(all, {}, "Init")?.value).toBe(5_000);
    expect(figureOfIt(all, { Set: { choices: { Yes: 0.5, No: 0.5 } } }, "Init")).toBe(null);
  });

  test("no state in a loop that changes it", () => {
    const loop = (again: object) => ({
      Set: { Type: "Pass", Assign: { s: 1 }, Next: "It" },
      It: { Type: "Wait", SecondsPath: "$s", Next: "More" },
      More: {
        Type: "Choice",
        Choices: [{ Variable: "$.x", IsPresent: true, Next: "Again" }],
        Default: "Out",
      },
      Again: { Type: "Pass", ...again, Next: "It" },
      Out: { Type: "Succeed" },
    });
    expect(figureOfIt(loop({ Assign: { "s.$": "States.MathAdd($s, 1)" } }))).toBe(null);
    expect(figureOfIt(loop({}))?.value).toBe(1_000);
  });

  test("a state behind a Catcher that keeps it", () => {
    const caught = (ResultPath: string) =>
      figureOfIt({
        Set: { Type: "Pass", Result: { s: 5 }, Next: "Work" },
        Work: { ...Task, Catch: [{ ErrorEquals: ["States.ALL"], ResultPath, Next: "It" }], End: true },
        It,
      });
    expect(caught("$.error")?.value).toBe(5_000);
    expect(caught("$.s")).toBe(null);
  });

  test.each<[what: string, state: object, wait: string, ms: number | null]>([
    ["a branch, with the input", { Type: "Parallel" }, "$.s", 5_000],
    ["a branch, with its Parameters", { Type: "Parallel", Parameters: { "t.$": "$.s" } }, "$.t", 5_000],
    ["no branch whose Parameters leave it out", { Type: "Parallel", Parameters: { t: 1 } }, "$.s", null],
    ["a branch, in a variable", { Type: "Parallel" }, "$v", 7_000],
    ["an item's states, in a variable", { Type: "Map", ItemsPath: "$.l" }, "$v", 7_000],
    ["no item's states with the input", { Type: "Map", ItemsPath: "$.l" }, "$.s", null],
    ["no child execution", { Type: "Map", ItemsPath: "$.l", far: true }, "$v", null],
  ])("%s", (_, { far, ...state }: { far?: boolean; Type?: string }, SecondsPath, ms) => {
    const scope = { StartAt: "It", States: { It: { ...It, SecondsPath } } };
    const config = far === true ? { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" } } : {};
    const inside = state.Type === "Map" ? { ItemProcessor: { ...scope, ...config } } : { Branches: [scope] };
    const Set = { Type: "Pass", Result: { s: 5, l: [1] }, Assign: { v: 7 }, Next: "Outer" };
    expect(figureOfIt({ Set, Outer: { ...state, ...inside, End: true } })?.value ?? null).toBe(ms);
  });
});

test("an execution is counted with what is known, and with what was said over it", () => {
  const definition = {
    StartAt: "Set",
    States: {
      Set: { Type: "Pass", Result: { s: 30, l: [1, 2, 3] }, Next: "Wait" },
      Wait: { Type: "Wait", SecondsPath: "$.s", Next: "Map" },
      Map: { ...Map1, ItemsPath: "$.l", End: true },
    },
  };
  const counted = (said: Said) => {
    const asked: string[] = [];
    const stand = ({ figure }: { figure: Figure }) => {
      asked.push(figure.basis);
      return figure.value;
    };
    const profile = profileExecution(machineOf(definition), contextOf(workloadOf(said), stand))!;
    return [meanOf(profile.durationMs), meanOf(profile.transitions), asked.sort().join()];
  };
  expect(counted({})).toEqual([30_000, 6, "inferred,inferred"]);
  expect(counted({ Wait: { ms: 10 }, Map: { items: 5 } })).toEqual([10, 8, "declared,declared"]);
});

test("a value that every round wraps again is given up", () => {
  const States = {
    Set: { Type: "Pass", Assign: { l: [1] }, Next: "It" },
    It: { ...Map1, ItemsPath: "$l", Next: "Wrap" },
    Wrap: { Type: "Pass", Assign: { "l.$": "States.Array($l, $l)" }, Next: "It" },
  };
  expect(figureOfIt(States)).toBe(null);
});

test("so much that it would be carried from state to state at a price is given up", () => {
  const part = Array.from({ length: 700 }, (_, i) => i);
  const known = (count: number) => {
    const kept = Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, part]));
    return figureOfIt(set({ Result: [1, 2], Assign: kept }, Map1))?.value ?? null;
  };
  expect([known(4), known(5)]).toEqual([2, null]);
});

const path = fc.constantFrom("$.a", "$.b", "$", "$n", "$l", "$m");
const expression = fc.constantFrom(
  ...["$n", "$l", "$m", "$n + 1", "[$n]", "[$l, 4]", "[[1, 2], $n]", "[0..$n]", "$states.input"],
  ...["$states.input.a", "$states.input.b", "$l[0]", "$l[]", "$n > 1 ? $l : $n", "$states.input.a.b"],
);
const value = fc.constantFrom<unknown>(
  0,
  1,
  2,
  3,
  [1],
  [],
  [1, 2, 3],
  [[1], 2],
  { b: 2 },
  { b: [1, 2] },
  "x",
);
const place = fc.constantFrom<object>({}, { ResultPath: "$.a" }, { ResultPath: null }, { OutputPath: "$.a" });
const selection = fc.constantFrom<object>({}, {}, { InputPath: "$.a" });
const wait = fc.oneof(
  fc.tuple(path, selection).map(([SecondsPath, of]) => ({ Type: "Wait", SecondsPath, ...of })),
  expression.map((text) => ({ Type: "Wait", ...query, Seconds: `{% ${text} %}` })),
);
const inner = (own: object, name: string) => ({ StartAt: name, States: { [name]: { ...own, End: true } } });
const step = fc.oneof(
  fc.tuple(value, place, selection).map(([Result, ...of]) => Object.assign({ Type: "Pass", Result }, ...of)),
  fc.tuple(path, place).map(([from, of]) => ({ Type: "Pass", Parameters: { "a.$": from, b: 2 }, ...of })),
  fc
    .tuple(fc.constantFrom("n", "l", "m"), value)
    .map(([name, set]) => ({ Type: "Pass", Assign: { [name]: set } })),
  fc
    .tuple(fc.constantFrom("n", "l"), path)
    .map(([name, of]) => ({ Type: "Pass", Assign: { [`${name}.$`]: of } })),
  fc.tuple(expression, expression).map(([a, n]) => ({
    ...query,
    Type: "Pass",
    Output: { a: `{% ${a} %}` },
    Assign: { n: `{% ${n} %}` },
  })),
  expression.map((text) => ({ ...query, Type: "Pass", Output: `{% ${text} %}` })),
  wait,
  wait,
  fc.tuple(path, selection).map(([ItemsPath, of]) => ({ Type: "Map", ItemsPath, ...of })),
  expression.map((text) => ({ ...query, Type: "Map", Items: `{% ${text} %}` })),
  fc.constant({ Type: "Map" }),
  fc
    .constantFrom<object>({}, { Parameters: { "a.$": "$.b", b: 1 } })
    .map((of) => ({ Type: "Parallel", ...of })),
  fc.constant({ Type: "Choice" }),
);
const machines = fc
  .array(fc.tuple(step, wait, fc.constantFrom(1, 2, 3, 2, 3, -1)), { minLength: 2, maxLength: 8 })
  .map((steps) => {
    const nameOf = (index: number) => (index >= steps.length ? "End" : `S${Math.max(0, index)}`);
    const Init = { Type: "Pass", Result: { a: 1, b: [1, 2] }, Assign: { n: 2, l: [1, 2], m: 3 }, Next: "S0" };
    const states = steps.map(([own, within, far], i): [string, object] => {
      const Next = nameOf(i + 1);
      const at = { ...own, Next };
      const on = { ResultPath: null, Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next }] };
      const language = Object.hasOwn(own, "QueryLanguage");
      if (own.Type === "Map")
        return [nameOf(i), { ...at, ...(language ? {} : on), ItemProcessor: inner(within, `In${i}`) }];
      if (own.Type === "Parallel") return [nameOf(i), { ...at, ...on, Branches: [inner(within, `In${i}`)] }];
      if (own.Type !== "Choice") return [nameOf(i), at];
      // It counts, so that few loops run to the limit of history.
      const Assign = { "n.$": "States.MathAdd($n, 1)" };
      const Choices = [{ Variable: "$n", NumericEquals: 2, Assign, Next: nameOf(i + far) }];
      return [nameOf(i), { Type: "Choice", Choices, Default: Next }];
    });
    return {
      StartAt: "Init",
      States: Object.fromEntries([["Init", Init], ["End", { Type: "Succeed" }], ...states]),
    };
  });

test("whatever is known is what is acted out", async () => {
  const compared = { waits: 0, items: 0 };
  await fc.assert(
    fc.asyncProperty(machines, async (definition) => {
      const machine = machineOf(definition);
      const known = withKnownFigures(machine, EMPTY_WORKLOAD, parseJsonata);
      const tally = (await actOut(compileDefinition(definition), { input: {} })).tally();
      for (const state of statesOf(machine)) {
        const { duration, items } = workloadOfState(known, state);
        const seen = tally.get(state.pointer);
        if (seen === undefined) continue;
        if (duration !== null && seen.waitMs.count > 0) {
          compared.waits++;
          expect([seen.waitMs.low, seen.waitMs.high]).toEqual([duration.ms.value, duration.ms.value]);
        }
        if (items !== null && seen.left === seen.entered) {
          compared.items++;
          expect(seen.iterations).toBe(items.value * seen.left);
        }
      }
    }),
    { numRuns: 600, interruptAfterTimeLimit: 4_000 },
  );
  expect(compared.waits).toBeGreaterThan(10);
  expect(compared.items).toBeGreaterThan(0);
}, 20_000);
