/** `trace` acts one execution out, with given input and task results, and shows its steps in virtual time. */
import { renderTraceTable } from "../render/trace-table.ts";
import { jsonText } from "../render/safe-text.ts";
import { reportTrace } from "../report/trace-report.ts";
import type { TraceReport } from "../report/trace-report.ts";
import { traceExecution } from "../scenario/execution-trace.ts";
import type { TraceOptions as ExecutionOptions } from "../scenario/execution-trace.ts";
import { compileDefinition } from "../scenario/compiled-definition.ts";
import { runScenario } from "../scenario/scenario-run.ts";
import type { ScenarioRun } from "../scenario/scenario-run.ts";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import { readSource } from "../workflow/text/read-source.ts";
import { parseSeed, parseWhole } from "../workflow/workload/whole-number.ts";
import { parseJsonFile } from "./json-file.ts";
import { findScenario } from "./find-scenario.ts";

export const TRACE_FORMATS = ["table", "json"] as const;

export interface TraceOptions {
  /** The definition's file, ASL in JSON or YAML; `-` is standard input. */
  readonly definition: string;
  /** Files of JSON; absent = an empty object. */
  readonly input?: string | undefined;
  readonly results?: string | undefined;
  readonly context?: string | undefined;
  readonly seed?: unknown;
  /** Name of a scenario in the definition's scenario file, which gives input, results, context and seed. */
  readonly scenario?: string | undefined;
  readonly type?: "STANDARD" | "EXPRESS" | undefined;
  readonly format: (typeof TRACE_FORMATS)[number];
  readonly verbose?: boolean | undefined;
  /** Steps shown before the list is cut. */
  readonly top?: unknown;
}

const WIDTH_OF_A_PIPE = 120;
const STEPS_SHOWN = 100;

/** Exit code 0, also for an execution that fails: how it ends is the answer, not a verdict. */
export async function runTrace(shell: Shell, options: TraceOptions): Promise<0> {
  const asked = { ...options, ...numbersOf(options) };
  const text = await readDefinitionText(shell, options.definition);
  const { trace, failures } = await traceText(shell, text, asked);
  const report = reportTrace(nameOf(shell, options.definition), trace);
  await shell.stdout.write(renderTrace(shell, report, asked));
  for (const { message, hint, at } of failures) {
    const told = `error: ${at.file}:${at.line}:${at.column}: ${message}`;
    await shell.stderr.write(jsonText(`${told}${hint === null ? "" : `\n  ${hint}`}\n`));
  }
  for (const { severity, message, hint } of trace.diagnostics) {
    await shell.stderr.write(jsonText(`${severity}: ${message}${hint === null ? "" : `\n  ${hint}`}\n`));
  }
  return 0;
}

interface TraceNumbers {
  readonly seed: number | undefined;
  readonly top: number;
}

type Asked = TraceOptions & TraceNumbers;

/** Throws one UserError `invalid-option` that lists all that is wrong, a line each. */
function numbersOf({ seed, top = STEPS_SHOWN }: TraceOptions): TraceNumbers {
  const read = { seed: parseSeed(seed ?? 0), top: parseWhole(top) };
  const problems = Object.entries(read).flatMap(([name, each]) =>
    each.ok ? [] : [`--${name}: ${each.problem}`],
  );
  if (!read.seed.ok || !read.top.ok) throw new UserError("invalid-option", problems.join("\n"));
  return { seed: seed === undefined ? undefined : read.seed.value, top: read.top.value };
}

type Traced = Pick<ScenarioRun, "trace" | "failures">;

async function traceText(
  shell: Shell,
  text: string,
  options: TraceOptions & Pick<TraceNumbers, "seed">,
): Promise<Traced> {
  if (options.scenario !== undefined) return traceScenario(shell, text, options);
  const given: ExecutionOptions = {
    input: await readJsonFile(shell, options.input),
    results: (await readJsonFile(shell, options.results)) as ExecutionOptions["results"],
    context: await readJsonFile(shell, options.context),
    seed: options.seed,
    type: options.type,
  };
  return { trace: await traceExecution(text, given), failures: [] };
}

async function traceScenario(shell: Shell, text: string, options: TraceOptions): Promise<Traced> {
  const both = (["input", "results", "context", "seed"] as const).find((key) => options[key] !== undefined);
  if (both !== undefined) {
    throw new UserError(
      "invalid-option",
      `--${both} stands beside --scenario, which gives it already.`,
      "Leave one of them out.",
    );
  }
  const scenario = await findScenario(shell, {
    definition: options.definition,
    workflow: nameOf(shell, options.definition),
    name: options.scenario!,
  });
  const { stateMachine, diagnostics } = compileDefinition(text);
  const { trace, failures } = await runScenario(stateMachine, scenario, options.type ?? "STANDARD");
  const own = trace.diagnostics.filter(({ code }) => code !== "unknown-result-state");
  return { trace: { ...trace, diagnostics: [...diagnostics, ...own] }, failures };
}

function renderTrace(shell: Shell, report: TraceReport, options: Asked): string {
  if (options.format === "json") return `${jsonText(JSON.stringify(report, null, 2))}\n`;
  const { columns, colour } = shell.stdout;
  const { verbose = false, top } = options;
  return renderTraceTable(report, { columns: columns ?? WIDTH_OF_A_PIPE, colour, verbose, top });
}

/** As JSON, whether the file is JSON, with comments or not, or YAML. */
async function readDefinitionText(shell: Shell, file: string): Promise<string> {
  const { value, jsonText, diagnostics } = await readSource(await readBytes(shell, file), file);
  if (value !== undefined) return jsonText;
  const [first] = diagnostics;
  throw new UserError(
    "not-a-definition",
    `${file} is not an Amazon States Language definition. ${first?.message ?? ""}`.trim(),
    first?.hint ?? null,
  );
}

async function readBytes(shell: Shell, file: string): Promise<Uint8Array> {
  return file === "-" ? shell.stdin() : shell.readFile(file);
}

async function readJsonFile(shell: Shell, file: string | undefined): Promise<unknown> {
  if (file === undefined) return undefined;
  return parseJsonFile(await readBytes(shell, file), file);
}

/** A file's name without its endings names the workflow. */
function nameOf(shell: Shell, file: string): string {
  if (file === "-") return "standard input";
  return shell.paths.basename(file).replace(/(\.asl)?\.(json|ya?ml)$/i, "");
}
