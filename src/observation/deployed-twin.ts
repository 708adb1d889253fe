/** A deployed twin is the machine of a fleet that runs a definition: found by ARN, by name, or by what the definition holds. */
import type { Diagnostic } from "../diagnostic.ts";
import type { Fleet, FleetMachine } from "../workflow/fleet/fleet.ts";
import { readDefinition } from "../workflow/definition/read-definition.ts";
import { readSourceText } from "../workflow/text/source-text.ts";
import type { StateMachine } from "../workflow/state-machine.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { compareDefinitions, type DefinitionDrift, similarityOf } from "./definition-drift.ts";

export interface DeployedTwin {
  readonly machine: FleetMachine;
  readonly how: "ARN" | "name" | "definition";
}

/** The definition of each machine, read once. */
export type DeployedDefinitions = ReadonlyMap<FleetMachine, StateMachine>;

/** Definitions that share less than this are not taken for one another. */
const LEAST_SIMILAR = 0.75;
const NAMED = 5;

export function readDeployedDefinitions({ machines }: Fleet): DeployedDefinitions {
  const read = machines.flatMap((machine) => {
    if (machine.definition === null) return [];
    const { stateMachine } = readDefinition(readSourceText(machine.definition, machine.name));
    return stateMachine === null ? [] : [[machine, stateMachine] as const];
  });
  return new Map(read);
}

/** Null when nothing fits, or several do equally well. */
export function findTwin(
  workflow: Pick<Workflow, "name" | "aliases" | "stateMachine">,
  fleet: Fleet,
  definitions: DeployedDefinitions,
): DeployedTwin | null {
  const byArn = fleet.machines.filter(({ arn }) => workflow.aliases.includes(arn));
  if (byArn.length > 0) return one(byArn, "ARN");
  const byName = fleet.machines.filter(
    ({ name }) => name === workflow.name || workflow.aliases.includes(name),
  );
  if (byName.length > 0) return one(byName, "name");
  const ranked = [...definitions]
    .map(([machine, definition]) => ({ machine, similar: similarityOf(workflow.stateMachine, definition) }))
    .filter(({ similar }) => similar >= LEAST_SIMILAR)
    .sort((a, b) => b.similar - a.similar);
  const best = ranked.filter(({ similar }) => similar === ranked[0]?.similar).map(({ machine }) => machine);
  return best.length === 0 ? null : one(best, "definition");
}

/** One machine in several regions or accounts: the busiest tells most; none when two are equally busy. */
function one(machines: readonly FleetMachine[], how: DeployedTwin["how"]): DeployedTwin | null {
  const started = ({ metrics }: FleetMachine): number => metrics?.started ?? -1;
  const [first, second] = machines.toSorted((a, b) => started(b) - started(a));
  if (first === undefined || (second !== undefined && started(first) === started(second))) return null;
  return { machine: first, how };
}

function describeDrift(
  drift: DefinitionDrift,
  workflow: Pick<Workflow, "name" | "at">,
  arn: string,
): Diagnostic {
  const parts = [
    ["only here", drift.onlyHere],
    ["only deployed", drift.onlyDeployed],
    ["changed", drift.changed],
  ] as const;
  const words = parts.flatMap(([what, names]) => (names.length === 0 ? [] : [`${what}: ${listed(names)}`]));
  return {
    code: "definition-drift",
    severity: "warning",
    message: `${workflow.name} differs from what is deployed as ${arn} (${words.join("; ") || "another StartAt"})`,
    at: workflow.at,
    hint: "Observed figures are used for the states that both have; deploy, or collect again, to bring them together.",
  };
}

function listed(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return `${names.slice(0, NAMED).join(", ")}${more}`;
}

/** What the twin says of a workflow found elsewhere, and how it was recognised. */
export function compareWithTwin(
  workflow: Workflow,
  { machine, how }: DeployedTwin,
  definitions: DeployedDefinitions,
): readonly Diagnostic[] {
  const deployed = definitions.get(machine);
  const drift = deployed === undefined ? null : compareDefinitions(workflow.stateMachine, deployed);
  const lent: Diagnostic = {
    code: "figures-of-deployed-twin",
    severity: "info",
    message: `${workflow.name} has the observed figures of ${machine.arn}, recognised by its ${how}`,
    at: workflow.at,
    hint: null,
  };
  return drift === null ? [lent] : [lent, describeDrift(drift, workflow, machine.arn)];
}
