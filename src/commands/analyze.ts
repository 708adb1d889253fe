/** `analyze` says what workflows cost, which type they should be, and on what that rests. */
import { type Config, type Flags, resolveConfig } from "../config.ts";
import { type AnalysisFormat, analysisRenderers, detailedWorkflows } from "../render/analysis-renderers.ts";
import { diagnosticsOf, renderDiagnostics } from "../render/diagnostic-text.ts";
import { type ListOptions, TOP_WORKFLOWS } from "../render/list-cut.ts";
import type { AnalysisReport } from "../report/analysis-report.ts";
import { compareMeasuredTransitions } from "../report/measured-transitions.ts";
import { type PricedPlace, buildRegionalAnalysis } from "../report/regional-analysis.ts";
import { type WhatIf, packWhatIf } from "../report/what-if.ts";
import type { ParseJsonata } from "../graph/constant-expression.ts";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import { workloadFiles } from "../workload-files.ts";
import { jsonataParserFor } from "./jsonata-parser.ts";
import { nothingFound } from "./nothing-found.ts";
import { loadFleet } from "./observed-workflows.ts";
import { priceListsToChoose, priceWhereTheyLive } from "./priced-places.ts";
import { readWorkflows } from "./read-workflows.ts";
import { validateWithAws } from "./validated-workflows.ts";

export interface AnalyzeOptions extends Flags {
  /** Files, folders, globs; `-` is standard input. */
  readonly paths: readonly string[];
  readonly config?: string | undefined;
  readonly parameter?: readonly string[] | undefined;
  /** File of deployed machines, whose figures are lent to the definitions that they run. */
  readonly fleet?: string | undefined;
  readonly validateWithAws?: boolean | undefined;
}

const FORMATS = Object.keys(analysisRenderers) as [AnalysisFormat, ...AnalysisFormat[]];
const WIDTH_OF_A_PIPE = 120;

/** Exit code 0 with diagnostics in the report; UserErrors when options or stepfare.yml are wrong or nothing could be analysed. */
export async function runAnalyze(shell: Shell, options: AnalyzeOptions): Promise<0> {
  const files = workloadFiles(shell, options.config ?? null);
  const workloadFile = await files.forRun(options.paths[0] ?? null);
  const config = resolveConfig({ shell, flags: options, workloadFile, formats: FORMATS });
  const read = await readWorkflows(shell, {
    paths: options.paths,
    files,
    config,
    parameters: options.parameter ?? [],
    fleet: options.fleet === undefined ? null : await loadFleet(shell, options.fleet),
  });
  if (read.workflows.length === 0)
    throw nothingFound(shell, { paths: options.paths, diagnostics: read.diagnostics, done: "analysed" });
  const workflows = options.validateWithAws
    ? await validateWithAws(shell, read.workflows, config.region)
    : read.workflows;
  const prices = await priceWhereTheyLive(shell, workflows, config);
  const parseJsonata = jsonataParserFor(read.workflows);
  const modelled = buildRegionalAnalysis(prices.places, {
    scenarios: read.scenarios,
    transitionRule: config.transitionRule,
    context: { parseJsonata, taskDuration: config.taskDuration },
    top: shownPaths(config),
    pictures: !["json", "csv"].includes(config.format),
    atAGlance: !["json", "html"].includes(config.format) && !config.verbose && workflows.length > 1,
    diagnostics: [...prices.diagnostics, ...read.diagnostics],
  });
  const report = compareMeasuredTransitions(modelled, workflows);
  if (report.workflows.length === 0)
    throw nothingFound(shell, { paths: options.paths, diagnostics: report.diagnostics, done: "analysed" });
  const lists = {
    verbose: config.verbose,
    top: config.top,
    topWorkflows: options.top === undefined ? TOP_WORKFLOWS : config.top,
  };
  const text = await analysisRenderers[config.format](report, {
    columns: shell.stdout.columns ?? WIDTH_OF_A_PIPE,
    colour: config.output === null && shell.stdout.colour,
    ...lists,
    whatIf:
      config.format === "html"
        ? await whatIfOf(shell, report, { config, places: prices.places, parseJsonata, lists })
        : null,
  });
  if (config.output === null) await shell.stdout.write(text);
  else await shell.writeFileAtomic(shell.paths.resolve(config.output), text);
  await reportToStderr(shell, {
    report,
    quiet: config.quiet,
    shown: config.format !== "json" && config.format !== "csv",
  });
  refuseImpossibleShares(report);
  refuseUnasked(report);
  return 0;
}

interface AskingWhatIf {
  readonly config: Config<AnalysisFormat>;
  readonly places: readonly PricedPlace[];
  readonly parseJsonata: ParseJsonata | null;
  readonly lists: ListOptions;
}

/** Null where workflows live in several places: there one region's price is not the answer. */
async function whatIfOf(
  shell: Shell,
  report: AnalysisReport,
  { config, places, parseJsonata, lists }: AskingWhatIf,
): Promise<WhatIf | null> {
  const [only, ...others] = places;
  if (only === undefined || others.length > 0) return null;
  return packWhatIf({
    workflows: only.workflows,
    reported: report.workflows.slice(0, detailedWorkflows(report, lists)),
    priceLists: await priceListsToChoose(shell, only.priceList, config),
    borrow: config.borrow,
    region: only.priceList.region,
    transitionRule: config.transitionRule,
    taskDuration: config.taskDuration,
    parseJsonata,
    top: shownPaths(config),
  });
}

/** A page has room for more paths than a screen, and sorts them. */
const PAGE_PATHS = 25;
const ALL_PATHS = 100;

function shownPaths({ top, verbose, format }: Config<AnalysisFormat>): number {
  if (verbose) return Math.max(top, ALL_PATHS);
  return format === "html" ? Math.max(top, PAGE_PATHS) : top;
}

/** Diagnostics that the format itself does not show, so that nobody mistakes silence for health. */
async function reportToStderr(
  shell: Shell,
  { report, quiet, shown }: { report: AnalysisReport; quiet: boolean; shown: boolean },
): Promise<void> {
  if (quiet || shown) return;
  const all = [...report.diagnostics, ...report.workflows.flatMap(diagnosticsOf)];
  const loud = all.filter(({ severity }) => severity !== "info");
  if (loud.length > 0) await shell.stderr.write(renderDiagnostics(loud, { colour: shell.stderr.colour }));
}

/** Who asks for AWS's word in a build must not take its silence for consent: the report was printed, the run still fails. */
function refuseUnasked({ workflows }: AnalysisReport): void {
  const unasked = workflows
    .flatMap(({ diagnostics }) => diagnostics)
    .filter(({ code, severity }) => code === "not-validated-by-aws" && severity !== "info");
  const [first] = unasked;
  if (first === undefined) return;
  const more = unasked.length === 1 ? "" : `, nor about ${unasked.length - 1} more`;
  throw new UserError("not-validated-by-aws", `${first.message.replace(/\.$/, "")}${more}.`, first.hint, 3);
}

/** Shares that cannot be are a mistake in stepfare.yml: the report was printed with them scaled, the run still fails. */
function refuseImpossibleShares({ workflows }: AnalysisReport): void {
  const wrong = workflows.flatMap(({ name, diagnostics }) =>
    diagnostics
      .filter(({ code }) => code === "choice-shares")
      .map(({ message, at, hint }) => {
        const place = at === null ? "" : `${at.file}:${at.line}:${at.column}: `;
        return { line: `${place}${name}: ${message}`, hint };
      }),
  );
  if (wrong.length === 0) return;
  throw new UserError("choice-shares", wrong.map(({ line }) => line).join("\n"), wrong[0]!.hint);
}
