/** The fleet source gives the machines of fleet.json as workflows: their definitions as deployed, their settings, their figures. */
import type { Diagnostic, Place } from "../diagnostic.ts";
import type { Fleet, FleetMachine } from "../workflow/fleet/fleet.ts";
import { readFleet } from "../workflow/fleet/fleet-reader.ts";
import { type Findings, NO_FINDINGS } from "./findings.ts";
import type { FoundWorkflow } from "./found-workflow.ts";

/** Every machine of the file; what `collect` could not read is passed on as it was said then. */
export function findFleetWorkflows(file: string, text: string): Findings {
  const read = readFleet(text);
  if ("problem" in read) {
    const at = { file, line: 1, column: 1, pointer: "" };
    const message = `The fleet file cannot be read: ${read.problem}.`;
    const diagnostic: Diagnostic = {
      code: "invalid-fleet-file",
      severity: "error",
      message,
      at,
      hint: read.hint,
    };
    return { ...NO_FINDINGS, diagnostics: [diagnostic] };
  }
  const { fleet } = read;
  const places = placesIn(file, text, fleet);
  const names = namesOf(fleet);
  return {
    ...NO_FINDINGS,
    workflows: fleet.machines.map((machine, index) =>
      found(machine, { name: names[index] ?? machine.name, at: places[index]!, fleet }),
    ),
    diagnostics: fleet.diagnostics,
  };
}

interface Around {
  readonly name: string;
  readonly at: Place;
  readonly fleet: Fleet;
}

function found(machine: FleetMachine, { name, at, fleet }: Around): FoundWorkflow {
  const { definition, logging } = machine;
  return {
    name,
    foundIn: "aws",
    at,
    type: machine.type,
    definition: definition === null ? null : { kind: "text", text: definition, place: () => at },
    logLevel: logging?.level ?? null,
    logExecutionData: logging?.includeExecutionData ?? null,
    tracing: machine.tracing,
    aliases: [machine.arn, ...(machine.aliases ?? []), ...(name === machine.name ? [] : [machine.name])],
    schedules: [],
    lambdas: [],
    deployed: { machine, month: fleet.month, period: fleet.period },
    diagnostics: definition === null ? [unknownDefinition(machine, at)] : [],
  };
}

function unknownDefinition({ name }: FleetMachine, at: Place): Diagnostic {
  return {
    code: "unknown-definition",
    severity: "warning",
    message: `The definition of ${name} was not collected, so nothing can be said of it.`,
    at,
    hint: "Allow states:DescribeStateMachine and collect again.",
  };
}

/** The line of each machine's ARN, read from the text in one pass: machines stand in the file in their order. */
function placesIn(file: string, text: string, { machines }: Fleet): readonly Place[] {
  let offset = 0;
  let line = 1;
  return machines.map(({ arn }, index) => {
    const at = text.indexOf(JSON.stringify(arn), offset);
    if (at >= 0) {
      for (let next = text.indexOf("\n", offset); next >= 0 && next < at; next = text.indexOf("\n", next + 1))
        line++;
      offset = at;
    }
    const column = at < 0 ? 1 : at - text.lastIndexOf("\n", at);
    return { file, line, column, pointer: `/machines/${index}` };
  });
}

/** Machines of one name are told apart by where they live. */
function namesOf({ machines }: Fleet): readonly string[] {
  const counts = new Map<string, number>();
  for (const { name } of machines) counts.set(name, (counts.get(name) ?? 0) + 1);
  const accounts = new Set(machines.map(({ account }) => account));
  return machines.map(({ name, account, region }) =>
    counts.get(name) === 1 ? name : accounts.size > 1 ? `${name}@${account}/${region}` : `${name}@${region}`,
  );
}
