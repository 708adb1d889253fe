/** The library: what a program may import from stepfare. Pure functions on plain data; no files, no network, no clock. */
import jsonata from "jsonata";
import { priceListOf } from "./cost/known-price-lists.ts";
import { LENDING_REGION, borrowPrices } from "./cost/borrowed-price.ts";
import type { PriceList } from "./cost/price-list.ts";
import { checkAnalyzeOptions, checkTraceOptions } from "./library-options.ts";
import type { AnalysisReport, Estimate, WorkflowReport } from "./report/analysis-report.ts";
import { buildAnalysis } from "./report/build-analysis.ts";
import { buildDiff } from "./report/build-diff.ts";
import type { DiffReport } from "./report/diff-report.ts";
import { savedSide } from "./report/saved-side.ts";
import {
  type ExecutionTrace,
  type TraceOptions,
  traceExecution as actOut,
} from "./scenario/execution-trace.ts";
import type { TransitionRule } from "./usage/usage-line.ts";
import { UserError } from "./user-error.ts";
import { readDefinition } from "./workflow/definition/read-definition.ts";
import { readSourceText, sourceOfValue } from "./workflow/text/source-text.ts";
import type { WorkflowType } from "./workflow/state-machine.ts";
import { diagnoseStateKeys } from "./workflow/workload/workload-file-check.ts";
import { type MatchedWorkload, workloadFor } from "./workflow/workload/workload-file-match.ts";
import { parseWorkloadFile } from "./workflow/workload/whole-workload-file.ts";
import { EMPTY_WORKLOAD } from "./workflow/workload/workload.ts";

export interface AnalyzeDefinitionOptions {
  /** Default "workflow". */
  readonly name?: string;
  /** Default the workload's, else STANDARD, as AWS's. */
  readonly type?: WorkflowType;
  /** Default us-east-1. */
  readonly region?: string;
  /** Default start+entered. */
  readonly transitionRule?: TransitionRule;
  /** Executions per month: a number, or as stepfare.yml takes it: "1M", "50/s", { low, likely, high }. */
  readonly executions?: number | string | object;
  /** What the definition cannot know, as one workflow's entry in stepfare.yml. */
  readonly workload?: object;
  /** Prices instead of the packaged ones. */
  readonly priceList?: PriceList;
  /** Take prices the region lacks from us-east-1; default true. */
  readonly borrow?: boolean;
  /** Paths shown; default 5. */
  readonly top?: number;
}

/**
 * Analyses one Amazon States Language definition (JSON text, JSON with comments, or the parsed object): an entry of
 * `workflows` in the analysis report. Throws a UserError when it holds no state machine or an option is wrong.
 */
export function analyzeDefinition(
  definition: string | object,
  options: AnalyzeDefinitionOptions = {},
): WorkflowReport {
  checkAnalyzeOptions(options);
  const { name = "workflow", transitionRule = "start+entered", top = 5 } = options;
  const source =
    typeof definition === "string"
      ? readSourceText(definition, `${name}.asl.json`)
      : sourceOfValue(definition, `${name}.asl.json`);
  const { stateMachine, diagnostics } = readDefinition(source);
  const at = source.locate("");
  if (stateMachine === null) throw notADefinition(diagnostics);
  const matched = workloadOf(name, options);
  const unused = (matched?.entries ?? []).flatMap((entry) => diagnoseStateKeys(entry, stateMachine));
  const workflow = {
    name,
    type: options.type ?? matched?.type ?? "STANDARD",
    stateMachine,
    workload: matched?.workload ?? EMPTY_WORKLOAD,
    at,
    foundIn: "asl",
    aliases: [],
    locate: source.locate,
    diagnostics: [...diagnostics, ...unused],
  } as const;
  const { workflows } = buildAnalysis({
    workflows: [workflow],
    priceList: options.priceList ?? pricesOf(options),
    transitionRule,
    context: { parseJsonata, taskDuration: null },
    top,
    diagnostics: [],
  });
  const [report] = workflows;
  if (report === undefined) throw notADefinition(diagnostics);
  // The report makes its fields when they are read: who imports it gets data, to print, copy and change.
  return structuredClone(report);
}

/** What a definition costs as its type, with each line of it: that estimate of its analysis. Throws as `analyzeDefinition` does. */
export function estimateCost(definition: string | object, options: AnalyzeDefinitionOptions = {}): Estimate {
  const { estimates, type } = analyzeDefinition(definition, options);
  return estimates[type];
}

function parseJsonata(expression: string): unknown {
  try {
    return jsonata(expression).ast();
  } catch {
    return null;
  }
}

function pricesOf({ region = LENDING_REGION, borrow = true }: AnalyzeDefinitionOptions): PriceList {
  const list = priceListOf(region);
  const lender = priceListOf(LENDING_REGION);
  if (list === null || lender === null) {
    throw new UserError("unknown-region", `There is no price list for the region ${JSON.stringify(region)}.`);
  }
  return borrow ? borrowPrices(list, lender) : list;
}

function workloadOf(
  name: string,
  { workload = {}, executions }: AnalyzeDefinitionOptions,
): MatchedWorkload | null {
  const entry = executions === undefined ? workload : { ...workload, executionsPerMonth: executions };
  const file = parseWorkloadFile(JSON.stringify({ workflows: { [name]: entry } }), "workload");
  return workloadFor(file, { name, file: null, aliases: [] });
}

function notADefinition(
  diagnostics: readonly { readonly message: string; readonly hint: string | null }[],
): UserError {
  const messages = diagnostics.map(({ message }) => message);
  return new UserError(
    "not-a-definition",
    ["This is not an Amazon States Language definition.", ...messages].join("\n"),
    diagnostics[0]?.hint ?? null,
  );
}

function isAnalysisReport(given: unknown): given is AnalysisReport {
  const { kind, schemaVersion, workflows } = (given ?? {}) as Readonly<Record<string, unknown>>;
  return kind === "analysis" && schemaVersion === "1" && Array.isArray(workflows);
}

/** Compares two analysis reports, as `analyze --format json` writes them: the report of `stepfare diff`, without policies. Throws a UserError for anything else. */
export function diffAnalyses(before: AnalysisReport, after: AnalysisReport): DiffReport {
  for (const [name, given] of Object.entries({ before, after })) {
    if (isAnalysisReport(given)) continue;
    throw new UserError(
      "wrong-option",
      `${name} is no analysis report.`,
      "Give what analyze --format json writes, as it was parsed.",
    );
  }
  return buildDiff(savedSide(before, "before"), savedSide(after, "after"));
}

/** Acts one execution of a definition out. Throws a UserError for a definition, input, results or options that cannot be read. */
export async function traceExecution(
  definition: unknown,
  options: TraceOptions = {},
): Promise<ExecutionTrace> {
  checkTraceOptions(options);
  return actOut(definition, options);
}

export { readHistory } from "./observation/read-history.ts";
export type { AnalysisReport, Estimate, WorkflowReport } from "./report/analysis-report.ts";
export type { ExecutionTrace, TraceOptions } from "./scenario/execution-trace.ts";
export type { TransitionRule } from "./usage/usage-line.ts";
export type { WorkflowType } from "./workflow/state-machine.ts";
export type { DiffReport } from "./report/diff-report.ts";
export type { PriceList } from "./cost/price-list.ts";
export type { Diagnostic, Place } from "./diagnostic.ts";
export { UserError } from "./user-error.ts";
