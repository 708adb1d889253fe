/** The figures that traces give, and the law they are made for. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { profileExecution } from "../../src/graph/execution-profile.ts";
import { compileStateMachine } from "../../src/scenario/compiled-definition.ts";
import { actOut } from "../../src/scenario/execution-trace.ts";
import type { ExecutionTrace, TraceOptions } from "../../src/scenario/execution-trace.ts";
import { figuresFromTraces } from "../../src/scenario/trace-figures.ts";
import { statesWithin } from "../../src/workflow/state-identity.ts";
import type { StateTally } from "../../src/scenario/visit-tally.ts";
import type { WeightedTrace } from "../../src/scenario/trace-figures.ts";
import type { Scope, State } from "../../src/workflow/state-machine.ts";
import type { Workload } from "../../src/workflow/workload/workload.ts";
import { contextOf, machineOf } from "../graph/run-of.ts";
import { loopingWorkflow } from "./looping-workflow.ts";

interface Given extends TraceOptions {
  readonly weight?: number;
}

async function tracesOf(definition: unknown, given: readonly Given[]) {
  const stateMachine = machineOf(definition);
  const traces: ExecutionTrace[] = [];
  const weighted: WeightedTrace[] = [];
  for (const { weight = 1, ...options } of given) {
    const { trace, tally } = await actOut(compileStateMachine(stateMachine), options);
    traces.push(trace);
    weighted.push({ weight, tally: tally() });
  }
  return { stateMachine, traces, weighted, workload: figuresFromTraces(stateMachine, weighted, "test") };
}

/** Visits and retries per execution, by state name. */
function expected(definition: unknown, workload: Workload): Map<string, { visits: number; retries: number }> {
  const profile = profileExecution(machineOf(definition), contextOf(workload))!;
  return new Map(profile.states.map(({ state, visits, retries }) => [state.name, { visits, retries }]));
}

function meanVisits(traces: readonly ExecutionTrace[], weights: readonly number[]): Map<string, number> {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const means = new Map<string, number>();
  traces.forEach((trace, at) => {
    const counts = [
      ...trace.states.map(({ name, entered }) => [name, entered] as const),
      ...trace.children.entered.map(({ name, count }) => [name, count] as const),
    ];
    for (const [name, count] of counts) {
      means.set(name, (means.get(name) ?? 0) + (count * weights[at]!) / sum);
    }
  });
  return means;
}

const PLAIN = new Set(["Wait", "Pass", "Choice", "Succeed"]);

/** A state that was entered and not left, though the graph has no way out of it for that: no Task, and before it began. */
function cutsOffPlainState(stateMachine: Scope, weighted: readonly WeightedTrace[]): boolean {
  const isCutOff = ({ type }: State, tally: StateTally | undefined): boolean => {
    if (PLAIN.has(type)) return tally?.entered !== tally?.left;
    const attempts = [...(tally?.visits.values() ?? [])].reduce(
      (sum, each) => sum + each.count * each.attempts.length,
      0,
    );
    return type === "Parallel" && attempts !== (tally?.iterations ?? 0);
  };
  return statesWithin(stateMachine).some((state) =>
    weighted.some(({ tally }) => isCutOff(state, tally.get(state.pointer))),
  );
}

describe("expected visits under the figures of traces", () => {
  test("are the weighted mean of the traces' visits, whatever the workflow", async () => {
    let held = 0;
    let looped = 0;
    await fc.assert(
      fc.asyncProperty(loopingWorkflow, async ({ definition, scenarios }) => {
        const given = scenarios.map(({ weight, items, results }) => ({ weight, input: { items }, results }));
        const { traces, workload, stateMachine, weighted } = await tracesOf(definition, given);
        fc.pre(!cutsOffPlainState(stateMachine, weighted));
        const means = meanVisits(
          traces,
          scenarios.map(({ weight }) => weight),
        );
        for (const [name, { visits }] of expected(definition, workload)) {
          expect(visits, name).toBeCloseTo(means.get(name) ?? 0, 6);
        }
        held++;
        if (
          traces.some(({ states }) => states.some(({ name, entered }) => /^S\d$/.test(name) && entered > 1))
        )
          looped++;
      }),
      { numRuns: 500 },
    );
    expect(held).toBeGreaterThan(100);
    expect(looped).toBeGreaterThan(10);
  });
});

describe("the figures of traces", () => {
  const task = <T extends object>(more: T) => ({
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    ...more,
  });
  const retried = {
    StartAt: "T",
    States: {
      T: task({
        Retry: [{ ErrorEquals: ["Busy"], MaxAttempts: 2, IntervalSeconds: 1 }],
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "C" }],
        Next: "N",
      }),
      N: { Type: "Pass", End: true },
      C: { Type: "Pass", End: true },
    },
  };

  test("keep how each visit of a task ended, and after how many retries", async () => {
    const given = [
      { weight: 3, results: { T: [{ error: "Busy" }, { error: "Busy" }, { output: 1 }] } },
      { weight: 1, results: { T: [{ error: "Lost" }] } },
    ];
    const { workload } = await tracesOf(retried, given);
    const visits = expected(retried, workload);
    expect(visits.get("N")?.visits).toBeCloseTo(0.75, 12);
    expect(visits.get("C")?.visits).toBeCloseTo(0.25, 12);
    expect(visits.get("T")?.retries).toBeCloseTo(1.5, 12);
    const figures = workload.states.get("/States/T")!;
    expect(figures.seenVisits).toEqual([
      { attempts: ["Busy", "Busy", null], share: 0.75 },
      { attempts: ["Lost"], share: 0.25 },
    ]);
    expect(figures.errors.get("Busy")).toEqual({
      value: 0.6,
      low: 0.6,
      high: 0.6,
      basis: "inferred",
      note: "test",
    });
    expect(figures.errors.get("Lost")?.value).toBe(0.1);
  });

  test("repeat the last attempt where the definition would try again by now", async () => {
    const { workload } = await tracesOf(retried, [{ results: { T: [{ error: "Busy" }] } }]);
    const patient = structuredClone(retried);
    patient.States.T.Retry[0]!.MaxAttempts = 5;
    expect(expected(patient, workload).get("T")).toEqual({ visits: 1, retries: 5 });
  });

  test("give durations only where outcomes do, and the time of Waits that are computed", async () => {
    const machine = {
      StartAt: "A",
      States: {
        A: task({ ResultPath: null, Next: "B" }),
        B: task({ ResultPath: null, Next: "W" }),
        W: { Type: "Wait", SecondsPath: "$.seconds", Next: "V" },
        V: { Type: "Wait", Seconds: 5, End: true },
      },
    };
    const { workload } = await tracesOf(machine, [
      { weight: 3, input: { seconds: 2 }, results: { A: [{ output: 1, durationMs: 100 }] } },
      { weight: 1, input: { seconds: 10 }, results: { A: [{ output: 1, durationMs: 500 }] } },
    ]);
    const ms = (name: string) => workload.states.get(`/States/${name}`)?.duration?.ms;
    expect(ms("A")).toEqual({ value: 200, low: 100, high: 500, basis: "inferred", note: "test" });
    expect(ms("B")).toBeUndefined();
    expect(ms("W")?.value).toBe(4_000);
    expect(ms("V")).toBeUndefined();
  });

  test("say nothing of states that no trace entered, nor of traces without weight", async () => {
    const given = [
      { weight: 0, results: { T: [{ error: "Lost" }] } },
      { weight: 2, results: { T: [{ output: 1 }] } },
    ];
    const { workload } = await tracesOf(retried, given);
    expect(expected(retried, workload).get("C")?.visits).toBe(0);
    expect([...workload.states.keys()]).toEqual(["/States/T"]);
    expect((await tracesOf(retried, [])).workload.states.size).toBe(0);
  });
});
