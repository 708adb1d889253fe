/** A definition reviewed: analysed as `analyze` does it, from a literal. */
import jsonata from "jsonata";
import { priceListOf } from "../../src/cost/known-price-lists.ts";
import type { WorkflowReport } from "../../src/report/analysis-report.ts";
import { buildAnalysis } from "../../src/report/build-analysis.ts";
import { readDefinition } from "../../src/workflow/definition/read-definition.ts";
import { sourceOfValue } from "../../src/workflow/text/source-text.ts";
import type { Workflow } from "../../src/workflow/workflow.ts";
import { workloadFor } from "../../src/workflow/workload/workload-file-match.ts";
import { parseWorkloadFile } from "../../src/workflow/workload/whole-workload-file.ts";
import { EMPTY_WORKLOAD } from "../../src/workflow/workload/workload.ts";

export interface Around extends Partial<Pick<Workflow, "type" | "surroundings">> {
  /** As one workflow's entry in stepfare.yml. */
  readonly workload?: object;
}

export function workflowOf(definition: object, { workload = {}, ...around }: Around = {}): Workflow {
  const source = sourceOfValue(definition, "flow.asl.json");
  const { stateMachine, diagnostics } = readDefinition(source);
  if (stateMachine === null) throw new Error(JSON.stringify(diagnostics));
  const file = parseWorkloadFile(JSON.stringify({ workflows: { flow: workload } }), "stepfare.yml");
  const declared = workloadFor(file, { name: "flow", file: null, aliases: [] });
  return {
    name: "flow",
    type: declared?.type ?? null,
    stateMachine,
    workload: declared?.workload ?? EMPTY_WORKLOAD,
    at: source.locate(""),
    foundIn: "asl",
    aliases: [],
    locate: source.locate,
    diagnostics,
    ...around,
  };
}

export function analysed(...workflows: readonly Workflow[]): WorkflowReport {
  const { workflows: reports } = buildAnalysis({
    workflows,
    priceList: priceListOf("us-east-1")!,
    transitionRule: "start+entered",
    context: { parseJsonata: (text) => jsonata(text).ast(), taskDuration: null },
    top: 5,
    diagnostics: [],
  });
  return reports.find(({ name }) => name === workflows[0]!.name)!;
}

export function reviewed(definition: object, around: Around = {}): WorkflowReport {
  return analysed(workflowOf(definition, around));
}

/** A machine of these states, the first of which is where it starts. */
export function machine(states: object, more: object = {}): object {
  return { StartAt: Object.keys(states)[0], ...more, States: states };
}

export function lambda(name: string, more: object = {}): object {
  const ends = "Next" in more ? {} : { End: true };
  return {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: { FunctionName: name, "Payload.$": "$" },
    ...ends,
    ...more,
  };
}
