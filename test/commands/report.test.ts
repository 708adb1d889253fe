import { describe, expect, test } from "vitest";
import { runAnalyze } from "../../src/commands/analyze.ts";
import { runReport } from "../../src/commands/report.ts";
import type { AnalysisReport } from "../../src/report/analysis-report.ts";
import type { MonthlyReport } from "../../src/report/monthly/monthly-report.ts";
import type { FleetMachine } from "../../src/workflow/fleet/fleet.ts";
import { fakeShell } from "../fake-shell.ts";
import { BRANCHING, LINEAR, fleet, machine, pick, sampled } from "./fleet-fixture.ts";

const OTHER_ACCOUNT = "222222222222";

function measured(started: number, given: object = {}): Pick<FleetMachine, "metrics"> {
  const { metrics } = machine("any", started);
  return { metrics: { ...metrics!, ...given } };
}

const TIMED = { durationMs: { mean: 900, p50: 700, p90: 1500, p99: 4000 } };
const WAITING = {
  StartAt: "Ask",
  States: { Ask: { Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", End: true } },
};
const MAPPING = {
  StartAt: "Each",
  States: {
    Each: {
      Type: "Map",
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
        ...LINEAR,
      },
      ItemReader: { Resource: "arn:aws:states:::s3:getObject", Parameters: { Bucket: "b", Key: "k" } },
      End: true,
    },
  },
};

/** Every way in which a machine's month can be known. */
const MIXED: readonly FleetMachine[] = [
  machine("Counted", 1_000_000, measured(1_000_000, { transitions: 3_100_000, ...TIMED })),
  machine("Expected", 400_000, measured(400_000, TIMED)),
  machine("Untimed", 30_000),
  machine("Sampled", 200_000, {
    ...measured(200_000, TIMED),
    definition: JSON.stringify(BRANCHING),
    sample: sampled([pick(0.9, 100)]),
  }),
  machine("Express", 2_000_000, {
    type: "EXPRESS",
    region: "us-east-1",
    ...measured(2_000_000, { ...TIMED, expressBilledDurationMs: 1.9e9, expressBilledMemoryMB: 64 }),
  }),
  machine("Blocked", 90_000, { ...measured(90_000, TIMED), definition: JSON.stringify(WAITING) }),
  machine("Slow", 50_000, measured(50_000, { durationMs: { mean: 2e5, p50: 1e5, p90: 3e5, p99: 9e5 } })),
  machine("Mapping", 1000, { ...measured(1000, TIMED), definition: JSON.stringify(MAPPING) }),
  machine("Logged", 70_000, {
    ...measured(70_000, TIMED),
    logging: { level: "ALL", includeExecutionData: true, logGroups: [] },
    tracing: true,
  }),
  machine("Idle", 0),
  machine("Dark", 1, { metrics: null }),
  machine("Elsewhere", 600_000, { account: OTHER_ACCOUNT, region: "us-east-1", ...measured(600_000, TIMED) }),
];

async function report(
  files: Readonly<Record<string, string>>,
  fleets: readonly string[],
  given: object = {},
): Promise<MonthlyReport> {
  const shell = fakeShell({ files });
  await runReport(shell, { fleets, format: "json", ...given });
  return JSON.parse(shell.stdout.text) as MonthlyReport;
}

async function analysis(files: Readonly<Record<string, string>>, given: object = {}) {
  const shell = fakeShell({ files });
  await runAnalyze(shell, { paths: ["fleet.json"], format: "json", ...given });
  return JSON.parse(shell.stdout.text) as AnalysisReport;
}

describe("the monthly report", () => {
  test.each([
    ["at list price", {}],
    ["with a discount", { discount: "9%" }],
    ["by another start rule", { transitionRule: "entered" }],
  ])("adds up to what analyze says of the same machines, %s", async (_, given) => {
    const files = { "fleet.json": fleet(MIXED) };
    const [monthly, analyzed] = [await report(files, ["fleet.json"], given), await analysis(files, given)];
    for (const total of ["monthlyCost", "recommendedMonthlyCost", "saving", "withDownstream"] as const)
      expect(monthly.totals[total]! / analyzed.totals[total]!, total).toBeCloseTo(1, 9);
    expect(monthly.totals.unknown).toBe(analyzed.totals.unknown);
    const byName = new Map(analyzed.workflows.map((workflow) => [workflow.name, workflow]));
    for (const {
      name,
      type,
      monthlyCost,
      recommendation,
      costPerMillion,
      downstreamMonthlyCost,
    } of monthly.machines) {
      const { estimates, recommendation: advice } = byName.get(name)!;
      const own = estimates[type];
      const near = (a: number | null, b: number | null, what: string): void => {
        if (a === null || b === null) expect(a, `${name} ${what}`).toBe(b);
        else expect(Math.abs(a - b), `${name} ${what}: ${a} ${b}`).toBeLessThan(1e-6 + 1e-9 * Math.abs(b));
      };
      near(monthlyCost, own.monthlyCost, "cost");
      near(costPerMillion, own.costPerExecution === null ? null : own.costPerExecution * 1e6, "per million");
      near(downstreamMonthlyCost, own.downstreamMonthlyCost, "downstream");
      expect(recommendation.type, name).toBe(advice.type);
      near(recommendation.saving, advice.saving, "saving");
    }
  });
});
