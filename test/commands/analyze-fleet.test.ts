import { describe, expect, test } from "vitest";
import { runAnalyze } from "../../src/commands/analyze.ts";
import { runDiff } from "../../src/commands/diff.ts";
import type { AnalysisReport } from "../../src/report/analysis-report.ts";
import { UserError } from "../../src/user-error.ts";
import { fakeShell } from "../fake-shell.ts";
import { BRANCHING, LINEAR, fleet, machine, pick, sampled } from "./fleet-fixture.ts";

async function analyze(
  files: Readonly<Record<string, string>>,
  paths: readonly string[],
  given: object = {},
) {
  const shell = fakeShell({ files });
  await runAnalyze(shell, { paths, format: "json", ...given });
  return JSON.parse(shell.stdout.text) as AnalysisReport;
}

async function refusalOf(files: Readonly<Record<string, string>>, given: object = {}): Promise<UserError> {
  try {
    await analyze(files, ["fleet.json"], given);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("a fleet file as a source", () => {
  test("gives each machine's real monthly cost, the recommended type and the saving", async () => {
    const report = await analyze({ "fleet.json": fleet([machine("A", 1_000_000), machine("B", 500_000)]) }, [
      "fleet.json",
    ]);
    const [first, second] = report.workflows;
    expect([first?.name, second?.name]).toStrictEqual(["A", "B"]);
    // Start, Work and Done: three transitions an execution; two thirds of the free 4,000 are A's.
    expect(first?.estimates.STANDARD.transitionsPerMonth).toBe(3_000_000);
    expect(first?.estimates.STANDARD.monthlyCost).toBeCloseTo((3_000_000 - 4000 * (2 / 3)) * 0.000025, 6);
    expect(first).toMatchObject({
      foundIn: "aws",
      executionsPerMonth: { value: 1_000_000, basis: "observed" },
    });
    expect(first?.recommendation.type).toBe("EXPRESS");
    expect(first?.recommendation.saving).toBeGreaterThan(0);
    expect(report.totals.monthlyCost).toBeCloseTo((4_500_000 - 4000) * 0.000025, 6);
  });

  test("is priced where each machine runs, with one free tier for the account", async () => {
    const text = fleet([
      machine("A", 10_000, { region: "eu-west-1" }),
      machine("B", 10_000, { region: "sa-east-1" }),
    ]);
    const report = await analyze({ "fleet.json": text }, ["fleet.json"]);
    expect(report.region).toBe("eu-west-1, sa-east-1");
    const free = report.workflows.flatMap(({ estimates }) =>
      estimates.STANDARD.lineItems.filter(({ cost }) => cost !== null && cost < 0),
    );
    const freed = free.reduce((sum, { quantity }) => sum + quantity, 0);
    expect(Math.abs(freed)).toBeCloseTo(4000, 6);
    const regions = report.workflows.map(({ estimates }) => estimates.STANDARD.lineItems[0]?.price.region);
    expect(new Set(regions).size).toBe(2);
    expect(report.totals.monthlyCost).toBeCloseTo(
      report.workflows.reduce((sum, { estimates }) => sum + estimates.STANDARD.monthlyCost!, 0),
      9,
    );
  });

  test("observed shares carry the result, with sample size and interval", async () => {
    const branching = { definition: JSON.stringify(BRANCHING), sample: sampled([pick(0.9, 100)]) };
    const report = await analyze({ "fleet.json": fleet([machine("P", 1000, branching)]) }, ["fleet.json"]);
    const often = report.workflows[0]?.branches.find(({ to }) => to === "Often");
    expect(often).toMatchObject({ basis: "observed" });
    expect(often?.share).toBeCloseTo(90.5 / 101);
    const assumption = report.workflows[0]?.recommendation.assumptions.find(({ key }) =>
      key.includes("Often"),
    );
    expect(assumption?.figure.note).toContain("100 visits in 100 of 1000 executions");
    expect(assumption!.figure.low < 0.9 && 0.9 < assumption!.figure.high).toBe(true);
  });

  test("stepfare.yml's figures are what a small sample is drawn toward; flags stand over all", async () => {
    const branching = { definition: JSON.stringify(BRANCHING), sample: sampled([pick(0.5, 4)]) };
    const files = {
      "fleet.json": fleet([machine("P", 1000, branching)]),
      "stepfare.yml":
        "workflows: { P: { executionsPerMonth: 77, states: { Pick: { choices: { Often: 0.1 } } } } }",
    };
    const report = await analyze(files, ["fleet.json"]);
    expect(report.workflows[0]?.branches.find(({ to }) => to === "Often")?.share).toBeCloseTo((2 + 0.4) / 8);
    expect(report.workflows[0]?.executionsPerMonth?.value).toBe(1000);
    const flagged = await analyze(files, ["fleet.json"], { executions: "5" });
    expect(flagged.workflows[0]?.executionsPerMonth?.value).toBe(5);
  });

  test("each machine's place is its line in the file; machines of one name are told apart", async () => {
    const text = fleet([machine("A", 1), machine("A", 2, { region: "us-east-1" })]);
    const report = await analyze({ "fleet.json": text }, ["fleet.json"]);
    expect(report.workflows.map(({ name }) => name).sort()).toStrictEqual(["A@eu-west-1", "A@us-east-1"]);
    const lines = text.split("\n");
    for (const { at, name } of report.workflows) {
      expect(at.file).toBe("fleet.json");
      expect(lines[at.line - 1]?.slice(at.column - 1)).toContain(name.split("@")[1]);
    }
  });

  test("a machine whose definition could not be collected, and what collect could not read, are said", async () => {
    const diagnostics = [
      { code: "access-denied", severity: "warning" as const, message: "denied", at: null, hint: null },
    ];
    const text = fleet([machine("A", 1), machine("B", 1, { definition: null })], { diagnostics });
    const report = await analyze({ "fleet.json": text }, ["fleet.json"]);
    expect(report.workflows.map(({ name }) => name)).toStrictEqual(["A"]);
    const codes = report.diagnostics.map(({ code }) => code);
    expect(codes).toContain("access-denied");
    expect(codes).toContain("unknown-definition");
  });

  test("durations nobody declared are fitted to the execution time that CloudWatch measured", async () => {
    const { metrics } = machine("A", 1_000_000);
    const durationMs = { mean: 3000, p50: 2500, p90: 5000, p99: 8000 };
    const express = { type: "EXPRESS" as const, metrics: { ...metrics!, durationMs } };
    const report = await analyze({ "fleet.json": fleet([machine("E", 1_000_000, express)]) }, ["fleet.json"]);
    const [workflow] = report.workflows;
    expect(workflow?.durationMs.basis).toBe("observed");
    expect(workflow!.durationMs.mean / 3000).toBeCloseTo(1, 1);
    expect(workflow!.durationMs.p99 / 8000).toBeCloseTo(1, 0);
    // 64 MB for three seconds, a million times, and half of 100 ms for rounding up.
    const gbSeconds = workflow!.estimates.EXPRESS.gbSeconds;
    expect(gbSeconds! / (0.0625 * 3.05 * 1_000_000)).toBeCloseTo(1, 1);
    const declared = await analyze(
      {
        "fleet.json": fleet([machine("E", 1_000_000, express)]),
        "stepfare.yml": "workflows: { E: { states: { Work: { duration: 100ms } } } }",
      },
      ["fleet.json"],
    );
    expect(declared.workflows[0]?.durationMs.mean).toBe(100);
  });

  test("what AWS counted is said where it parts from what is expected", async () => {
    const { metrics } = machine("A", 1000);
    const counting = (transitions: number) => ({ metrics: { ...metrics!, transitions } });
    const text = fleet([machine("Off", 1000, counting(5000)), machine("Near", 1000, counting(3100))]);
    const report = await analyze({ "fleet.json": text }, ["fleet.json"]);
    const said = new Map(
      report.workflows.map(({ name, diagnostics }) => [
        name,
        diagnostics.find(({ code }) => code === "measured-transitions"),
      ]),
    );
    expect(said.get("Near")).toBeUndefined();
    expect(said.get("Off")?.message).toBe(
      "AWS counted 5000 state transitions in the period, 5 per execution, which the month is priced by; the states let expect 3 per execution",
    );
  });

  test("what AWS counted is what the month is priced by, and the ledger still adds up", async () => {
    const { metrics } = machine("A", 1_000_000);
    const counting = (given: object) => ({ metrics: { ...metrics!, ...given } });
    const express = {
      type: "EXPRESS" as const,
      ...counting({ expressBilledDurationMs: 2.5e8, expressBilledMemoryMB: 128 }),
    };
    const text = fleet([
      machine("S", 1_000_000, counting({ transitions: 4_500_000 })),
      machine("E", 1_000_000, express),
    ]);
    const report = await analyze({ "fleet.json": text }, ["fleet.json"]);
    const [standard, timed] = ["S", "E"].map((name) => {
      const { estimates, type } = report.workflows.find((workflow) => workflow.name === name)!;
      const { lineItems, ...estimate } = estimates[type];
      const sum = lineItems.reduce((all, { cost }) => all + cost!, 0);
      expect(sum / estimate.monthlyCost!).toBeCloseTo(1, 9);
      return estimate;
    });
    expect(standard).toMatchObject({ transitionsPerMonth: 4_500_000 });
    expect(standard!.monthlyCost).toBeCloseTo((4_500_000 - 4000) * 0.000025, 6);
    // A request each, and 0.25 s of 128 MB.
    expect(timed!.monthlyCost).toBeCloseTo(1 + 1_000_000 * 0.25 * 0.125 * 0.00001667, 6);
  });

  test("a fleet left in a folder is not taken for the folder's definitions", async () => {
    const files = { "fleet.json": fleet([machine("A", 1)]), "b.asl.json": JSON.stringify(LINEAR) };
    const report = await analyze(files, ["."]);
    expect(report.workflows.map(({ name }) => name)).toStrictEqual(["b"]);
  });

  test("zero executions cost nothing, unknown ones are unknown", async () => {
    const text = fleet([machine("Idle", 0), machine("Dark", 1, { metrics: null })]);
    const report = await analyze({ "fleet.json": text }, ["fleet.json"]);
    const cost = new Map(
      report.workflows.map(({ name, estimates }) => [name, estimates.STANDARD.monthlyCost]),
    );
    expect(cost.get("Idle")).toBe(0);
    expect(cost.get("Dark")).toBeNull();
  });

  test.each<[string, string, RegExp]>([
    ["cut in half", fleet([machine("A", 1)]).slice(0, 500), /cut off/],
    [
      "of an older schema",
      fleet([]).replace('"schemaVersion": "1"', '"schemaVersion": "0"'),
      /schemaVersion "0"/,
    ],
    [
      "of a newer schema",
      fleet([]).replace('"schemaVersion": "1"', '"schemaVersion": "2"'),
      /schemaVersion "2"/,
    ],
    ["with a machine that is none", fleet([]).replace('"machines": []', '"machines": [{}]'), /\/machines\/0/],
  ])("a file %s is refused in words", async (_, text, words) => {
    const error = await refusalOf({ "fleet.json": text });
    expect(error.exitCode).toBe(2);
    expect(error.message).toMatch(words);
    const lent = await refusalOf(
      { "fleet.json": fleet([machine("A", 1)]), "bad.json": text },
      { fleet: "bad.json" },
    );
    expect(lent).toMatchObject({ code: "invalid-fleet-file" });
    expect(lent.message).toMatch(words);
  });

  test("machines billed in several currencies are not added up", async () => {
    const error = await refusalOf({
      "fleet.json": fleet([machine("A", 1), machine("B", 1, { region: "cn-north-1" })]),
    });
    expect(error.code).toBe("several-currencies");
  });
});

describe("--fleet", () => {
  const twin = machine("OrdersStack-Machine-1A2B", 5000, {
    definition: JSON.stringify(BRANCHING),
    sample: sampled([pick(0.9, 100)]),
  });

  test("lends a local definition the figures of its deployed twin, recognised by what it holds", async () => {
    const files = {
      "fleet.json": fleet([twin, machine("Other", 9)]),
      "orders.asl.json": JSON.stringify(BRANCHING),
    };
    const report = await analyze(files, ["orders.asl.json"], { fleet: "fleet.json" });
    const [orders] = report.workflows;
    expect(orders).toMatchObject({
      name: "orders",
      foundIn: "asl",
      executionsPerMonth: { value: 5000, basis: "observed" },
    });
    expect(orders?.branches.find(({ to }) => to === "Often")?.share).toBeCloseTo(90.5 / 101);
    expect(orders?.diagnostics).toContainEqual(
      expect.objectContaining({
        code: "figures-of-deployed-twin",
        message: expect.stringContaining("recognised by its definition") as string,
      }),
    );
    expect(orders?.diagnostics.map(({ code }) => code)).not.toContain("definition-drift");
  });

  test("says how the definition differs from the one deployed", async () => {
    const changed = {
      ...BRANCHING,
      States: {
        ...BRANCHING.States,
        Often: { Type: "Pass", Next: "New" },
        New: { Type: "Pass", Next: "Rare" },
      },
    };
    const files = {
      "fleet.json": fleet([{ ...twin, name: "orders" }]),
      "orders.asl.json": JSON.stringify(changed),
    };
    const report = await analyze(files, ["orders.asl.json"], { fleet: "fleet.json" });
    const drift = report.workflows[0]?.diagnostics.find(({ code }) => code === "definition-drift");
    expect(drift?.message).toContain("only here: New; changed: Often");
    // The new state is priced: Start, Pick, nine tenths of Often and New, Rare.
    expect(report.workflows[0]?.transitions.mean).toBeCloseTo(3 + 2 * (90.5 / 101));
  });

  test("diff prices both sides with what really runs", async () => {
    const changed = {
      ...BRANCHING,
      States: {
        ...BRANCHING.States,
        Often: { Type: "Pass", Next: "New" },
        New: { Type: "Pass", Next: "Rare" },
      },
    };
    const shell = fakeShell({
      files: {
        "fleet.json": fleet([{ ...twin, name: "orders" }]),
        "old/orders.asl.json": JSON.stringify(BRANCHING),
        "new/orders.asl.json": JSON.stringify(changed),
      },
    });
    await runDiff(shell, { base: "old", paths: ["new"], fleet: "fleet.json", format: "json" });
    const diff = JSON.parse(shell.stdout.text) as { totals: { difference: number } };
    // Nine in ten of the 5,000 executions pass the new state.
    expect(diff.totals.difference).toBeCloseTo(5000 * (90.5 / 101) * 0.000025, 6);
  });

  test("a definition that nothing deployed resembles keeps its figures, and says so", async () => {
    const files = {
      "fleet.json": fleet([machine("Other", 9)]),
      "orders.asl.json": JSON.stringify(BRANCHING),
    };
    const report = await analyze(files, ["orders.asl.json"], { fleet: "fleet.json" });
    expect(report.workflows[0]?.executionsPerMonth).toBeNull();
    expect(report.workflows[0]?.diagnostics.map(({ code }) => code)).toContain("no-deployed-twin");
  });
});
