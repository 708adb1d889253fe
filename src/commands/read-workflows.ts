/** Reads the workflows of a run: found below the paths, with what stepfare.yml and the flags say of each laid over. */
import type { Config } from "../config.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Shell } from "../shell.ts";
import { type KeptReadings, type WorkflowsFound, findWorkflows } from "../source/find-workflows.ts";
import { UserError } from "../user-error.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { diagnoseStateKeys } from "../workflow/workload-file-check.ts";
import {
  type WorkflowIdentity,
  diagnoseUnmatchedEntries,
  workloadFor,
} from "../workflow/workload-file-match.ts";
import type { LoadedWorkloadFile, WorkloadFiles } from "../workload-files.ts";

export interface ReadingWorkflows {
  readonly paths: readonly string[];
  readonly files: WorkloadFiles;
  readonly config: Pick<Config, "executions" | "payloadKB" | "region">;
  /** Template parameters as given: `key=value`. */
  readonly parameters: readonly string[];
  /** What has been read already of another version of the same files. */
  readonly kept?: KeptReadings;
}

export interface ReadWorkflows {
  readonly workflows: readonly Workflow[];
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
  for (const workflow of found.workflows) {
    const file = await files.forDefinition(
      workflow.at.file === "-" ? "-" : shell.paths.resolve(workflow.at.file),
    );
    if (file === null) {
      workflows.push(workflow);
      continue;
    }
    const path =
      workflow.at.file === "-"
        ? null
        : shell.paths.relative(file.folder, shell.paths.resolve(workflow.at.file));
    const identity = { name: workflow.name, file: path, aliases: workflow.aliases };
    identities.set(file, [...(identities.get(file) ?? []), identity]);
    workflows.push(withDeclared(workflow, file, identity));
  }
  // An entry for a workflow that this run does not look at is no news; one that nearly names a workflow is.
  const unmatched = [...identities]
    .flatMap(([file, known]) => diagnoseUnmatchedEntries(file.content, known))
    .filter(({ severity }) => severity !== "info");
  const perFile = [...identities.keys()].flatMap(({ content }) => content.diagnostics);
  return {
    workflows: workflows.map((workflow) => withFlags(workflow, config)),
    notAnalysed: found.notAnalysed,
    diagnostics: [
      ...found.diagnostics,
      ...found.notAnalysed.flatMap(({ diagnostics }) => diagnostics),
      ...skippedFiles(found),
      ...perFile,
      ...unmatched,
    ],
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

/** Files that were left out for a reason other than .gitignore are worth a word: a definition may be among them. */
function skippedFiles({ skipped }: WorkflowsFound): readonly Diagnostic[] {
  const told = (
    [
      ["large", "larger than 5 MB"],
      ["unreadable", "not readable"],
    ] as const
  ).filter(([kind]) => skipped[kind] > 0);
  return told.map(([kind, why]) => ({
    code: "files-left-out",
    severity: "info",
    message: `${skipped[kind]} ${skipped[kind] === 1 ? "file or folder was" : "files or folders were"} left out: ${why}`,
    at: null,
    hint: null,
  }));
}
