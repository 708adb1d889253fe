/** Collects one account and region: its machines as deployed, and what CloudWatch counted of each. */
import pMap from "p-map";
import type { EarlierDefinition } from "../observation/earlier-definitions.ts";
import type { FleetMachine } from "../workflow/fleet/fleet.ts";
import type { Access } from "./aws-world.ts";
import { type CollectionRun, type Part, readPart } from "./collection-run.ts";
import {
  type ListedMachine,
  describeMachine,
  isSelected,
  listMachines,
  listPublished,
  partsOfArn,
} from "./discover-machines.ts";
import type { MachineTags } from "./machine-tags.ts";
import { type MetricSeries, metricsOf, readMetrics } from "./measure-machines.ts";
import { QUERIES_PER_CALL, REGION, countMetricQueries, metricQueriesOf } from "./metric-queries.ts";
import { nameOfAccess } from "./open-accesses.ts";
import { type RegionClients, openRegion } from "./region-clients.ts";

/** A machine before its executions have been sampled. */
export type MeasuredMachine = Omit<FleetMachine, "sample" | "workload">;

export interface CollectedRegion {
  readonly clients: RegionClients;
  readonly account: string;
  readonly region: string;
  readonly machines: readonly MeasuredMachine[];
  /** State transitions of all machines together; null = CloudWatch does not say. */
  readonly transitions: number | null;
  /** Metrics asked for. */
  readonly metrics: number;
}

/** Machines described at one time in a region: the pace is set by the quota, this only keeps it busy. */
const DESCRIBING = 12;
const UNKNOWN_ACCOUNT = "unknown";

/** Null when its machines cannot be listed. */
export async function collectRegion(
  run: CollectionRun,
  { access, region }: { readonly access: Access; readonly region: string },
): Promise<CollectedRegion | null> {
  const clients = openRegion(run.world, access, region);
  const selected = await selectMachines(run, clients);
  if (selected === null) return null;
  const { machines, tags } = selected;
  const [described, measured] = await Promise.all([
    pMap(machines, (machine) => describeOne(run, clients, machine), { concurrency: DESCRIBING }),
    measure(run, clients, machines),
  ]);
  const account =
    access.account ?? machines.flatMap(({ arn }) => partsOfArn(arn)?.account ?? [])[0] ?? UNKNOWN_ACCOUNT;
  const regional = measured.series.get(REGION)?.[0];
  return {
    clients,
    account,
    region,
    machines: machines.map((machine, index) => ({
      ...machine,
      account,
      region,
      tags: tags === null ? null : (tags.get(machine.arn) ?? []),
      ...described[index]!,
      metrics: metricsOf(measured.series.get(machine.arn) ?? []),
    })),
    transitions: regional === undefined || regional.points === 0 ? null : regional.sum,
    metrics: measured.asked,
  };
}

interface SelectedMachines {
  readonly machines: readonly ListedMachine[];
  /** By ARN; null when they could not be read. */
  readonly tags: ReadonlyMap<string, MachineTags["tags"]> | null;
}

/** Machines of the region that the request is for; null when they cannot be listed. */
export async function selectMachines(
  run: CollectionRun,
  clients: RegionClients,
): Promise<SelectedMachines | null> {
  const { select } = run.request;
  const part = partsIn(clients);
  const listed = await readPart(
    run,
    part("machines", "states:ListStateMachines", "the machines", (tally) => listMachines(clients, tally)),
  );
  if (listed === null) return null;
  const named = listed.filter((machine) => isSelected(machine, select));
  if (named.length === 0) return { machines: [], tags: new Map() };
  const tagged = await readPart(
    run,
    part("tags", "tag:GetResources", "the tags", async (tally) => {
      const { readMachineTags } = await import("./machine-tags.ts");
      return readMachineTags(clients, select.tags, tally);
    }),
  );
  const tags = tagged === null ? null : new Map(tagged.map((each) => [each.arn, each.tags]));
  run.progress(`${clients.region}: ${named.length} machines`);
  if (select.tags.length === 0) return { machines: named, tags };
  return tags === null ? null : { machines: named.filter(({ arn }) => tags.has(arn)), tags };
}

type PartOf = <T>(key: string, action: string, what: string, read: Part<T>["read"]) => Part<T>;

/** Parts of one access and region. */
function partsIn({ access, region }: RegionClients): PartOf {
  return (key, action, what, read) => ({
    key: `${key} ${access.id} ${region}`,
    action,
    access: access.id,
    region,
    what: `${nameOfAccess(access)}${region}: ${what}`,
    read,
  });
}

type Described = Pick<
  FleetMachine,
  "definition" | "revisionId" | "logging" | "tracing" | "aliases" | "versions"
>;

async function describeOne(
  run: CollectionRun,
  clients: RegionClients,
  machine: ListedMachine,
): Promise<Described> {
  const part = partsIn(clients);
  const { arn, name } = machine;
  const described = await readPart(run, {
    ...part(`machine ${arn}`, "states:DescribeStateMachine", "the definition of", (tally) =>
      describeMachine(clients, { arn, earlier: earlierOf(run, machine) }, tally),
    ),
    name,
  });
  const published = run.request.versions
    ? await readPart(run, {
        ...part(`published ${arn}`, "states:ListStateMachineAliases", "aliases and versions of", (tally) =>
          listPublished(clients, arn, tally),
        ),
        name,
      })
    : null;
  return {
    definition: described?.definition ?? null,
    revisionId: described?.revisionId ?? null,
    logging: described?.logging ?? null,
    tracing: described?.tracing ?? null,
    aliases: published?.aliases ?? null,
    versions: published?.versions ?? null,
  };
}

/** A machine made anew under the same name has nothing to do with the one before it. */
function earlierOf({ earlier }: CollectionRun, { arn, createdAt }: ListedMachine): EarlierDefinition | null {
  const known = earlier.get(arn);
  return known !== undefined && known.createdAt === createdAt ? known : null;
}

interface Measured {
  readonly series: ReadonlyMap<string, readonly MetricSeries[]>;
  readonly asked: number;
}

/** All machines' queries in a row, cut into calls of the largest size. */
async function measure(
  run: CollectionRun,
  clients: RegionClients,
  machines: readonly ListedMachine[],
): Promise<Measured> {
  const asked = countMetricQueries(machines);
  const starts = Array.from({ length: Math.ceil(asked / QUERIES_PER_CALL) }, (_, i) => i);
  const part = partsIn(clients);
  const answers = await Promise.all(
    starts.map((index) =>
      run.measuring(() =>
        readPart(
          run,
          part(`metrics ${index}`, "cloudwatch:GetMetricData", "the metrics", (tally) =>
            readMetrics(
              clients,
              { queries: metricQueriesOf(machines, run.period, index), period: run.period },
              tally,
            ),
          ),
        ),
      ),
    ),
  );
  const series = new Map<string, MetricSeries[]>();
  for (const each of answers.flatMap((answer) => answer ?? [])) {
    const known = series.get(each.of);
    if (known === undefined) series.set(each.of, [each]);
    else known.push(each);
  }
  return { series, asked };
}
