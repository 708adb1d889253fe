/** Discovers the state machines of an account and region: which there are, and each one as it is deployed. */
import {
  DescribeStateMachineCommand,
  type DescribeStateMachineOutput,
  type IncludedData,
  ListStateMachineAliasesCommand,
  ListStateMachinesCommand,
  ListStateMachineVersionsCommand,
} from "@aws-sdk/client-sfn";
import picomatch from "picomatch";
import type { EarlierDefinition } from "../observation/earlier-definitions.ts";
import type { MachineSelection } from "../observation/fleet-collection.ts";
import type { FleetMachine } from "../workflow/fleet/fleet.ts";
import type { Tally } from "./collect-journal.ts";
import { allPages, type RegionClients } from "./region-clients.ts";

export interface ListedMachine {
  readonly arn: string;
  readonly name: string;
  readonly type: "STANDARD" | "EXPRESS";
  readonly createdAt: string | null;
}

export type DescribedMachine = Pick<FleetMachine, "revisionId" | "definition" | "logging" | "tracing">;

/** The largest page AWS gives. https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListStateMachines.html */
const PAGE = 1000;

export async function listMachines({ sfn }: RegionClients, tally: Tally): Promise<readonly ListedMachine[]> {
  const pages = await allPages(tally, (nextToken) =>
    sfn.send(new ListStateMachinesCommand({ maxResults: PAGE, nextToken })),
  );
  const machines = pages.flatMap(({ stateMachines }) => stateMachines ?? []);
  return machines.flatMap(({ stateMachineArn: arn, name, type, creationDate }) =>
    arn === undefined
      ? []
      : [{ arn, name: name ?? nameOf(arn), type: type ?? "STANDARD", createdAt: isoTime(creationDate) }],
  );
}

/** What AWS puts in place of the definition when only the rest is asked for. */
const LEFT_OUT = "{}";

/**
 * The machine as it is deployed. One whose definition is known from before is asked for all but that first, which takes no
 * decryption and moves few bytes; a definition that has changed is asked for again.
 */
export async function describeMachine(
  { sfn }: RegionClients,
  { arn: stateMachineArn, earlier }: { readonly arn: string; readonly earlier: EarlierDefinition | null },
  tally: Tally,
): Promise<DescribedMachine> {
  const describe = async (includedData: IncludedData): Promise<DescribeStateMachineOutput> => {
    const answer = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn, includedData }));
    tally.calls++;
    return answer;
  };
  if (earlier === null) return describedMachine(await describe("ALL_DATA"));
  const answer = await describe("METADATA_ONLY");
  if ((answer.revisionId ?? null) === earlier.revisionId)
    return { ...describedMachine(answer), definition: earlier.definition };
  return describedMachine(answer.definition === LEFT_OUT ? await describe("ALL_DATA") : answer);
}

function describedMachine({
  definition,
  revisionId,
  loggingConfiguration: logging,
  tracingConfiguration: tracing,
}: DescribeStateMachineOutput): DescribedMachine {
  return {
    definition: definition ?? null,
    revisionId: revisionId ?? null,
    logging:
      logging === undefined
        ? null
        : {
            level: logging.level ?? "OFF",
            includeExecutionData: logging.includeExecutionData ?? false,
            logGroups: (logging.destinations ?? []).flatMap(
              ({ cloudWatchLogsLogGroup }) => cloudWatchLogsLogGroup?.logGroupArn ?? [],
            ),
          },
    tracing: tracing?.enabled ?? null,
  };
}

export async function listPublished(
  { sfn }: RegionClients,
  stateMachineArn: string,
  tally: Tally,
): Promise<Pick<FleetMachine, "aliases" | "versions">> {
  const aliases = await allPages(tally, (nextToken) =>
    sfn.send(new ListStateMachineAliasesCommand({ stateMachineArn, maxResults: PAGE, nextToken })),
  );
  const versions = await allPages(tally, (nextToken) =>
    sfn.send(new ListStateMachineVersionsCommand({ stateMachineArn, maxResults: PAGE, nextToken })),
  );
  return {
    aliases: aliases.flatMap((page) =>
      (page.stateMachineAliases ?? []).flatMap((each) => each.stateMachineAliasArn ?? []),
    ),
    versions: versions.flatMap((page) =>
      (page.stateMachineVersions ?? []).flatMap((each) => each.stateMachineVersionArn ?? []),
    ),
  };
}

/** By name and ARN; tags are matched where they are read. */
export function isSelected(machine: ListedMachine, { names, arns }: MachineSelection): boolean {
  if (arns.length > 0 && !arns.includes(machine.arn)) return false;
  return names.length === 0 || picomatch.isMatch(machine.name, [...names]);
}

/** `arn:aws:states:eu-west-1:123456789012:stateMachine:Orders`: its parts; null for anything else. */
export function partsOfArn(arn: string): { readonly region: string; readonly account: string } | null {
  const [, region, account] = /^arn:[\w-]+:states:([\w-]+):(\d{12}):stateMachine:[^:]+$/.exec(arn) ?? [];
  return region === undefined || account === undefined ? null : { region, account };
}

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}

function isoTime(date: Date | undefined): string | null {
  return date === undefined || Number.isNaN(date.getTime()) ? null : date.toISOString();
}
