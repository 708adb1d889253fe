/** Reads the fleet files of a run one after the other, each reduced to its month before the next is opened: fleets are large. */
import type { Diagnostic } from "../diagnostic.ts";
import { type FleetMonth, fleetMonth } from "../report/monthly/fleet-month.ts";
import { machineModels } from "../report/monthly/machine-model.ts";
import type { TransitionRule } from "../report/analysis-report.ts";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import { type Fleet, isFleetText } from "../workflow/fleet/fleet.ts";
import { readFleet } from "../workflow/fleet/fleet-reader.ts";
import type { WorkloadFiles } from "../workload-files.ts";
import { declaredMachines } from "./declared-machines.ts";
import { parseJsonata } from "./jsonata-parser.ts";

export interface ReadMonths {
  readonly fleets: readonly FleetMonth[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface ReadingMonths {
  readonly files: WorkloadFiles;
  readonly transitionRule: TransitionRule;
  /** A bill is going to be held against them. */
  readonly isBilled: boolean;
}

/** Throws UserErrors: `no-such-path`, `invalid-fleet-file`, `not-a-month`, `nothing-to-report`, and those of scenario files. */
export async function readFleetMonths(
  shell: Shell,
  paths: readonly string[],
  { files, transitionRule, isBilled }: ReadingMonths,
): Promise<ReadMonths> {
  const found = await fleetPaths(shell, paths);
  const fleets: FleetMonth[] = [];
  const declared = declaredMachines(shell, files);
  const modelOf = machineModels({ parseJsonata, transitionRule });
  // A function of its own, so that nothing of a file stays while the next one is read.
  const readMonth = async ({ path, isNamed }: FleetPath): Promise<FleetMonth | null> => {
    const text = new TextDecoder().decode(await shell.readFile(path));
    const file = shell.paths.relative(shell.cwd, path);
    if (!isFleetText(text)) {
      if (isNamed) throw noFleet(file);
      return null;
    }
    const fleet = readFleetText(text, file);
    const month = fleetMonth(
      { file, fleet, declared: await declared.of(path, fleet) },
      { modelOf, isBilled },
    );
    if (month === null) throw notOneMonth(file, fleet);
    return month;
  };
  for (const each of found) {
    const month = await readMonth(each);
    if (month !== null) fleets.push(month);
  }
  if (fleets.length === 0) throw nothingToReport(paths);
  return { fleets, diagnostics: declared.close() };
}

function readFleetText(text: string, file: string): Fleet {
  const read = readFleet(text);
  if ("fleet" in read) return read.fleet;
  throw new UserError("invalid-fleet-file", `${file} cannot be read as a fleet: ${read.problem}.`, read.hint);
}

function notOneMonth(file: string, { period: { from, until } }: Fleet): UserError {
  return new UserError(
    "not-a-month",
    `${file} covers ${from.slice(0, 10)} to ${until.slice(0, 10)}, which lies in no one month.`,
    "Collect months with stepfare collect --month 2026-10.",
  );
}

interface FleetPath {
  readonly path: string;
  /** Named by the user: then it must be a fleet. */
  readonly isNamed: boolean;
}

/** Files as named, JSON files of folders, and what globs match. */
async function fleetPaths(shell: Shell, paths: readonly string[]): Promise<readonly FleetPath[]> {
  const found = new Map<string, FleetPath>();
  const add = (path: string, isNamed: boolean): void => {
    if (!found.has(path)) found.set(path, { path, isNamed });
  };
  for (const given of paths) {
    const path = shell.paths.resolve(given);
    const stat = await shell.stat(path);
    if (stat?.kind === "file") add(path, true);
    else if (stat?.kind === "folder") {
      for (const each of await shell.glob(["*.json"], { cwd: path })) add(each, false);
    } else {
      const matches = /[*?[\]{}]/.test(given) ? await shell.glob([given]) : [];
      if (matches.length === 0) throw new UserError("no-such-path", `There is no file or folder ${given}.`);
      for (const each of matches) add(each, false);
    }
  }
  return [...found.values()];
}

function noFleet(file: string): UserError {
  return new UserError(
    "invalid-fleet-file",
    `${file} is no fleet file.`,
    "Write one with stepfare collect; for definitions use stepfare analyze.",
  );
}

function nothingToReport(paths: readonly string[]): UserError {
  return new UserError(
    "nothing-to-report",
    `There is no fleet file in ${paths.join(", ")}.`,
    "Write one with stepfare collect.",
  );
}
