/** Declared machines are what stepfare.yml, and the scenario files that it names, say of the machines of fleet files, as `analyze` takes it. */
import type { Diagnostic } from "../diagnostic.ts";
import { type DeclaredMachine, parseDeployed, settingsOf } from "../report/monthly/machine-model.ts";
import type { Shell } from "../shell.ts";
import type { Fleet, FleetMachine } from "../workflow/fleet/fleet.ts";
import type { StateMachine } from "../workflow/state-machine.ts";
import { contentId } from "../workflow/content-id.ts";
import { diagnoseStateKeys } from "../workflow/workload/workload-file-check.ts";
import {
  type MatchedWorkload,
  type WorkflowIdentity,
  diagnoseUnmatchedEntries,
  scenariosFor,
  workloadFor,
} from "../workflow/workload/workload-file-match.ts";
import type { LoadedWorkloadFile, WorkloadFiles } from "../workload-files.ts";
import { type ScenarioReader, scenarioReader } from "./read-scenarios.ts";

export interface DeclaredMachines {
  /** Of the machines of a fleet file that anything is said of, by their ARN. */
  readonly of: (path: string, fleet: Fleet) => Promise<ReadonlyMap<string, DeclaredMachine>>;
  /** What is to be said of the files. Throws a UserError `invalid-scenario-file`. */
  readonly close: () => readonly Diagnostic[];
}

export function declaredMachines(shell: Shell, files: WorkloadFiles): DeclaredMachines {
  const scenarios = scenarioReader(shell);
  const identities = new Map<LoadedWorkloadFile, WorkflowIdentity[]>();
  const once = onceEach<StatesDeclared>();
  // Machines share entries; what is wrong with one is told once.
  const told = new Map<string, Diagnostic>();
  return {
    of: async (path, fleet) => {
      const file = await files.forDefinition(path);
      if (file === null) return new Map();
      const known = identities.get(file) ?? [];
      identities.set(file, known);
      const declared = new Map<string, DeclaredMachine>();
      for (const machine of fleet.machines) {
        const identity = identityOf(machine, shell.paths.relative(file.folder, path));
        known.push(identity);
        const matched = workloadFor(file.content, identity, settingsOf(machine));
        if (matched === null) continue;
        const { workload, type } = matched;
        const declaring = { machine, identity, matched, file, scenarios };
        const { inferred, diagnostics } = await once(idOf(declaring), () => readStates(declaring));
        declared.set(machine.arn, { workload, type, inferred });
        for (const each of diagnostics) told.set(JSON.stringify([each.message, each.at]), each);
      }
      return declared;
    },
    close: () => {
      scenarios.close();
      const unmatched = [...identities]
        .flatMap(([{ content }, known]) => diagnoseUnmatchedEntries(content, known))
        .filter(({ severity }) => severity !== "info");
      return [
        ...[...identities.keys()].flatMap(({ content }) => content.diagnostics),
        ...unmatched,
        ...told.values(),
      ];
    },
  };
}

function identityOf({ name, arn, aliases }: FleetMachine, file: string): WorkflowIdentity {
  return { name, file, aliases: [arn, ...(aliases ?? [])] };
}

interface Declaring {
  readonly machine: FleetMachine;
  readonly identity: WorkflowIdentity;
  readonly matched: MatchedWorkload;
  readonly file: LoadedWorkloadFile;
  readonly scenarios: ScenarioReader;
}

/** What takes the machine's states to be told. */
interface StatesDeclared extends Pick<DeclaredMachine, "inferred"> {
  readonly diagnostics: readonly Diagnostic[];
}

/** A machine that stays as it is from month to month is parsed and acted out once. */
function idOf({ machine, identity, matched, file }: Declaring): string {
  const places = [file.folder, scenariosFor(file.content, identity)?.at, matched.entries.map(({ at }) => at)];
  const type = matched.type ?? machine.type;
  return JSON.stringify([machine.arn, type, contentId([machine.definition ?? ""]), places]);
}

function onceEach<T>(): (id: string, make: () => Promise<T>) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (id, make) => {
    const known = made.get(id) ?? make();
    made.set(id, known);
    return known;
  };
}

async function readStates(declaring: Declaring): Promise<StatesDeclared> {
  const { machine, identity, matched, file } = declaring;
  const { defaults } = file.content;
  const entries = (defaults === null ? matched.entries : [defaults, ...matched.entries]).filter(
    ({ stateKeys }) => stateKeys.length > 0,
  );
  const named = scenariosFor(file.content, identity);
  const nothing = { inferred: null, diagnostics: [] };
  if (named === null && entries.length === 0) return nothing;
  const stateMachine = machine.definition === null ? null : parseDeployed(machine.definition);
  if (stateMachine === null) return nothing;
  const diagnostics = entries.flatMap((entry) => diagnoseStateKeys(entry, stateMachine));
  if (named === null) return { ...nothing, diagnostics };
  const acted = await actOut(declaring, stateMachine);
  return { inferred: acted.inferred, diagnostics: [...diagnostics, ...acted.diagnostics] };
}

function actOut({ machine, identity, matched, file, scenarios }: Declaring, stateMachine: StateMachine) {
  const at = { file: identity.file ?? "", line: 1, column: 1, pointer: "" };
  return scenarios.act(
    { stateMachine, type: matched.type ?? machine.type, locate: () => at },
    { named: scenariosFor(file.content, identity), folder: file.folder },
    null,
  );
}
