/** The reconcile renderers are the formats of `reconcile`; each loads what it needs only when it is asked for. */
import type { ReconciliationReport } from "../report/reconcile/reconciliation-report.ts";
import type { RenderOptions } from "./list-cut.ts";

export type ReconcileRenderer = (report: ReconciliationReport, options: RenderOptions) => Promise<string>;

const renderers = {
  table: async (report, options) => {
    const { renderReconciliationTable } = await import("./monthly/reconciliation-table.ts");
    return renderReconciliationTable(report, options);
  },
  json: async (report) => {
    const { reportJson } = await import("./analysis-json.ts");
    return reportJson(report);
  },
  markdown: async (report, options) => {
    const { renderReconciliationMarkdown } = await import("./monthly/reconciliation-markdown.ts");
    return renderReconciliationMarkdown(report, options);
  },
  csv: async (report) => {
    const { renderReconciliationCsv } = await import("./monthly/reconciliation-csv.ts");
    return renderReconciliationCsv(report);
  },
  html: async (report) => {
    const { renderReconciliationPage } = await import("./page/reconciliation-page.ts");
    const { default: script } = await import("../../templates/page-app.script");
    return renderReconciliationPage(report, [script]);
  },
} satisfies Record<string, ReconcileRenderer>;

export type ReconcileFormat = keyof typeof renderers;

/** Its keys are the choices of `--format`. */
export const reconcileRenderers: Readonly<Record<ReconcileFormat, ReconcileRenderer>> = renderers;
