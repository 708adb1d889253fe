import { describe, expect, test } from "vitest";
import { runAnalyze } from "../../src/commands/analyze.ts";
import { runReconcile } from "../../src/commands/reconcile.ts";
import { runReport } from "../../src/commands/report.ts";
import type { AnalysisReport } from "../../src/report/analysis-report.ts";
import type { MonthlyReport } from "../../src/report/monthly/monthly-report.ts";
import type { ReconciliationReport } from "../../src/report/reconcile/reconciliation-report.ts";
import type { FleetMachine } from "../../src/workflow/fleet/fleet.ts";
import { fakeShell } from "../fake-shell.ts";
import { PRICE, billOf, transitions } from "./bill-rows.ts";
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
  machine("Carried", 0, measured(0, { transitions: 1_300_000 })),
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

describe("a month in which no execution started, of executions that had started before", () => {
  const carried = measured(0, { transitions: 1_300_000 });

  test("costs what CloudWatch counted", async () => {
    const files = { "fleet.json": fleet([machine("Long", 0, carried)]) };
    const { machines, totals } = await report(files, ["fleet.json"]);
    expect(machines[0]).toMatchObject({ executions: 0, transitions: 1_300_000, basis: "counted" });
    expect(totals.monthlyCost).toBeCloseTo(1_296_000 * PRICE, 9);
    // They have run as what they were.
    expect(machines[0]!.recommendation.saving).toBe(0);
    const [analyzed] = (await analysis(files)).workflows;
    expect(analyzed!.estimates.STANDARD.transitionsPerMonth).toBe(1_300_000);
    expect(analyzed!.recommendation.saving).toBe(0);
  });

  test("is taken at its rate while it is not over, and so far as it was counted", async () => {
    const period = { from: "2026-10-01T00:00:00.000Z", until: "2026-10-11T00:00:00.000Z", partial: true };
    const files = { "fleet.json": fleet([machine("Long", 0, carried)], { period }) };
    const { months, totals } = await report(files, ["fleet.json"]);
    expect(totals.transitions).toBeCloseTo(4_030_000, 3);
    expect(months[0]!.costSoFar).toBeCloseTo(1_296_000 * PRICE, 9);
    const analyzed = await analysis(files);
    expect(analyzed.totals.monthlyCost).toBeCloseTo(totals.monthlyCost!, 9);
  });

  test("differs by that from the month before", async () => {
    const files = {
      "9.json": fleet([machine("Long", 100, measured(100, { transitions: 700_000 }))], {
        month: "2026-09",
      }),
      "10.json": fleet([machine("Long", 0, carried)]),
    };
    const { movers } = await report(files, ["9.json", "10.json"]);
    const because = new Map(movers[0]!.because.map(({ cause, cost }) => [cause, cost]));
    expect(because.get("carried")).toBeCloseTo(1_300_000 * PRICE, 9);
    expect(because.get("executions")).toBeCloseTo(-700_000 * PRICE, 9);
    expect(because.has("other")).toBe(false);
  });
});

const SEPTEMBER = {
  month: "2026-09",
  period: { from: "2026-09-01T00:00:00.000Z", until: "2026-10-01T00:00:00.000Z", partial: false },
};

function counted(started: number, transitions: number, given: object = {}) {
  return measured(started, { transitions, ...TIMED, ...given });
}

describe("what changed since the month before", () => {
  const express = (started: number, billedMs: number, memory: number) => ({
    type: "EXPRESS" as const,
    ...measured(started, {
      ...TIMED,
      expressBilledDurationMs: started * billedMs,
      expressBilledMemoryMB: memory,
    }),
  });
  const before = fleet(
    [
      machine("Busier", 100_000, counted(100_000, 300_000)),
      machine("Longer", 100_000, counted(100_000, 300_000)),
      machine("Slower", 5_000_000, express(5_000_000, 1000, 64)),
      machine("Switched", 200_000, counted(200_000, 2_000_000)),
      machine("Gone", 80_000, counted(80_000, 240_000)),
      machine("Unread", 90_000, { region: "us-east-1", ...counted(90_000, 270_000) }),
      machine("Same", 70_000, counted(70_000, 210_000)),
    ],
    SEPTEMBER,
  );
  const after = fleet([
    machine("Busier", 150_000, counted(150_000, 450_000)),
    machine("Longer", 110_000, counted(110_000, 550_000)),
    machine("Slower", 5_000_000, express(5_000_000, 1500, 128)),
    machine("Switched", 200_000, express(200_000, 500, 64)),
    machine("New", 60_000, counted(60_000, 180_000)),
    machine("Same", 70_000, counted(70_000, 210_000)),
  ]);
  const both = { "a.json": after, "b.json": before };

  test("is told by reasons that add up, machine by machine and together", async () => {
    const { change, movers, months } = await report(both, ["a.json", "b.json"]);
    expect(months.map(({ month }) => month)).toStrictEqual(["2026-09", "2026-10"]);
    const sum = (because: readonly { readonly cost: number }[]): number =>
      because.reduce((all, { cost }) => all + cost, 0);
    expect(sum(change!.because)).toBeCloseTo(change!.difference, 9);
    const [apart] = change!.leftOut;
    expect(change!.leftOut).toMatchObject([{ name: "Unread", cause: "not-collected", after: null }]);
    expect(change!.difference).toBeCloseTo(
      months[1]!.monthlyCost! - (months[0]!.monthlyCost! - apart!.before!),
      9,
    );
    expect(movers.reduce((all, { difference }) => all + difference, 0)).toBeCloseTo(change!.difference, 9);
    for (const { name, difference, because } of movers) expect(sum(because), name).toBeCloseTo(difference, 9);
    const main = new Map(movers.map(({ name, because }) => [name, because[0]!]));
    expect(main.get("Busier")).toMatchObject({ cause: "executions", text: "executions 100,000 → 150,000" });
    expect(main.get("Longer")).toMatchObject({
      cause: "per-execution",
      text: "transitions per execution 3 → 5",
    });
    expect(
      movers
        .find(({ name }) => name === "Slower")!
        .because.map(({ cause }) => cause)
        .sort(),
    ).toStrictEqual(["duration", "memory"]);
    expect(main.get("Switched")?.cause).toBe("type");
    expect(main.get("Gone")).toMatchObject({ cause: "removed" });
    expect(main.get("New")).toMatchObject({ cause: "added" });
    expect(main.has("Unread")).toBe(false);
  });

  test("a place that only one month has read is said", async () => {
    const { diagnostics } = await report(both, ["a.json", "b.json"]);
    const { message } = diagnostics.find(({ code }) => code === "different-accounts")!;
    expect(message).toContain("111111111111/us-east-1 only in 2026-09");
  });

  test("a budget that is broken fails the run, after the report", async () => {
    const codes = await Promise.all(
      [["total.monthly-cost=10"], ["monthly-cost=+50%"], ["total.monthly-cost=1000"]].map(async (failOn) => {
        const shell = fakeShell({ files: both });
        const code = await runReport(shell, { fleets: ["a.json", "b.json"], format: "json", failOn });
        const { verdict } = JSON.parse(shell.stdout.text) as MonthlyReport;
        expect(verdict.passed).toBe(code === 0);
        expect(shell.stderr.text.includes("budget") || shell.stderr.text.includes("allowed")).toBe(
          code === 1,
        );
        return code;
      }),
    );
    expect(codes).toStrictEqual([1, 1, 0]);
    await expect(report(both, ["a.json"], { failOn: ["findings"] })).rejects.toThrow(/of a change/);
    // What is taken here, not what `diff` takes.
    await expect(report(both, ["a.json"], { failOn: ["total.monthlycost=5"] })).rejects.toMatchObject({
      hint: expect.not.stringContaining("type-switch"),
    });
  });

  describe("a machine whose cost is known in one month only", () => {
    const files = {
      "9.json": fleet(
        [
          machine("Dark", 1_000_000, counted(1_000_000, 4_000_000)),
          machine("Risen", 1_000_000, counted(1_000_000, 4_000_000)),
          machine("Broken", 400_000, counted(400_000, 2_000_000)),
        ],
        SEPTEMBER,
      ),
      "10.json": fleet([
        machine("Dark", 0, { metrics: null }),
        machine("Risen", 1_100_000, counted(1_100_000, 4_840_000)),
        machine("Broken", 400_000, { ...counted(400_000, 2_000_000), definition: "{" }),
      ]),
    };
    const fleets = ["9.json", "10.json"];

    async function judged(failOn: readonly string[], given = fleets) {
      const shell = fakeShell({ files });
      const code = await runReport(shell, { fleets: given, format: "json", failOn });
      return { code, said: shell.stderr.text };
    }

    test("is on neither side of the change, which says so and why", async () => {
      const { change, movers, groups } = await report(files, fleets);
      // The free tier falls to what is known.
      expect(change!.difference).toBeCloseTo(21, 0);
      expect(movers.map(({ name }) => name)).toStrictEqual(["Risen"]);
      expect(groups.account[0]!.difference).toBeCloseTo(change!.difference, 9);
      expect(change!.leftOut.map(({ name, cause, text }) => [name, cause, text])).toStrictEqual([
        ["Dark", "not-known", "its executions are not known in this month"],
        ["Broken", "unread", "its definition cannot be read in this month"],
      ]);
      const shell = fakeShell({ files });
      await runReport(shell, { fleets, format: "table" });
      expect(shell.stdout.text).toContain(
        "Not compared: 2 machines whose cost is known in one of the months",
      );
      expect(shell.stdout.text).not.toContain("gone");
    });

    test("does not hide from a budget what the others rose by", async () => {
      expect(await judged(["total.monthly-cost=+1"])).toMatchObject({ code: 1 });
      expect(await judged(["total.monthly-cost=+30"])).toStrictEqual({ code: 0, said: "" });
    });

    test("is named where its own budget cannot be judged", async () => {
      const { code, said } = await judged(["monthly-cost=+50%", "monthly-cost=500"]);
      expect(code).toBe(0);
      expect(said).toContain("Dark, Broken: the cost per month is not known, so its budget is not judged");
      expect(said).toContain(
        "Dark, Broken: how much the cost per month grew cannot be judged, because it is not known in both months",
      );
    });

    test("nor can growth be judged where there is no month before", async () => {
      const { code, said } = await judged(["total.monthly-cost=+10%"], ["10.json"]);
      expect(code).toBe(0);
      expect(said).toBe(
        "warning: All machines together: how much the cost per month grew cannot be judged, because no month before 2026-10 is given\n",
      );
    });
  });

  test.each([
    ["total.cost-per-million=1", 1, "All machines together"],
    ["total.transitions=1", 1, "All machines together"],
    ["total.cost-per-million=+1", 1, "All machines together"],
    ["transitions=+50%", 1, "Longer: transitions per execution 3 → 5"],
    ["cost-per-million=+70%", 0, ""],
    ["cost-per-million=+60%", 1, "Longer: cost per million executions $75.00 → $125.00"],
  ])("--fail-on %s is judged as diff judges it: exit code %i", async (failOn, expected, said) => {
    const shell = fakeShell({
      files: {
        "9.json": fleet([machine("Longer", 100_000, counted(100_000, 300_000))], SEPTEMBER),
        "10.json": fleet([machine("Longer", 100_000, counted(100_000, 500_000))]),
      },
    });
    const code = await runReport(shell, { fleets: ["9.json", "10.json"], failOn: [failOn] });
    expect(code).toBe(expected);
    expect(shell.stderr.text).toContain(said);
  });
});

test("a saving is what the account pays less, not a machine's part of it: Express time on top is in the cheapest tier", async () => {
  const express = (name: string, started: number, seconds: number) => {
    const ms = seconds * 1000;
    const metrics = { expressBilledDurationMs: started * ms, expressBilledMemoryMB: 64 };
    const times = { durationMs: { mean: ms, p50: ms, p90: ms, p99: ms } };
    return machine(name, started, { type: "EXPRESS", ...measured(started, { ...metrics, ...times }) });
  };
  const machines = { "fleet.json": fleet([express("Big", 1e8, 10), express("Long", 1e6, 224)]) };
  const turned = { ...machines, "stepfare.yml": "workflows: { Long: { type: STANDARD } }" };
  for (const read of [(files: Readonly<Record<string, string>>) => report(files, ["fleet.json"]), analysis]) {
    const [now, then] = [await read(machines), await read(turned)];
    const savedBy = ({ recommendation }: { recommendation: { type: string; saving: number | null } }) => [
      recommendation.type,
      recommendation.saving,
    ];
    const own = (of: typeof now) =>
      savedBy(("machines" in of ? of.machines : of.workflows).find(({ name }) => name === "Long")!);
    expect(own(now)).toEqual(["EXPRESS", 0]);
    expect(own(then)).toEqual([
      "EXPRESS",
      expect.closeTo(then.totals.monthlyCost! - now.totals.monthlyCost!, 6),
    ]);
  }
});

test("a total with every change of type is that of the machines once they are changed: tiers are met together", async () => {
  const ms = 48_000;
  const metrics = { transitions: 3e6, durationMs: { mean: ms, p50: ms, p90: ms, p99: ms } };
  const names = Array.from({ length: 10 }, (_, index) => `M${index}`);
  const machines = {
    "fleet.json": fleet([
      ...names.map((name) => machine(name, 1e6, measured(1e6, metrics))),
      machine("Far", 1e6, { ...measured(1e6, metrics), region: "eu-west-1" }),
      machine("Stays", 1e6, { ...measured(1e6, metrics), definition: JSON.stringify(WAITING) }),
    ]),
  };
  const types = [...names, "Far"].map((name) => `${name}: { type: EXPRESS }`).join(", ");
  const changed = { ...machines, "stepfare.yml": `workflows: { ${types} }` };
  for (const read of [(files: Readonly<Record<string, string>>) => report(files, ["fleet.json"]), analysis]) {
    const [now, then] = [await read(machines), await read(changed)];
    const of = "machines" in now ? now.machines : now.workflows;
    const apart = of.reduce((sum, { recommendation }) => sum + recommendation.saving!, 0);
    expect(
      of
        .map(({ recommendation }) => recommendation.type)
        .sort()
        .slice(0, 11),
    ).toEqual(Array(11).fill("EXPRESS"));
    expect(now.totals.recommendedMonthlyCost).toBeCloseTo(then.totals.monthlyCost!, 6);
    expect(now.totals.monthlyCost! - now.totals.recommendedMonthlyCost!).toBeGreaterThan(2 * apart);
    // No logs are among the records here, so that the saving is the difference of the two.
    expect(now.totals.saving).toBeCloseTo(now.totals.monthlyCost! - then.totals.monthlyCost!, 6);
  }
});

describe("what CloudWatch counted of a region as a whole", () => {
  const place = { account: "111111111111", region: "us-east-1" };
  const uncounted = machine("Uncounted", 1e6, place);
  const counted = machine("Counted", 1e6, { ...place, ...measured(1e6, { transitions: 3e6 }) });
  const unread = { ...uncounted, name: "Unread", arn: `${uncounted.arn}2`, definition: null };
  const own = 1e6 * (Object.keys(LINEAR.States).length + 1);

  test.each<[string, readonly FleetMachine[], number, readonly (readonly [string, RegExp])[]]>([
    [
      "bounds machines that it does not count one by one",
      [uncounted, counted],
      9e6,
      [["info", /9,000,000 .* 111111111111\/us-east-1.* of Uncounted,.* 6,000,000 at most$/]],
    ],
    ["cannot be less than they use", [uncounted, counted], 4e6, [["warning", /used 1,000,000 at most$/]]],
    ["tells machines that are gone", [counted], 4e6, [["info", /deleted since, or not collected/]]],
    ["agrees within 5 %", [uncounted, counted], 1.04 * (3e6 + own), []],
    ["is silent where nothing is known of one of them", [counted, unread], 9e6, []],
  ])("%s", async (_, machines, transitions, told) => {
    const regions = [{ ...place, transitions }];
    const { diagnostics } = await report({ "fleet.json": fleet(machines, { regions }) }, ["fleet.json"]);
    expect(
      diagnostics
        .filter(({ code }) => code === "regional-transitions")
        .map(({ severity, message }) => [severity, message]),
    ).toEqual(told.map(([severity, message]) => [severity, expect.stringMatching(message)]));
  });
});

describe("a machine that others of the fleet wait for", () => {
  const caller = (name: string, resource: string, child: string) => {
    const StateMachineArn = `arn:aws:states:eu-west-1:111111111111:stateMachine:${child}`;
    const States = {
      Call: { Type: "Task", Resource: resource, Parameters: { StateMachineArn }, End: true },
    };
    return machine(name, 1000, { definition: JSON.stringify({ StartAt: "Call", States }) });
  };
  const child = (name: string, given: Partial<FleetMachine>) => machine(name, 1_000_000, given);
  const long = { mean: 250_000, p50: 250_000, p90: 250_000, p99: 250_000 };
  const express = { expressBilledDurationMs: 1e6 * 250_000, expressBilledMemoryMB: 64, durationMs: long };
  const children = [
    child("Quick", measured(1_000_000, TIMED)),
    child("Long", { type: "EXPRESS", ...measured(1_000_000, express) }),
  ];
  const advised = async (machines: readonly FleetMachine[]) => {
    const { machines: reported } = await report({ "fleet.json": fleet(machines) }, ["fleet.json"]);
    return children.map(({ name }) => reported.find((each) => each.name === name)!.recommendation);
  };

  test("keeps the type that they can wait for", async () => {
    expect(await advised(children)).toMatchObject([{ type: "EXPRESS" }, { type: "STANDARD" }]);
    const callers = [
      caller("Parent", "arn:aws:states:::states:startExecution.sync:2", "Quick:live"),
      caller("Gate", "arn:aws:states:::aws-sdk:sfn:startSyncExecution", "Long"),
    ];
    const [quick, kept] = await advised([...children, ...callers]);
    expect(quick).toMatchObject({ type: "STANDARD", why: "express-blocked", saving: 0 });
    expect(quick!.blocker).toContain("Call of Parent waits for it by startExecution.sync");
    expect(kept).toMatchObject({ type: "EXPRESS", why: "standard-refused", saving: 0 });
    // In whichever file of the month they are.
    const files = { "children.json": fleet(children), "callers.json": fleet(callers) };
    const apart = await report(files, ["children.json", "callers.json"]);
    expect(apart.machines.find(({ name }) => name === "Quick")!.recommendation).toEqual(quick);
  });
});

describe("what stepfare.yml says of deployed machines", () => {
  const files = {
    "fleet.json": fleet([
      machine("Scened", 500_000, { definition: JSON.stringify(BRANCHING), ...measured(500_000, TIMED) }),
      machine("Turned", 300_000, measured(300_000, { transitions: 900_000, ...TIMED })),
      machine("Told", 200_000, { definition: JSON.stringify(BRANCHING), ...measured(200_000, TIMED) }),
    ]),
    "stepfare.yml": [
      "workflows:",
      "  Scened: { scenarios: ways.yml }",
      "  Turned: { type: EXPRESS }",
      "  Told: { states: { Pick: { choices: { Often: 0.9 } }, Pikc: { items: 3 } } }",
    ].join("\n"),
    "ways.yml": [
      "scenarios:",
      "  - { name: often, weight: 3, input: { a: true } }",
      "  - { name: rarely, weight: 1, input: { a: false } }",
      "  - { name: never, weight: 0, input: {} }",
    ].join("\n"),
  };

  test("type, figures and scenarios count as they do for analyze", async () => {
    const [monthly, analyzed] = [await report(files, ["fleet.json"]), await analysis(files)];
    expect(monthly.totals.monthlyCost! / analyzed.totals.monthlyCost!).toBeCloseTo(1, 9);
    const [turned] = monthly.machines.filter(({ name }) => name === "Turned");
    expect(turned).toMatchObject({ type: "EXPRESS", basis: "expected" });
    // The start, Pick and Rare; Often in three of four.
    const [scened] = monthly.machines.filter(({ name }) => name === "Scened");
    expect(scened!.transitions! / scened!.executions!).toBeCloseTo(3.75, 9);
  });

  test("and what is wrong in it is said, once for all months", async () => {
    const both = {
      ...files,
      "9.json": fleet(
        ["Told", "Scened"].map((name) => machine(name, 1000, { definition: JSON.stringify(BRANCHING) })),
        SEPTEMBER,
      ),
    };
    const { diagnostics } = await report(both, ["9.json", "fleet.json"]);
    // A machine that stays as it is from month to month is acted out once.
    expect(diagnostics.filter(({ code }) => code === "scenario-failed")).toHaveLength(1);
    expect(diagnostics.filter(({ message }) => message.includes("Pikc"))).toHaveLength(1);
    await expect(report({ ...files, "ways.yml": "scenarios: 5" }, ["fleet.json"])).rejects.toThrow(
      /ways\.yml/,
    );
  });
});

describe("groups, days and what could not be read", () => {
  const tag = (value: string) => ({ tags: [{ key: "team", value }] });

  test("untagged machines are a bucket of their own, and every grouping adds up to the total", async () => {
    const text = fleet([
      machine("A", 100_000, { ...tag("orders"), ...counted(100_000, 300_000) }),
      machine("B", 200_000, { ...tag("billing"), ...counted(200_000, 600_000) }),
      machine("C", 300_000, counted(300_000, 900_000)),
    ]);
    const { groups, totals } = await report({ "fleet.json": text }, ["fleet.json"]);
    expect(groups.tags[0]?.groups.map(({ key }) => key)).toStrictEqual([null, "billing", "orders"]);
    for (const each of [groups.account, groups.region, groups.type, groups.tags[0]!.groups])
      expect(each.reduce((sum, { monthlyCost }) => sum + monthlyCost, 0)).toBeCloseTo(totals.monthlyCost!, 9);
  });

  test("in trouble are those with a share of failures worth a look or dear ones, what they cost first", async () => {
    const failing = (name: string, started: number, failed: number, given: object = {}) =>
      machine(
        name,
        started,
        counted(started, 3 * started, { succeeded: started - failed, failed, ...given }),
      );
    const text = fleet([
      failing("Healthy", 100_000, 50),
      failing("Tiny", 10, 10),
      failing("Broken", 100_000, 40_000),
      failing("Large", 90_000_000, 200_000),
      failing("Throttled", 1000, 0, { throttled: 400 }),
      failing("Grazed", 1000, 0, { throttled: 1, aborted: 2 }),
    ]);
    const { troubled } = await report({ "fleet.json": text }, ["fleet.json"]);
    expect(troubled.map(({ name }) => name)).toStrictEqual(["Large", "Broken", "Tiny", "Throttled"]);
    expect(troubled[1]!.cost).toBeCloseTo(40_000 * 3 * 0.000025, 9);
  });

  test("a day with far more starts, and failures that became more, are found and priced", async () => {
    const days = Array.from({ length: 31 }, (_, day) => 1000 + ((day * 37) % 50));
    const spiked = days.map((count, day) => (day === 16 ? 9000 : count));
    const started = (by: readonly number[]): number => by.reduce((sum, count) => sum + count, 0);
    const ends = (by: readonly number[], failed: number) =>
      counted(started(by), 3 * started(by), { startedByDay: by, succeeded: started(by) - failed, failed });
    const files = {
      "9.json": fleet(
        [machine("Calm", 1, ends(days.slice(1), 10)), machine("Wild", 1, ends(days.slice(1), 10))],
        SEPTEMBER,
      ),
      "10.json": fleet([machine("Calm", 1, ends(days, 10)), machine("Wild", 1, ends(spiked, 4000))]),
    };
    const { anomalies, troubled } = await report(files, ["9.json", "10.json"]);
    expect(new Set(anomalies.map(({ name }) => name))).toStrictEqual(new Set(["Wild"]));
    const spike = anomalies.find(({ kind }) => kind === "starts-high");
    expect(spike).toMatchObject({ day: "2026-10-17", observed: 9000 });
    expect(spike!.cost! / ((9000 - spike!.expected) * 3 * 0.000025)).toBeCloseTo(1, 9);
    expect(anomalies.find(({ kind }) => kind === "failures")).toMatchObject({ observed: 4000 });
    expect(troubled[0]).toMatchObject({ name: "Wild", failed: 4000 });
  });

  test("a month that is not over has its cost so far, and a forecast whose range holds the planted end", async () => {
    const weekly = (day: number): number => ([3, 4].includes(day % 7) ? 400 : 1000);
    const all = Array.from({ length: 31 }, (_, day) => weekly(day) + ((day * 53) % 60));
    const soFar = all.slice(0, 18);
    const started = soFar.reduce((sum, count) => sum + count, 0);
    const partial = {
      period: { from: "2026-10-01T00:00:00.000Z", until: "2026-10-19T00:00:00.000Z", partial: true },
    };
    const text = fleet(
      [machine("M", started, counted(started, 3 * started, { startedByDay: soFar }))],
      partial,
    );
    const { forecast, months, totals } = await report({ "fleet.json": text }, ["fleet.json"]);
    const costOf = (executions: number): number => (3 * executions - 4000) * 0.000025;
    expect(months[0]?.costSoFar).toBeCloseTo(costOf(started), 9);
    expect(totals.monthlyCost).toBeCloseTo(costOf((started * 31) / 18), 6);
    const end = costOf(all.reduce((sum, count) => sum + count, 0));
    expect(forecast).toMatchObject({ daysRead: 18, daysLeft: 13, coverage: 0.9 });
    expect(forecast!.low < end && end < forecast!.high).toBe(true);
    expect(forecast!.monthlyCost / end).toBeCloseTo(1, 1);
  });

  test("a broken budget names the machine of several with one name", async () => {
    const names = [machine("A", 1000), machine("A", 900_000, { region: "us-east-1" })];
    const shell = fakeShell({ files: { "x.json": fleet(names) } });
    expect(await runReport(shell, { fleets: ["x.json"], failOn: ["monthly-cost=20"] })).toBe(1);
    expect(shell.stderr.text).toContain("A@111111111111/us-east-1");
  });

  test("machines that were not read stand apart, with what AWS counted of them", async () => {
    const unread = machine("B", 1000, { ...counted(1000, 4000), definition: null });
    const text = fleet([machine("A", 10), unread, machine("C", 5, { definition: "{" })]);
    const { unread: apart, machines } = await report({ "fleet.json": text }, ["fleet.json"]);
    expect(machines.map(({ name }) => name)).toStrictEqual(["A"]);
    expect(apart).toMatchObject([
      { name: "B", why: "its definition was not collected", countedCost: 0.1 },
      { name: "C", why: "its definition cannot be read", countedCost: null },
    ]);
    const shell = fakeShell({ files: { "fleet.json": text } });
    await runReport(shell, { fleets: ["fleet.json"], format: "csv" });
    const [head = "", ...rows] = shell.stdout.text.trimEnd().split("\r\n");
    expect(rows.map((row) => row.split(",")[1])).toStrictEqual(["A", "B", "C"]);
    expect(head.split(",").at(-1)).toBe("not_read");
    expect(rows[1]).toMatch(/,STANDARD,,USD,{12,}its definition was not collected$/);
  });

  test("machines of a region without a price list are priced by the lender's, or not at all, beside the others", async () => {
    const far = machine("Far", 1000, { region: "xx-new-1", ...counted(1000, 4000) });
    const text = fleet([machine("A", 1000, counted(1000, 4000)), far]);
    const files = { "fleet.json": text };
    const { machines, diagnostics } = await report(files, ["fleet.json"]);
    const [first, second] = machines;
    expect(second!.monthlyCost).toBe(first!.monthlyCost);
    expect(diagnostics).toContainEqual(
      expect.objectContaining({
        code: "unpriced-region",
        severity: "warning",
        message: 'There is no price list for the region "xx-new-1", in which Far runs',
        at: { file: "fleet.json", line: 1, column: 1, pointer: "" },
      }),
    );
    const { totals, machines: unpriced } = await report(files, ["fleet.json"], { borrow: false });
    expect(totals.unknown).toBe(1);
    expect(unpriced.find(({ name }) => name === "Far")!.monthlyCost).toBeNull();
    expect(unpriced.find(({ name }) => name === "A")!.monthlyCost).not.toBeNull();
    const { workflows, diagnostics: ofAnalysis } = await analysis(files);
    expect(workflows.map(({ name }) => name).toSorted()).toStrictEqual(["A", "Far"]);
    const { at } = workflows.find(({ name }) => name === "Far")!;
    expect(ofAnalysis).toContainEqual(expect.objectContaining({ code: "unpriced-region", at }));
    // Of no machine there is only what the run says.
    await expect(
      report({ "fleet.json": fleet([]) }, ["fleet.json"], { region: "xx-new-1" }),
    ).rejects.toMatchObject({ code: "unknown-region" });
  });

  test("a machine in several files of one month counts once, as read last; an account of its own adds up", async () => {
    const files = {
      "a.json": fleet([machine("A", 1000)]),
      "b.json": fleet([machine("A", 2000), machine("B", 10)]),
      "c.json": fleet([machine("C", 30, { account: OTHER_ACCOUNT })]),
      "other.json": JSON.stringify(LINEAR),
    };
    const { machines, diagnostics, months } = await report(files, ["."]);
    expect(machines.map(({ name, executions }) => [name, executions])).toStrictEqual([
      ["A", 2000],
      ["B", 10],
      ["C", 30],
    ]);
    expect(months[0]?.machines).toBe(3);
    expect(diagnostics.filter(({ code }) => code === "overlapping-fleets")).toMatchObject([
      { message: expect.stringContaining("1 machine is there more than once in 2026-10 (a.json, b.json)") },
    ]);
  });

  test("a machine three times in one file is one machine, in one file", async () => {
    const thrice = [machine("A", 1000), machine("A", 2000), machine("A", 3000)];
    const { machines, diagnostics } = await report({ "a.json": fleet(thrice), "b.json": fleet([]) }, ["."]);
    expect(machines).toMatchObject([{ name: "A", executions: 3000 }]);
    expect(diagnostics.filter(({ code }) => code === "overlapping-fleets")).toMatchObject([
      { message: expect.stringContaining("1 machine is there more than once in 2026-10 (a.json)") },
    ]);
  });

  test.each<[string, Readonly<Record<string, string>>, readonly string[], string]>([
    ["a file that is no fleet", { "x.json": "{}" }, ["x.json"], "invalid-fleet-file"],
    [
      "a fleet cut off",
      { "x.json": fleet([machine("A", 1)]).slice(0, 600) },
      ["x.json"],
      "invalid-fleet-file",
    ],
    ["a month that is none", { "x.json": fleet([], { month: "2026-13" }) }, ["x.json"], "invalid-fleet-file"],
    [
      "a month that is not the period's",
      {
        "x.json": fleet([], {
          month: "2026-09",
          period: { from: "2026-10-01T00:00:00.000Z", until: "2026-11-01T00:00:00.000Z", partial: false },
        }),
      },
      ["x.json"],
      "invalid-fleet-file",
    ],
    [
      "a period that ends before it begins",
      {
        "x.json": fleet([], {
          month: null,
          period: { from: "2026-10-10T00:00:00.000Z", until: "2026-10-01T00:00:00.000Z", partial: false },
        }),
      },
      ["x.json"],
      "invalid-fleet-file",
    ],
    [
      "a period that is no instant",
      {
        "x.json": fleet([], { period: { from: "soon", until: "2026-11-01T00:00:00.000Z", partial: false } }),
      },
      ["x.json"],
      "invalid-fleet-file",
    ],
    ["a folder without fleets", { "d/x.json": "{}" }, ["d"], "nothing-to-report"],
    ["a path that is not there", {}, ["nowhere.json"], "no-such-path"],
    [
      "days of two months",
      {
        "x.json": fleet([], {
          month: null,
          period: { from: "2026-09-20T00:00:00.000Z", until: "2026-10-10T00:00:00.000Z", partial: false },
        }),
      },
      ["x.json"],
      "not-a-month",
    ],
  ])("%s is refused in words", async (_, files, fleets, code) => {
    await expect(report(files, fleets)).rejects.toMatchObject({ code, exitCode: 2 });
  });
});

describe("a fleet file that is broken is told where", () => {
  const head = '{"schemaVersion":"1","kind":"fleet",\n ';

  test.each([
    ["a comma too many", `${head}"month": 5,}`, "a comma stands after the last element, line 2, column 12."],
    ["a comma too few", `${head}"month": 5 "period": 1}`, "a comma is missing, line 2, column 12."],
    ["a comment", `${head}// why\n"month": 5}`, "a comment stands in it, line 2, column 2."],
    ["a wrong escape", `${head}"month": "\\q"}`, ", line 2, column 13."],
    ["a text that is cut off", `${head}"month": "2026-1`, "(a string is not closed, line 2, column 11)."],
    ["a word that is cut off", `${head}"month": nul`, "cut off (a value was expected, line 2, column 11)."],
    ["an object that is cut off", `${head}"month": null,`, "it seems to be cut off ("],
  ])("%s", async (_, text, told) => {
    await expect(report({ "x.json": text }, ["x.json"])).rejects.toThrow(told);
  });

  test("its values all at once, in words", async () => {
    const whole = JSON.parse(fleet([machine("A", 5), machine("B", 6)])) as {
      machines: Record<string, unknown>[];
      month: unknown;
    };
    whole.month = 5;
    Object.assign(whole.machines[0]!, { type: "STANDART", tags: "team", definition: undefined });
    Object.assign(whole.machines[1]!["metrics"]!, { started: -3 });
    const text = JSON.stringify(whole, null, 1);
    const placeOf = (key: string): string => {
      const lines = text.slice(0, text.indexOf(key)).split("\n");
      return `(line ${lines.length}, column ${lines.at(-1)!.length + 1})`;
    };
    await expect(report({ "x.json": text }, ["x.json"])).rejects.toThrow(
      [
        `/month ${placeOf('"month"')}: 5 stands where a text belongs`,
        `/machines/0/type ${placeOf('"type"')}: "STANDART" is not known. Did you mean "STANDARD"?`,
        `/machines/0/definition (line 18, column 3): it is missing`,
        `/machines/0/tags ${placeOf('"tags": "team"')}: "team" stands where a list belongs`,
        `/machines/1/metrics/started ${placeOf('"started": -3')}: -3 is less than 0.`,
      ].join("; "),
    );
  });

  test("of very many values, how many more", async () => {
    const whole = JSON.parse(fleet(Array.from({ length: 30 }, (_, index) => machine(`M${index}`, 1))));
    for (const each of whole.machines) each.type = 7;
    await expect(report({ "x.json": JSON.stringify(whole) }, ["x.json"])).rejects.toThrow(
      /7 is not known: write STANDARD or EXPRESS.*; and 10 more\.$/,
    );
  });
});

describe("formats", () => {
  const hostile = machine("<b>|`x`\u001b[31m", 100_000, counted(100_000, 300_000));
  const files = { "9.json": fleet([hostile], SEPTEMBER), "10.json": fleet([hostile, machine("New", 5000)]) };

  test.each(["table", "markdown", "csv"])(
    "%s tells every machine, and no name breaks out of it",
    async (format) => {
      const shell = fakeShell({ files });
      await runReport(shell, { fleets: ["."], format });
      const { text } = shell.stdout;
      expect(text).toContain("New");
      expect(text).not.toContain("\u001b[31m");
      if (format === "markdown") expect(text).not.toContain("<b>");
    },
  );

  test("brief is Markdown without a table", async () => {
    const shell = fakeShell({ files });
    await runReport(shell, { fleets: ["."], format: "markdown", brief: true });
    expect(shell.stdout.text).toContain("2026-10 cost");
    expect(shell.stdout.text).not.toMatch(/^\|/m);
    expect(shell.stdout.text.split("\n").length).toBeLessThan(25);
  });

  test.each(["table", "csv", "json", "html"])("brief is refused of %s, which has none", async (format) => {
    const shell = fakeShell({ files });
    await expect(runReport(shell, { fleets: ["."], format, brief: true })).rejects.toMatchObject({
      code: "invalid-option",
      message: `--brief is of --format markdown, and the format is ${format}.`,
    });
  });

  test("brief holds no entity of an invisible break, which a chat shows as it is written, and still mentions nobody", async () => {
    const named = { "10.json": fleet([machine("@here-#1 &#64;all", 5000, counted(5000, 15_000))]) };
    const shell = fakeShell({ files: { ...named, "9.json": fleet([], SEPTEMBER) } });
    await runReport(shell, { fleets: ["."], format: "markdown", brief: true });
    expect(shell.stdout.text).toContain("@\u200Bhere");
    expect(shell.stdout.text).toContain("&amp;");
    expect(shell.stdout.text).not.toMatch(/&#8203;|@here|@all/);
  });
});

describe("with the month's bill", () => {
  const files = {
    "9.json": fleet([machine("A", 500_000)], SEPTEMBER),
    "10.json": fleet([machine("A", 1_000_000), machine("B", 200_000)]),
  };
  const bill = billOf([transitions("A", 3_000_000), transitions("B", 700_000)]);

  async function told(format: string, given: object = {}): Promise<string> {
    const shell = fakeShell({ files, bill });
    await runReport(shell, { fleets: ["9.json", "10.json"], format, bill: ["cur.parquet"], ...given });
    return shell.stdout.text;
  }

  test("the report holds the newest month's reconciliation, as `reconcile` gives it", async () => {
    const { reconciliation } = JSON.parse(await told("json")) as MonthlyReport;
    const shell = fakeShell({ files, bill });
    await runReconcile(shell, { fleets: ["10.json"], bill: ["cur.parquet"], format: "json" });
    // What concerns prices and fleets is said of the report as a whole.
    const alone = JSON.parse(shell.stdout.text) as ReconciliationReport;
    expect(reconciliation).toStrictEqual({ ...alone, diagnostics: [] });
    expect(reconciliation!.totals.gap).toBeCloseTo(100_000 * PRICE + 0.1, 9);
    expect((await report(files, ["9.json", "10.json"])).reconciliation).toBeNull();
  });

  test("what the bill has to say is said once", async () => {
    const strange = billOf([transitions("A", 3_000_000, { currency: "EUR" })]);
    const shell = fakeShell({ files, bill: strange });
    await runReport(shell, { fleets: ["9.json", "10.json"], format: "json", bill: ["cur.parquet"] });
    expect(shell.stdout.text.match(/"bill-currency"/g)).toHaveLength(1);
    const { diagnostics } = JSON.parse(shell.stdout.text) as MonthlyReport;
    expect(diagnostics.map(({ code }) => code)).toContain("bill-currency");
  });

  test("every format for people tells it", async () => {
    for (const format of ["table", "markdown", "html"])
      expect(await told(format)).toMatch(/Bill of 2026-10: \$92\.50 billed/);
    await expect(told("table", { athena: "a.b" })).rejects.toThrow("two bills");
  });
});
