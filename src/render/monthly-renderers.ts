/** The monthly renderers are the formats of `report`; each loads what it needs only when it is asked for. */
import type { MonthlyReport } from "../report/monthly/monthly-report.ts";
import type { RenderOptions } from "./list-cut.ts";

export type MonthlyRenderer = (report: MonthlyReport, options: RenderOptions) => Promise<string>;

const renderers = {
  json: async (report) => {
    const { reportJson } = await import("./analysis-json.ts");
    return reportJson(report);
  },
} satisfies Record<string, MonthlyRenderer>;

export type MonthlyFormat = keyof typeof renderers;

/** Its keys are the choices of `--format`. */
export const monthlyRenderers: Readonly<Record<MonthlyFormat, MonthlyRenderer>> = renderers;
