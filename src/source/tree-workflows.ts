/** Tree workflows are all state machines declared below one root: in templates, configurations, services, assemblies and files. */
import pMap from "p-map";
import type { Diagnostic } from "../diagnostic.ts";
import { isFleetText } from "../workflow/fleet/fleet.ts";
import { definitionPlace } from "./definition-place.ts";
import { findAslFile, isCalledAsl, mentionsStates } from "./asl-file.ts";
import { findAssemblyWorkflows, unsynthesized } from "./cdk-assembly.ts";
import { mentionsStateMachine } from "./cloudformation/machine-mention.ts";
import type { GivenValues } from "./cloudformation/template-scope.ts";
import { nameByConstruct } from "./construct-names.ts";
import { joinFindings, NO_FINDINGS } from "./findings.ts";
import type { Findings } from "./findings.ts";
import { type KeptReadings, findAslFileOnce } from "./kept-readings.ts";
import { readingAhead } from "./reading-ahead.ts";
import { folderOf, resolvePath } from "./repository.ts";
import type { SearchTarget } from "./search-targets.ts";
import {
  isServiceFile,
  isServiceProgram,
  mayDeclareMachines,
  serviceProgramDiagnostic,
} from "./serverless/service-file.ts";
import type { SourceTree } from "./source-tree.ts";
import { findTreeTerraform, isTerraformFile } from "./tree-terraform.ts";
import { isPulumiProgram, unfilledTemplates, unreadPulumi } from "./unread-sources.ts";
import { mentionsMachineResource } from "./terraform/machine-resource.ts";
import { isTerraformShow } from "./terraform/terraform-show.ts";

/** Files being read at one time. */
const CONCURRENCY = 16;

const CANDIDATE = /\.(?:json|jsonc|json5|ya?ml|asl|template)$/i;

/** Of packages: often the largest files of their kind, and never definitions. */
const NEVER_CANDIDATE =
  /(?:^|\/)(?:package|package-lock|npm-shrinkwrap|tsconfig|composer)\.json$|(?:^|\/)pnpm-lock\.yaml$/;

export interface Looking {
  readonly given: GivenValues;
  readonly kept: KeptReadings;
}

/** Machines that templates and configurations declare come first: the definition files they use are then not read twice. */
export async function findTreeWorkflows(target: SearchTarget, { given, kept }: Looking): Promise<Findings> {
  const { tree, assemblies } = target;
  const looked = await lookIntoFiles(target, given);
  const declared = joinFindings([
    ...looked.map(({ found }) => found),
    ...(await Promise.all([
      findTreeTerraform(target, looked.flatMap(({ file, isPlan }) => (isPlan ? [file] : [])).sort()),
      ...assemblies.map((folder) => findAssemblyWorkflows(tree, folder, given)),
      unsynthesized(target),
    ])),
  ]);
  const used = filesUsedBy(declared);
  const alone = await pMap(
    looked.filter(({ file, mayBeDefinition }) => mayBeDefinition && !used.has(file)),
    async ({ file }) => (await findAslFileOnce(file, tree.loaded(file) ?? "", kept)) ?? [],
    { concurrency: CONCURRENCY },
  );
  const workflows = alone.flat();
  const holding = new Set(workflows.map(({ at }) => at.file));
  const empty = looked.filter(
    ({ file, isPlan, found }) => !isPlan && !used.has(file) && !holding.has(file) && isEmpty(found),
  );
  const diagnostics = empty.flatMap(({ file }) =>
    target.named.has(file) && !holdsScenarios(file) ? [noMachine(file)] : [],
  );
  const isNothing = declared.workflows.length === 0 && workflows.length === 0;
  const unfilled = isNothing ? await unfilledTemplates(target) : NO_FINDINGS;
  return joinFindings([declared, { ...NO_FINDINGS, workflows, diagnostics }, unfilled]);
}

/** What a look into one file brings. */
interface Look {
  readonly file: string;
  readonly found: Findings;
  /** Of Terraform's: read later, with the configuration it was made of. */
  readonly isPlan: boolean;
  /** It mentions what a definition holds, and declares no machine. */
  readonly mayBeDefinition: boolean;
}

function lookIntoFiles({ tree, files, named }: SearchTarget, given: GivenValues): Promise<readonly Look[]> {
  const candidates = files.filter(
    (file) =>
      (CANDIDATE.test(file) && !NEVER_CANDIDATE.test(file)) ||
      isServiceProgram(file) ||
      (named.has(file) && !isTerraformFile(file)),
  );
  return pMap(
    candidates,
    async (file) => {
      const text = await (named.has(file) ? tree.loadGiven(file) : tree.load(file));
      if (text === null) {
        const reason = named.has(file) || isCalledAsl(file) ? tree.notText(file) : null;
        const found = reason === null ? NO_FINDINGS : noText(file, reason);
        return { file, found, isPlan: false, mayBeDefinition: false };
      }
      if (isFleetText(text)) {
        // Only by its name: in a folder it is what `collect` left there, beside the definitions it is about.
        const found = named.has(file) ? await findInFleet(file, text) : NO_FINDINGS;
        return { file, found, isPlan: false, mayBeDefinition: false };
      }
      if (isTerraformShow(text)) {
        const isPlan = mentionsMachineResource(text);
        return { file, found: NO_FINDINGS, isPlan, mayBeDefinition: false };
      }
      const found = await findDeclared(file, text, { tree, given });
      const mayBeDefinition = found.workflows.length === 0 && mayBeAsl(file, text);
      return { file, found, isPlan: false, mayBeDefinition };
    },
    { concurrency: CONCURRENCY },
  );
}

function mayBeAsl(file: string, text: string): boolean {
  return !isServiceProgram(file) && (isCalledAsl(file) || mentionsStates(text));
}

/** Definition files of declared machines; a machine whose definition is not read uses none. */
function filesUsedBy({ workflows, filesUsed }: Findings): ReadonlySet<string> {
  return new Set([...filesUsed, ...workflows.map((one) => definitionPlace(one).file)]);
}

function isEmpty({ workflows, diagnostics }: Findings): boolean {
  return workflows.length === 0 && diagnostics.length === 0;
}

/** `order.scenarios.yml` lies beside a definition, so that `*.yml` names it too. */
function holdsScenarios(file: string): boolean {
  return /\.scenarios\.(?:json|ya?ml)$/i.test(file);
}

/** Of a file that the user names, it is worth a word. */
function noMachine(file: string): Diagnostic {
  return {
    code: "no-state-machine",
    severity: "warning",
    message: `${file} holds no state machine that can be recognised`,
    at: { file, line: 1, column: 1, pointer: "" },
    hint: "A definition is an object with StartAt and States; a template declares a resource of a state machine's type.",
  };
}

/** Of a file that the user names, or that is called a definition; others are often pictures and archives. */
export function noText(file: string, reason: string): Findings {
  const at = { file, line: 1, column: 1, pointer: "" };
  const hint = "Save it as UTF-8 text.";
  return {
    ...NO_FINDINGS,
    diagnostics: [{ code: "not-text", severity: "warning", message: reason, at, hint }],
  };
}

interface Around {
  readonly tree: Pick<SourceTree, "load" | "loaded">;
  readonly given: GivenValues;
}

/** What a text that is no file declares; it can name no other files. */
export async function findInText(file: string, text: string, given: GivenValues): Promise<Findings> {
  if (isFleetText(text)) return findInFleet(file, text);
  if (isTerraformShow(text)) return findInPlan(file, text);
  const tree = { load: async () => null, loaded: () => null };
  const declared = await findDeclared(file, text, { tree, given });
  const alone =
    declared.workflows.length === 0 && mentionsStates(text) ? await findAslFile(file, text) : null;
  return alone === null ? declared : { ...declared, workflows: [alone] };
}

async function findInPlan(file: string, text: string): Promise<Findings> {
  const { findPlanWorkflows } = await import("./terraform/find-terraform-workflows.ts");
  const { workflows, diagnostics } = findPlanWorkflows(file, text);
  return { ...NO_FINDINGS, workflows, diagnostics };
}

/** The reader of fleets is loaded only for one: its schema takes longer than the rest of the start. */
async function findInFleet(file: string, text: string): Promise<Findings> {
  return (await import("./fleet-source.ts")).findFleetWorkflows(file, text);
}

/** The machines that a text declares; the dearer a look, the later it comes. */
async function findDeclared(file: string, text: string, { tree, given }: Around): Promise<Findings> {
  if (isServiceProgram(file)) {
    return mayDeclareMachines(text)
      ? { ...NO_FINDINGS, diagnostics: [serviceProgramDiagnostic(file)] }
      : NO_FINDINGS;
  }
  if (isPulumiProgram(file, text)) return unreadPulumi(file);
  if (isServiceFile(file) && mayDeclareMachines(text)) {
    const { findServerlessWorkflows } = await import("./serverless/find-serverless-workflows.ts");
    const found = await readingAhead(tree, (read) => findServerlessWorkflows({ file, text, read, ...given }));
    if (!isEmpty({ ...NO_FINDINGS, ...found })) return { ...NO_FINDINGS, ...found };
  }
  return mentionsStateMachine(text) && !isCalledAsl(file)
    ? findInTemplate(file, text, { tree, given })
    : NO_FINDINGS;
}

async function findInTemplate(file: string, text: string, { tree, given }: Around): Promise<Findings> {
  const [{ findTemplateWorkflows }] = await Promise.all([
    import("./cloudformation/find-template-workflows.ts"),
    ...definitionFiles(file, text).map((path) => tree.load(path)),
  ]);
  const isSynthesized = text.includes('"aws:cdk:path"');
  const foundIn = isSynthesized ? ("cdk" as const) : null;
  const found = await readingAhead(tree, (read) =>
    findTemplateWorkflows({ file, text, read, foundIn }, given),
  );
  const { workflows, diagnostics, filesRead, parameters } = found;
  const renamed = isSynthesized ? nameByConstruct(workflows, { template: text, manifest: null }) : workflows;
  return { workflows: renamed, diagnostics, filesUsed: filesRead, parameters };
}

/** What a template is likely to read, so that it need be read once only. */
function definitionFiles(file: string, text: string): readonly string[] {
  const written = [...text.matchAll(/DefinitionUri["']?\s*:\s*["']?([^\s"'#{}]+)/g)];
  return written.flatMap((match) => resolvePath(folderOf(file), match[1] ?? "") ?? []);
}
