/** `split` says which parts of a Standard workflow to run as Express children, what that saves and changes, and writes the definitions. */
import { type Flags, resolveConfig } from "../config.ts";
import { renderDiagnostics } from "../render/diagnostic-text.ts";
import { jsonText } from "../render/safe-text.ts";
import { type SplitFormat, splitRenderers } from "../render/split-renderers.ts";
import { buildSplit } from "../report/build-split.ts";
import type { SplitReport } from "../report/split-report.ts";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { workloadFiles } from "../workload-files.ts";
import { jsonataParserFor } from "./jsonata-parser.ts";
import { onlyWorkflow } from "./only-workflow.ts";
import { livingBeside, priceWhereTheyLive } from "./priced-places.ts";
import { readWorkflows } from "./read-workflows.ts";

export interface SplitOptions extends Flags {
  /** A definition, or a template; `-` is standard input. */
  readonly definition: string;
  /** Of several state machines in a template, the one by this name. */
  readonly name?: string | undefined;
  readonly config?: string | undefined;
  readonly parameter?: readonly string[] | undefined;
  /** Folder for the written definitions. */
  readonly write?: string | undefined;
  /** Written over what is there. */
  readonly force?: boolean | undefined;
}

const FORMATS = Object.keys(splitRenderers) as [SplitFormat, ...SplitFormat[]];
const WIDTH_OF_A_PIPE = 120;

/** Exit code 0, also where nothing is worth cutting: that is an answer. */
export async function runSplit(shell: Shell, options: SplitOptions): Promise<0> {
  const files = workloadFiles(shell, options.config ?? null);
  const workloadFile = await files.forRun(options.definition);
  const config = resolveConfig({ shell, flags: options, workloadFile, formats: FORMATS });
  const { definition: path, parameter: parameters = [], name } = options;
  const read = await readWorkflows(shell, { paths: [path], files, config, parameters });
  const workflow = onlyWorkflow(read, { shell, path, command: "split", name });
  refuseExpress(workflow);
  const prices = await priceWhereTheyLive(shell, livingBeside(workflow, read.workflows), config);
  const { workflows, priceList } = prices.places[0]!;
  const report = buildSplit({
    workflow,
    workflows,
    priceList,
    transitionRule: config.transitionRule,
    context: { parseJsonata: jsonataParserFor(workflows), taskDuration: config.taskDuration },
    diagnostics: [...prices.diagnostics, ...read.diagnostics],
  });
  if (report === null)
    throw new UserError("nothing-to-analyse", `${workflow.name} cannot start: its StartAt names no state.`);
  const text = await splitRenderers[config.format](report, {
    columns: shell.stdout.columns ?? WIDTH_OF_A_PIPE,
    colour: config.output === null && shell.stdout.colour,
    verbose: config.verbose,
    top: config.top,
  });
  if (config.output === null) await shell.stdout.write(text);
  else await shell.writeFileAtomic(shell.paths.resolve(config.output), text);
  const loud = config.quiet ? [] : report.diagnostics.filter(({ severity }) => severity !== "info");
  if (loud.length > 0) await shell.stderr.write(renderDiagnostics(loud, { colour: shell.stderr.colour }));
  if (options.write !== undefined)
    await writeFiles(shell, report, { folder: options.write, force: options.force });
  return 0;
}

function refuseExpress({ name, type }: Workflow): void {
  if (type !== "EXPRESS") return;
  throw new UserError(
    "already-express",
    `${name} is an Express workflow already: it pays no transitions that a split could save.`,
    "stepfare analyze says whether it should be a Standard one.",
  );
}

/** None is written unless all may be. */
async function writeFiles(
  shell: Shell,
  report: SplitReport,
  { folder, force = false }: { readonly folder: string; readonly force?: boolean | undefined },
): Promise<void> {
  const written = filesOf(report).map(([file, text]) => [shell.paths.resolve(folder, file), text] as const);
  if (written.length === 0) return shell.stderr.write(`stepfare: nothing is cut, so nothing is written\n`);
  for (const [file] of written) {
    if (force || (await shell.stat(file)) === null) continue;
    throw new UserError(
      "file-exists",
      `${file} is there already.`,
      "Write to another folder, or over it with --force.",
    );
  }
  for (const [file, text] of written) {
    await shell.writeFileAtomic(file, text);
    await shell.stderr.write(jsonText(`stepfare: wrote ${file}\n`));
  }
}

const ENDINGS = { yaml: "yml", hcl: "tf", ts: "ts" } as const;

function filesOf({ name, parent, children, resources }: SplitReport): readonly (readonly [string, string])[] {
  if (parent === null || resources === null) return [];
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  const own = name.replaceAll(/[^A-Za-z0-9_.-]+/g, "-");
  return [
    [`${own}.asl.json`, json(parent)],
    ...children.map((child) => [`${child.name}.asl.json`, json(child.definition)] as const),
    [`${own}.resources.${ENDINGS[resources.language]}`, `${resources.text}\n`],
  ];
}
