/** Reports the children of a split: what runs in each, how often it is called, how long it lasts and what that saves. */
import { quantileOf } from "../graph/distribution.ts";
import { durationOf } from "../graph/region/region-time.ts";
import type { SplitWorkflow } from "../recommendation/split/split-workflow.ts";
import type { SplitChild, SplitSummary } from "./analysis-report.ts";

export function reportSplitChildren({
  plan,
  written,
}: Pick<SplitWorkflow, "plan" | "written">): SplitSummary {
  const children = written.children.map(({ cut, name, task, states, copied }): SplitChild => {
    const { scope, region, runs, use, billedMs, memoryMB, saving } = cut;
    return {
      name,
      task,
      states,
      copied,
      callsPerExecution: runs * use.entries,
      billedDurationMs: billedMs,
      p99Ms: quantileOf(durationOf(scope.times().of(region)), 0.99),
      billedMemoryMB: memoryMB,
      savingPerExecution: plan.savingPerExecution === null ? null : saving,
    };
  });
  return { children };
}
