import fc from "fast-check";
import { expect, test } from "vitest";
import { barText } from "../../src/render/bar-text.ts";
import { breakEvenSection } from "../../src/render/break-even-section.ts";
import { layOutSheet } from "../../src/render/sheet.ts";
import { sectionLines } from "../../src/render/section-text.ts";
import type { WorkflowReport } from "../../src/report/analysis-report.ts";
import type { Figure } from "../../src/workflow/figure.ts";
import { EMPTY_WORKLOAD } from "../../src/workflow/workload/workload.ts";
import { picturedWorkflow } from "./pictured.ts";

const STEPS = ["One", "Two", "Three"];
const order = {
  StartAt: "One",
  States: Object.fromEntries(
    STEPS.map((name, index) => [
      name,
      {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        ...(index === 2 ? { End: true } : { Next: STEPS[index + 1] }),
      },
    ]),
  ),
};
const executionsPerMonth: Figure = {
  ...{ value: 250_000, low: 250_000, high: 250_000 },
  basis: "declared",
  note: null,
};

function drawn(workflow: WorkflowReport, columns: number): string {
  const sheet = layOutSheet({ columns, colour: false, verbose: false, top: 5 });
  return sectionLines(sheet, breakEvenSection(workflow, "USD")).join("\n");
}

test("both types' months are drawn along powers of ten, with where one stands and where they meet", () => {
  const workflow = picturedWorkflow(order, { ...EMPTY_WORKLOAD, executionsPerMonth });
  const lines = drawn(workflow, 80).split("\n");
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  // 4 transitions of $0.000025 each, of which 4,000 are free.
  expect(lines.find((line) => /^ +you /.test(line))).toMatch(
    /you +250,000 +\$24\.90 +\$[\d.]+ {2}[. ]+E-+S[. ]*$/,
  );
  const even = lines.find((line) => /^ +even /.test(line))!;
  expect(even).toMatch(/ {2}[. ]+(?:=|SE|ES)[. ]*$/);
  expect(lines.findIndex((line) => /^ +even /.test(line))).toBeLessThan(
    lines.findIndex((line) => /^ +you /.test(line)),
  );
  // No character that an old terminal lacks, and nothing said in colour alone.
  expect(lines.slice(2).join("")).toMatch(/^[ -~]+$/);
});

test("where there is no room the numbers stand alone, and where there is no choice nothing does", () => {
  const narrow = drawn(picturedWorkflow(order), 44);
  expect(narrow).toContain("100,000");
  expect(narrow).not.toMatch(/E-+S|\. {2}\./);
  const waiting = {
    StartAt: "Wait",
    States: {
      Wait: { Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", End: true },
    },
  };
  expect(drawn(picturedWorkflow(waiting), 120)).toBe("");
});

test("costs of any size stay in the drawing, each at its power of ten", () => {
  const workflow = picturedWorkflow(order);
  const cost = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
  const month = fc.tuple(cost, cost, fc.integer({ min: 1, max: 1e9 }));
  fc.assert(
    fc.property(fc.array(month, { minLength: 1, maxLength: 9 }), (months) => {
      const curve = months.map(([STANDARD, EXPRESS, at]) => ({
        at,
        STANDARD,
        EXPRESS,
        mark: "decade" as const,
      }));
      const curves = { ...workflow.pictures!.curves, executionsPerMonth: curve };
      const { rows } = breakEvenSection({ ...workflow, pictures: { ...workflow.pictures!, curves } }, "USD");
      const tracks = rows.map((row) => row.at(-1) as string);
      expect(new Set(tracks.map(({ length }) => length)).size).toBe(1);
      expect(tracks[0]!.length).toBeLessThanOrEqual(32);
      months.forEach(([standard, express], index) => {
        const track = tracks[index]!;
        const [s, e] = [track.indexOf("S"), track.indexOf("E")];
        if (s < 0) expect(track).toContain("=");
        else expect(s < e).toBe(standard < express);
      });
    }),
  );
});

test("cell by cell: S and E where they cost, = where both do, dots at powers of ten", () => {
  const workflow = picturedWorkflow(order);
  const executionsPerMonth = (
    [
      [1, 100],
      [100, 10],
      [10, 10],
      [0, 1],
    ] as const
  ).map(([STANDARD, EXPRESS]) => ({ at: 1, STANDARD, EXPRESS, mark: "decade" as const }));
  const curves = { ...workflow.pictures!.curves, executionsPerMonth };
  const section = breakEvenSection({ ...workflow, pictures: { ...workflow.pictures!, curves } }, "USD");
  const gap = " ".repeat(14);
  expect(section.columns.at(-1)!.head).toBe("$1.00 to $100.00");
  expect(section.rows.map((row) => row.at(-1))).toStrictEqual([
    `S${"-".repeat(29)}E`,
    `.${gap}E${"-".repeat(14)}S`,
    `.${gap}=${gap}.`,
    `=${gap}.${gap}.`,
  ]);
});

test("a bar is as long as its share, and nothing that is there vanishes", () => {
  expect(barText(8, 8, 4)).toBe("████");
  expect(barText(3, 8, 4)).toBe("█▌");
  expect(barText(1e-9, 8, 4)).toBe("▏");
  expect([barText(0, 8, 4), barText(1, 0, 4), barText(NaN, 8, 4)]).toEqual(["", "", ""]);
});
