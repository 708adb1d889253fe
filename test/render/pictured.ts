/** A workflow report with its pictures, for drawings. */
import { priceListOf } from "../../src/cost/known-price-lists.ts";
import type { WorkflowReport } from "../../src/report/analysis-report.ts";
import { buildAnalysis } from "../../src/report/build-analysis.ts";
import { readDefinition } from "../../src/workflow/definition/read-definition.ts";
import { sourceOfValue } from "../../src/workflow/text/source-text.ts";
import { EMPTY_WORKLOAD, type Workload } from "../../src/workflow/workload/workload.ts";

export function picturedWorkflow(definition: object, workload: Workload = EMPTY_WORKLOAD): WorkflowReport {
  const source = sourceOfValue(definition, "drawn.asl.json");
  const { stateMachine } = readDefinition(source);
  if (stateMachine === null) throw new Error("not a definition");
  const { workflows } = buildAnalysis({
    workflows: [
      {
        name: "drawn",
        type: "STANDARD",
        stateMachine,
        workload,
        at: source.locate(""),
        foundIn: "asl",
        aliases: [],
        locate: source.locate,
        diagnostics: [],
      },
    ],
    priceList: priceListOf("us-east-1")!,
    transitionRule: "start+entered",
    context: { parseJsonata: null, taskDuration: null },
    top: 5,
    pictures: true,
    diagnostics: [],
  });
  return workflows[0]!;
}
