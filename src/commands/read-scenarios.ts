/** Reads the scenario files of workflows, and acts every scenario out for the figures it gives. */
import type { Diagnostic, Place } from "../diagnostic.ts";
import type { ScenarioRun } from "../scenario/scenario-run.ts";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import { readSource } from "../workflow/text/read-source.ts";
import type { Scenario, WrittenScenario } from "../workflow/workload/scenario-file.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { Workload } from "../workflow/workload/workload.ts";
import type { WorkloadEntry } from "../workflow/workload/workload-file.ts";

/** What is acted out. */
export type Actor = Pick<Workflow, "stateMachine" | "type" | "locate">;

export interface ActedScenarios {
  readonly runs: readonly ScenarioRun[];
  /** What they let infer, by pointers; null where there are none. */
  readonly inferred: Workload | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** What stepfare.yml says of where a workflow's scenarios are; null = nothing: they lie beside its definition. */
export interface ScenarioPlaces {
  readonly named: WorkloadEntry["scenarios"];
  /** Folder of that stepfare.yml, absolute. */
  readonly folder: string | null;
}

/** Keeps what was read, because several workflows may share a file, and gathers what is wrong with any of them. */
export interface ScenarioReader {
  /** `definition` is the file that holds nothing but the definition; null = there is none, so none beside it. */
  readonly act: (actor: Actor, places: ScenarioPlaces, definition: string | null) => Promise<ActedScenarios>;
  /** Throws a UserError `invalid-scenario-file` that lists every error of every file. */
  readonly close: () => void;
}

export function scenarioReader(shell: Shell): ScenarioReader {
  const files = new Map<string, Promise<readonly Scenario[]>>();
  const errors: Diagnostic[] = [];
  const load = (path: string): Promise<readonly Scenario[]> => {
    const loaded = files.get(path) ?? loadScenarios(shell, path, errors);
    files.set(path, loaded);
    return loaded;
  };
  return {
    act: async (actor, places, definition) => {
      const paths = await scenarioPaths(shell, definition, places);
      if (paths.length === 0) return { runs: [], inferred: null, diagnostics: [] };
      const scenarios = (await Promise.all(paths.map(load))).flat();
      return actScenarios(actor, scenarios);
    },
    close: () => {
      if (errors.length > 0) throw invalidFiles(errors);
    },
  };
}

const ENDINGS = ["yml", "yaml", "json"] as const;

/** Absolute paths of the files that hold a workflow's scenarios; `definition` is its file, null for one inside a template. */
export async function scenarioPaths(
  shell: Shell,
  definition: string | null,
  { named, folder }: ScenarioPlaces,
): Promise<readonly string[]> {
  if (named !== null && folder !== null) return namedPaths(shell, named, folder);
  return definition === null ? [] : pathsBeside(shell, definition);
}

async function namedPaths(
  shell: Shell,
  { pattern, at }: NonNullable<WorkloadEntry["scenarios"]>,
  folder: string,
): Promise<readonly string[]> {
  const path = shell.paths.resolve(folder, pattern);
  if ((await shell.stat(path))?.kind === "file") return [path];
  const matches = /[*?[\]{}]/.test(pattern) ? await shell.glob([pattern], { cwd: folder }) : [];
  if (matches.length > 0) return matches;
  throw new UserError(
    "no-scenario-file",
    `${shownPlace(at)}: no file matches ${JSON.stringify(pattern)}`,
    "Write a path or a glob relative to the folder of this file.",
  );
}

/** `order.scenarios.yml` beside `order.asl.json`. */
async function pathsBeside(shell: Shell, definition: string): Promise<readonly string[]> {
  const path = shell.paths.resolve(definition);
  const base = shell.paths.basename(path).replace(/(?:\.asl|(?:\.asl)?\.(?:json|ya?ml|jsonc|json5))$/i, "");
  const candidates = ENDINGS.map((ending) =>
    shell.paths.resolve(shell.paths.dirname(path), `${base}.scenarios.${ending}`),
  );
  const stats = await Promise.all(candidates.map((candidate) => shell.stat(candidate)));
  const there = candidates.filter((_, index) => stats[index]?.kind === "file");
  if (there.length < 2) return there;
  throw new UserError(
    "ambiguous-scenario-file",
    `${there.map((each) => displayPath(shell, each)).join(" and ")} are both for ${displayPath(shell, path)}.`,
    "Keep one of them, or name one under scenarios in stepfare.yml.",
  );
}

/** All that a scenario file and the files it names hold; what is wrong with them goes to `errors`. */
export async function loadScenarios(
  shell: Shell,
  path: string,
  errors: Diagnostic[],
): Promise<readonly Scenario[]> {
  const shown = displayPath(shell, path);
  const text = new TextDecoder().decode(await shell.readFile(path));
  // YAML and schema are loaded only now: most runs have no scenarios.
  const { readScenarioFile } = await import("../workflow/workload/scenario-file-reader.ts");
  const { scenarioFile, errors: found } = readScenarioFile(text, shown);
  errors.push(...found);
  const folder = shell.paths.dirname(path);
  const loaded: Scenario[] = [];
  for (const written of scenarioFile?.scenarios ?? []) {
    const input = await inputOf(shell, written, { folder, errors });
    const results = await resultsOf(shell, written, { folder, errors });
    const { name, weight, context, seed, expect, at } = written;
    loaded.push({ name, weight, context, seed, expect, at, input, ...results });
  }
  return loaded;
}

interface Loading {
  readonly folder: string;
  readonly errors: Diagnostic[];
}

async function inputOf(
  shell: Shell,
  { input }: WrittenScenario,
  { folder, errors }: Loading,
): Promise<Scenario["input"]> {
  if (input.kind === "value") return input.value;
  const bytes = await bytesOf(shell, shell.paths.resolve(folder, input.path), { at: input.at, errors });
  if (bytes === null) return null;
  const source = await readSource(bytes, displayPath(shell, shell.paths.resolve(folder, input.path)));
  if (source.value !== undefined) return source.value;
  errors.push(...source.diagnostics.filter(({ severity }) => severity === "error"));
  return null;
}

async function resultsOf(
  shell: Shell,
  { results, locate }: WrittenScenario,
  { folder, errors }: Loading,
): Promise<Pick<Scenario, "results" | "placeOfResult">> {
  if (results.kind === "value") {
    return { results: results.value, placeOfResult: (state) => locate("results", state) };
  }
  const path = shell.paths.resolve(folder, results.path);
  const bytes = await bytesOf(shell, path, { at: results.at, errors });
  const nothing = { results: {}, placeOfResult: () => results.at };
  if (bytes === null) return nothing;
  const { readResultsFile } = await import("../workflow/workload/scenario-file-reader.ts");
  const read = readResultsFile(new TextDecoder().decode(bytes), displayPath(shell, path));
  errors.push(...read.errors);
  if (read.results === null) return nothing;
  return { results: read.results, placeOfResult: (state) => read.locate([state], "key") };
}

/** Null when it cannot be read, which is an error at the place that names it. */
async function bytesOf(
  shell: Shell,
  path: string,
  { at, errors }: { readonly at: Place; readonly errors: Diagnostic[] },
): Promise<Uint8Array | null> {
  try {
    return await shell.readFile(path);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    errors.push({ code: "invalid-scenario-file", severity: "error", message: error.message, at, hint: null });
    return null;
  }
}

async function actScenarios(
  { stateMachine, type, locate }: Actor,
  scenarios: readonly Scenario[],
): Promise<ActedScenarios> {
  const { diagnoseScenario, runScenario } = await import("../scenario/scenario-run.ts");
  const { figuresFromTraces } = await import("../scenario/trace-figures.ts");
  const runs: ScenarioRun[] = [];
  for (const scenario of scenarios) runs.push(await runScenario(stateMachine, scenario, type ?? "STANDARD"));
  const told = runs.filter(({ failures, scenario }) => failures.length === 0 && scenario.weight > 0);
  const traces = told.map(({ scenario, tally }) => ({ weight: scenario.weight, tally }));
  return {
    runs,
    inferred: figuresFromTraces(stateMachine, traces, noteOf(told)),
    diagnostics: runs.flatMap((run) => diagnoseScenario(run, locate)),
  };
}

/** `order.scenarios.yml, 3 scenarios` */
function noteOf(runs: readonly ScenarioRun[]): string {
  const files = [...new Set(runs.map(({ scenario }) => scenario.at.file))];
  return `${files.join(", ")}, ${runs.length} ${runs.length === 1 ? "scenario" : "scenarios"}`;
}

export function invalidFiles(errors: readonly Diagnostic[]): UserError {
  const lines = errors.map(({ message, at, hint }) => {
    const place = at === null ? "" : `${shownPlace(at)}: `;
    return `${place}${message}${hint === null ? "" : `. ${hint}`}`;
  });
  return new UserError("invalid-scenario-file", lines.join("\n"), "docs/scenarios.md names every key.");
}

function shownPlace({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

/** Relative to the current folder when it lies below it. */
function displayPath(shell: Shell, path: string): string {
  const relative = shell.paths.relative(shell.cwd, path);
  return relative.startsWith("../") ? path : relative;
}
