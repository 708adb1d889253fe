/** Observed workflows have what was observed on AWS laid over what is declared: of themselves, or of their deployed twins. */
import type { Diagnostic } from "../diagnostic.ts";
import { calibrateWorkload } from "../observation/calibrated-workload.ts";
import { fitDurations } from "../observation/fitted-duration.ts";
import { compareWithTwin, findTwin, readDeployedDefinitions } from "../observation/deployed-twin.ts";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import type { Fleet } from "../workflow/fleet/fleet.ts";
import type { Workflow } from "../workflow/workflow.ts";

/** Reads the file that `--fleet` names. Throws UserErrors `unreadable-file` and `invalid-fleet-file`. */
export async function loadFleet(shell: Shell, path: string): Promise<Fleet> {
  const text = new TextDecoder().decode(await shell.readFile(shell.paths.resolve(path)));
  const { readFleet } = await import("../workflow/fleet/fleet-reader.ts");
  const read = readFleet(text);
  if ("fleet" in read) return read.fleet;
  throw new UserError("invalid-fleet-file", `${path} cannot be read as a fleet: ${read.problem}.`, read.hint);
}

/** Local definitions get the figures of the machines that run them; those of the fleet itself have their own. */
export function lendFigures(workflows: readonly Workflow[], fleet: Fleet): readonly Workflow[] {
  const definitions = readDeployedDefinitions(fleet);
  return workflows.map((workflow) => {
    if (workflow.deployed !== undefined) return workflow;
    const twin = findTwin(workflow, fleet, definitions);
    if (twin === null) return { ...workflow, diagnostics: [...workflow.diagnostics, noTwin(workflow)] };
    return {
      ...workflow,
      type: workflow.type ?? twin.machine.type,
      deployed: { machine: twin.machine, month: fleet.month, period: fleet.period },
      diagnostics: [...workflow.diagnostics, ...compareWithTwin(workflow, twin, definitions)],
    };
  });
}

function noTwin({ name, at }: Workflow): Diagnostic {
  return {
    code: "no-deployed-twin",
    severity: "info",
    message: `no machine of the fleet is recognised as ${name}: its figures stay as they are`,
    at,
    hint: "Name the file after the machine, or collect the region that runs it.",
  };
}

/** Declared figures are what small samples are drawn toward. */
export function withObserved(workflow: Workflow): Workflow {
  const { deployed, stateMachine, workload } = workflow;
  if (deployed === undefined) return workflow;
  const calibrated = calibrateWorkload(stateMachine, workload, deployed);
  const measured = deployed.machine.metrics?.durationMs ?? null;
  return {
    ...workflow,
    workload: measured === null ? calibrated : fitDurations(stateMachine, calibrated, measured),
  };
}
