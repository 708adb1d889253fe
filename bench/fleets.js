/** Fleets of the bench: the same machines over several months, each with a definition of its own, most without a sample. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { definition } from "./definitions.js";

const ACCOUNTS = ["111111111111", "222222222222", "333333333333"];
const REGIONS = ["us-east-1", "us-west-2"];
const TEAMS = ["orders", "billing", "search", "risk"];
/** As many as the default budget of calls lets `collect` sample. */
const SAMPLED = 150;

/** Files `2026-05.json` and so on; gives the folder and how to remove it. */
export async function fleetFolder(machines, months) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "stepfare-fleets-"));
  for (let month = 0; month < months; month += 1) {
    const text = JSON.stringify(fleet(machines, month), null, 2);
    await writeFile(path.join(folder, `2026-${String(month + 5).padStart(2, "0")}.json`), text);
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** `month` counts from May 2026. */
export function fleet(machines, month) {
  const [from, until] = [month + 4, month + 5].map((at) => new Date(Date.UTC(2026, at, 1)).toISOString());
  const days = (Date.parse(until) - Date.parse(from)) / 86_400_000;
  return {
    schemaVersion: "1",
    kind: "fleet",
    month: from.slice(0, 7),
    period: { from, until, partial: false },
    collectedWith: { calls: machines * 2, metrics: machines * 12, cost: machines * 0.00012 },
    regions: ACCOUNTS.flatMap((account) => REGIONS.map((region) => ({ account, region, transitions: null }))),
    diagnostics: [],
    machines: Array.from({ length: machines }, (_, index) => machine(index, month, days)),
  };
}

function machine(index, month, days) {
  const [account, region] = [ACCOUNTS[index % 3], REGIONS[index % 2]];
  const isExpress = index % 5 === 0;
  const daily = Math.round(3000 / (1 + (index % 97)) + 1);
  const startedByDay = Array.from({ length: days }, (_, day) => daily + ((day * 7 + index + month) % 5));
  const started = startedByDay.reduce((sum, count) => sum + count, 0);
  const meanMs = 400 + (index % 50) * 90;
  const states = 6 + (index % 15);
  return {
    arn: `arn:aws:states:${region}:${account}:stateMachine:machine-${index}`,
    name: `machine-${index}`,
    account,
    region,
    type: isExpress ? "EXPRESS" : "STANDARD",
    createdAt: "2025-01-01T00:00:00.000Z",
    revisionId: null,
    definition: JSON.stringify(named(definition(states), index), null, 2),
    logging: { level: isExpress ? "ERROR" : "OFF", includeExecutionData: false, logGroups: [] },
    tracing: false,
    tags: index % 11 === 0 ? [] : [{ key: "team", value: TEAMS[index % 4] }],
    aliases: null,
    versions: null,
    metrics: {
      started,
      succeeded: started - (index % 7),
      failed: index % 7,
      timedOut: 0,
      aborted: 0,
      throttled: 0,
      durationMs: { mean: meanMs, p50: meanMs * 0.8, p90: meanMs * 1.7, p99: meanMs * 3 },
      transitions: isExpress ? null : started * (states + 1),
      expressBilledDurationMs: isExpress ? started * (meanMs + 50) : null,
      expressBilledMemoryMB: isExpress ? 64 : null,
      startedByDay,
    },
    sample: index < SAMPLED && !isExpress ? sample(states, started) : null,
    workload: {
      executionsPerMonth: { likely: started, low: started, high: started, n: started },
      payloadKB: null,
      states: {},
    },
  };
}

/** No two machines call the same functions. */
function named(value, index) {
  return JSON.parse(JSON.stringify(value).replaceAll("handle-order", `handle-order-${index}`));
}

function sample(states, executions) {
  const mean = (value) => ({ mean: value, low: value * 0.9, high: value * 1.1, n: 30 });
  return {
    histories: 30,
    source: "histories",
    executions,
    from: null,
    until: null,
    complete: true,
    byStatus: [{ status: "SUCCEEDED", executions, histories: 30 }],
    transitions: mean(states + 1),
    historyEvents: mean(states * 5),
    states: Object.entries(definition(states).States).map(([name, { Type }]) => ({
      name,
      type: Type,
      visits: 30,
      visitsPerExecution: mean(1),
      next: [],
      effectiveVisits: 30,
      attempts: 30,
      effectiveAttempts: 30,
      errors: [],
      items: null,
      durationMs:
        Type === "Task"
          ? {
              ...mean(120),
              percentiles: [
                [0.5, 100],
                [0.9, 200],
                [0.99, 400],
              ],
            }
          : null,
      inputBytes: mean(2000),
      outputBytes: mean(2000),
    })),
    payloads: null,
  };
}
