/** Random machines with what is said of them: loops by Choice, retries, Catchers, and scopes inside scopes. They always come to an end. */
import fc from "fast-check";
import type { SaidOfState } from "./run-of.ts";

export interface RandomMachine {
  readonly definition: { readonly StartAt: string; readonly States: Readonly<Record<string, object>> };
  readonly said: Readonly<Record<string, SaidOfState>>;
}

/** What a random scope may hold. */
export interface Variety {
  readonly depth: number;
  readonly loops: boolean;
  readonly jitter: boolean;
  readonly distributed: boolean;
  readonly states: number;
}

interface Sketch {
  readonly kind: "Pass" | "Wait" | "Task" | "Choice" | "Fail" | "Succeed" | "Parallel" | "Map";
  readonly ahead: number;
  readonly back: number;
  readonly share: number;
  readonly failure: number;
  readonly timeout: number;
  readonly retriers: readonly {
    max: number;
    interval: number;
    backoff: number;
    cap: boolean;
    jitter: boolean;
  }[];
  readonly caught: readonly ("A" | "States.Timeout" | "States.TaskFailed" | "States.ALL")[];
  readonly items: number;
  readonly width: number;
  readonly mode: "INLINE" | "STANDARD" | "EXPRESS";
  readonly inner: readonly RandomScope[];
}

type RandomScope = readonly Sketch[];

export function randomMachine(variety: Variety): fc.Arbitrary<RandomMachine> {
  return scopeOf(variety).map((scope) => {
    const said: Record<string, SaidOfState> = {};
    return { definition: written(scope, "", { variety, said }), said };
  });
}

function scopeOf(variety: Variety): fc.Arbitrary<RandomScope> {
  const inner = { ...variety, depth: variety.depth - 1, states: 3 };
  const scopes =
    variety.depth > 0 ? fc.array(scopeOf(inner), { minLength: 1, maxLength: 2 }) : fc.constant([]);
  const kinds = ["Pass", "Task", "Choice", "Wait", "Task", "Choice", "Fail", "Succeed"] as const;
  const nesting = ["Parallel", "Map", "Map"] as const;
  const retrier = fc.record({
    max: fc.integer({ min: 0, max: 4 }),
    interval: fc.constantFrom(1, 3),
    backoff: fc.constantFrom(1, 1.5, 2),
    cap: fc.boolean(),
    jitter: variety.jitter ? fc.boolean() : fc.constant(false),
  });
  const sketch: fc.Arbitrary<Sketch> = fc.record({
    kind: fc.constantFrom(...(variety.depth > 0 ? [...kinds, ...nesting] : kinds)),
    ahead: fc.integer({ min: 1, max: 3 }),
    back: variety.loops ? fc.integer({ min: -3, max: 3 }) : fc.integer({ min: 1, max: 4 }),
    share: fc.constantFrom(0, 0.1, 0.3, 0.5, 0.75, 1 / 3),
    failure: fc.constantFrom(0, 0, 0.05, 0.2, 0.5),
    timeout: fc.constantFrom(0, 0, 0.1, 0.25),
    retriers: fc.array(retrier, { maxLength: 2 }),
    caught: fc.uniqueArray(fc.constantFrom("A", "States.Timeout", "States.TaskFailed", "States.ALL"), {
      maxLength: 2,
    }),
    items: fc.constantFrom(0, 1, 2, 3, 5, 2.5, 0.25),
    width: fc.integer({ min: 1, max: 4 }),
    mode: variety.distributed ? fc.constantFrom("INLINE", "STANDARD", "EXPRESS") : fc.constant("INLINE"),
    inner: scopes,
  });
  return fc.array(sketch, { minLength: 1, maxLength: variety.states });
}

interface Writing {
  readonly variety: Variety;
  readonly said: Record<string, SaidOfState>;
}

function written(scope: RandomScope, prefix: string, writing: Writing): RandomMachine["definition"] {
  const nameOf = (index: number): string => `${prefix}${index >= scope.length ? "End" : index}`;
  const States: Record<string, object> = { [nameOf(scope.length)]: { Type: "Succeed" } };
  scope.forEach((sketch, index) => {
    const name = nameOf(index);
    const next = nameOf(index + sketch.ahead);
    const aim = nameOf(sketch.back > 0 ? index + sketch.back : Math.max(0, index + sketch.back));
    States[name] = stateOf(sketch, { name, next, aim, after: nameOf(index + 1) }, writing);
  });
  return { StartAt: nameOf(0), States };
}

interface Ways {
  readonly name: string;
  readonly next: string;
  readonly aim: string;
  readonly after: string;
}

function stateOf(sketch: Sketch, { name, next, aim, after }: Ways, writing: Writing): object {
  const { said } = writing;
  const first = sketch.inner[0] ?? [];
  switch (sketch.kind) {
    case "Pass":
      return { Type: "Pass", Next: next };
    case "Wait":
      return { Type: "Wait", Seconds: Math.ceil(sketch.items), Next: next };
    case "Succeed":
      return { Type: "Succeed" };
    case "Fail":
      return { Type: "Fail", Error: "A" };
    case "Choice":
      said[name] = { choices: aim === next ? {} : { [aim]: sketch.share } };
      return { Type: "Choice", Choices: [{ Variable: "$.x", IsPresent: true, Next: aim }], Default: next };
    case "Task": {
      // Which of a Parallel's failing branches is first is not modelled: inside, all fail by the same name.
      const inside = name.includes(".");
      const timeout = inside ? 0 : sketch.timeout;
      const isSlow = !inside && sketch.width === 3 && sketch.items === 5;
      said[name] = {
        ms: isSlow ? 3001 : sketch.width * 200,
        errors: { A: sketch.failure, "States.Timeout": timeout },
      };
      const Resource = `arn:aws:states:::lambda:invoke${sketch.width === 4 ? ".waitForTaskToken" : ""}`;
      return { Type: "Task", Resource, TimeoutSeconds: 3, Next: next, ...guarded(sketch, after) };
    }
    case "Parallel":
      return {
        Type: "Parallel",
        Branches: sketch.inner.map((branch, i) => written(branch, `${name}.${i}.`, writing)),
        Next: next,
        ...guarded(sketch, after),
      };
    case "Map":
      return {
        ...mapOf(sketch, name, said),
        ItemProcessor: { ...processorMode(sketch), ...written(first, `${name}.`, writing) },
        Next: next,
        ...guarded(sketch, after),
      };
  }
}

function mapOf({ items, width, mode }: Sketch, name: string, said: Record<string, SaidOfState>): object {
  said[name] = { items: mode === "INLINE" ? items : Math.ceil(items * 3) };
  if (mode === "INLINE") return { Type: "Map", MaxConcurrency: width };
  return {
    Type: "Map",
    MaxConcurrency: width,
    ToleratedFailureCount: width - 1,
    ...(width % 2 === 0 ? { ItemBatcher: { MaxItemsPerBatch: width } } : {}),
  };
}

function processorMode({ mode }: Sketch): object {
  return mode === "INLINE" ? {} : { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: mode } };
}

function guarded({ retriers, caught }: Sketch, after: string): object {
  const names = [["A"], ["States.Timeout"], ["States.ALL"]];
  return {
    Retry: retriers.map(({ max, interval, backoff, cap, jitter }, i) => ({
      ErrorEquals: names[(max + i) % 3],
      MaxAttempts: max,
      IntervalSeconds: interval,
      BackoffRate: backoff,
      ...(cap ? { MaxDelaySeconds: 4 } : {}),
      ...(jitter ? { JitterStrategy: "FULL" } : {}),
    })),
    Catch: caught.map((name) => ({ ErrorEquals: [name], Next: after })),
  };
}
