/** Workflows made at random with branches and loops that task results decide, nested in Maps and Parallels, with Retry and Catch. */
import fc from "fast-check";
import type { RandomOutcome, RandomScope, RandomWorkflow } from "./random-workflow.ts";

type Part = Record<string, unknown>;

const retrier = fc.record({
  ErrorEquals: fc.constantFrom(["States.ALL"], ["Busy"], ["States.TaskFailed"], ["States.Timeout"]),
  IntervalSeconds: fc.integer({ min: 1, max: 4 }),
  MaxAttempts: fc.nat(3),
  BackoffRate: fc.constantFrom(1, 2),
});
const guard = { Retry: fc.array(retrier, { maxLength: 2 }), caught: fc.boolean() };
const task = fc.record({ Type: fc.constant("Task"), ...guard });
const step = fc.oneof(
  { weight: 4, arbitrary: task },
  { weight: 3, arbitrary: fc.record({ Type: fc.constant("Choice") }) },
  { weight: 1, arbitrary: fc.constant({ Type: "Pass" }) },
  { weight: 1, arbitrary: fc.record({ Type: fc.constant("Wait"), Seconds: fc.nat(9) }) },
);

const DEPTH = 2;

function parts(depth: number): fc.Arbitrary<Part[]> {
  const plain = fc.array(step, { minLength: 1, maxLength: 5 });
  if (depth === 0) return plain;
  const inner = parts(depth - 1);
  const parallel = fc.record({
    Type: fc.constant("Parallel"),
    branches: fc.array(inner, { minLength: 1, maxLength: 2 }),
    ...guard,
  });
  const map = fc.record({
    Type: fc.constant("Map"),
    MaxConcurrency: fc.nat(2),
    processor: inner,
    // Inside a branch, what fails beside it would cut it off, and its children with it.
    distributed: depth === DEPTH ? fc.boolean() : fc.constant(false),
    ToleratedFailurePercentage: fc.constantFrom(0, 50, 100),
    ...guard,
  });
  return fc.array(fc.oneof({ weight: 3, arbitrary: step }, parallel, map), { minLength: 1, maxLength: 4 });
}

/** What a task gives says where the next Choice goes: 0 on, 1 back to the task before it, 2 to its end. */
const outcome: fc.Arbitrary<RandomOutcome> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ output: fc.nat(2), durationMs: fc.nat(3) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      error: fc.constantFrom("Busy", "Broken", "States.Timeout"),
      durationMs: fc.nat(3),
    }),
  },
);
/** The last one, which repeats, leads on: otherwise loops would not end. */
const outcomes = fc
  .array(outcome, { maxLength: 5 })
  .map((list): RandomOutcome[] => [...list, { output: 0, durationMs: 2 }]);

export interface LoopingWorkflow {
  readonly definition: RandomScope;
  readonly scenarios: readonly {
    readonly weight: number;
    readonly items: readonly number[];
    readonly results: RandomWorkflow["results"];
  }[];
}

export const loopingWorkflow: fc.Arbitrary<LoopingWorkflow> = fc
  .record({
    body: parts(DEPTH),
    told: fc.array(
      fc.record({
        weight: fc.integer({ min: 1, max: 5 }),
        items: fc.array(fc.nat(3), { maxLength: 3 }),
        lists: fc.array(outcomes, { minLength: 1, maxLength: 9 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ body, told }) => {
    const tasks: string[] = [];
    const definition = nameScope(body, "S", tasks);
    const scenarios = told.map(({ weight, items, lists }) => ({
      weight,
      items,
      results: Object.fromEntries(
        tasks.map((name, at) => [name, lists[at % lists.length] as RandomOutcome[]]),
      ),
    }));
    return { definition, scenarios };
  });

function nameScope(body: readonly Part[], prefix: string, tasks: string[]): RandomScope {
  const end = `${prefix}End`;
  const lastTask = (before: number) =>
    body.findLastIndex((part, at) => at < before && part["Type"] === "Task");
  const states = body.map((part, at) => {
    const name = `${prefix}${at}`;
    const next = at === body.length - 1 ? end : `${prefix}${at + 1}`;
    if (part["Type"] === "Task") tasks.push(name);
    // Back to a task, whose outcomes come to an end: a loop without one would not.
    const back = lastTask(at) < 0 ? end : `${prefix}${lastTask(at)}`;
    return [name, stateOf(part, { name, next, end, back, tasks })] as const;
  });
  return { StartAt: `${prefix}0`, States: { ...Object.fromEntries(states), [end]: { Type: "Succeed" } } };
}

interface Place {
  readonly name: string;
  readonly next: string;
  readonly back: string;
  readonly end: string;
  readonly tasks: string[];
}

function stateOf(part: Part, { name, next, back, end, tasks }: Place): Part {
  const { caught, branches, processor, distributed, ToleratedFailurePercentage, ...rest } = part;
  const guarded =
    caught === true ? { Catch: [{ ErrorEquals: ["States.TaskFailed"], ResultPath: null, Next: end }] } : {};
  switch (part["Type"]) {
    case "Choice":
      return {
        ...rest,
        Choices: [
          {
            And: [
              { Variable: "$.r", IsPresent: true },
              { Variable: "$.r", NumericEquals: 1 },
            ],
            Next: back,
          },
          {
            And: [
              { Variable: "$.r", IsPresent: true },
              { Variable: "$.r", NumericEquals: 2 },
            ],
            Next: end,
          },
        ],
        Default: next,
      };
    case "Task":
      return {
        ...rest,
        ...guarded,
        Resource: "arn:aws:states:::lambda:invoke",
        ResultPath: "$.r",
        Next: next,
      };
    case "Parallel":
      return {
        ...rest,
        ...guarded,
        Branches: (branches as Part[][]).map((branch, side) => nameScope(branch, `${name}.${side}.`, tasks)),
        ResultPath: null,
        Next: next,
      };
    case "Map": {
      const inner = nameScope(processor as Part[], `${name}.i.`, tasks);
      const mode = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } };
      return {
        ...rest,
        ...guarded,
        ...(distributed === true ? { ToleratedFailurePercentage } : {}),
        ItemsPath: "$.items",
        ItemSelector: { "items.$": "$.items" },
        ItemProcessor: distributed === true ? { ...mode, ...inner } : inner,
        ResultPath: null,
        Next: next,
      };
    }
    default:
      return { ...rest, Next: next };
  }
}
