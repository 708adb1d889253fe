/** The diff renderers are the formats of `diff`; each loads what it needs only when it is asked for. */
import type { DiffReport } from "../report/diff-report.ts";
import type { RenderOptions } from "./list-cut.ts";

export interface DiffRenderOptions extends RenderOptions {
  /** Markdown: whether the forge folds `<details>`; Bitbucket does not. */
  readonly details: boolean;
  /** Markdown: whether the forge draws Mermaid. */
  readonly graphs: boolean;
  /** Markdown: most changed workflows; absent = as many as are easily read. */
  readonly topOfMarkdown?: number | undefined;
}

export type DiffRenderer = (diff: DiffReport, options: DiffRenderOptions) => string | Promise<string>;

const renderers = {
  table: async (diff, options) => {
    const { renderDiffTable } = await import("./diff-table.ts");
    return renderDiffTable(diff, options);
  },
  json: async (diff) => {
    const { reportJson } = await import("./analysis-json.ts");
    return reportJson(diff);
  },
  markdown: async (diff, { details, graphs, topOfMarkdown: top }) => {
    const { renderDiffMarkdown } = await import("./diff-markdown.ts");
    return renderDiffMarkdown(diff, { details, graphs, limit: null, top });
  },
  html: async (diff) => {
    const { renderDiffPage } = await import("./page/diff-page.ts");
    const { default: script } = await import("../../templates/page-app.script");
    return renderDiffPage(diff, [script]);
  },
} satisfies Record<string, DiffRenderer>;

export type DiffFormat = keyof typeof renderers;

/** Its keys are the choices of `--format`. */
export const diffRenderers: Readonly<Record<DiffFormat, DiffRenderer>> = renderers;
