/** The analysis renderers are the formats of `analyze`; each loads what it needs only when it is asked for. */
import type { AnalysisReport } from "../report/analysis-report.ts";
import type { WhatIf } from "../report/what-if.ts";
import type { ListOptions, RenderOptions } from "./list-cut.ts";

export interface AnalysisRenderOptions extends RenderOptions {
  /** HTML: what the page calculates anew with; absent or null = it does not. */
  readonly whatIf?: WhatIf | null;
}

export type AnalysisRenderer = (
  report: AnalysisReport,
  options: AnalysisRenderOptions,
) => string | Promise<string>;

/** How many workflows a page tells in detail. */
export function detailedWorkflows(
  { workflows }: AnalysisReport,
  { verbose, topWorkflows, top }: ListOptions,
): number {
  return Math.min(workflows.length, verbose ? workflows.length : Math.max(1, topWorkflows ?? top));
}

/** JSONata's parser is as large as all else together: it comes along only where a workflow needs it. */
async function scriptsFor(whatIf: WhatIf | null): Promise<readonly string[]> {
  if (whatIf === null) return [(await import("../../templates/page-app.script")).default];
  const app = (await import("../../templates/what-if-app.script")).default;
  const needsJsonata = JSON.stringify(whatIf.workflows).includes('"queryLanguage":"JSONata"');
  return needsJsonata ? [(await import("../../templates/jsonata-app.script")).default, app] : [app];
}

const renderers = {
  table: async (report, options) => {
    const { renderAnalysisTable } = await import("./analysis-table.ts");
    return renderAnalysisTable(report, options);
  },
  json: async (report) => {
    const { renderAnalysisJson } = await import("./analysis-json.ts");
    return renderAnalysisJson(report);
  },
  markdown: async (report, options) => {
    const { renderAnalysisMarkdown } = await import("./analysis-markdown.ts");
    return renderAnalysisMarkdown(report, options);
  },
  csv: async (report) => {
    const { renderAnalysisCsv } = await import("./analysis-csv.ts");
    return renderAnalysisCsv(report);
  },
  html: async (report, options) => {
    const { renderAnalysisPage } = await import("./page/analysis-page.ts");
    const { whatIf = null } = options;
    return renderAnalysisPage(report, {
      detailed: detailedWorkflows(report, options),
      whatIf,
      scripts: await scriptsFor(whatIf),
    });
  },
} satisfies Record<string, AnalysisRenderer>;

export type AnalysisFormat = keyof typeof renderers;

/** Its keys are the choices of `--format`. */
export const analysisRenderers: Readonly<Record<AnalysisFormat, AnalysisRenderer>> = renderers;
