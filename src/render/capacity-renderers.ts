/** The capacity renderers are the formats of `capacity`; each loads what it needs only when it is asked for. */
import type { CapacityReport } from "../report/capacity-report.ts";
import type { RenderOptions } from "./list-cut.ts";

export type CapacityRenderer = (report: CapacityReport, options: RenderOptions) => Promise<string>;

const renderers = {
  table: async (report, options) => {
    const { renderCapacityTable } = await import("./capacity-table.ts");
    return renderCapacityTable(report, options);
  },
  json: async (report) => {
    const { reportJson } = await import("./analysis-json.ts");
    return reportJson(report);
  },
  markdown: async (report, options) => {
    const { renderCapacityMarkdown } = await import("./capacity-markdown.ts");
    return renderCapacityMarkdown(report, options);
  },
  csv: async (report) => {
    const { renderCapacityCsv } = await import("./capacity-csv.ts");
    return renderCapacityCsv(report);
  },
  html: async (report) => {
    const { renderCapacityPage } = await import("./page/capacity-page.ts");
    const { default: script } = await import("../../templates/page-app.script");
    return renderCapacityPage(report, [script]);
  },
} satisfies Record<string, CapacityRenderer>;

export type CapacityFormat = keyof typeof renderers;

/** Its keys are the choices of `--format`. */
export const capacityRenderers: Readonly<Record<CapacityFormat, CapacityRenderer>> = renderers;
