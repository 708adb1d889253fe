/**
 * Every figure of a few small machines, held in files: whatever changes a count, a time or a price shows there, line by
 * line. `npx --no -- vitest run --project rooms test/report/figures.test.ts -u` writes them anew.
 */
import { describe, expect, test } from "vitest";
import type { Estimate, PathReport, WorkflowReport } from "../../src/report/analysis-report.ts";
import { buildAnalysis } from "../../src/report/build-analysis.ts";
import { FIGURE_CASES, type FigureCase } from "./figure-cases.ts";
import { contextOf, pricesOf, workflowOf } from "./figure-machine.ts";
import { ODD_FIGURE_CASES } from "./odd-figure-cases.ts";
import { lineOf, sectionOf, wordOf } from "./figure-text.ts";

function analysed(of: FigureCase): WorkflowReport {
  const { workflows } = buildAnalysis({
    workflows: [workflowOf(of)],
    priceList: pricesOf(of),
    transitionRule: of.rule ?? "start+entered",
    context: contextOf(of),
    top: 4,
    diagnostics: [],
  });
  return workflows[0]!;
}

function estimateLines(name: string, { lineItems, downstream, ...sums }: Estimate): readonly string[] {
  const items = (of: Estimate["lineItems"]) =>
    of.map(
      ({ text, quantity, unit, unitPrice, cost }) =>
        `  ${text}: ${wordOf(quantity)} ${unit} × ${wordOf(unitPrice)} = ${wordOf(cost)}`,
    );
  return [`as ${name}: ${lineOf(sums)}`, ...items(lineItems), "  beside it", ...items(downstream)];
}

function pathWords({ states, share, ...told }: PathReport): object {
  return { [states.join(" → ")]: share, ...told, id: null };
}

function figuresOf(report: WorkflowReport): string {
  const { transitions, durationMs, paths, branches, states, estimates, recommendation, limits } = report;
  const { shown, failurePaths, ...counts } = paths;
  return [
    `transitions: ${lineOf(transitions)}`,
    `duration: ${lineOf(durationMs)}`,
    ...sectionOf(
      "states",
      states.map(({ name, type, ...state }) => ({ [name]: type, ...state, ids: null, pointer: null })),
    ),
    ...sectionOf("branches", branches),
    `paths: ${lineOf(counts)}`,
    ...sectionOf("shown", shown.map(pathWords)),
    ...sectionOf("failing", failurePaths.map(pathWords)),
    ...estimateLines("STANDARD", estimates.STANDARD),
    ...estimateLines("EXPRESS", estimates.EXPRESS),
    ...sectionOf(
      "assumptions",
      recommendation.assumptions.map(({ key, figure, costAtLow, costAtHigh }) => ({
        [key]: `${wordOf(figure.low)} ${wordOf(figure.value)} ${wordOf(figure.high)} ${figure.basis}`,
        ...{ costAtLow, costAtHigh },
      })),
    ),
    ...sectionOf(
      "limits",
      limits.map(({ code, limit, ...reached }) => ({ [code]: limit, ...reached, text: null })),
    ),
    "",
  ].join("\n");
}

describe("figures of", () => {
  test.each(Object.entries({ ...FIGURE_CASES, ...ODD_FIGURE_CASES }))("%s", async (name, of) => {
    await expect(figuresOf(analysed(of))).toMatchFileSnapshot(`figures/${name.replaceAll(/\W+/g, "-")}.txt`);
  });
});
