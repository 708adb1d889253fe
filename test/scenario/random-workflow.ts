/** Workflows made at random, valid and finite, with outcomes for their tasks: for laws that hold of every trace. */
import fc from "fast-check";

export interface RandomWorkflow {
  readonly definition: RandomScope;
  readonly results: Record<string, RandomOutcome[]>;
}

export interface RandomScope {
  readonly StartAt: string;
  readonly States: Record<string, Record<string, unknown>>;
}

export type RandomOutcome = { output: unknown; durationMs: number } | { error: string; durationMs: number };

const ERRORS = ["Busy", "Broken", "States.Timeout"];

const outcome: fc.Arbitrary<RandomOutcome> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ output: fc.integer(), durationMs: fc.nat(5_000) }) },
  { weight: 1, arbitrary: fc.record({ error: fc.constantFrom(...ERRORS), durationMs: fc.nat(5_000) }) },
);

const retrier = fc.record({
  ErrorEquals: fc.constantFrom(["States.ALL"], ["Busy"], ["States.TaskFailed"]),
  IntervalSeconds: fc.integer({ min: 1, max: 4 }),
  MaxAttempts: fc.nat(2),
  JitterStrategy: fc.constantFrom("FULL", "NONE"),
});

/** States in a row; names are given afterwards, since they must be unique. */
function bodies(depth: number): fc.Arbitrary<Record<string, unknown>[]> {
  const resource = fc.constantFrom("arn:aws:states:::lambda:invoke", "arn:aws:states:::ecs:runTask.sync");
  const task = fc.record({
    Type: fc.constant("Task"),
    Resource: resource,
    ResultPath: fc.constantFrom(null, "$.r"),
    Retry: fc.array(retrier, { maxLength: 2 }),
    caught: fc.boolean(),
  });
  const simple = fc.oneof(
    { weight: 4, arbitrary: task },
    { weight: 1, arbitrary: fc.constant({ Type: "Pass" }) },
    { weight: 1, arbitrary: fc.record({ Type: fc.constant("Wait"), Seconds: fc.nat(9) }) },
  );
  if (depth === 0) return fc.array(simple, { minLength: 1, maxLength: 4 });
  const inner = bodies(depth - 1);
  const guarded = {
    ResultPath: fc.constant(null),
    Retry: fc.array(retrier, { maxLength: 1 }),
    caught: fc.boolean(),
  };
  const parallel = fc.record({
    Type: fc.constant("Parallel"),
    branches: fc.array(inner, { minLength: 1, maxLength: 3 }),
    ...guarded,
  });
  const map = fc.record({
    Type: fc.constant("Map"),
    ItemsPath: fc.constant("$.items"),
    ItemSelector: fc.constant({ "items.$": "$.items" }),
    MaxConcurrency: fc.nat(3),
    processor: inner,
    ...guarded,
  });
  return fc.array(fc.oneof({ weight: 3, arbitrary: simple }, parallel, map), { minLength: 1, maxLength: 3 });
}

export const randomWorkflow: fc.Arbitrary<RandomWorkflow> = fc
  .record({
    body: bodies(2),
    outcomes: fc.array(fc.array(outcome, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
  })
  .map(({ body, outcomes }) => {
    const tasks: string[] = [];
    const definition = nameScope(body, "S", tasks);
    const results = Object.fromEntries(
      tasks.map((name, at) => [name, outcomes[at % outcomes.length] as RandomOutcome[]]),
    );
    return { definition, results };
  });

function nameScope(body: readonly Record<string, unknown>[], prefix: string, tasks: string[]): RandomScope {
  const states: Record<string, Record<string, unknown>> = {};
  for (const [at, raw] of body.entries()) {
    const name = `${prefix}${at}`;
    const { caught, branches, processor, ...state } = raw;
    const link = at === body.length - 1 ? { End: true } : { Next: `${prefix}${at + 1}` };
    const target = at === body.length - 1 ? name : `${prefix}${at + 1}`;
    // A Catch may not lead back: the last state's catches nothing.
    const guard =
      caught === true && target !== name
        ? { Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.e", Next: target }] }
        : {};
    if (state["Type"] === "Task") tasks.push(name);
    states[name] = {
      ...state,
      ...link,
      ...guard,
      ...(Array.isArray(branches)
        ? {
            Branches: branches.map((branch: Record<string, unknown>[], side) =>
              nameScope(branch, `${name}.${side}.`, tasks),
            ),
          }
        : {}),
      ...(Array.isArray(processor)
        ? { ItemProcessor: nameScope(processor as Record<string, unknown>[], `${name}.i.`, tasks) }
        : {}),
    };
  }
  return { StartAt: `${prefix}0`, States: states };
}
