/** Reads the workflows of a run: found below the paths, with what stepfare.yml and the flags say of each laid over. */
import type { Config } from "../config.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { ScenarioRun, ScenarioRuns } from "../scenario/scenario-run.ts";
import type { Shell } from "../shell.ts";
import { isCalledAsl } from "../source/asl-file.ts";
import { type WorkflowsFound, findWorkflows } from "../source/find-workflows.ts";
import type { KeptReadings } from "../source/kept-readings.ts";
import { UserError } from "../user-error.ts";
import type { Fleet } from "../workflow/fleet/fleet.ts";
import type { StateMachine } from "../workflow/state-machine.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { layOverInferred } from "../workflow/workload/inferred-figures.ts";
import { diagnoseStateKeys } from "../workflow/workload/workload-file-check.ts";
import {
  type WorkflowIdentity,
  diagnoseUnmatchedEntries,
  scenariosFor,
  workloadFor,
} from "../workflow/workload/workload-file-match.ts";
import type { LoadedWorkloadFile, WorkloadFiles } from "../workload-files.ts";
import { type ActedScenarios, type ScenarioPlaces, scenarioReader } from "./read-scenarios.ts";
import { lendFigures, withObserved } from "./observed-workflows.ts";

export interface ReadingWorkflows {
  readonly paths: readonly string[];
  readonly files: WorkloadFiles;
  readonly config: Pick<Config, "executions" | "payloadKB" | "region">;
  /** Template parameters as given: `key=value`. */
  readonly parameters: readonly string[];
  /** What has been read already of another version of the same files. */
  readonly kept?: KeptReadings;
  /** Machines as deployed, whose figures the definitions that they run are lent; absent = none. */
  readonly fleet?: Fleet | null;
}

export interface ReadWorkflows {
  readonly workflows: readonly Workflow[];
  /** Of the workflows that have any, by their definition: the scenarios, acted out. */
  readonly scenarios: ScenarioRuns;
  /** Machines that are declared but cannot be read. */
  readonly notAnalysed: WorkflowsFound["notAnalysed"];
  /** What concerns no single workflow, or one that cannot be analysed. */
  readonly diagnostics: readonly Diagnostic[];
}

export async function readWorkflows(shell: Shell, reading: ReadingWorkflows): Promise<ReadWorkflows> {
  const { paths, files, config } = reading;
  const found = await findWorkflows(shell, paths, {
    parameters: parseParameters(reading.parameters),
    region: config.region,
    ...(reading.kept === undefined ? {} : { kept: reading.kept }),
  });
  const identities = new Map<LoadedWorkloadFile, WorkflowIdentity[]>();
  const workflows: Workflow[] = [];
  const places: ScenarioPlaces[] = [];
  for (const workflow of found.workflows) {
    const file = await files.forDefinition(
      workflow.at.file === "-" ? "-" : shell.paths.resolve(workflow.at.file),
    );
    if (file === null) {
      workflows.push(workflow);
      places.push({ named: null, folder: null });
      continue;
    }
    const path =
      workflow.at.file === "-"
        ? null
        : shell.paths.relative(file.folder, shell.paths.resolve(workflow.at.file));
    const identity = { name: workflow.name, file: path, aliases: workflow.aliases };
    identities.set(file, [...(identities.get(file) ?? []), identity]);
    workflows.push(withDeclared(workflow, file, identity));
    places.push({ named: scenariosFor(file.content, identity), folder: file.folder });
  }
  const { fleet = null } = reading;
  const lent = fleet === null ? workflows : lendFigures(workflows, fleet);
  // An entry for a workflow that this run does not look at is no news; one that nearly names a workflow is.
  const unmatched = [...identities]
    .flatMap(([file, known]) => diagnoseUnmatchedEntries(file.content, known))
    .filter(({ severity }) => severity !== "info");
  const perFile = [...identities.keys()].flatMap(({ content }) => content.diagnostics);
  const declared = lent.map((workflow) => withFlags(withObserved(workflow), config));
  return {
    ...(await withScenarios(shell, declared, places)),
    notAnalysed: found.notAnalysed,
    diagnostics: [
      ...found.diagnostics,
      ...found.notAnalysed.flatMap(({ diagnostics }) => diagnostics),
      ...skippedFiles(shell, found),
      ...perFile,
      ...unmatched,
    ],
  };
}

/** `places` are in the order of the workflows. */
async function withScenarios(
  shell: Shell,
  declared: readonly Workflow[],
  places: readonly ScenarioPlaces[],
): Promise<Pick<ReadWorkflows, "workflows" | "scenarios">> {
  const reader = scenarioReader(shell);
  const workflows: Workflow[] = [];
  const scenarios = new Map<StateMachine, readonly ScenarioRun[]>();
  for (const [index, each] of declared.entries()) {
    const acted = await reader.act(each, places[index]!, ownFile(each));
    workflows.push(withInferred(each, acted));
    if (acted.runs.length > 0) scenarios.set(each.stateMachine, acted.runs);
  }
  reader.close();
  return { workflows, scenarios };
}

/** The file that holds nothing but the workflow's definition. */
function ownFile({ at: { file }, foundIn }: Workflow): string | null {
  return file !== "-" && (foundIn === "asl" || isCalledAsl(file)) ? file : null;
}

/** Under what is declared. */
function withInferred(workflow: Workflow, { inferred, diagnostics }: ActedScenarios): Workflow {
  if (inferred === null) return workflow;
  return {
    ...workflow,
    workload: layOverInferred(inferred, workflow.workload, workflow.stateMachine),
    diagnostics: [...workflow.diagnostics, ...diagnostics],
  };
}

function withDeclared(workflow: Workflow, file: LoadedWorkloadFile, identity: WorkflowIdentity): Workflow {
  const matched = workloadFor(file.content, identity, workflow.workload);
  if (matched === null) return workflow;
  const entries =
    file.content.defaults === null ? matched.entries : [file.content.defaults, ...matched.entries];
  const diagnostics = entries.flatMap((entry) => diagnoseStateKeys(entry, workflow.stateMachine));
  return {
    ...workflow,
    type: matched.type ?? workflow.type,
    workload: matched.workload,
    diagnostics: [...workflow.diagnostics, ...diagnostics],
  };
}

/** Flags stand over what any file says. */
function withFlags(workflow: Workflow, { executions, payloadKB }: ReadingWorkflows["config"]): Workflow {
  if (executions === null && payloadKB === null) return workflow;
  const { workload } = workflow;
  return {
    ...workflow,
    workload: {
      ...workload,
      executionsPerMonth: executions ?? workload.executionsPerMonth,
      payloadKB: payloadKB ?? workload.payloadKB,
    },
  };
}

function parseParameters(given: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    given.map((text) => {
      const at = text.indexOf("=");
      if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
      throw new UserError(
        "invalid-option",
        `--parameter: ${JSON.stringify(text)} is not of the form key=value`,
        "Write for example --parameter Stage=prod.",
      );
    }),
  );
}

const MOST_NAMED = 3;

/** Files that were left out for a reason other than .gitignore are worth a word: a definition may be among them. */
function skippedFiles(shell: Shell, { skipped }: WorkflowsFound): readonly Diagnostic[] {
  const told = (
    [
      ["large", "larger than 5 MB"],
      ["unreadable", "not readable"],
    ] as const
  ).filter(([kind]) => skipped[kind] > 0);
  const large = skipped.largeFiles.slice(0, MOST_NAMED).map((file) => shell.paths.relative(shell.cwd, file));
  const more =
    skipped.largeFiles.length > MOST_NAMED ? `, and ${skipped.largeFiles.length - MOST_NAMED} more` : "";
  return told.map(([kind, why]) => ({
    code: "files-left-out",
    severity: "info",
    message: `${skipped[kind]} ${skipped[kind] === 1 ? "file or folder was" : "files or folders were"} left out: ${why}${kind === "large" ? ` (${large.join(", ")}${more})` : ""}`,
    at: null,
    hint: null,
  }));
}
