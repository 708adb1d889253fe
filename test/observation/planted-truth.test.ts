/** A planted truth is recovered from samples within the intervals that are stated, as often as is stated. */
import { describe, expect, test } from "vitest";
import { calibrateWorkload } from "../../src/observation/calibrated-workload.ts";
import { type SampledExecution, tallyExecutions } from "../../src/observation/execution-tally.ts";
import { readHistory } from "../../src/observation/read-history.ts";
import { planSample } from "../../src/observation/sample-plan.ts";
import type { ExecutionSample, FleetMachine } from "../../src/workflow/fleet/fleet.ts";
import { readDefinition } from "../../src/workflow/definition/read-definition.ts";
import { sourceOfValue } from "../../src/workflow/text/source-text.ts";
import { EMPTY_WORKLOAD } from "../../src/workflow/workload/workload.ts";
import {
  PLANTED_DEFINITION,
  plantedExecution,
  plantedRoute,
  TRUE_TRANSITIONS,
  TRUTH,
} from "./planted-machine.ts";

const POPULATION = 600;
const MONTH = { from: "2026-10-01T00:00:00.000Z", until: "2026-11-01T00:00:00.000Z", partial: false };

function sampleOf(seed: number, histories: number): ExecutionSample {
  const seeds = Array.from({ length: POPULATION }, (_, index) => seed * 1_000_003 + index * 7919);
  const failed = seeds.filter((each) => plantedRoute(each) === "Reject");
  const succeeded = seeds.filter((each) => plantedRoute(each) !== "Reject");
  const planned = planSample(
    [
      { status: "SUCCEEDED", population: succeeded.length, listed: succeeded },
      { status: "FAILED", population: failed.length, listed: failed },
    ],
    histories,
  );
  const executions = planned.flatMap(({ status, population, chosen }) =>
    chosen.map((each): SampledExecution => {
      const { events } = plantedExecution(each, Date.UTC(2026, 9, 5));
      const history = readHistory(events);
      expect(history.complete).toBe(true);
      const { transitions, historyEvents, states } = history;
      return { status, weight: population / chosen.length, transitions, historyEvents, states, children: [] };
    }),
  );
  return {
    histories: executions.length,
    source: "histories",
    executions: POPULATION,
    from: null,
    until: null,
    complete: true,
    byStatus: [],
    payloads: null,
    ...tallyExecutions(executions),
  };
}

function machineWith(sample: ExecutionSample): FleetMachine {
  return {
    arn: "arn:aws:states:eu-west-1:111111111111:stateMachine:Planted",
    name: "Planted",
    account: "111111111111",
    region: "eu-west-1",
    type: "STANDARD",
    createdAt: null,
    revisionId: null,
    definition: JSON.stringify(PLANTED_DEFINITION),
    logging: null,
    tracing: null,
    tags: null,
    aliases: null,
    versions: null,
    metrics: null,
    sample,
    workload: { executionsPerMonth: null, payloadKB: null, states: {} },
  };
}

const { stateMachine } = readDefinition(sourceOfValue(PLANTED_DEFINITION));

/** Every planted figure as it is recovered. */
function recover(sample: ExecutionSample) {
  const workload = calibrateWorkload(stateMachine!, EMPTY_WORKLOAD, {
    machine: machineWith(sample),
    month: "2026-10",
    period: MONTH,
  });
  const state = (name: string) => workload.states.get(name)!;
  const transitions = sample.transitions!;
  return [
    ["review", TRUTH.review, state("Route").choices.get("Review")!],
    ["reject", TRUTH.reject, state("Route").choices.get("Reject")!],
    ["waiting", TRUTH.waiting, state("Ready?").choices.get("Pause")!],
    ["items", TRUTH.items, state("Lines").items!],
    ["busy", TRUTH.busy, state("Charge").errors.get("Busy")!],
    ["chargeMs", TRUTH.chargeMs, state("Charge").duration!.ms],
    ["transitions", TRUE_TRANSITIONS, { ...transitions, value: transitions.mean }],
  ] as const;
}

describe("a planted truth", () => {
  test.each([
    { histories: 20, samples: 100 },
    { histories: 60, samples: 60 },
  ])("lies within the 95 % intervals of $histories histories", ({ histories, samples }) => {
    const inside = new Map<string, number>();
    const values = new Map<string, number>();
    for (let seed = 1; seed <= samples; seed++) {
      for (const [name, truth, { low, high, value }] of recover(sampleOf(seed, histories))) {
        expect(low).toBeLessThanOrEqual(value);
        expect(value).toBeLessThanOrEqual(high);
        inside.set(name, (inside.get(name) ?? 0) + (low <= truth && truth <= high ? 1 : 0));
        values.set(name, (values.get(name) ?? 0) + value / samples / truth);
      }
    }
    const rates = new Map([...inside].map(([name, count]) => [name, count / samples]));

    // Counted over a hundred samples a rate of 95 % may come out as 91 %; skewed means are a little below it.
    for (const [name, rate] of rates) expect(rate, name).toBeGreaterThan(0.91);
    const overall = [...rates.values()].reduce((sum, rate) => sum + rate, 0) / rates.size;
    expect(overall).toBeGreaterThan(0.94);
    expect(overall).toBeLessThan(0.998);
    // Weighing back takes the bias of drawing more failures away; what is left is the pull of the prior.
    for (const [name, ratio] of values)
      expect(Math.abs(ratio - 1), name).toBeLessThan(name === "reject" ? 0.5 : 0.06);
  });

  test("draws no narrower the fewer it has seen", () => {
    const width = (histories: number) =>
      new Map(recover(sampleOf(7, histories)).map(([name, , { low, high }]) => [name, high - low]));
    const [few, many] = [width(10), width(160)];
    for (const [name, wide] of few) expect(many.get(name), name).toBeLessThan(wide);
  });

  test("the same sample gives the same intervals", () => {
    expect(sampleOf(3, 20)).toStrictEqual(sampleOf(3, 20));
  });
});
