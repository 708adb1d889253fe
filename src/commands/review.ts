/** `review` says what may go wrong with workflows and what would make them cheaper; on request it fails each Task in turn. */
import { type Flags, resolveConfig } from "../config.ts";
import type { Severity } from "../diagnostic.ts";
import { terminalText } from "../render/safe-text.ts";
import { type ReviewFormat, reviewRenderers } from "../render/review-renderers.ts";
import { buildRegionalAnalysis } from "../report/regional-analysis.ts";
import { type ReviewReport, buildReview } from "../report/review-report.ts";
import type { TraceResults } from "../scenario/action/task-outcome.ts";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import { didYouMean } from "../workflow/did-you-mean.ts";
import { isJsonObject } from "../workflow/text/json-value.ts";
import { statesOf } from "../workflow/state-identity.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { workloadFiles } from "../workload-files.ts";
import { jsonataParserFor } from "./jsonata-parser.ts";
import { parseJsonFile } from "./json-file.ts";
import { nothingFound } from "./nothing-found.ts";
import { priceWhereTheyLive } from "./priced-places.ts";
import { readWorkflows } from "./read-workflows.ts";

export interface ReviewOptions extends Flags {
  /** Files, folders, globs; `-` is standard input. */
  readonly paths: readonly string[];
  readonly config?: string | undefined;
  readonly parameter?: readonly string[] | undefined;
  readonly injectFaults?: boolean | undefined;
  /** JSON files for the injected executions, instead of made-up data. */
  readonly input?: string | undefined;
  readonly results?: string | undefined;
  /** The least severity of a finding that fails the run. */
  readonly failOn?: string | undefined;
}

const FORMATS = Object.keys(reviewRenderers) as [ReviewFormat, ...ReviewFormat[]];
const WIDTH_OF_A_PIPE = 120;
const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Exit code 1 when a finding reaches `failOn`; UserErrors when options are wrong or there is nothing to review. */
export async function runReview(shell: Shell, options: ReviewOptions): Promise<0 | 1> {
  const failOn = parseFailOn(options.failOn);
  refuseUnusedFiles(options);
  const files = workloadFiles(shell, options.config ?? null);
  const workloadFile = await files.forRun(options.paths[0] ?? null);
  const config = resolveConfig({ shell, flags: options, workloadFile, formats: FORMATS });
  const { paths, parameter: parameters = [] } = options;
  const read = await readWorkflows(shell, { paths, files, config, parameters });
  const prices = await priceWhereTheyLive(shell, read.workflows, config);
  const context = { parseJsonata: jsonataParserFor(read.workflows), taskDuration: config.taskDuration };
  if (read.workflows.length === 0)
    throw nothingFound(shell, { paths, diagnostics: read.diagnostics, done: "reviewed" });
  const analysis = buildRegionalAnalysis(prices.places, {
    scenarios: read.scenarios,
    transitionRule: config.transitionRule,
    context,
    top: 1,
    diagnostics: [...prices.diagnostics, ...read.diagnostics],
  });
  const given = {
    input: await readJsonFile(shell, options.input),
    results: (await readJsonFile(shell, options.results)) as TraceResults | undefined,
  };
  if (!config.quiet && isJsonObject(given.results))
    await tellUnknownStates(shell, given.results, read.workflows);
  const report = await buildReview(
    analysis,
    options.injectFaults === true ? { workflows: read.workflows, given } : null,
  );
  const text = await reviewRenderers[config.format](report, {
    columns: shell.stdout.columns ?? WIDTH_OF_A_PIPE,
    colour: config.output === null && shell.stdout.colour,
    verbose: config.verbose,
    top: config.top,
  });
  if (config.output === null) await shell.stdout.write(text);
  else await shell.writeFileAtomic(shell.paths.resolve(config.output), text);
  const grave = failOn === null ? 0 : countGrave(report, failOn);
  if (grave === 0) return 0;
  const findings = `${grave} ${grave === 1 ? "finding is" : "findings are"}`;
  await shell.stderr.write(`stepfare: ${findings} of severity ${failOn} or graver\n`);
  return 1;
}

/** Data for executions that are not acted out. */
function refuseUnusedFiles({ injectFaults, input, results }: ReviewOptions): void {
  const given = input !== undefined ? "--input" : results !== undefined ? "--results" : null;
  if (given === null || injectFaults === true) return;
  throw new UserError(
    "invalid-option",
    `${given} is of --inject-faults, which is not given.`,
    "Give --inject-faults with it, or leave it out.",
  );
}

async function tellUnknownStates(
  shell: Shell,
  results: object,
  workflows: readonly Workflow[],
): Promise<void> {
  const known = new Set(
    workflows.flatMap(({ stateMachine }) =>
      statesOf(stateMachine).flatMap(({ name, pointer }) => [name, pointer]),
    ),
  );
  for (const name of Object.keys(results)) {
    if (known.has(name)) continue;
    const hint = didYouMean(name, [...known]);
    const line = `--results: there are results for "${name}", but no state has this name.${hint === null ? "" : ` ${hint}`}`;
    await shell.stderr.write(`stepfare: ${terminalText(line)}\n`);
  }
}

function countGrave({ workflows }: ReviewReport, failOn: Severity): number {
  return workflows
    .flatMap(({ findings }) => findings)
    .filter(({ severity }) => RANK[severity] <= RANK[failOn]).length;
}

function parseFailOn(given: string | undefined): Severity | null {
  if (given === undefined || given === "never") return null;
  if (given === "error" || given === "warning" || given === "info") return given;
  throw new UserError(
    "invalid-option",
    `--fail-on: ${JSON.stringify(given)} is not known: write error, warning, info or never`,
  );
}

async function readJsonFile(shell: Shell, file: string | undefined): Promise<unknown> {
  if (file === undefined) return undefined;
  return parseJsonFile(await shell.readFile(file), file);
}
