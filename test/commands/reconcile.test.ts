import { describe, expect, test } from "vitest";
import { runReconcile } from "../../src/commands/reconcile.ts";
import type { ReconciliationReport } from "../../src/report/reconcile/reconciliation-report.ts";
import type { BilledSum } from "../../src/usage/billed-usage.ts";
import { fakeShell } from "../fake-shell.ts";
import { PRICE, billOf, billedSum, transitions } from "./bill-rows.ts";
import { fleet, machine } from "./fleet-fixture.ts";

const FREE = billedSum({ region: "", usageType: "Global-StateTransition", quantity: 4000 });

async function reconcile(
  machines: Parameters<typeof fleet>[0],
  sums: readonly BilledSum[],
  given: object = {},
  files: Readonly<Record<string, string>> = {},
): Promise<ReconciliationReport> {
  const shell = fakeShell({ files: { "fleet.json": fleet(machines), ...files }, bill: billOf(sums) });
  await runReconcile(shell, { fleets: ["fleet.json"], bill: ["cur.parquet"], format: "json", ...given });
  const report = JSON.parse(shell.stdout.text) as ReconciliationReport;
  // Whatever is planted, the reasons add up: item by item, and items to the totals.
  for (const { gap, because, machine: name } of report.items) {
    if (gap !== null)
      expect(
        because.reduce((all, { cost }) => all + cost, 0),
        name ?? "",
      ).toBeCloseTo(gap, 8);
  }
  if (report.totals.gap !== null)
    expect(report.items.reduce((all, { gap }) => all + gap!, 0)).toBeCloseTo(report.totals.gap, 8);
  return report;
}

/** LINEAR enters two states: three transitions with the start. */
const THREE = [machine("A", 1_000_000), machine("B", 500_000), machine("C", 200_000)];

function itemOf(report: ReconciliationReport, name: string) {
  return report.items.find((item) => item.machine === name)!;
}

describe("the page", () => {
  test("of many machines says where the rest is, in a command, since no page has --verbose", async () => {
    const names = Array.from({ length: 110 }, (_, index) => `M${index}`);
    const shell = fakeShell({
      files: { "fleet.json": fleet(names.map((name) => machine(name, 1000))) },
      bill: billOf(names.map((name) => transitions(name, 3000))),
    });
    await runReconcile(shell, { fleets: ["fleet.json"], bill: ["cur.parquet"], format: "html" });
    const page = shell.stdout.text;
    expect(page).toContain("10 more quantities: stepfare reconcile --format json has them all");
    expect(page).not.toContain("--verbose");
    // The gaps have a table of the page's own, where there are any and where there are none.
    expect(page.split('id="bill-gaps"')).toHaveLength(2);
  });
});

describe("reconcile", () => {
  test("a bill that is as expected leaves no gap, and supports the rule in use", async () => {
    const report = await reconcile(THREE, [
      transitions("A", 3_000_000 - 4000 * (10 / 17)),
      transitions("B", 1_500_000 - 4000 * (5 / 17)),
      transitions("C", 600_000 - 4000 * (2 / 17)),
      FREE,
    ]);
    expect(report.per).toBe("machine");
    expect(report.totals.gap).toBeCloseTo(0, 9);
    expect(report.startRule).toMatchObject({ used: "start+entered", supported: "start+entered" });
    expect(itemOf(report, "A").quantities.transitions).toMatchObject({ predicted: 3_000_000 });
  });

  test.each([
    ["entered", 2],
    ["start+entered+end", 4],
  ] as const)("another start rule, %s, is found and named", async (rule, each) => {
    const report = await reconcile(THREE, [
      ...THREE.map(({ name, metrics }) => transitions(name, metrics!.started! * each)),
    ]);
    expect(report.startRule.supported).toBe(rule);
    const [first] = itemOf(report, "A").because;
    expect(first).toMatchObject({ cause: "start-rule" });
    expect(first!.cost).toBeCloseTo((each - 3) * 1_000_000 * PRICE, 9);
    const mended = await reconcile(
      THREE,
      THREE.map(({ name, metrics }) => transitions(name, metrics!.started! * each)),
      { transitionRule: rule },
    );
    expect(mended.startRule).toMatchObject({ used: rule, supported: rule });
  });

  test("credits and taxes of no machine are named as such, beside what is in no fleet", async () => {
    const report = await reconcile(THREE, [
      ...THREE.map(({ name, metrics }) => transitions(name, metrics!.started! * 3)),
      transitions("Gone", 60_000, { resource: "", region: "ap-south-1" }),
      billedSum({ region: "ap-south-1", lineType: "Credit", cost: -1.25 }),
      billedSum({ region: "ap-south-1", lineType: "Tax", cost: 0.5 }),
    ]);
    const [{ because }] = report.items.filter(({ region }) => region === "ap-south-1") as [
      ReconciliationReport["items"][number],
    ];
    expect(because.map(({ cause, cost }) => [cause, cost])).toStrictEqual([
      ["missing-machine", 60_000 * PRICE],
      ["credit", -1.25],
      ["tax", 0.5],
    ]);
  });

  test("transitions of executions that had started before the month are counted, and told as such", async () => {
    const long = machine("Long", 0);
    const counted = { ...long, metrics: { ...long.metrics!, transitions: 500_000 } };
    const report = await reconcile([...THREE, counted], [transitions("Long", 500_000)]);
    const item = itemOf(report, "Long");
    expect(item.quantities.transitions).toMatchObject({ measured: 500_000, predicted: 0 });
    expect(item.because[0]).toMatchObject({
      cause: "expectation",
      text: expect.stringContaining("500,000 are of executions that had started before the month"),
    });
  });

  test("a machine missing from CloudWatch, and one missing from the fleet, are named", async () => {
    const machines = [...THREE, machine("Dark", 1, { metrics: null })];
    const report = await reconcile(machines, [
      ...THREE.map(({ name, metrics }) => transitions(name, metrics!.started! * 3)),
      transitions("Dark", 90_000),
      transitions("Gone", 60_000),
    ]);
    expect(itemOf(report, "Dark").because[0]).toMatchObject({
      cause: "missing-from-cloudwatch",
      text: "CloudWatch said nothing of Dark",
    });
    expect(itemOf(report, "Dark").because[0]!.cost).toBeCloseTo(90_000 * PRICE, 9);
    expect(itemOf(report, "Gone").because[0]).toMatchObject({ cause: "missing-machine" });
    expect(report.startRule.supported).toBe("start+entered");
  });

  test("what is in the fleet but cannot be read is not missing from it; what the bill has no row of is said so", async () => {
    const machines = [...THREE, machine("Unread", 1000, { definition: null })];
    const report = await reconcile(machines, [
      ...THREE.slice(1).map(({ name, metrics }) => transitions(name, metrics!.started! * 3)),
      transitions("Unread", 90_000),
    ]);
    expect(itemOf(report, "Unread").because[0]).toMatchObject({
      cause: "unread-machine",
      text: "this machine is in the fleet, but its definition was not collected",
    });
    expect(itemOf(report, "A").because).toMatchObject([
      {
        cause: "missing-from-bill",
        text: "the bill has no row of it: it may be in the bill of another account or partition",
      },
    ]);
  });

  test.each(["table", "html"])(
    "machines of one name are told apart in %s by where they live",
    async (format) => {
      const there = "arn:aws:states:us-east-1:111111111111:stateMachine:A";
      const shell = fakeShell({
        files: { "fleet.json": fleet([machine("A", 1000), machine("A", 2000, { region: "us-east-1" })]) },
        bill: billOf([
          transitions("A", 3000),
          transitions("A", 6000, { region: "us-east-1", resource: there }),
        ]),
      });
      await runReconcile(shell, { fleets: ["fleet.json"], bill: ["cur.parquet"], format });
      expect(shell.stdout.text).toContain("A@111111111111/us-east-1");
      expect(shell.stdout.text).toContain("A@111111111111/eu-west-1");
    },
  );

  test("without resource ids it is told by account and region, missing machines by name", async () => {
    const machines = [...THREE, machine("Dark", 1, { metrics: null })];
    const report = await reconcile(machines, [transitions(null, 5_100_000 + 90_000 - 4000), FREE]);
    expect(report.per).toBe("account and region");
    expect(report.items.length).toBe(1);
    expect(report.items[0]!.because[0]).toMatchObject({
      cause: "missing-from-cloudwatch",
      text: "CloudWatch said nothing of Dark",
    });
    expect(report.items[0]!.because[0]!.cost).toBeCloseTo(90_000 * PRICE, 6);
  });

  test("without resource ids, machines that could not be read are named, with what they were counted for", async () => {
    const broken = machine("Broken", 1000, { definition: null });
    const counts = { ...broken, metrics: { ...broken.metrics!, transitions: 5000 } };
    const own = THREE.map((each) => ({
      ...each,
      metrics: { ...each.metrics!, transitions: 3 * each.metrics!.started! },
    }));
    const bill = (unread: number) => [transitions(null, 5_100_000 - 4000 + unread), FREE];
    const costs = async (machines: Parameters<typeof fleet>[0], unread: number) => {
      const [item] = (await reconcile(machines, bill(unread))).items;
      return item!.because.map(({ cause, cost }) => [cause, Number((cost / PRICE).toFixed(0))]);
    };
    expect(await costs([...own, broken], 4000)).toStrictEqual([["unread-machine", 4000]]);
    expect(await costs([...THREE, broken], 4000)).toStrictEqual([["unread-machine", 4000]]);
    expect(await costs([...own, counts], 5700)).toStrictEqual([
      ["unread-machine", 5000],
      ["counting", 700],
    ]);
    expect(await costs([...THREE, counts], 5700)).toStrictEqual([
      ["unread-machine", 5000],
      ["expectation", 700],
    ]);
    const dark = machine("Dark", 1, { metrics: null });
    expect(await costs([...THREE, counts, dark], 15_000)).toStrictEqual([
      ["missing-from-cloudwatch", 10_000],
      ["unread-machine", 5000],
    ]);
    const [alone] = (await reconcile([broken], bill(0))).items;
    expect(alone!.because[0]).toMatchObject({
      cause: "unread-machine",
      text: "nothing is expected of Broken: its definition could not be read",
    });
  });

  test("who supports the start rule is said where the other does not decide; free units are money", async () => {
    const own = THREE.map((each) => ({
      ...each,
      metrics: { ...each.metrics!, transitions: 3 * each.metrics!.started! },
    }));
    const report = await reconcile(own, [transitions(null, 6_000_000)]);
    expect(report.startRule.text).toBe(
      "CloudWatch's counts support the start rule in use, start+entered (the bill does not decide).",
    );
    expect(report.items[0]!.because.map(({ text }) => text)).toContain(
      "free units took off 0 USD on the bill, where 0.1 USD are expected",
    );
  });

  test("a price that changed within the month is told with its day; another price is told as such", async () => {
    const half = { quantity: 1_500_000, cost: 1_500_000 * PRICE };
    const report = await reconcile(THREE, [
      transitions("A", 0, { ...half, until: "2026-10-14" }),
      transitions("A", 0, { ...half, cost: 1_500_000 * 0.00003, rate: "0.00003", from: "2026-10-15" }),
      transitions("B", 1_500_000, { cost: 1_500_000 * 0.00002 }),
      transitions("C", 600_000),
    ]);
    const change = itemOf(report, "A").because.find(({ cause }) => cause === "price-change")!;
    expect(change.text).toBe(
      "state transitions cost 0.000025 USD each until 2026-10-14 and 0.00003 from 2026-10-15",
    );
    expect(change.cost).toBeCloseTo(1_500_000 * 0.000005, 9);
    const price = itemOf(report, "B").because.find(({ cause }) => cause === "price")!;
    expect(price.cost).toBeCloseTo(-1_500_000 * 0.000005, 9);
  });

  test("a price that stands in for the region's own is told as that", async () => {
    const far = machine("Far", 1_000_000, { region: "xx-new-1" });
    const report = await reconcile(
      [far],
      [transitions("Far", 3_000_000, { resource: far.arn, region: "xx-new-1", cost: 3_000_000 * 0.00002 })],
    );
    const [item] = report.items;
    expect(item!.because.map(({ text }) => text)).toContain(
      "state transitions are billed at another price than that of us-east-1, which stands in for the region's own",
    );
  });

  test("credits, refunds, taxes and discounts are in what is billed, and apart from usage", async () => {
    const charge = (lineType: string, cost: number) =>
      billedSum({ usageType: "", lineType, cost, region: "" });
    const report = await reconcile(THREE, [
      ...THREE.map(({ name, metrics }) => transitions(name, metrics!.started! * 3)),
      charge("Credit", -20),
      charge("Refund", -1.5),
      charge("Tax", 9),
      charge("EdpDiscount", -4),
    ]);
    expect(report.totals.billed).toBeCloseTo(5_100_000 * PRICE - 16.5, 9);
    expect(report.charges.map(({ lineType, cost }) => [lineType, cost])).toStrictEqual([
      ["Credit", -20],
      ["Tax", 9],
      ["EdpDiscount", -4],
      ["Refund", -1.5],
    ]);
  });

  test("Express is compared by requests and GB-seconds: as its definition lets expect them, and as CloudWatch counted them", async () => {
    const { metrics } = machine("E", 2_000_000);
    const express = machine("E", 2_000_000, {
      type: "EXPRESS",
      metrics: { ...metrics!, expressBilledDurationMs: 2_000_000 * 400, expressBilledMemoryMB: 64 },
    });
    const arn = express.arn;
    const report = await reconcile(
      [express],
      [
        billedSum({
          resource: arn,
          usageType: "EUW1-StepFunctions-Request",
          quantity: 2_010_000,
          cost: 2.01,
        }),
        billedSum({
          resource: arn,
          usageType: "EUW1-StepFunctions-GB-Second",
          quantity: 50_000,
          cost: 50_000 * 0.00001667,
        }),
      ],
    );
    const { quantities, because } = itemOf(report, "E");
    expect(quantities.requests).toStrictEqual({
      billed: 2_010_000,
      measured: 2_000_000,
      predicted: 2_000_000,
    });
    expect(quantities.gbSeconds.measured).toBeCloseTo(50_000, 6);
    // A Task of which nothing is known takes half a second.
    expect(quantities.gbSeconds.predicted).toBeCloseTo((2_000_000 * 0.5 * 64) / 1024, 6);
    expect(because.map(({ cause, cost }) => [cause, cost])).toEqual([
      ["expectation", expect.closeTo((50_000 - 62_500) * 0.00001667, 9)],
      ["counting", expect.closeTo(0.01, 9)],
    ]);
  });

  test("where Express took longer than expected, its bill at list price is told as that and nothing else, whatever tiers it reached", async () => {
    const metrics = { expressBilledDurationMs: 1e8 * 10_000, expressBilledMemoryMB: 64 };
    const express = machine("E", 1e8, {
      type: "EXPRESS",
      metrics: { ...machine("E", 1e8).metrics!, ...metrics },
    });
    const cost = 3.6e6 * 0.00001667 + 14.4e6 * 0.00000833 + 44.5e6 * 0.00000456;
    const quantity = {
      resource: express.arn,
      usageType: "EUW1-StepFunctions-GB-Second",
      quantity: 62.5e6,
      cost,
    };
    const requests = {
      resource: express.arn,
      usageType: "EUW1-StepFunctions-Request",
      quantity: 1e8,
      cost: 100,
    };
    const { totals, items } = await reconcile([express], [billedSum(quantity), billedSum(requests)]);
    expect(totals.measured).toBeCloseTo(totals.billed!, 6);
    expect(items[0]!.because.map(({ cause }) => cause)).toEqual(["expectation"]);
  });

  test("free units that name their machine, and rows of its versions, are the machine's", async () => {
    const [own] = THREE;
    const paid = transitions("A", 2_996_000);
    const free = transitions("A", 4000, { usageType: "Global-StateTransition", cost: 0, rate: "0" });
    const plain = itemOf(await reconcile([own!], [transitions("A", 2_996_000), FREE]), "A");
    for (const sums of [
      [paid, free],
      [free, paid],
      [
        { ...paid, resource: `${paid.resource}:3` },
        { ...free, resource: `${free.resource}:live` },
      ],
    ]) {
      const { totals, items } = await reconcile([own!], sums);
      expect(items).toStrictEqual([plain]);
      expect(totals.billed).toBeCloseTo(74.9, 9);
    }
  });

  test("tiers of GB-seconds are each region's own", async () => {
    const express = (region: string) => {
      const metrics = { expressBilledDurationMs: 5e7 * 1000, expressBilledMemoryMB: 64 };
      const { metrics: known } = machine("E", 5e7);
      return machine(`E-${region}`, 5e7, { type: "EXPRESS", region, metrics: { ...known!, ...metrics } });
    };
    const both = await reconcile([express("eu-west-1"), express("us-east-1")], [FREE]);
    for (const region of ["eu-west-1", "us-east-1"]) {
      const alone = await reconcile([express(region)], [FREE]);
      const own = both.items.find((item) => item.region === region)!;
      expect(own.predicted).toBeCloseTo(alone.totals.predicted!, 6);
    }
  });

  test("Express children of a Distributed Map are counted by nobody", async () => {
    const { metrics } = machine("D", 30);
    const ms = 1_900_000;
    const durationMs = { mean: ms, p50: ms, p90: ms, p99: ms };
    const ProcessorConfig = { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" };
    const work = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", End: true };
    const ItemProcessor = { ProcessorConfig, StartAt: "Work", States: { Work: work } };
    const definition = { StartAt: "D", States: { D: { Type: "Map", ItemProcessor, End: true } } };
    const mapping = machine("D", 30, {
      definition: JSON.stringify(definition),
      metrics: { ...metrics!, durationMs, transitions: 90_060 },
    });
    const { items } = await reconcile([mapping], [transitions("D", 90_060)]);
    const { requests, gbSeconds } = items[0]!.quantities;
    expect([requests.measured, gbSeconds.measured, items[0]!.measured]).toEqual([null, null, null]);
    // None lasts the half hour that the execution takes.
    expect(gbSeconds.predicted! / requests.predicted!).toBeLessThan(300 * 0.0625);
  });

  test("a type declared for what is planned changes nothing: what ran is reconciled", async () => {
    const counted = THREE.map((each) => ({
      ...each,
      metrics: { ...each.metrics!, transitions: 3 * each.metrics!.started! },
    }));
    const sums = THREE.map(({ name, metrics }) => transitions(name, metrics!.started! * 4));
    const plan = ["A", "B"].map((name) => `  ${name}: { type: EXPRESS }`);
    const planned = { "stepfare.yml": ["workflows:", ...plan].join("\n") };
    const report = await reconcile(counted, sums, {}, planned);
    expect(report).toStrictEqual(await reconcile(counted, sums));
    expect(itemOf(report, "A").quantities.transitions).toMatchObject({
      measured: 3_000_000,
      predicted: 3_000_000,
    });
  });

  test("another currency compares quantities alone; two payers are said", async () => {
    const report = await reconcile(THREE, [
      transitions("A", 3_000_000, { currency: "EUR" }),
      transitions("B", 1_500_000, { currency: "EUR", payer: "888888888888" }),
    ]);
    expect(report.totals).toMatchObject({ billed: null, gap: null });
    expect(report.diagnostics.map(({ code }) => code)).toStrictEqual(
      expect.arrayContaining(["bill-currency", "several-payers"]),
    );
    expect(itemOf(report, "A").quantities.transitions.billed).toBe(3_000_000);
  });

  test.each<[string, readonly BilledSum[], object, string]>([
    ["a bill of another month", [transitions("A", 1, { month: "2026-09" })], {}, "month-mismatch"],
    ["a bill without a row of Step Functions", [], {}, "month-mismatch"],
    ["no bill", [], { bill: [] }, "no-bill"],
    ["two bills", [], { athena: "a.b" }, "invalid-option"],
    ["a table without a database", [], { bill: undefined, athena: "cur" }, "invalid-option"],
    ["a workgroup without Athena", [], { athenaWorkgroup: "primary" }, "invalid-option"],
    ["Athena's output beside a file", [], { athenaOutput: "s3://x/" }, "invalid-option"],
    ["a table named twice", [], { bill: undefined, athena: ["a.b", "a.c"] }, "invalid-option"],
    ["a month that is none", [], { month: "oct" }, "invalid-option"],
    ["a month given twice", [], { month: ["2026-10", "2026-09"] }, "invalid-option"],
    ["a month that the fleet is not of", [], { month: "2026-01" }, "month-mismatch"],
  ])("%s is refused in words", async (_, sums, given, code) => {
    await expect(reconcile(THREE, sums, given)).rejects.toMatchObject({ code, exitCode: 2 });
  });

  test("what the headline tells of the gap adds up to it, and machines are machines", async () => {
    const charge = (lineType: string, cost: number) =>
      billedSum({ usageType: "", lineType, cost, region: "" });
    const shell = fakeShell({
      files: { "fleet.json": fleet([...THREE, machine("Dark", 1, { metrics: null })]) },
      bill: billOf([
        ...THREE.map(({ name, metrics }) => transitions(name, metrics!.started! * 3)),
        transitions("Dark", 400_000),
        transitions("Gone", 80_000),
        charge("Credit", -20),
        charge("Refund", -1.5),
        charge("Tax", 9),
        charge("EdpDiscount", -4),
      ]),
    });
    await runReconcile(shell, { fleets: ["fleet.json"], bill: ["cur.parquet"], format: "markdown" });
    const text = shell.stdout.text.replaceAll("\\", "");
    expect(text).toContain("; 5 machines and 1 account and region.");
    // Dark is billed 400,000 transitions, Gone 80,000; the free tier is 4,000 of them.
    expect(text).toContain(
      "Gap -$4.40: -$20.00 credits; +$10.00 of machines that CloudWatch said nothing of; +$9.00 taxes; -$4.00 discounts; and 3 more, +$0.60 together.",
    );
  });

  test("a month that is none is told how to write it, one given twice to be given once", async () => {
    const row = [transitions("A", 1)];
    await expect(reconcile(THREE, row, { month: "oct" })).rejects.toMatchObject({
      message: '--month: "oct" is no month.',
      hint: "Write it as 2026-10, year and month.",
    });
    await expect(reconcile(THREE, row, { month: ["2026-10", "2026-09"] })).rejects.toThrow(
      "--month: it is given 2 times: give it once",
    );
  });

  test.each(["table", "markdown", "csv"])("%s names the gap and its reason", async (format) => {
    const machines = [machine("<x>|", 1000, { metrics: null }), machine("A", 1_000_000)];
    const files = { "fleet.json": fleet(machines) };
    const shell = fakeShell({
      files,
      bill: billOf([transitions("A", 2_000_000), transitions("<x>|", 50_000)]),
    });
    await runReconcile(shell, { fleets: ["fleet.json"], bill: ["cur.parquet"], format });
    expect(shell.stdout.text).toContain("CloudWatch said nothing of");
    if (format === "markdown") expect(shell.stdout.text).not.toContain("<x>");
  });
});
