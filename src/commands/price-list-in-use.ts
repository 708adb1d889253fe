/** The price list in use is what a run prices with: packaged, the user's newer download, borrowed and private prices on top. */
import { borrowPrices, borrowedUsageTypes, LENDING_REGION } from "../cost/borrowed-price.ts";
import { choosePriceList } from "../cost/chosen-price-list.ts";
import { nearestRegion, priceListOf } from "../cost/known-price-lists.ts";
import type { PriceList, TieredPrice, UsageType, WorkflowUsageType } from "../cost/price-list.ts";
import { applyPriceSettings, type PriceSettings } from "../cost/price-settings.ts";
import type { Diagnostic, Place } from "../diagnostic.ts";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";

export interface MachineInRegion {
  readonly name: string;
  /** In the fleet file. */
  readonly at: Place;
}

export interface PriceChoice {
  readonly region: string;
  /** Machines that run there: there is such a region then, and without a list of it all its prices are unknown. */
  readonly machines?: readonly MachineInRegion[];
  /** Whether prices the region lacks are taken from us-east-1. */
  readonly borrow: boolean;
  readonly prices: {
    readonly discountPercent: number;
    /** Path of a private price list; null = none. */
    readonly list: string | null;
  };
}

export interface PriceListInUse {
  readonly list: PriceList;
  /** `borrowed-price`, `unpriced-region` and `unreadable-price-list`. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Throws UserErrors: `unknown-region`, `invalid-price-list` (a private list), `unreadable-file`. */
export async function loadPriceListInUse(shell: Shell, choice: PriceChoice): Promise<PriceListInUse> {
  const diagnostics: Diagnostic[] = [];
  const known = await listedPrices(shell, choice.region, diagnostics);
  const machines = choice.machines ?? [];
  if (known === null && machines.length === 0) throw unknownRegion(choice.region);
  if (known === null) diagnostics.push(unpricedRegion(choice.region, machines));
  const listed = known ?? { region: choice.region, currency: "USD", date: null, prices: {} };
  const lender = choice.borrow ? await listedPrices(shell, LENDING_REGION, diagnostics) : null;
  const full = lender === null ? listed : borrowPrices(listed, lender);
  const overrides = choice.prices.list === null ? {} : await privatePrices(shell, choice.prices.list, listed);
  const list = applyPriceSettings(full, { discountPercent: choice.prices.discountPercent, overrides });
  return { list, diagnostics: [...diagnostics, ...borrowedPrices(list)] };
}

/** Where `prices update` keeps a region's download. */
export function cachedPriceListPath(shell: Shell, region: string): string {
  return shell.paths.resolve(shell.cacheDir, "prices", `${region}.json`);
}

/** The user's download for a region, or null. Throws UserError `invalid-price-list` for a file that is damaged. */
export async function readCachedPriceList(shell: Shell, region: string): Promise<PriceList | null> {
  const path = cachedPriceListPath(shell, region);
  if ((await shell.stat(path))?.kind !== "file") return null;
  const list = await readPriceList(shell, path);
  if (list.region === region) return list;
  throw new UserError("invalid-price-list", `${path} is a price list of ${list.region}, not ${region}.`);
}

/** The schema is loaded only for a list that did not come with stepfare. */
async function readPriceList(shell: Shell, path: string): Promise<PriceList> {
  const { parsePriceList } = await import("../cost/price-list-schema.ts");
  return parsePriceList(parseJson(await shell.readFile(path), path), path);
}

function unknownRegion(region: string): UserError {
  return new UserError("unknown-region", `${noPrices(region)}.`, mendRegion(region));
}

/** At the first of them. */
function unpricedRegion(region: string, machines: readonly MachineInRegion[]): Diagnostic {
  const [first, ...others] = machines;
  const more = others.length === 0 ? "runs" : `and ${others.length} more run`;
  const message = `${noPrices(region)}, in which ${first!.name} ${more}`;
  return {
    code: "unpriced-region",
    severity: "warning",
    message,
    at: first!.at,
    hint: mendRegion(region),
  };
}

function noPrices(region: string): string {
  return `There is no price list for the region ${JSON.stringify(region)}`;
}

function mendRegion(region: string): string {
  const near = nearestRegion(region);
  return near === null
    ? "A region newer than this stepfare needs `stepfare prices update --region` first."
    : `Did you mean ${near}?`;
}

/** Bytes of a file as JSON. Throws UserError `invalid-price-list`. */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw new UserError("invalid-price-list", `${what} is not JSON.`);
  }
}

/** A damaged download is no reason to stop: it can be thrown away and made again. */
async function listedPrices(
  shell: Shell,
  region: string,
  diagnostics: Diagnostic[],
): Promise<PriceList | null> {
  const packaged = priceListOf(region);
  try {
    return choosePriceList(packaged, await readCachedPriceList(shell, region));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    diagnostics.push({
      code: "unreadable-price-list",
      severity: "warning",
      message: `${error.message.replace(/\.$/, "")}; the prices that came with stepfare are used`,
      at: null,
      hint: `Run \`stepfare prices update --region ${region}\` to download it again.`,
    });
    return packaged;
  }
}

async function privatePrices(
  shell: Shell,
  path: string,
  listed: PriceList,
): Promise<NonNullable<PriceSettings["overrides"]>> {
  const own = await readPriceList(shell, path);
  if (own.region !== listed.region || own.currency !== listed.currency) {
    throw new UserError(
      "invalid-price-list",
      `${path} holds prices of ${own.region} in ${own.currency}, but this run prices ${listed.region} in ${listed.currency}.`,
      "Name the region with --region, or hand over the list of this one.",
    );
  }
  const known = (Object.entries(own.prices) as [UsageType, TieredPrice][])
    .filter(([, price]) => price.tiers.some((tier) => tier.unitPrice !== null))
    .map(([usageType, price]) => [
      usageType,
      {
        tiers: price.tiers,
        freePerMonth: price.freePerMonth,
        source: price.source ?? `private price list ${shell.paths.basename(path)}`,
        ...(price.date === null ? {} : { date: price.date }),
      },
    ]);
  return Object.fromEntries(known) as NonNullable<PriceSettings["overrides"]>;
}

/** One line for all: prices of Step Functions by name, those of its neighbours as a number. */
function borrowedPrices(list: PriceList): Diagnostic[] {
  const borrowed = borrowedUsageTypes(list);
  if (borrowed.length === 0) return [];
  const own = borrowed.filter(isWorkflowUsage);
  const neighbours = borrowed.length - own.length;
  const what = [...own, ...(neighbours === 0 ? [] : [`${neighbours} prices of neighbouring services`])].join(
    ", ",
  );
  const mend = `Run \`stepfare prices update --region ${list.region}\` for AWS's own Step Functions prices, or`;
  return [
    {
      code: "borrowed-price",
      severity: "info",
      message: `prices of ${LENDING_REGION} stand in for what stepfare does not know of ${list.region}: ${what}`,
      at: null,
      hint: `${own.length === 0 ? "Name" : `${mend} name`} your own in a private price list; --no-borrow leaves them unknown.`,
    },
  ];
}

function isWorkflowUsage(usageType: UsageType): usageType is WorkflowUsageType {
  return usageType === "StateTransition" || usageType.startsWith("StepFunctions-");
}
