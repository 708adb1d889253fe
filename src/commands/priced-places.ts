/** Priced places are the workflows of a run, by the account and region whose prices are theirs. */
import type { Config } from "../config.ts";
import { knownRegions } from "../cost/known-price-lists.ts";
import type { PriceList } from "../cost/price-list.ts";
import type { Diagnostic, Place } from "../diagnostic.ts";
import type { FleetMonth } from "../report/monthly/fleet-month.ts";
import type { PricedPlace } from "../report/regional-analysis.ts";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { type MachineInRegion, loadPriceListInUse } from "./price-list-in-use.ts";

export interface PricedPlaces {
  readonly places: readonly PricedPlace[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A deployed machine is priced where it runs, everything else in the region of the run. Throws UserError `several-currencies`. */
export async function priceWhereTheyLive(
  shell: Shell,
  workflows: readonly Workflow[],
  config: Pick<Config, "region" | "borrow" | "prices">,
): Promise<PricedPlaces> {
  const groups = new Map<string, { account: string | null; region: string; workflows: Workflow[] }>();
  for (const workflow of workflows) {
    const { account, region } = placeOf(workflow) ?? { account: null, region: config.region };
    const key = JSON.stringify([account, region]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { account, region, workflows: [workflow] });
    else group.workflows.push(workflow);
  }
  if (groups.size === 0) groups.set("", { account: null, region: config.region, workflows: [] });
  const regions = machinesByRegion(
    workflows.flatMap(({ foundIn, deployed, at }) =>
      foundIn === "aws" && deployed !== undefined ? [{ machine: deployed.machine, at }] : [],
    ),
  );
  for (const { region } of groups.values()) if (!regions.has(region)) regions.set(region, []);
  const { lists, diagnostics } = await loadPriceLists(shell, regions, config);
  return {
    places: [...groups.values()].map(({ account, region, workflows: here }) => ({
      account,
      workflows: here,
      priceList: lists.get(region)!,
    })),
    diagnostics,
  };
}

/** Where it runs; undefined = it is not deployed. */
function placeOf({ foundIn, deployed }: Workflow): { account: string; region: string } | undefined {
  return foundIn === "aws" ? deployed?.machine : undefined;
}

/** It and those of its account and region. */
export function livingBeside(workflow: Workflow, workflows: readonly Workflow[]): readonly Workflow[] {
  const own = placeOf(workflow);
  return workflows.filter((other) => {
    const place = placeOf(other);
    return place?.account === own?.account && place?.region === own?.region;
  });
}

interface RunningMachine {
  readonly machine: { readonly name: string; readonly region: string };
  readonly at: Place;
}

/** The machines that run in each region. */
export function machinesByRegion(
  deployed: readonly RunningMachine[],
): Map<string, readonly MachineInRegion[]> {
  const regions = new Map<string, readonly MachineInRegion[]>();
  for (const { machine, at } of deployed)
    regions.set(machine.region, [...(regions.get(machine.region) ?? []), { name: machine.name, at }]);
  return regions;
}

/** Of fleet files that are let go, so that no more than the file is known of a machine's place. */
export function machinesOfFleets(fleets: readonly FleetMonth[]): readonly RunningMachine[] {
  return fleets.flatMap(({ file, machines, unread }) =>
    [...machines, ...unread].map(({ machine }) => ({
      machine,
      at: { file, line: 1, column: 1, pointer: "" },
    })),
  );
}

/** By region, of one currency. Throws UserErrors `several-currencies`, and `unknown-region` of one without machines. */
export async function loadPriceLists(
  shell: Shell,
  regions: ReadonlyMap<string, readonly MachineInRegion[]>,
  config: Pick<Config, "borrow" | "prices">,
): Promise<{
  readonly lists: ReadonlyMap<string, PriceList>;
  readonly diagnostics: readonly Diagnostic[];
}> {
  const loaded = await Promise.all(
    [...regions].map(
      async ([region, machines]) =>
        [region, await loadPriceListInUse(shell, { ...config, region, machines })] as const,
    ),
  );
  const currencies = [...new Set(loaded.map(([, { list }]) => list.currency))];
  if (currencies.length > 1) throw severalCurrencies(currencies);
  return {
    lists: new Map(loaded.map(([region, { list }]) => [region, list])),
    diagnostics: loaded.flatMap(([, { diagnostics }]) => diagnostics),
  };
}

/** Of all regions in the same currency, discounts taken and nothing borrowed; a private list holds for its own region alone. */
export async function priceListsToChoose(
  shell: Shell,
  own: PriceList,
  config: Pick<Config, "prices">,
): Promise<readonly PriceList[]> {
  if (config.prices.list !== null) return [own];
  const lists = await Promise.all(
    knownRegions()
      .filter((region) => region !== own.region)
      .map(async (region) => (await loadPriceListInUse(shell, { ...config, region, borrow: false })).list),
  );
  return [own, ...lists.filter(({ currency }) => currency === own.currency)];
}

function severalCurrencies(currencies: readonly string[]): UserError {
  return new UserError(
    "several-currencies",
    `The machines are billed in ${currencies.join(" and ")}, which cannot be added up.`,
    "Collect each partition into a file of its own, with collect --region … -o …",
  );
}
