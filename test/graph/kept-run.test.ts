/** What is kept between standpoints changes no figure, only how often the same is worked out. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Standpoint, atBound, atLikely } from "../../src/graph/assumption.ts";
import { type ExecutionProfile, profileExecution } from "../../src/graph/execution-profile.ts";
import type { RunContext } from "../../src/graph/run-context.ts";
import { COUNTS_ONLY, DURATION_ONLY, EVERYTHING, WHAT_IS_BILLED } from "../../src/graph/spent.ts";
import { randomMachine } from "./random-machine.ts";
import { contextOf, machineOf, workloadOf } from "./run-of.ts";

const atLow: Standpoint = ({ figure }) => figure.low;
const atHigh: Standpoint = ({ figure }) => figure.high;
/** All at their likely figures but every third. */
const atSome: Standpoint = ({ id, figure }) => (id.length % 3 === 0 ? figure.high : figure.value);

/** Without distributions that were not asked for: those of child executions may come along from a run of more. */
function figuresOf(profile: ExecutionProfile, measure: RunContext["measure"]): unknown {
  const { run: _, children, ...figures } = profile;
  const timed = measure.has("durationMs");
  return {
    ...figures,
    children: children.map(({ durationMs, ...child }) => (timed ? { ...child, durationMs } : child)),
  };
}

test("whatever was run before, a profile is that of a run by itself", () => {
  const steps = fc.array(
    fc.record({
      stand: fc.constantFrom(atLikely, atLow, atHigh, atSome, atBound),
      measure: fc.constantFrom(EVERYTHING, WHAT_IS_BILLED, DURATION_ONLY, COUNTS_ONLY),
    }),
    { minLength: 2, maxLength: 9 },
  );
  const machine = randomMachine({ depth: 2, loops: true, jitter: true, distributed: true, states: 5 });
  let kept = 0;
  fc.assert(
    fc.property(machine, fc.boolean(), steps, ({ definition, said }, isSaid, sequence) => {
      const stateMachine = machineOf(definition);
      const context = contextOf(workloadOf(isSaid ? said : {}));
      const runs = new Set<unknown>();
      for (const step of sequence) {
        const shared = profileExecution(stateMachine, { ...context, ...step })!;
        const alone = profileExecution(stateMachine, { ...context, ...step, kept: new Map() })!;
        expect(figuresOf(shared, step.measure)).toEqual(figuresOf(alone, step.measure));
        if (runs.has(shared.run)) kept++;
        runs.add(shared.run);
      }
    }),
    { numRuns: 150 },
  );
  expect(kept).toBeGreaterThan(30);
});

test("both ends of a figure are run once each, however often they are asked for", () => {
  const machine = machineOf({
    StartAt: "A",
    States: { A: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", End: true } },
  });
  const context = contextOf(workloadOf({}));
  const runs = [atLikely, atLow, atHigh, atLow, atHigh, atLikely].map(
    (stand) => profileExecution(machine, { ...context, stand })!.run,
  );
  expect(new Set(runs).size).toBe(3);
});
