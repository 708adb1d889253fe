/** A regional analysis is the report of workflows that live in several regions and accounts, each priced where it lives. */
import { type AccountUsage, NO_OTHER_USAGE } from "../cost/line-item.ts";
import type { PriceList } from "../cost/price-list.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { AnalysisReport } from "./analysis-report.ts";
import {
  type AnalysisInput,
  buildAnalysis,
  monthlyTransitions,
  mostExpensiveFirst,
  totalsOf,
} from "./build-analysis.ts";
import { nestExecutions } from "./nested-executions.ts";

/** Workflows of one account and region. Price lists of all places have one currency. */
export interface PricedPlace {
  /** Null when they are not deployed: then they are of one account together. */
  readonly account: string | null;
  readonly workflows: readonly Workflow[];
  readonly priceList: PriceList;
}

export type RegionalInput = Omit<AnalysisInput, "workflows" | "priceList" | "elsewhere">;

/** Free transitions are the account's, in whichever region it uses them; tiers are each region's own. */
export function buildRegionalAnalysis(places: readonly PricedPlace[], input: RegionalInput): AnalysisReport {
  const [only] = places;
  if (only === undefined || places.length === 1) {
    return buildAnalysis({ ...input, workflows: only?.workflows ?? [], priceList: only!.priceList });
  }
  const used = places.map(({ workflows }) =>
    monthlyTransitions(workflows, nestExecutions(workflows, input.context), input.transitionRule),
  );
  const reports = places.map((place, index) => {
    const elsewhere = places.reduce(
      (sum, { account }, other) => sum + (other !== index && account === place.account ? used[other]! : 0),
      0,
    );
    const usage: AccountUsage = new Map([["StateTransition", elsewhere]]);
    const { workflows, priceList } = place;
    return buildAnalysis({ ...input, workflows, priceList, elsewhere: usage, diagnostics: [] });
  });
  const workflows = reports.flatMap((report) => report.workflows);
  const dates = reports.flatMap(({ priceListDate }) => priceListDate ?? []).sort();
  return {
    ...reports[0]!,
    region: [...new Set(reports.map(({ region }) => region))].sort().join(", "),
    priceListDate: dates[0] ?? null,
    totals: totalsOf(
      places.map(({ account, priceList }, index) => ({
        account: account ?? "",
        priceList,
        reports: reports[index]!.workflows,
        elsewhere: NO_OTHER_USAGE,
      })),
    ),
    workflows: mostExpensiveFirst(workflows),
    diagnostics: [...input.diagnostics, ...reports.flatMap(({ diagnostics }) => diagnostics)],
  };
}
