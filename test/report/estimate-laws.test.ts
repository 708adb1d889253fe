/** Laws of every estimate, on random machines: the ledger is the total, twice the executions twice the usage, names do not matter. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyzeDefinition } from "../../src/library.ts";
import type { Estimate, WorkflowReport } from "../../src/report/analysis-report.ts";
import { type RandomMachine, randomMachine } from "../graph/random-machine.ts";
import { chain, distributedMap, lambda, tasks } from "../sample-machines.ts";

const machines = randomMachine({ depth: 2, loops: true, jitter: true, distributed: true, states: 5 });
const executions = fc.integer({ min: 1, max: 1_000_000_000 });
const TYPES = ["STANDARD", "EXPRESS"] as const;

function sum(items: Estimate["lineItems"]): number {
  return items.reduce((total, { cost }) => total + cost!, 0);
}

function expectClose(a: number, b: number): void {
  expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * Math.max(1e-3, Math.abs(a), Math.abs(b)));
}

/** Every name of a state with a mark before it, wherever it stands. */
function renamed({ definition }: RandomMachine): object {
  const rename = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => rename(item, ""));
    if (typeof value === "string")
      return ["StartAt", "Next", "Default"].includes(key) ? `new ${value}` : value;
    if (value === null || typeof value !== "object") return value;
    const members = Object.entries(value).map(([name, member]) => [
      key === "States" ? `new ${name}` : name,
      rename(member, key === "States" ? "" : name),
    ]);
    return Object.fromEntries(members) as object;
  };
  return rename(definition, "") as object;
}

describe("on random machines", () => {
  test("line items sum to the month and to one execution; the likely cost lies within its range", () => {
    fc.assert(
      fc.property(machines, executions, ({ definition }, count) => {
        const each = analyzeDefinition(definition);
        const month = analyzeDefinition(definition, { executions: count });
        for (const type of TYPES) {
          expectClose(sum(each.estimates[type].lineItems), each.estimates[type].costPerExecution!);
          expectClose(sum(month.estimates[type].lineItems), month.estimates[type].monthlyCost!);
          const { low, monthlyCost, high } = month.estimates[type];
          expect(low).toBeLessThanOrEqual(monthlyCost! * (1 + 1e-9) + 1e-12);
          expect(high).toBeGreaterThanOrEqual(monthlyCost! * (1 - 1e-9) - 1e-12);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("twice the executions are twice the usage, and never a lower bill", () => {
    fc.assert(
      fc.property(machines, executions, ({ definition }, count) => {
        const [once, twice] = [count, 2 * count].map(
          (many) => analyzeDefinition(definition, { executions: many }).estimates,
        );
        for (const type of TYPES) {
          for (const key of ["transitionsPerMonth", "requestsPerMonth", "gbSeconds"] as const)
            expectClose(2 * once![type][key]!, twice![type][key]!);
          expect(twice![type].monthlyCost).toBeGreaterThanOrEqual(
            once![type].monthlyCost! * (1 - 1e-12) - 1e-9,
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  test("other names, the same numbers", () => {
    const numbers = ({ transitions, durationMs, paths, estimates }: WorkflowReport): object => ({
      transitions: { ...transitions, unboundedBy: transitions.unboundedBy.length },
      durationMs,
      count: paths.count,
      shares: paths.shown.map(({ share }) => share),
      standard: estimates.STANDARD.costPerExecution,
      express: estimates.EXPRESS.billedDurationMs,
    });
    fc.assert(
      fc.property(machines, (machine) => {
        expect(numbers(analyzeDefinition(renamed(machine)))).toEqual(
          numbers(analyzeDefinition(machine.definition)),
        );
      }),
      { numRuns: 60 },
    );
  });

  test("a report parses back as it was written", () => {
    fc.assert(
      fc.property(machines, ({ definition }) => {
        const report = analyzeDefinition(definition, { executions: "1M" });
        expect(JSON.parse(JSON.stringify(report))).toEqual(report);
      }),
      { numRuns: 30 },
    );
  });
});

test("a range of executions is a range of the month", () => {
  const { STANDARD } = analyzeDefinition(tasks(3), {
    executions: { low: 100_000, likely: 1_000_000, high: 2_000_000 },
  }).estimates;
  expect(STANDARD.monthlyCost).toBe(99.9);
  expect(STANDARD.low).toBeCloseTo(9.9, 9);
  expect(STANDARD.high).toBeCloseTo(199.9, 9);
});

test("logs at level ALL hold the start and the end of each child execution", () => {
  const definition = chain({ Map: distributedMap("EXPRESS", tasks(1)) });
  const logged = (items: number): number =>
    analyzeDefinition(definition, {
      workload: { logLevel: "ALL", states: { Map: { items } } },
    }).estimates.STANDARD.downstream.find(({ usageType }) => usageType === "Logs-Ingest-GB")!.quantity;
  // A child of one Task: its own start and end, and the Task's five events.
  expect((logged(200) - logged(100)) / 100).toBeCloseTo((7 * 500) / 1e9, 15);
});

test("a Distributed Map is an execution's own cost as Express, too: its children start from Standard transitions", () => {
  const { STANDARD } = analyzeDefinition(
    chain({ Map: distributedMap("EXPRESS", chain({ Task: lambda("f") })) }),
    {
      workload: { states: { Map: { items: 10 } } },
    },
  ).estimates;
  const starts = STANDARD.lineItems.find(({ text }) => text.startsWith("child executions"))!;
  expect(starts).toMatchObject({ usageType: "StateTransition", quantity: 10 });
});

describe("a Distributed Map whose limits are not all known", () => {
  const distributed = (more: object) => {
    const ItemProcessor = {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
      ...chain({ Work: lambda("work") }),
    };
    const each = {
      Type: "Map",
      ItemReader: { Resource: "arn:aws:states:::s3:listObjectsV2" },
      ItemProcessor,
    };
    return chain({ Each: { ...each, ...more }, Then: { Type: "Pass" } });
  };
  const analysed = (more: object, said: object = {}) =>
    analyzeDefinition(distributed(more), {
      executions: 30,
      workload: { states: { Each: { items: 60_000, ...said }, Work: { failureRate: 0.01 } } },
    });
  const entered = (report: WorkflowReport, name: string) =>
    report.states.find((state) => state.name === name)!.visits;

  test.each([
    ["by bytes", { MaxInputBytesPerBatch: 131_072 }, "itemKB", { itemKB: 0.4 }, 327],
    ["by a path", { MaxItemsPerBatchPath: "$.n" }, "batchItems", { batchItems: 50 }, 50],
  ])("in batches limited %s: a range, until it is declared", (...[, ItemBatcher, key, said, size]) => {
    const open = analysed({ ItemBatcher });
    const { low, high } = open.estimates.STANDARD;
    expect(high! / low!).toBeGreaterThan(10);
    expect(open.recommendation.assumptions.map((each) => each.key)).toContain(`states.Each.${key}`);
    const known = analysed({ ItemBatcher }, said);
    expect(entered(known, "Work")).toBe(Math.ceil(60_000 / size));
    expect(known.estimates.STANDARD.low).toBe(known.estimates.STANDARD.high);
  });

  test("items without a size are one batch", () => {
    const none = analysed({ ItemBatcher: { MaxInputBytesPerBatch: 1000 } }, { itemKB: 0 });
    expect(entered(none, "Work")).toBe(1);
  });

  test("the items of a batch range with its size: as many in all, whatever it is", () => {
    const each = { Type: "Map", ItemsPath: "$.Items", ItemProcessor: chain({ Work: lambda("work") }) };
    const ItemProcessor = {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
      ...chain({ Inner: each }),
    };
    const costOf = (ItemBatcher: object) => {
      const report = analyzeDefinition(chain({ Each: { Type: "Map", ItemBatcher, ItemProcessor } }), {
        executions: 30,
        workload: { states: { Each: { items: 1000 } } },
      });
      return report.estimates.STANDARD;
    };
    const open = costOf({ MaxItemsPerBatchPath: "$.n" });
    expectClose(open.low!, costOf({ MaxItemsPerBatch: 100 }).monthlyCost!);
    expectClose(open.high!, costOf({ MaxItemsPerBatch: 1 }).monthlyCost!);
  });

  test("a tolerance that is computed tolerates what fails, and is told", () => {
    const open = analysed({ ToleratedFailurePercentagePath: "$.p" });
    expect(entered(open, "Then")).toBe(1);
    expect(open.diagnostics.map(({ code }) => code)).toContain("computed-tolerance");
    const none = analysed({});
    expect(entered(none, "Then")).toBeLessThan(1e-9);
    expect(none.diagnostics.map(({ code }) => code)).not.toContain("computed-tolerance");
    expect(
      entered(analysed({ ToleratedFailurePercentagePath: "$.p", ToleratedFailureCount: 0 }), "Then"),
    ).toBe(entered(none, "Then"));
  });
});
