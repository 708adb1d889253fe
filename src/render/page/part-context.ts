/** A part context is all that the parts of one workflow's page are drawn from. */
import type { AnalysisReport, WorkflowReport } from "../../report/analysis-report.ts";
import { type CostScale, workflowScale } from "../cost-scale.ts";
import { type WorkflowGraph, graphWorkflow } from "../workflow-graph.ts";
import type { GraphLayout } from "./graph-layout.ts";

/** States drawn one by one; beyond that they are folded. */
export const MOST_DRAWN = 600;

export interface WorkflowPage {
  readonly workflow: WorkflowReport;
  readonly report: AnalysisReport;
  /** Before its ids, so that several can stand in one page. */
  readonly prefix: string;
  /** Of its headings: 2 where the page is about it alone. */
  readonly level: 2 | 3;
  /** Null where nothing is drawn. */
  readonly layout: GraphLayout | null;
}

export interface PartContext extends WorkflowPage {
  readonly scale: CostScale;
  readonly graph: WorkflowGraph | null;
  readonly id: (name: string) => string;
}

export function partContext(page: WorkflowPage): PartContext {
  const { workflow, report, prefix } = page;
  const { pictures } = workflow;
  return {
    ...page,
    scale: workflowScale(workflow, report.currency),
    graph: pictures === undefined ? null : graphWorkflow(workflow, pictures, MOST_DRAWN),
    id: (name) => `${prefix}-${name}`,
  };
}
