/** Finds one scenario of a definition by its name. */
import type { Diagnostic } from "../diagnostic.ts";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import { didYouMean } from "../workflow/did-you-mean.ts";
import type { Scenario } from "../workflow/workload/scenario-file.ts";
import { scenariosFor } from "../workflow/workload/workload-file-match.ts";
import { workloadFiles } from "../workload-files.ts";
import { invalidFiles, loadScenarios, scenarioPaths } from "./read-scenarios.ts";

export interface WantedScenario {
  /** The definition's file, `-` for standard input. */
  readonly definition: string;
  /** The workflow's name in stepfare.yml. */
  readonly workflow: string;
  readonly name: string;
}

/** Throws a UserError when there is none of the name, or more than one. */
export async function findScenario(shell: Shell, wanted: WantedScenario): Promise<Scenario> {
  const { definition, name } = wanted;
  const paths = await pathsFor(shell, wanted);
  if (paths.length === 0) {
    throw new UserError(
      "no-scenario-file",
      `There is no scenario file for ${definition}.`,
      "Write one beside it, order.scenarios.yml for order.asl.json, or name one under scenarios in stepfare.yml.",
    );
  }
  const errors: Diagnostic[] = [];
  const scenarios = (await Promise.all(paths.map((path) => loadScenarios(shell, path, errors)))).flat();
  if (errors.length > 0) throw invalidFiles(errors);
  const [found, second] = scenarios.filter((scenario) => scenario.name === name);
  if (found !== undefined && second === undefined) return found;
  const names = scenarios.map((scenario) => scenario.name);
  throw new UserError(
    "no-such-scenario",
    found === undefined
      ? `There is no scenario ${JSON.stringify(name)}.`
      : `There are several scenarios ${JSON.stringify(name)}.`,
    found === undefined
      ? (didYouMean(name, names) ??
          `These are there: ${names.map((each) => JSON.stringify(each)).join(", ")}.`)
      : "Give each a name of its own.",
  );
}

async function pathsFor(shell: Shell, { definition, workflow }: WantedScenario): Promise<readonly string[]> {
  const isFile = definition !== "-";
  const path = isFile ? shell.paths.resolve(definition) : "-";
  const file = await workloadFiles(shell).forDefinition(path);
  const relative = file === null || !isFile ? null : shell.paths.relative(file.folder, path);
  const named = file && scenariosFor(file.content, { name: workflow, file: relative, aliases: [] });
  return scenarioPaths(shell, isFile ? path : null, { named, folder: file?.folder ?? null });
}
