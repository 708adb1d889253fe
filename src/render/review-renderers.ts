/** The review renderers are the formats of `review`; each loads what it needs only when it is asked for. */
import type { ReviewReport } from "../report/review-report.ts";
import type { RenderOptions } from "./list-cut.ts";

export type ReviewRenderer = (report: ReviewReport, options: RenderOptions) => string | Promise<string>;

const renderers = {
  table: async (report, options) => {
    const { renderReviewTable } = await import("./review-table.ts");
    return renderReviewTable(report, options);
  },
  json: async (report) => {
    const { reportJson } = await import("./analysis-json.ts");
    return reportJson(report);
  },
  markdown: async (report, options) => {
    const { renderReviewMarkdown } = await import("./review-markdown.ts");
    return renderReviewMarkdown(report, options);
  },
} satisfies Record<string, ReviewRenderer>;

export type ReviewFormat = keyof typeof renderers;

/** Its keys are the choices of `--format`. */
export const reviewRenderers: Readonly<Record<ReviewFormat, ReviewRenderer>> = renderers;
