/** Reports the limits of one execution, as a workflow of its declared type has them. */
import type { LimitedExecution } from "../capacity/execution-limit.ts";
import { executionLimits } from "../capacity/execution-limits.ts";
import type { LimitReport } from "./analysis-report.ts";

export function reportLimits(execution: LimitedExecution): readonly LimitReport[] {
  return executionLimits(execution);
}
