import fc from "fast-check";
import jsonata from "jsonata";
import { describe, expect, test } from "vitest";
import { meanOf } from "../../src/graph/distribution.ts";
import { type ExecutionProfile, profileExecution } from "../../src/graph/execution-profile.ts";
import type { SituationGraph } from "../../src/graph/situation-graph.ts";
import { traceExecution } from "../../src/scenario/execution-trace.ts";
import { contextOf, machineOf, profileOf, workloadOf } from "./run-of.ts";

function parseJsonata(expression: string): unknown {
  try {
    return jsonata(expression).ast();
  } catch {
    return null;
  }
}

function profiled(definition: unknown): ExecutionProfile {
  return profileExecution(machineOf(definition), { ...contextOf(workloadOf({})), parseJsonata })!;
}

function visitsOf(profile: ExecutionProfile): Record<string, number> {
  return Object.fromEntries(profile.states.map(({ state, visits }) => [state.name, visits]));
}

const Left = { Type: "Pass", End: true };
const Right = { Type: "Pass", End: true };
const tested = (Test: object, States: object, StartAt = "Set") => ({
  StartAt,
  States: {
    Test: { Type: "Choice", Choices: [{ Next: "Left", ...Test }], Default: "Right" },
    Left,
    Right,
    ...States,
  },
});

describe("a Choice on a constant", () => {
  const set = (fields: object) => ({ Set: { Type: "Pass", ...fields, Next: "Test" } });

  test("set by a Pass is decided", () => {
    const definition = tested({ Variable: "$.go", BooleanEquals: true }, set({ Result: { go: true } }));
    expect(visitsOf(profiled(definition))).toMatchObject({ Left: 1, Right: 0 });
  });

  test("that differs on two ways is decided on each", () => {
    const definition = tested(
      { Variable: "$.go", BooleanEquals: true },
      {
        Fork: { Type: "Choice", Choices: [{ Variable: "$.x", IsPresent: true, Next: "Yes" }], Default: "No" },
        Yes: { Type: "Pass", Result: true, ResultPath: "$.go", Next: "Test" },
        No: { Type: "Pass", Result: false, ResultPath: "$.go", Next: "Test" },
      },
      "Fork",
    );
    const profile = profileExecution(
      machineOf(definition),
      contextOf(workloadOf({ Fork: { choices: { Yes: 0.3 } } })),
    )!;
    expect(visitsOf(profile)["Left"]).toBeCloseTo(0.3, 12);
  });

  test("that is computed from what differed on two ways is decided on each", () => {
    const definition = tested(
      { Variable: "$b", NumericEquals: 1 },
      {
        Fork: {
          Type: "Choice",
          Choices: [{ Variable: "$.x", IsPresent: true, Next: "One" }],
          Default: "Two",
        },
        One: { Type: "Pass", Assign: { a: 1 }, Next: "Copy" },
        Two: { Type: "Pass", Assign: { a: 2 }, Next: "Copy" },
        Copy: { Type: "Pass", Assign: { "b.$": "$a" }, Next: "Test" },
      },
      "Fork",
    );
    const profile = profileExecution(
      machineOf(definition),
      contextOf(workloadOf({ Fork: { choices: { One: 0.3 } } })),
    )!;
    expect(visitsOf(profile)["Left"]).toBeCloseTo(0.3, 12);
  });

  test("below zero is decided where JSONata turns its sign", () => {
    const definition = {
      ...tested({ Condition: "{% -$a < 0 %}" }, set({ Assign: { a: 1 } })),
      QueryLanguage: "JSONata",
    };
    expect(visitsOf(profiled(definition))).toMatchObject({ Left: 1, Right: 0 });
  });

  test("is open when the whole input may be text", () => {
    const definition = tested(
      { Variable: "$", StringEquals: "go" },
      {
        ...set({ Result: "go" }),
        Left: {
          Type: "Choice",
          Choices: [{ Variable: "$.y", IsPresent: true, Next: "Right" }],
          Default: "Right",
        },
      },
    );
    expect(visitsOf(profiled(definition))["Left"]).toBe(0.5);
  });

  test("is open when its Assign read a Task's result", () => {
    const definition = tested(
      { Variable: "$n", NumericEquals: 1 },
      {
        Set: { Type: "Pass", Result: { n: 1 }, Next: "Work" },
        Work: {
          Type: "Task",
          Resource: "arn:aws:states:::lambda:invoke",
          Assign: { "n.$": "$.n" },
          Next: "Test",
        },
      },
    );
    expect(visitsOf(profiled(definition))["Left"]).toBe(0.5);
  });

  test("is decided by what a Pass made of its input, for its Assign reads the result", () => {
    const definition = tested(
      { Variable: "$n", NumericEquals: 1 },
      { Set: { Type: "Pass", Parameters: { a: 1 }, Assign: { "n.$": "$.a" }, Next: "Test" } },
    );
    expect(visitsOf(profiled(definition))["Left"]).toBe(1);
  });

  test("is open when two Catchers lead here with different Assigns", () => {
    const definition = tested(
      { Variable: "$n", NumericEquals: 1 },
      {
        Set: {
          Type: "Task",
          Resource: "arn:aws:states:::lambda:invoke",
          Catch: [
            { ErrorEquals: ["A"], Assign: { n: 1 }, Next: "Test" },
            { ErrorEquals: ["B"], Assign: { n: 2 }, Next: "Test" },
          ],
          End: true,
        },
      },
    );
    const said = workloadOf({ Set: { errors: { A: 0.5, B: 0.5 } } });
    expect(visitsOf(profileExecution(machineOf(definition), contextOf(said))!)["Left"]).toBe(0.5);
  });

  test("is open when two rules lead here with different Assigns", () => {
    const definition = tested(
      { Variable: "$n", NumericEquals: 1 },
      {
        Fork: {
          Type: "Choice",
          Choices: [
            { Variable: "$.x", NumericEquals: 1, Assign: { n: 1, m: 7 }, Next: "Test" },
            { Variable: "$.x", NumericEquals: 2, Assign: { n: 2, m: 7 }, Next: "Test" },
          ],
          Default: "Right",
        },
      },
      "Fork",
    );
    const profile = profileExecution(
      machineOf(definition),
      contextOf(workloadOf({ Fork: { choices: { Test: 1 } } })),
    )!;
    expect(visitsOf(profile)["Left"]).toBe(0.5);
  });

  test("follows the Output of a JSONata rule", () => {
    const definition = {
      QueryLanguage: "JSONata",
      ...tested(
        { Condition: "{% $states.input.n = 1 %}" },
        {
          Set: { Type: "Pass", Output: { n: 1 }, Next: "Fork" },
          Fork: {
            Type: "Choice",
            Choices: [{ Condition: "{% $states.input.n = 1 %}", Output: { n: 2 }, Next: "Test" }],
            Default: "Right",
          },
        },
      ),
    };
    expect(visitsOf(profiled(definition))).toMatchObject({ Left: 0, Right: 1 });
  });
});

const failing = { Work: { errors: { A: 1 } } };
const Task = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };
const branch = { StartAt: "In", States: { In: { Type: "Pass", End: true } } };
const go = { Variable: "$.go", BooleanEquals: true };
const catching = (fields: object) => ({
  Set: { Type: "Pass", Result: { go: true }, Assign: { n: 1 }, Next: "Work" },
  Work: { ...Task, Catch: [{ ErrorEquals: ["A"], Next: "Test", ...fields }], End: true },
});
const through = (state: object) => ({
  Set: { Type: "Pass", Result: { go: true, a: { go: true, n: 1 } }, Assign: { n: 1 }, Next: "Work" },
  Work: { ...state, Next: "Test" },
});
const n = { Variable: "$n", NumericEquals: 1 };

describe("what is known goes", () => {
  test.each<[what: string, test: object, states: object, left: number]>([
    [
      "into a Choice by its InputPath",
      { Variable: "$.go", BooleanEquals: true, InputPath: "$.a" },
      through(Task),
      0.5,
    ],
    ["through a Wait", go, through({ Type: "Wait", Seconds: 1 }), 1],
    ["through a Wait's OutputPath", n, through({ Type: "Wait", Seconds: 1, OutputPath: "$.a" }), 1],
    [
      "no further where OutputPath leads nowhere",
      go,
      through({ Type: "Wait", Seconds: 1, OutputPath: "$.b" }),
      0.5,
    ],
    ["no further where OutputPath is null", go, through({ Type: "Wait", Seconds: 1, OutputPath: null }), 0.5],
    ["through a Pass without fields", go, through({ Type: "Pass" }), 1],
    ["past a Task whose result is dropped", go, through({ ...Task, ResultPath: null }), 1],
    ["past a Task whose result is put aside", go, through({ ...Task, ResultPath: "$.a" }), 1],
    ["no further where a Task's result may lie over it", go, through({ ...Task, ResultPath: "$.go" }), 0.5],
    ["no further than a Task", go, through(Task), 0.5],
    ["past it in variables", n, through(Task), 1],
    ["no further than a Task's own Assign", n, through({ ...Task, Assign: { "n.$": "$.a.n" } }), 0.5],
    [
      "no further than a Parallel's own Assign",
      n,
      through({ Type: "Parallel", Branches: [branch], Assign: { "n.$": "$.a.n" } }),
      0.5,
    ],
    [
      "no further than a Map's own Assign",
      n,
      through({ Type: "Map", ItemProcessor: branch, Assign: { "n.$": "$.a.n" } }),
      0.5,
    ],
    ["into a Wait's Assign", n, through({ Type: "Wait", Seconds: 1, Assign: { "n.$": "$.a.n" } }), 1],
    ["through a JSONata Pass", go, through({ Type: "Pass", QueryLanguage: "JSONata" }), 1],
    ["through a JSONata Wait", go, through({ Type: "Wait", Seconds: 1, QueryLanguage: "JSONata" }), 1],
    ["no further than a JSONata Task", go, through({ ...Task, QueryLanguage: "JSONata" }), 0.5],
    [
      "into a JSONata Output",
      go,
      through({ ...Task, QueryLanguage: "JSONata", Output: { go: "{% $states.input.a.go %}" } }),
      1,
    ],
    [
      "no further where a JSONata Output is no object",
      go,
      through({ Type: "Pass", QueryLanguage: "JSONata", Output: 5 }),
      0.5,
    ],
  ])("%s", (_, test, states, left) => {
    expect(visitsOf(profiled(tested(test, states)))["Left"]).toBe(left);
  });

  test.each<[what: string, before: object, choice: object, left: number]>([
    ["into a Choice by its InputPath", {}, { InputPath: "$.a" }, 1],
    ["no further where that is null", {}, { InputPath: null }, 0.5],
    ["no further where it leads nowhere", {}, { InputPath: "$.b" }, 0.5],
    ["into it whole, where it is an object and not true", {}, { InputPath: "$" }, 0],
    ["through a Wait's OutputPath", { Type: "Wait", Seconds: 1, OutputPath: "$.a" }, {}, 1],
    ["through a Pass's InputPath", { Type: "Pass", InputPath: "$.a" }, {}, 1],
    ["through a Pass's OutputPath", { Type: "Pass", OutputPath: "$.a" }, {}, 1],
  ])("%s", (_, before, choice, left) => {
    const set = { Type: "Pass", Result: { a: { a: true } }, Next: "Before" };
    const definition = tested(
      { Variable: "$.a", BooleanEquals: true },
      {
        Set: set,
        Before: { Type: "Pass", ...before, Next: "Test" },
      },
    );
    const States = { ...definition.States, Test: { ...definition.States.Test, ...choice } };
    expect(visitsOf(profiled({ ...definition, States }))["Left"]).toBe(left);
  });

  test.each<[what: string, test: object, states: object, left: number]>([
    ["not into what a Catcher hands on", go, catching({}), 0.5],
    ["past an error that is put aside", go, catching({ ResultPath: "$.error" }), 1],
    ["no further where the error may lie over it", go, catching({ ResultPath: "$.go" }), 0.5],
    ["past an error that is dropped", go, catching({ ResultPath: null }), 1],
    ["past it in variables", n, catching({}), 1],
    ["into a Catcher's own Assign", n, catching({ Assign: { n: 1 } }), 1],
    ["no further than an Assign of the error", n, catching({ Assign: { "n.$": "$.Error" } }), 0.5],
    ["no further than an Assign of what the input had", n, catching({ Assign: { "n.$": "$.go" } }), 0.5],
  ])("%s", (_, test, states, left) => {
    const profile = profileExecution(machineOf(tested(test, states)), contextOf(workloadOf(failing)))!;
    expect(visitsOf(profile)["Left"]).toBe(left);
  });

  test("by rules and Catchers that compute it", () => {
    const fork = (rule: object) => ({
      Set: { Type: "Pass", Assign: { a: 1 }, Next: "Fork" },
      Fork: {
        Type: "Choice",
        Choices: [{ Variable: "$.x", IsPresent: true, ...rule, Next: "Test" }],
        Default: "Right",
      },
    });
    const b = { Variable: "$b", NumericEquals: 1 };
    const byRule = tested(b, fork({ Assign: { "b.$": "$a" } }));
    expect(visitsOf(profiled(byRule))["Left"]).toBe(0.5);
    expect(visitsOf(profiled(byRule))["Right"]).toBe(0.5);
    const query = {
      QueryLanguage: "JSONata",
      Catch: [{ ErrorEquals: ["A"], Assign: { b: "{% $a %}" }, Next: "Test" }],
    };
    const byCatcher = tested(b, {
      Set: { Type: "Pass", Assign: { a: 1 }, Next: "Work" },
      Work: { ...Task, ...query, End: true },
    });
    const context = { ...contextOf(workloadOf(failing)), parseJsonata };
    expect(visitsOf(profileExecution(machineOf(byCatcher), context)!)["Left"]).toBe(1);
  });

  test("into what is put aside, from where it was computed", () => {
    const definition = tested(
      { Variable: "$.o.n", NumericEquals: 1 },
      {
        Set: { Type: "Pass", Assign: { a: 1 }, Next: "Copy" },
        Copy: { Type: "Pass", Parameters: { "n.$": "$a" }, ResultPath: "$.o", Next: "Test" },
      },
    );
    expect(visitsOf(profiled(definition))["Left"]).toBe(1);
  });

  test("by any number of names", () => {
    const names = Array.from({ length: 70 }, (_, i) => `v${i}`);
    const all = { And: names.map((name) => ({ Variable: `$${name}`, NumericEquals: 1 })) };
    const Assign = Object.fromEntries(names.map((name) => [name, 1]));
    expect(visitsOf(profiled(tested(all, { Set: { Type: "Pass", Assign, Next: "Test" } })))["Left"]).toBe(1);
  });

  test("on two ways as far as both agree, within objects too", () => {
    const assign = (Assign: object) => ({ Variable: "$.x", NumericEquals: 1, Assign, Next: "Test" });
    const known = { o: { same: 1, other: 2 }, n: 1 };
    const rules = [assign(known), assign({ ...known, o: { same: 1, other: 3 } })];
    const fork = { Fork: { Type: "Choice", Choices: rules, Default: "Right" } };
    const leftOf = (test: object) => {
      const shares = workloadOf({ Fork: { choices: { Test: 1 } } });
      return visitsOf(profileExecution(machineOf(tested(test, fork, "Fork")), contextOf(shares))!)["Left"];
    };
    expect(leftOf({ Variable: "$o.same", NumericEquals: 1 })).toBe(1);
    expect(leftOf({ Variable: "$o.other", NumericEquals: 2 })).toBe(0.5);
    expect(leftOf(n)).toBe(1);
  });
});

test.each([
  ["1.6, 1", 3],
  ["1.4, 1", 2],
  ["1, 1.6", 3],
  ["-1.6, 1", -1],
])("States.MathAdd(%s) rounds what it adds: %d", (args, sum) => {
  const definition = tested(
    { Variable: "$n", NumericEquals: sum },
    { Set: { Type: "Pass", Assign: { "n.$": `States.MathAdd(${args})` }, Next: "Test" } },
  );
  expect(visitsOf(profiled(definition))).toMatchObject({ Left: 1, Right: 0 });
});

describe("a condition of which a part is not known", () => {
  test.each([
    ["$go or $states.input.x", false, "open"],
    ["$states.input.x or $go", false, "open"],
    ["$go or $states.input.x", true, "Left"],
    ["$states.input.x or $go", true, "Left"],
    ["$go and $states.input.x", true, "open"],
    ["$states.input.x and $go", true, "open"],
    ["$go and $states.input.x", false, "Right"],
    ["$states.input.x and $go", false, "Right"],
  ])("%s, with %s, is %s", (condition, go, answer) => {
    const profile = profiled({
      QueryLanguage: "JSONata",
      ...tested({ Condition: `{% ${condition} %}` }, { Set: { Type: "Pass", Assign: { go }, Next: "Test" } }),
    });
    const { Left: left = 0, Right: right = 0 } = visitsOf(profile);
    expect(left + right).toBeCloseTo(1, 12);
    expect(left > 0 && right > 0 ? "open" : left > 0 ? "Left" : "Right").toBe(answer);
  });
});

describe("a counted loop", () => {
  const counters: Record<string, { first: object; again: object; test: object }> = {
    "by States.MathAdd in the input": {
      first: { Result: { n: 0 }, ResultPath: "$.count" },
      again: { Parameters: { "n.$": "States.MathAdd($.count.n, 1)" }, ResultPath: "$.count" },
      test: { Variable: "$.count.n", NumericLessThan: 7 },
    },
    "by a JSONPath variable": {
      first: { Assign: { n: 0 } },
      again: { Assign: { "n.$": "States.MathAdd($n, 1)" } },
      test: { Variable: "$n", NumericLessThan: 7 },
    },
    "by a JSONata variable": {
      first: { QueryLanguage: "JSONata", Assign: { n: 0 } },
      again: { QueryLanguage: "JSONata", Assign: { n: "{% $n + 1 %}" } },
      test: { QueryLanguage: "JSONata", Condition: "{% $n < 7 %}" },
    },
    backwards: {
      first: { Assign: { n: 7 } },
      again: { Assign: { "n.$": "States.MathAdd($n, -1)" } },
      test: { Variable: "$n", NumericGreaterThan: 0 },
    },
  };
  for (const [name, { first, again, test: condition }] of Object.entries(counters)) {
    test(`${name} takes its rounds exactly`, () => {
      const { QueryLanguage, ...rule } = condition as { QueryLanguage?: string };
      const profile = profiled({
        StartAt: "First",
        States: {
          First: { Type: "Pass", ...first, Next: "Work" },
          Work: {
            Type: "Task",
            Resource: "arn:aws:states:::lambda:invoke",
            ...(QueryLanguage === undefined ? { ResultPath: null } : {}),
            Next: "Again",
          },
          Again: { Type: "Pass", ...again, Next: "More" },
          More: {
            Type: "Choice",
            ...(QueryLanguage === undefined ? {} : { QueryLanguage }),
            Choices: [{ ...rule, Next: "Work" }],
            Default: "Out",
          },
          Out: { Type: "Succeed" },
        },
      });
      expect([...profile.transitions.values]).toEqual([1 + 7 * 3 + 1]);
    });
  }
});

/** The way a trace went, followed through the situations; null, or where it could not be followed. */
function strayed(
  { situations }: SituationGraph,
  nodes: readonly { name: string }[],
  entered: readonly string[],
): string | null {
  let at = situations[0]!;
  for (const name of entered.slice(1)) {
    const way = at.ways.find(({ to }) => to >= 0 && nodes[situations[to]!.state]!.name === name);
    if (way === undefined) return `${nodes[at.state]!.name} → ${name}`;
    at = situations[way.to]!;
  }
  return null;
}

const value = fc.constantFrom<unknown>(0, 1, 2, 1.6, -0.4, true, false, "go", null, { n: 1 }, { n: 0 }, [1]);
const path = fc.constantFrom("$.a", "$.b", "$.a.n", "$n", "$m", "$", "$n.n", "$['a']");
const computed = fc.oneof(
  path,
  path.map((of) => `States.MathAdd(${of}, 1)`),
  fc.constant("States.ArrayGetItem($.a, 0)"),
);
const place = fc.constantFrom<object>(
  {},
  { ResultPath: "$.a" },
  { ResultPath: "$.a.n" },
  { ResultPath: null },
  { ResultPath: "$" },
);
const frame = fc.constantFrom<object>(
  {},
  {},
  { InputPath: "$.a" },
  { OutputPath: "$.a" },
  { InputPath: null },
);
const pathAssign = fc.oneof(
  fc.constant({}),
  fc.record({ n: value }).map((Assign) => ({ Assign })),
  fc.record({ "n.$": computed }).map((Assign) => ({ Assign })),
  fc.record({ m: value, "n.$": computed }).map((Assign) => ({ Assign })),
);
const query = fc.constantFrom(
  "$n + 1",
  "$states.input.a",
  "$states.input",
  "$n",
  "$m = $n",
  "-$n",
  "$n < 2 ? 1 : 2",
  "$states.input.a.n",
);
const templated = fc.oneof(
  value,
  query.map((text) => `{% ${text} %}`),
);
const queryParts = fc.oneof(
  fc.constant({}),
  fc.record({ Assign: fc.record({ n: templated }) }),
  fc.record({ Output: fc.record({ a: templated }) }),
  fc.record({ Output: templated, Assign: fc.record({ m: templated, n: templated }) }),
);
const test1 = fc
  .record({
    Variable: path,
    by: fc.constantFrom<readonly [string, unknown]>(
      ["NumericEquals", 1],
      ["NumericLessThan", 3],
      ["BooleanEquals", true],
      ["StringEquals", "go"],
      ["IsPresent", true],
      ["NumericEqualsPath", "$.b"],
      ["StringGreaterThan", "a"],
    ),
    wrap: fc.constantFrom("", "Not", "And", "Or"),
  })
  .map(({ Variable, by: [operator, operand], wrap }) => {
    const rule = { Variable, [operator]: operand };
    if (wrap === "Not") return { Not: rule };
    return wrap === "" ? rule : { [wrap]: [rule, { Variable: "$n", NumericEquals: 1 }] };
  });
const condition = fc.constantFrom(
  "$n < 3",
  "$n = 1",
  "$m = true",
  "$states.input.a = 1",
  "$states.input.a.n = 1 or $n = 2",
  "$states.input = 1",
  "$exists($n)",
);
const pathState = fc.oneof(
  fc
    .record({ result: fc.record({ Result: value }), place, frame, pathAssign })
    .map((of) => ({ Type: "Pass", ...of.result, ...of.place, ...of.frame, ...of.pathAssign })),
  fc
    .record({ Parameters: fc.record({ "n.$": computed, k: value }), place, pathAssign })
    .map((of) => ({ Type: "Pass", Parameters: of.Parameters, ...of.place, ...of.pathAssign })),
  fc.record({ place, frame, pathAssign, catches: fc.array(pathAssign, { maxLength: 2 }) }).map((of) => ({
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    ...of.place,
    ...of.frame,
    ...of.pathAssign,
    catches: of.catches,
  })),
  fc
    .record({
      rules: fc.array(fc.tuple(test1, pathAssign), { minLength: 1, maxLength: 2 }),
      frame,
      pathAssign,
    })
    .map((of) => ({
      Type: "Choice",
      rules: of.rules.map(([rule, assign]) => ({ ...rule, ...assign })),
      ...of.frame,
      ...of.pathAssign,
    })),
);
const queryState = fc.oneof(
  queryParts.map((parts) => ({ Type: "Pass", QueryLanguage: "JSONata", ...parts })),
  fc
    .record({ rules: fc.array(fc.tuple(condition, queryParts), { minLength: 1, maxLength: 2 }), queryParts })
    .map((of) => ({
      Type: "Choice",
      QueryLanguage: "JSONata",
      rules: of.rules.map(([text, parts]) => ({ Condition: `{% ${text} %}`, ...parts })),
      ...of.queryParts,
    })),
);
const machines = fc
  .array(
    fc.tuple(
      fc.oneof(pathState, queryState),
      fc.constantFrom(1, 2, 2, 3, 3, 1, 0, -1, -2),
      fc.constantFrom(1, 2, 3, 1, 2, 3, 4, -1),
    ),
    { minLength: 2, maxLength: 7 },
  )
  .map((states) => {
    const name = (index: number): string => (index >= states.length ? "End" : `S${Math.max(0, index)}`);
    const States: Record<string, object> = {
      Init: { Type: "Pass", Assign: { n: 0, m: true }, Next: "S0" },
      End: { Type: "Succeed" },
    };
    states.forEach(([state, far, near], index) => {
      const { rules, catches, ...rest } = state as { rules?: object[]; catches?: object[]; Type: string };
      const Next = name(index + 1);
      if (rules !== undefined)
        States[name(index)] = {
          ...rest,
          Choices: rules.map((rule, i) => ({ ...rule, Next: name(index + (i === 0 ? far : near)) })),
          Default: Next,
        };
      else
        States[name(index)] = {
          ...rest,
          Next,
          ...(catches === undefined
            ? {}
            : {
                Catch: catches.map((parts, i) => ({
                  ErrorEquals: [i === 0 ? "A" : "States.ALL"],
                  ...parts,
                  Next: name(index + 2),
                })),
              }),
        };
    });
    return { StartAt: "Init", States };
  });

/** Loops that the counters never end run to the limit of history, hence the limit of time. */
test("what is acted out is never ruled out", async () => {
  await fc.assert(
    fc.asyncProperty(
      machines,
      value,
      value,
      fc.constantFrom("A", "B", null),
      async (definition, a, b, error) => {
        const { run } = profiled(definition);
        const outcome = error === null ? { output: a } : { error };
        const tasks = Object.entries(definition.States).filter(
          ([, state]) => (state as { Type: string }).Type === "Task",
        );
        const results = Object.fromEntries(tasks.map(([name]) => [name, outcome]));
        const { entered } = await traceExecution(definition, { input: { a, b }, results });
        expect(
          strayed(
            run.unrolled,
            run.graph.nodes,
            entered.slice(0, 300).map(({ name }) => name),
          ),
        ).toBe(null);
      },
    ),
    { numRuns: 400, interruptAfterTimeLimit: 4_000 },
  );
});

test("a value that every round wraps again is given up before it overflows", () => {
  const { run } = profiled({
    StartAt: "First",
    States: {
      First: { Type: "Pass", Assign: { n: 0 }, Next: "Wrap" },
      Wrap: {
        Type: "Pass",
        QueryLanguage: "JSONata",
        Assign: { n: { a: "{% $n %}", b: "{% $n %}" } },
        Next: "Done",
      },
      Done: {
        Type: "Choice",
        Choices: [
          { Variable: "$n", NumericEquals: 1, Next: "First" },
          { Variable: "$.x", IsPresent: true, Next: "Out" },
        ],
        Default: "Wrap",
      },
      Out: { Type: "Succeed" },
    },
  });
  expect(run.unrolled.complete).toBe(true);
});

test("where all is unknown, unrolling changes no mean", () => {
  const shares = { Test: { choices: { Left: 0.25 } } };
  const plain = tested(
    { Variable: "$.x", IsPresent: true },
    { Set: { Type: "Wait", Seconds: 1, Next: "Test" } },
  );
  const assigned = tested(
    { Variable: "$n", NumericEquals: 1 },
    { Set: { Type: "Pass", Assign: { "n.$": "$.n" }, Next: "Test" } },
  );
  expect(meanOf(profileOf(assigned, shares).transitions)).toBe(meanOf(profileOf(plain, shares).transitions));
});

test("past twenty thousand situations, rounds are shares, and that is told", () => {
  const definition = {
    StartAt: "Work",
    States: {
      Work: { ...Task, Next: "Again?" },
      "Again?": {
        Type: "Choice",
        Choices: [{ Variable: "$.x", IsPresent: true, Next: "Work" }],
        Default: "Out",
      },
      Out: { Type: "Succeed" },
    },
  };
  const { run, states } = profileOf(definition, { "Again?": { rounds: 12_000 } });
  expect(run.unrolled.complete).toBe(false);
  expect(run.problems.map(({ code }) => code)).toContain("constants-not-followed");
  const exact = profileOf(definition, { "Again?": { rounds: 900 } });
  expect(exact.run.unrolled.complete).toBe(true);
  expect(exact.states[0]!.visits).toBeCloseTo(900, 6);
  expect(states[0]!.visits).toBeCloseTo(12_000, 3);
});
