/** The analysis renderers are the formats of `analyze`; each loads what it needs only when it is asked for. */
import type { AnalysisReport } from "../report/analysis-report.ts";
import type { RenderOptions } from "./list-cut.ts";

export type AnalysisRenderer = (report: AnalysisReport, options: RenderOptions) => string | Promise<string>;

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
  html: async (report, { top, topWorkflows, verbose }) => {
    const [{ renderAnalysisPage }, { default: script }] = await Promise.all([
      import("./page/analysis-page.ts"),
      import("../../templates/page-app.script"),
    ]);
    const detailed = verbose ? report.workflows.length : (topWorkflows ?? top);
    return renderAnalysisPage(report, { detailed, whatIf: null, scripts: [script] });
  },
} satisfies Record<string, AnalysisRenderer>;

export type AnalysisFormat = keyof typeof renderers;

/** Its keys are the choices of `--format`. */
export const analysisRenderers: Readonly<Record<AnalysisFormat, AnalysisRenderer>> = renderers;
