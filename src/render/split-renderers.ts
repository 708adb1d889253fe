/** The split renderers are the formats of `split`; each loads what it needs only when it is asked for. */
import type { SplitReport } from "../report/split-report.ts";
import type { RenderOptions } from "./list-cut.ts";

export type SplitRenderer = (report: SplitReport, options: RenderOptions) => Promise<string>;

const renderers = {
  table: async (report, options) => {
    const { renderSplitTable } = await import("./split-table.ts");
    return renderSplitTable(report, options);
  },
  json: async (report) => {
    const { reportJson } = await import("./analysis-json.ts");
    return reportJson(report);
  },
  markdown: async (report, options) => {
    const { renderSplitMarkdown } = await import("./split-markdown.ts");
    return renderSplitMarkdown(report, options);
  },
} satisfies Record<string, SplitRenderer>;

export type SplitFormat = keyof typeof renderers;

/** Its keys are the choices of `--format`. */
export const splitRenderers: Readonly<Record<SplitFormat, SplitRenderer>> = renderers;
