import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import type { AnalysisReport, WorkflowReport } from "../../src/report/analysis-report.ts";
import { analysisCsvColumns } from "../../src/render/analysis-csv.ts";
import { analysisRenderers } from "../../src/render/analysis-renderers.ts";
import type { RenderOptions } from "../../src/render/list-cut.ts";
import { FORBIDDEN, hostileText } from "./hostile-text.ts";
import { orderWorkflow, reportOf, sampleReports, unknownWorkflow } from "./sample-reports.ts";

const OPTIONS: RenderOptions = { columns: 80, colour: false, verbose: false, top: 10 };
const FORMATS = Object.keys(analysisRenderers) as (keyof typeof analysisRenderers)[];

function sample(name: string): AnalysisReport {
  const report = sampleReports[name];
  if (report === undefined) throw new Error(`no sample report ${name}`);
  return report;
}

/** The report with every string that comes from the user replaced by one of `texts`. */
function renamed(report: AnalysisReport, texts: readonly string[]): AnalysisReport {
  const ours = new Set([
    "kind",
    "schemaVersion",
    "type",
    "foundIn",
    "severity",
    "basis",
    "confidence",
    "per",
    "unit",
  ]);
  ours.add("transitionRule").add("count").add("usageType");
  let next = 0;
  const json = JSON.stringify(report, (key, value: unknown) => {
    if (typeof value !== "string" || ours.has(key)) return value;
    next += 1;
    return texts[next % texts.length];
  });
  return JSON.parse(json) as AnalysisReport;
}

const anyReport = fc
  .tuple(
    fc.constantFrom(...Object.keys(sampleReports).filter((name) => name !== "many")),
    fc.array(hostileText, { minLength: 1, maxLength: 9 }),
  )
  .map(([name, texts]) => renamed(sample(name), texts));

describe("goldens", () => {
  const tables = Object.keys(sampleReports).flatMap((name) =>
    [80, 160].map((columns) => ({ name, columns })),
  );
  it.each(tables)("$name as a table of $columns columns", async ({ name, columns }) => {
    const text = await analysisRenderers.table(sample(name), { ...OPTIONS, columns });
    await expect(text).toMatchFileSnapshot(`goldens/${name}.${String(columns)}.txt`);
  });

  it.each(Object.keys(sampleReports))("%s as Markdown", async (name) => {
    const text = await analysisRenderers.markdown(sample(name), OPTIONS);
    await expect(text).toMatchFileSnapshot(`goldens/${name}.md`);
  });

  it.each(["few", "hostile", "empty"])("%s as CSV", async (name) => {
    const text = await analysisRenderers.csv(sample(name), OPTIONS);
    // Git may rewrite line ends; the test below holds them to CR LF.
    await expect(text.replaceAll("\r\n", "\n")).toMatchFileSnapshot(`goldens/${name}.csv`);
  });

  it("order with everything shown", async () => {
    const text = await analysisRenderers.table(sample("order"), { ...OPTIONS, columns: 120, verbose: true });
    await expect(text).toMatchFileSnapshot("goldens/order.verbose.txt");
  });
});

function expectClean(text: string): void {
  expect(text.replaceAll("\r\n", "\n")).not.toMatch(FORBIDDEN);
  expect(text).toMatch(/[^\n]\n$/);
}

describe("every format", () => {
  it.each(FORMATS.filter((format) => format !== "table"))(
    "%s ends in one line end and shows no control character",
    async (format) => {
      await fc.assert(
        fc.asyncProperty(anyReport, fc.boolean(), async (report, verbose) => {
          expectClean(await analysisRenderers[format](report, { ...OPTIONS, verbose }));
        }),
        { numRuns: 40 },
      );
    },
  );
});

describe("table", () => {
  it("is never wider than the terminal, ends in one line end and shows no control character", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyReport,
        fc.integer({ min: 60, max: 200 }),
        fc.boolean(),
        async (report, columns, verbose) => {
          const text = await analysisRenderers.table(report, { ...OPTIONS, columns, verbose });
          expectClean(text);
          const most = Math.min(columns, 160);
          expect(text.split("\n").filter((line) => stringWidth(line) > most)).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("says the same in colour as without", async () => {
    const sgr = /\p{Cc}\[\d+m/gu;
    for (const report of [sample("order"), sample("few"), sample("hostile")]) {
      const plain = await analysisRenderers.table(report, OPTIONS);
      const coloured = await analysisRenderers.table(report, { ...OPTIONS, colour: true });
      expect(coloured).toMatch(sgr);
      expect(coloured.replaceAll(sgr, "")).toBe(plain);
      // Each line closes what it opens, so that a pager or a cut leaves no colour behind.
      for (const line of coloured.split("\n")) {
        expect([...line.matchAll(sgr)].length % 2).toBe(0);
      }
    }
  });

  it("answers on the first screen: cost, type and why, what to declare", async () => {
    for (const name of ["order", "unknown"]) {
      const text = await analysisRenderers.table(sample(name), OPTIONS);
      const screen = text.split("\n").slice(0, 24).join("\n");
      expect(screen).toContain(name === "order" ? "$175.40 a month" : "$857.50 per million executions");
      expect(screen).toContain("Keep Standard");
      expect(screen).toContain("order-processing.asl.json:17): waits for a");
      expect(screen).toContain("states.ProcessLineItems.items");
    }
  });

  it("says what a short list leaves out, and --verbose leaves out nothing", async () => {
    const short = await analysisRenderers.table(sample("booking"), { ...OPTIONS, top: 3 });
    expect(short).toContain("… 11 more paths: --verbose shows all");
    const full = await analysisRenderers.table(sample("booking"), { ...OPTIONS, top: 3, verbose: true });
    expect(full).not.toContain(" more ");
    expect(full.match(/CheckSeat → Hold/g)).toHaveLength(14);
  });

  it("never shows a cost as $0 that nobody knows", async () => {
    const text = await analysisRenderers.table(reportOf([unknownWorkflow]), OPTIONS);
    expect(text).toMatch(/per million executions +\$857\.50 +unknown/);
    expect(text).not.toMatch(/\$0(?![.\d])/);
  });

  it("tells a change that costs more as a cost, and a blocked Express as not allowed", async () => {
    const blocked: WorkflowReport = {
      ...orderWorkflow,
      type: "EXPRESS",
      recommendation: { ...orderWorkflow.recommendation, saving: -172.21 },
    };
    const one = await analysisRenderers.table(reportOf([blocked]), OPTIONS);
    expect(one).toContain("Change to Standard: costs $172.21 a month more");
    const many = await analysisRenderers.table(reportOf([blocked, blocked]), { ...OPTIONS, columns: 160 });
    expect(many).toContain("not allowed as Express: ManualReview");
  });

  it("tells a path of 100,000 states by its ends, and the whole of it with --verbose, in seconds", async () => {
    const states = Array.from({ length: 100_000 }, (_, index) => `State${String(index)}`);
    const [path] = orderWorkflow.paths.shown;
    if (path === undefined) throw new Error("the sample has paths");
    const report = reportOf([
      { ...orderWorkflow, paths: { ...orderWorkflow.paths, shown: [{ ...path, states }] } },
    ]);
    const short = await analysisRenderers.table(report, OPTIONS);
    expect(short.replaceAll(/\s+/g, " ")).toContain("State15 → … 99,980 more states … → State99996");
    expect(short).toContain("State99999");
    const full = await analysisRenderers.table(report, { ...OPTIONS, verbose: true });
    expect(full.match(/State\d+/g)).toHaveLength(100_000);
  });

  it("shows 300 workflows in one table in moments", async () => {
    const start = performance.now();
    const text = await analysisRenderers.table(sample("many"), { ...OPTIONS, top: 300 });
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(text.match(/^ {2}service-/gm)).toHaveLength(300);
  });
});

describe("what the table leaves unsaid", () => {
  const table = async (workflow: WorkflowReport, options: Partial<RenderOptions> = {}): Promise<string> =>
    analysisRenderers.table(reportOf([workflow]), { ...OPTIONS, columns: 160, ...options });

  it("asks for no figure that follows from another", async () => {
    const [items] = orderWorkflow.recommendation.assumptions;
    if (items === undefined) throw new Error("the sample has assumptions");
    const remainder = {
      ...items,
      text: "share of RouteByValue that goes to Rest",
      key: "states.RouteByValue.choices.Rest",
      figure: { ...items.figure, basis: "inferred" as const },
    };
    const recommendation = { ...orderWorkflow.recommendation, assumptions: [remainder, items] };
    const text = await table({ ...orderWorkflow, recommendation });
    expect(text).toContain(items.key);
    expect(text).not.toContain(remainder.key);
    expect(text).toContain("share of RouteByValue that goes to Rest");
  });

  it("tells ways to fail that nobody expects in a word, those that happen and --verbose in full", async () => {
    expect(await table(orderWorkflow)).toContain("… and 1 way to fail uncaught, each 0% here");
    expect(await table(orderWorkflow)).not.toContain("Failure paths");
    expect(await table(orderWorkflow, { verbose: true })).toContain("Failure paths  1 way to fail");
    const failurePaths = orderWorkflow.paths.failurePaths.map((path) => ({ ...path, share: 0.01 }));
    const failing = { ...orderWorkflow, paths: { ...orderWorkflow.paths, failurePaths } };
    expect(await table(failing)).toContain("Failure paths  1 way to fail");
  });

  it("tells limits that are near, and every one with --verbose", async () => {
    const [limit] = orderWorkflow.limits;
    if (limit === undefined) throw new Error("the sample has limits");
    const at = (worst: number | null): WorkflowReport => ({
      ...orderWorkflow,
      limits: [{ ...limit, mean: 1, p99: 2, worst, limit: 100, text: "events" }],
    });
    expect(await table(at(9))).not.toContain("Limits");
    expect(await table(at(9), { verbose: true })).toContain("Limits  per execution");
    expect(await table(at(11))).toContain("Limits  per execution");
    expect(await table(at(null))).toContain("Limits  per execution");
    expect(await table(at(101))).toMatch(/^Limits {3}events$/m);
  });

  it("says one reason of many states once", async () => {
    const [blocker] = orderWorkflow.eligibility.EXPRESS.blockers;
    if (blocker === undefined) throw new Error("the sample has a blocker");
    const blockers = ["A", "B", "C"].map((state) => ({ ...blocker, state }));
    const text = await table({
      ...orderWorkflow,
      eligibility: { EXPRESS: { eligible: false, blockers, cautions: [] } },
    });
    expect(text).toContain("• A and 2 more states (");
    expect(text).toMatch(/blocked +B .*the same/);
  });
});

describe("what a workflow's costs are told for", () => {
  const costing = (each: number, month: number | null): AnalysisReport => {
    const standard = { ...orderWorkflow.estimates.STANDARD, costPerExecution: each, monthlyCost: month };
    const estimates = { ...orderWorkflow.estimates, STANDARD: { ...standard, low: month, high: month } };
    return reportOf([{ ...orderWorkflow, estimates }]);
  };

  it("is a million executions, or one where it costs cents", async () => {
    const cheap = await analysisRenderers.table(costing(0.0099, 1000), OPTIONS);
    expect(cheap).toContain("$1,000.00 a month as Standard · $9,900.00 per million");
    const dear = await analysisRenderers.table(costing(0.83, 25.09), OPTIONS);
    expect(dear).toContain("$25.09 a month as Standard · $0.83 per execution");
    expect(dear).not.toContain("per million");
  });

  it("is nothing within the free tier, and says so", async () => {
    const text = await analysisRenderers.table(costing(0.000125, 0), OPTIONS);
    expect(text).toContain("$0 a month as Standard, within the free tier · $125.00 per million");
  });

  it("is what the executions it starts cost, apart", async () => {
    const text = await analysisRenderers.table(reportOf([unknownWorkflow]), { ...OPTIONS, columns: 120 });
    expect(text).toContain("starts order-child × 1.2 per execution, billed there at $2.04 per million");
  });
});

describe("json", () => {
  it("parses back to the same report", async () => {
    for (const name of Object.keys(sampleReports)) {
      const report = sample(name);
      const parsed: unknown = JSON.parse(await analysisRenderers.json(report, OPTIONS));
      expect(parsed).toEqual(roundedTo12(report));
      expect(await analysisRenderers.json(parsed as AnalysisReport, OPTIONS)).toBe(
        await analysisRenderers.json(report, OPTIONS),
      );
    }
  });

  it("drops the digits that doubles cannot bear", async () => {
    const report = { ...sample("empty"), totals: { ...sample("empty").totals, monthlyCost: 0.1 + 0.2 } };
    expect(await analysisRenderers.json(report, OPTIONS)).toContain('"monthlyCost": 0.3,');
  });
});

function roundedTo12(value: unknown): unknown {
  if (typeof value === "number") return Number(value.toPrecision(12));
  if (Array.isArray(value)) return value.map(roundedTo12);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, roundedTo12(entry)]));
}

describe("markdown", () => {
  it("never breaks a table or starts a block that is not its own", async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, fc.boolean(), async (report, verbose) => {
        const text = await analysisRenderers.markdown(report, { ...OPTIONS, verbose });
        let cells: number | null = null;
        for (const line of text.split("\n")) {
          const bars = line.replaceAll(/\\[\\|]/g, "").split("|").length - 1;
          if (!line.startsWith("|")) {
            expect(bars).toBe(0);
            cells = null;
            expect(line).not.toMatch(/^( {4}|\t|>|```|~~~|=|\+ |\d+[.)] |-{2,}|\/)/);
            continue;
          }
          expect(line.endsWith("|")).toBe(true);
          expect(bars).toBe(cells ?? bars);
          cells = bars;
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("csv", () => {
  it("has one row of as many fields as columns for each workflow", async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, async (report) => {
        const rows = parseCsv(await analysisRenderers.csv(report, OPTIONS));
        expect(rows).toHaveLength(report.workflows.length + 1);
        for (const row of rows) {
          expect(row).toHaveLength(analysisCsvColumns.length);
          for (const field of row) expect(field).not.toMatch(/^\s*[=+@\t]|^-(?![\d.])/);
        }
      }),
    );
  });

  it("keeps bare numbers, and leaves unknown empty", async () => {
    const rows = parseCsv(await analysisRenderers.csv(reportOf([orderWorkflow, unknownWorkflow]), OPTIONS));
    const cost = analysisCsvColumns.findIndex(({ name }) => name === "cost_per_month");
    expect(rows.map((row) => row[cost])).toStrictEqual(["cost_per_month", "175.4", ""]);
  });
});

/** RFC 4180, as a spreadsheet reads it. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
