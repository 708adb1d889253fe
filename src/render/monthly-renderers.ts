/** The monthly renderers are the formats of `report`; each loads what it needs only when it is asked for. */
import type { MonthlyReport } from "../report/monthly/monthly-report.ts";
import type { RenderOptions } from "./list-cut.ts";

export interface MonthlyRenderOptions extends RenderOptions {
  /** Markdown for a chat: no tables, no more than a screen. */
  readonly brief: boolean;
}

export type MonthlyRenderer = (report: MonthlyReport, options: MonthlyRenderOptions) => Promise<string>;

const renderers = {
  table: async (report, options) => {
    const { renderMonthlyTable } = await import("./monthly/monthly-table.ts");
    return renderMonthlyTable(report, options);
  },
  json: async (report) => {
    const { reportJson } = await import("./analysis-json.ts");
    return reportJson(report);
  },
  markdown: async (report, options) => {
    const { renderMonthlyBrief, renderMonthlyMarkdown } = await import("./monthly/monthly-markdown.ts");
    return options.brief ? renderMonthlyBrief(report) : renderMonthlyMarkdown(report, options);
  },
  csv: async (report) => {
    const { renderMonthlyCsv } = await import("./monthly/monthly-csv.ts");
    return renderMonthlyCsv(report);
  },
  html: async (report) => {
    const { renderMonthlyPage } = await import("./page/monthly-page.ts");
    const { default: script } = await import("../../templates/page-app.script");
    return renderMonthlyPage(report, [script]);
  },
} satisfies Record<string, MonthlyRenderer>;

export type MonthlyFormat = keyof typeof renderers;

/** Its keys are the choices of `--format`. */
export const monthlyRenderers: Readonly<Record<MonthlyFormat, MonthlyRenderer>> = renderers;
