/** Tree workflows are all state machines declared below one root: in templates, configurations, services, assemblies and files. */
import pMap from "p-map";
import type { Diagnostic } from "../diagnostic.ts";
import { findAslFile, isCalledAsl, mentionsStates } from "./asl-file.ts";
import { findAssemblyWorkflows, unsynthesized } from "./cdk-assembly.ts";
import { findTemplateWorkflows, mentionsStateMachine } from "./cloudformation/find-template-workflows.ts";
import type { GivenValues } from "./cloudformation/template-scope.ts";
import { nameByConstruct } from "./construct-names.ts";
import { joinFindings, NO_FINDINGS } from "./findings.ts";
import type { Findings } from "./findings.ts";
import { readingAhead } from "./reading-ahead.ts";
import { folderOf, resolvePath } from "./repository.ts";
import type { SearchTarget } from "./search-targets.ts";
import {
  findServerlessWorkflows,
  isServiceFile,
  isServiceProgram,
  mentionsStepFunctions,
  serviceProgramDiagnostic,
} from "./serverless/find-serverless-workflows.ts";
import type { SourceTree } from "./source-tree.ts";
import { findPlanWorkflows } from "./terraform/find-terraform-workflows.ts";
import { findTreeTerraform, isTerraformFile } from "./tree-terraform.ts";
import { isTerraformShow } from "./terraform/terraform-plan.ts";

/** Files being read at one time. */
const CONCURRENCY = 16;

const CANDIDATE = /\.(?:json|jsonc|json5|ya?ml|asl|template)$/i;

export async function findTreeWorkflows(target: SearchTarget, given: GivenValues): Promise<Findings> {
  const { tree, files, named, assemblies } = target;
  const candidates = files.filter(
    (file) => CANDIDATE.test(file) || isServiceProgram(file) || (named.has(file) && !isTerraformFile(file)),
  );
  const plans: string[] = [];
  const found = await pMap(
    candidates,
    async (file) => {
      const text = await (named.has(file) ? tree.loadGiven(file) : tree.load(file));
      if (text === null) return NO_FINDINGS;
      if (isTerraformShow(text)) {
        if (text.includes("aws_sfn_state_machine")) plans.push(file);
        return NO_FINDINGS;
      }
      const found = await findInFile(file, text, { tree, given });
      return named.has(file) && isEmpty(found) ? { ...NO_FINDINGS, diagnostics: [noMachine(file)] } : found;
    },
    { concurrency: CONCURRENCY },
  );
  const others = await Promise.all([
    findTreeTerraform(target, plans.sort()),
    ...assemblies.map((folder) => findAssemblyWorkflows(tree, folder, given)),
    unsynthesized(target),
  ]);
  return joinFindings([...found, ...others]);
}

function isEmpty({ workflows, diagnostics }: Findings): boolean {
  return workflows.length === 0 && diagnostics.length === 0;
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

interface Around {
  readonly tree: Pick<SourceTree, "load" | "loaded">;
  readonly given: GivenValues;
}

/** What a text that is no file declares; it can name no other files. */
export async function findInText(file: string, text: string, given: GivenValues): Promise<Findings> {
  const plan = findPlanWorkflows(file, text);
  if (plan !== null) return { ...NO_FINDINGS, workflows: plan.workflows, diagnostics: plan.diagnostics };
  const tree = { load: async () => null, loaded: () => null };
  return findInFile(file, text, { tree, given });
}

/** What a text declares; the dearer a look, the later it comes. */
async function findInFile(file: string, text: string, { tree, given }: Around): Promise<Findings> {
  if (isServiceProgram(file)) {
    return mentionsStepFunctions(text)
      ? { ...NO_FINDINGS, diagnostics: [serviceProgramDiagnostic(file)] }
      : NO_FINDINGS;
  }
  if (isServiceFile(file) && mentionsStepFunctions(text)) {
    const region = given.region;
    const found = await readingAhead(tree, (read) => findServerlessWorkflows({ file, text, region, read }));
    return { ...NO_FINDINGS, ...found };
  }
  if (mentionsStateMachine(text) && !isCalledAsl(file)) {
    const found = await findInTemplate(file, text, { tree, given });
    if (found.workflows.length > 0 || !mentionsStates(text)) return found;
  }
  if (!mentionsStates(text) && !isCalledAsl(file)) return NO_FINDINGS;
  const workflow = await findAslFile(file, text);
  return workflow === null ? NO_FINDINGS : { ...NO_FINDINGS, workflows: [workflow] };
}

async function findInTemplate(file: string, text: string, { tree, given }: Around): Promise<Findings> {
  await Promise.all(definitionFiles(file, text).map((path) => tree.load(path)));
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
