/** Fleets as `collect` writes them, for tests: machines with all that must be there, and what a test is about on top. */
import type { Fleet, FleetMachine, SampledState } from "../../src/workflow/fleet/fleet.ts";

export const LINEAR = {
  StartAt: "Work",
  States: {
    Work: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Next: "Done" },
    Done: { Type: "Succeed" },
  },
};
export const BRANCHING = {
  StartAt: "Pick",
  States: {
    Pick: {
      Type: "Choice",
      Choices: [{ Variable: "$.a", BooleanEquals: true, Next: "Often" }],
      Default: "Rare",
    },
    Often: { Type: "Pass", Next: "Rare" },
    Rare: { Type: "Succeed" },
  },
};

const NOTHING = { mean: 1, low: 1, high: 1, n: 1 };

export function pick(often: number, visits: number): SampledState {
  return {
    name: "Pick",
    type: "Choice",
    visits,
    visitsPerExecution: NOTHING,
    next: [
      { to: "Often", count: often * visits, share: often },
      { to: "Rare", count: (1 - often) * visits, share: 1 - often },
    ],
    effectiveVisits: visits,
    attempts: visits,
    effectiveAttempts: visits,
    errors: [],
    items: null,
    durationMs: null,
    inputBytes: null,
    outputBytes: null,
  };
}

export function machine(name: string, started: number, given: Partial<FleetMachine> = {}): FleetMachine {
  const region = given.region ?? "eu-west-1";
  return {
    arn: `arn:aws:states:${region}:111111111111:stateMachine:${name}`,
    name,
    account: "111111111111",
    region,
    type: "STANDARD",
    createdAt: null,
    revisionId: null,
    definition: JSON.stringify(LINEAR),
    logging: { level: "OFF", includeExecutionData: false, logGroups: [] },
    tracing: false,
    tags: [],
    aliases: null,
    versions: null,
    metrics: {
      started,
      succeeded: started,
      failed: 0,
      timedOut: 0,
      aborted: 0,
      throttled: 0,
      durationMs: null,
      transitions: null,
      expressBilledDurationMs: null,
      expressBilledMemoryMB: null,
      startedByDay: [],
    },
    sample: null,
    workload: { executionsPerMonth: null, payloadKB: null, states: {} },
    ...given,
  };
}

export function sampled(states: readonly SampledState[]): NonNullable<FleetMachine["sample"]> {
  return {
    histories: 100,
    source: "histories",
    executions: 1000,
    from: null,
    until: null,
    complete: true,
    byStatus: [],
    transitions: null,
    historyEvents: null,
    states: [...states],
    payloads: null,
  };
}

export function fleet(machines: readonly FleetMachine[], given: Partial<Fleet> = {}): string {
  const month = given.month ?? "2026-10";
  const [year, number] = month.split("-").map(Number);
  const day = (index: number): string => new Date(Date.UTC(year!, index)).toISOString();
  const whole: Fleet = {
    schemaVersion: "1",
    kind: "fleet",
    month,
    period: { from: day(number! - 1), until: day(number!), partial: false },
    collectedWith: { calls: 1, metrics: 1, cost: 0 },
    regions: [],
    diagnostics: [],
    machines,
    ...given,
  };
  return JSON.stringify(whole, null, 1);
}
