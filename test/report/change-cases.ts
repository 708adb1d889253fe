/** One machine, and what a pull request may do to it: each change of its own kind. */
import { type FigureCase, call, chain, pass, task } from "./figure-cases.ts";

interface Parts {
  readonly states?: Readonly<Record<string, object>>;
  readonly inner?: Readonly<Record<string, object>>;
  readonly side?: Readonly<Record<string, object>>;
  readonly children?: "STANDARD" | "EXPRESS";
  readonly batch?: number;
  readonly attempts?: number;
}

const retrying = (MaxAttempts: number) => ({ Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts }] });

/** Its last state stays the last; what is added comes before it. */
function machine({
  states,
  inner,
  side,
  children = "STANDARD",
  batch = 10,
  attempts = 2,
}: Parts = {}): object {
  return chain({
    Check: task(retrying(attempts)),
    "Large?": {
      Type: "Choice",
      Choices: [{ Variable: "$.total", NumericGreaterThan: 100, Next: "Review" }],
      Default: "Lines",
    },
    Review: call("sns:publish"),
    Lines: { Type: "Map", ItemProcessor: chain({ Pick: task(), ...inner }) },
    Both: { Type: "Parallel", Branches: [chain({ Left: task(), ...side }), chain({ Right: pass() })] },
    Files: {
      Type: "Map",
      ItemBatcher: { MaxItemsPerBatch: batch },
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: children },
        ...chain({ File: task() }),
      },
    },
    ...states,
    Last: pass(),
  });
}

/** Each child works its batch off item by item. */
function batches(MaxItemsPerBatch: number): object {
  return chain({
    Files: {
      Type: "Map",
      ItemBatcher: { MaxItemsPerBatch },
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        ...chain({ Each: { Type: "Map", ItemsPath: "$.Items", ItemProcessor: chain({ File: task() }) } }),
      },
    },
  });
}

interface Said {
  readonly [state: string]: object;
}

function figures(executions: string | null, states: Said = {}): object {
  return {
    ...(executions === null ? {} : { executionsPerMonth: executions }),
    states: {
      Check: { duration: "100ms", failureRate: "10%" },
      "Large?": { choices: { Review: "20%" } },
      Review: { duration: "50ms" },
      Lines: { items: 4 },
      Pick: { duration: "200ms" },
      Left: { duration: "300ms" },
      Files: { items: 50 },
      File: { duration: "1s" },
      ...states,
    },
  };
}

export interface ChangeCase {
  readonly before: FigureCase;
  readonly after: FigureCase;
  readonly discounts?: readonly [before: number, after: number];
}

const base: FigureCase = { definition: machine(), workload: figures("100k") };
const to = (after: Partial<FigureCase>, before = base): ChangeCase => ({
  before,
  after: { ...before, ...after },
});
const saying = (states: Said) => ({ workload: figures("100k", states) });
const express: FigureCase = {
  type: "EXPRESS",
  definition: chain({ One: task(), Many: { Type: "Map", ItemProcessor: chain({ Each: task() }) } }),
  workload: {
    executionsPerMonth: "500k",
    states: { One: { duration: "250ms" }, Many: { items: 3 }, Each: { duration: "1s" } },
  },
};

const heavy = (one: string, each: string) => ({
  executionsPerMonth: "500k",
  states: { One: { duration: one }, Many: { items: 100 }, Each: { duration: each } },
});

export const CHANGE_CASES: Readonly<Record<string, ChangeCase>> = {
  "a state more, and one more in a Map": to({
    definition: machine({ states: { Notify: call("sns:publish") }, inner: { Pack: pass(), Weigh: pass() } }),
  }),
  "a state less, in a Parallel": to(base, { ...base, definition: machine({ side: { Extra: task() } }) }),
  "more retries": to({ definition: machine({ attempts: 5 }) }),
  "more items, and a larger batch": to({
    ...saying({ Lines: { items: 7 } }),
    definition: machine({ batch: 25 }),
  }),
  "as many items in larger batches, which a Map works off": to(
    { definition: batches(50) },
    { ...base, definition: batches(10) },
  ),
  "another share, and a higher failure rate": to(
    saying({ "Large?": { choices: { Review: "35%" } }, Check: { duration: "100ms", failureRate: "20%" } }),
  ),
  "children of another type": to({ definition: machine({ children: "EXPRESS" }) }),
  "more executions": to({ workload: figures("150k") }),
  "executions that nobody knows": to({ workload: figures(null) }),
  "nobody knows either": to(
    {
      workload: figures(null),
      definition: machine({ states: { Notify: call("sns:publish"), Log: pass() } }),
    },
    { ...base, workload: figures(null) },
  ),
  "another start rule": to({ rule: "start+entered+end" }),
  "a discount": { ...to({}), discounts: [0, 7.5] },
  "another region": to({ region: "sa-east-1" }),
  "more states where prices are not known": to(
    { definition: machine({ states: { Notify: call("sns:publish") }, batch: 25 }) },
    { ...base, region: "ap-southeast-4", isLent: false },
  ),
  "to where prices are not known": to({ region: "ap-southeast-4", isLent: false }),
  "a state more, to where prices are not known": to({
    definition: machine({ states: { Notify: call("sns:publish") } }),
    region: "ap-southeast-4",
    isLent: false,
  }),
  "no execution in the month before": { before: { ...base, workload: figures("0") }, after: base },
  "a Map that is not entered any more": to(
    saying({ "Large?": { choices: { Review: "100%" } }, Lines: { items: 0 } }),
  ),
  "a Map that is removed, and what was said of it": {
    before: {
      definition: chain({
        Each: { Type: "Map", ItemProcessor: chain({ One: pass() }) },
        Last: pass(),
      }),
      workload: { executionsPerMonth: "1M", states: { Each: { items: 2 } } },
    },
    after: { definition: chain({ Last: pass() }), workload: { executionsPerMonth: "1M" } },
  },
  "one share, and nothing else": to(saying({ "Large?": { choices: { Review: "35%" } } })),
  "a longer name, a failing state and another order": to(
    {
      definition: machine({ states: { Stop: pass(), Notify: call("sns:publish") }, inner: { Pack: pass() } }),
    },
    {
      ...base,
      definition: machine({ states: { Notify: call("sns:publish"), Stop: pass() }, side: { Pack: pass() } }),
    },
  ),
  "a state that is entered once, and broken numbers of executions": {
    before: { definition: chain({ A: pass() }), workload: { executionsPerMonth: 1000.7 } },
    after: { definition: chain({ A: pass(), B: task() }), workload: { executionsPerMonth: 2500.4 } },
  },
  "as Express, with longer children": to(
    {
      type: "EXPRESS",
      definition: machine({ children: "EXPRESS" }),
      ...saying({ File: { duration: "2s" } }),
    },
    { ...base, definition: machine({ children: "EXPRESS" }) },
  ),
  "an Express execution that lasts longer": to(
    {
      workload: {
        executionsPerMonth: "500k",
        states: { One: { duration: "900ms" }, Many: { items: 3 }, Each: { duration: "1s" } },
      },
    },
    express,
  ),
  "an Express execution of more memory and longer for two reasons": to(
    { workload: { ...heavy("900ms", "3s"), payloadKB: 200, executionsPerMonth: "900k" } },
    { ...express, workload: heavy("250ms", "1s") },
  ),
};
