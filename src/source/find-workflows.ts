/**
 * Finds every workflow below the paths that a user names, each once, and reads it; nothing is run and nothing is fetched.
 *
 *     findWorkflows(shell, paths, options?) → Promise<{ workflows, notAnalysed, diagnostics, skipped }>
 *
 * `shell` is any Shell; `paths` are files, folders, globs or `-` for standard input (none: the current folder); `options`
 * hold `parameters` (of templates, `--parameter Name=value`) and `region`. The order and the names are the same on every run.
 */
import pMap from "p-map";
import type { Diagnostic, Place } from "../diagnostic.ts";
import { decodeText } from "../workflow/text/decode-text.ts";
import { didYouMean } from "../workflow/did-you-mean.ts";
import { shown } from "../workflow/definition/field-reader.ts";
import type { FoundIn, Workflow } from "../workflow/workflow.ts";
import { placeInSources } from "./asset-sources.ts";
import type { GivenValues } from "./cloudformation/template-scope.ts";
import { joinFindings } from "./findings.ts";
import type { Findings } from "./findings.ts";
import { definitionPlace } from "./definition-place.ts";
import type { FoundWorkflow } from "./found-workflow.ts";
import { type KeptReadings, declareOnce, keepReadings } from "./kept-readings.ts";
import type { ReadingShell } from "./reading-shell.ts";
import { relocateFound } from "./relocated-workflows.ts";
import { searchTargets } from "./search-targets.ts";
import type { SearchTarget } from "./search-targets.ts";
import { type Looking, findInText, findTreeWorkflows, noText } from "./tree-workflows.ts";
import { uniqueNames } from "./unique-names.ts";

export interface FindOptions {
  /** By name; they stand over the defaults of templates. */
  readonly parameters?: ReadonlyMap<string, string>;
  /** Null leaves what follows from the region open. */
  readonly region?: string | null;
  /** What has been read already, kept between searches that find the same: two versions of a repository. */
  readonly kept?: KeptReadings;
}

export interface WorkflowsFound {
  /** By the place where they were found. Files in places are relative to the current folder. */
  readonly workflows: readonly Workflow[];
  /** Machines that are declared but cannot be read; the diagnostics of each say why. */
  readonly notAnalysed: readonly NotAnalysed[];
  /** What concerns no single machine. */
  readonly diagnostics: readonly Diagnostic[];
  readonly skipped: Skipped;
}

export interface NotAnalysed {
  readonly name: string;
  readonly foundIn: FoundIn;
  readonly at: Place;
  readonly diagnostics: readonly Diagnostic[];
}

/** How many files and folders were left out, by why. */
export interface Skipped {
  /** By .gitignore: a folder counts once, whatever it holds. */
  readonly ignored: number;
  readonly binary: number;
  /** Larger than 5 MB. */
  readonly large: number;
  /** Absolute paths of these, sorted. */
  readonly largeFiles: readonly string[];
  readonly unreadable: number;
  readonly links: number;
}

/** Throws a UserError `no-such-path` for a path at which nothing stands. */
export async function findWorkflows(
  shell: ReadingShell,
  paths: readonly string[],
  options: FindOptions = {},
): Promise<WorkflowsFound> {
  const given = {
    parameters: options.parameters ?? new Map<string, string>(),
    region: options.region ?? null,
  };
  const named = paths.length === 0 ? ["."] : paths;
  const targets = await searchTargets(
    shell,
    named.filter((path) => path !== "-"),
  );
  const kept = options.kept ?? keepReadings();
  const found = [
    ...(named.includes("-") ? [await findInStandardInput(shell, given)] : []),
    ...(await Promise.all(targets.map((target) => findInTarget(shell, target, { given, kept })))),
  ];
  const joined = joinFindings(found);
  const read = await readFound(joined.workflows, kept);
  return {
    ...read,
    diagnostics: [...joined.diagnostics, ...unknownParameters(given, joined.parameters)],
    skipped: skippedIn(targets),
  };
}

/** Places, and the file that a user names there, as seen from the current folder. */
async function findInTarget(shell: ReadingShell, target: SearchTarget, looking: Looking): Promise<Findings> {
  const found = placeInSources(await findTreeWorkflows(target, looking), target.tree);
  const { root } = target.tree;
  const move = (place: Place): Place => ({
    ...place,
    file: shell.paths.relative(shell.cwd, shell.paths.resolve(root, place.file)),
  });
  return root === shell.cwd ? found : relocateFound(found, move);
}

async function findInStandardInput(shell: ReadingShell, given: GivenValues): Promise<Findings> {
  const { text, reason } = decodeText(await shell.stdin());
  if (text === null) return noText("-", reason ?? "The input is not text.");
  const found = await findInText("-", text, given);
  const workflows = found.workflows.map((one) =>
    one.foundIn === "asl" ? { ...one, name: "standard input" } : one,
  );
  return { ...found, workflows };
}

async function readFound(
  found: readonly FoundWorkflow[],
  kept: KeptReadings,
): Promise<Pick<WorkflowsFound, "workflows" | "notAnalysed">> {
  const sorted = found
    .map((one) => ({ found: { ...one, at: definitionPlace(one) }, declaredIn: one.at.file }))
    .sort((one, other) => compareFound(one.found, other.found));
  const names = uniqueNames(sorted.map(({ found: { name }, declaredIn }) => ({ name, file: declaredIn })));
  const read = await pMap(
    sorted,
    async ({ found: one }, index) => {
      const name = names[index] ?? one.name;
      const aliases = name === one.name ? one.aliases : [...one.aliases, one.name];
      return { found: one, name, ...(await declareOnce({ ...one, name, aliases }, kept)) };
    },
    { concurrency: 16 },
  );
  return {
    workflows: read.flatMap(({ workflow }) => workflow ?? []),
    notAnalysed: read.flatMap(({ workflow, found: { foundIn, at }, name, diagnostics }) =>
      workflow === null ? { name, foundIn, at, diagnostics } : [],
    ),
  };
}

function unknownParameters({ parameters }: GivenValues, declared: readonly string[]): readonly Diagnostic[] {
  return [...parameters.keys()]
    .filter((name) => !declared.includes(name))
    .map((name) => ({
      code: "unknown-parameter",
      severity: "warning",
      message: `No template declares the parameter ${shown(name)}.`,
      at: null,
      hint: didYouMean(name, declared) ?? namesThereAre(declared),
    }));
}

const MAX_NAMES_TOLD = 10;

function namesThereAre(declared: readonly string[]): string {
  const names = [...new Set(declared)];
  if (names.length === 0)
    return "No template here has parameters; Terraform's variables are given in terraform.tfvars or *.auto.tfvars.";
  const more = names.length > MAX_NAMES_TOLD ? ` and ${names.length - MAX_NAMES_TOLD} more` : "";
  return `There are ${names.slice(0, MAX_NAMES_TOLD).map(shown).join(", ")}${more}.`;
}

function skippedIn(targets: readonly SearchTarget[]): Skipped {
  return targets.reduce<Skipped>(
    (sum, { tree: { leftOut }, ignored }) => ({
      ignored: sum.ignored + ignored,
      binary: sum.binary + leftOut.binary,
      large: sum.large + leftOut.large,
      largeFiles: [...sum.largeFiles, ...leftOut.largeFiles].sort(),
      unreadable: sum.unreadable + leftOut.unreadable,
      links: sum.links + leftOut.links,
    }),
    { ignored: 0, binary: 0, large: 0, unreadable: 0, links: 0, largeFiles: [] },
  );
}

function compareFound(one: FoundWorkflow, other: FoundWorkflow): number {
  if (one.at.file !== other.at.file) return one.at.file < other.at.file ? -1 : 1;
  return one.at.line - other.at.line || one.at.column - other.at.column || (one.name < other.name ? -1 : 1);
}
