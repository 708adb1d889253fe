/**
 * A price offer is AWS's own price list file of one service and region; parsing it gives the Step Functions part of a PriceList.
 *
 * File: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html
 * A wrong price is worse than an old one, so whatever does not look like this file of this region is refused.
 */
import { UserError } from "../user-error.ts";
import { requirePlausible } from "./price-plausibility.ts";
import type { PriceList, PriceTier, TieredPrice, WorkflowUsageType } from "./price-list.ts";

/** Not `AWSStepFunctions`, which does not exist. */
export const SERVICE_CODE = "AmazonStates";

export interface OfferExpectation {
  readonly region: string;
  readonly currency: string;
  /** Prices that new ones must resemble, best first: the region's packaged list, then us-east-1's. */
  readonly resembling: readonly PriceList[];
}

interface OfferedUsage {
  readonly usageType: WorkflowUsageType;
  readonly group: string;
  readonly units: readonly string[];
}

/** Groups and units as the price list writes them; the usage type carries the region's prefix, e.g. `USE1-StateTransition`. */
const OFFERED: readonly OfferedUsage[] = [
  {
    usageType: "StateTransition",
    group: "SFN-StateTransitions",
    units: ["statetransitions", "statetransition"],
  },
  {
    usageType: "StepFunctions-Request",
    group: "SFN-ExpressWorkflows-Requests",
    units: ["requests", "request"],
  },
  {
    usageType: "StepFunctions-GB-Second",
    group: "SFN-ExpressWorkflows-Duration",
    units: ["gb-seconds", "gb-second"],
  },
];

type Fields = Readonly<Record<string, unknown>>;

/**
 * The three Step Functions prices of an offer file (parsed JSON), as a list of the expected region.
 * Throws a UserError `price-offer-…` when the file is another service's, region's or currency's, lacks a price, has tiers with
 * gaps or rising prices, or a price far from those known (per thousand instead of each, GB-hours instead of GB-seconds).
 */
export function parsePriceOffer(offer: unknown, expected: OfferExpectation): PriceList {
  const file = requireFields(offer, "the file");
  if (file.offerCode !== SERVICE_CODE) {
    throw refuse("service", `it is for service code ${show(file.offerCode)}, not ${SERVICE_CODE}`);
  }
  const date = requireDate(file.publicationDate);
  const source = `AWS Price List ${SERVICE_CODE}${typeof file.version === "string" ? ` version ${file.version}` : ""}`;
  const prices: Partial<Record<WorkflowUsageType, TieredPrice>> = {};
  for (const offered of OFFERED) {
    const sku = findSku(file, offered, expected.region);
    const tiers = parseTiers(priceDimensionsOf(file, sku, date), offered, expected.currency);
    const price = { ...separateFree(tiers, freeUnits(offered.usageType, expected)), date, source };
    prices[offered.usageType] = { ...price, confidence: "high" };
    requirePlausible(offered.usageType, price.tiers, expected);
  }
  return { region: expected.region, currency: expected.currency, date, prices };
}

/** One product per group, metered in the region: `Global-…` usage types hold the free tier, not the region's price. */
function findSku(file: Fields, { usageType, group }: OfferedUsage, region: string): string {
  const products = Object.entries(requireFields(file.products, "products"))
    .map(([sku, product]) => ({ sku, attributes: fieldsOf(fieldsOf(product)?.attributes) }))
    .filter(({ attributes }) => attributes?.group === group)
    .filter(({ attributes }) => isUsageType(attributes?.usagetype, usageType));
  if (products.length === 0) {
    throw refuse("incomplete", `it has no price for ${usageType} (group ${group})`);
  }
  const here = products.filter(({ attributes }) => attributes?.regionCode === region);
  const [product] = here;
  if (product === undefined) {
    const others = products.map(({ attributes }) => show(attributes?.regionCode)).join(", ");
    throw refuse("region", `its prices are for ${others}, not ${region}`);
  }
  if (here.length > 1) throw refuse("ambiguous", `it has ${here.length} products for ${usageType}`);
  return product.sku;
}

function isUsageType(written: unknown, usageType: WorkflowUsageType): boolean {
  if (typeof written !== "string") return false;
  if (written === usageType) return true;
  return written.endsWith(`-${usageType}`) && !written.startsWith("Global-");
}

/** The price dimensions of a product's on-demand term in force: the latest that began by the day of publication. */
function priceDimensionsOf(file: Fields, sku: string, date: string): readonly Fields[] {
  const onDemand = requireFields(fieldsOf(file.terms)?.OnDemand, "terms.OnDemand");
  const offers = Object.values(requireFields(ownValue(onDemand, sku), `the on-demand terms of ${sku}`))
    .map((term) => requireFields(term, `a term of ${sku}`))
    .map((term) => ({ term, from: requireDate(term.effectiveDate) }))
    .filter(({ from }) => from <= date)
    .sort((a, b) => (a.from < b.from ? 1 : -1));
  const inForce = offers[0];
  if (inForce === undefined) throw refuse("incomplete", `no on-demand term of ${sku} is in force yet`);
  const dimensions = Object.values(
    requireFields(inForce.term.priceDimensions, `the price dimensions of ${sku}`),
  );
  return dimensions.map((dimension) => requireFields(dimension, `a price dimension of ${sku}`));
}

/** Tiers in order, from 0 without a gap to no end. */
function parseTiers(dimensions: readonly Fields[], offered: OfferedUsage, currency: string): PriceTier[] {
  const read = dimensions
    .map((dimension) => ({
      from: requireAmount(dimension.beginRange, `beginRange of ${offered.usageType}`),
      upTo: dimension.endRange === "Inf" ? null : requireAmount(dimension.endRange, "endRange"),
      unitPrice: parseUnitPrice(dimension, offered, currency),
    }))
    .sort((a, b) => a.from - b.from);
  let reached: number | null = 0;
  for (const tier of read) {
    if (tier.from !== reached) throw gapBefore(offered.usageType, tier.from, reached);
    if (tier.upTo !== null && tier.upTo <= tier.from)
      throw gapBefore(offered.usageType, tier.upTo, tier.from);
    reached = tier.upTo;
  }
  if (reached !== null) throw gapBefore(offered.usageType, null, reached);
  return read.map(({ upTo, unitPrice }) => ({ upTo, unitPrice }));
}

function parseUnitPrice(dimension: Fields, { usageType, units }: OfferedUsage, currency: string): number {
  const unit = dimension.unit;
  if (typeof unit !== "string" || !units.includes(unit.toLowerCase())) {
    throw refuse("unit", `its price for ${usageType} is per ${show(unit)}, not per ${units.at(-1)}`);
  }
  const perUnit = requireFields(dimension.pricePerUnit, `pricePerUnit of ${usageType}`);
  const written = ownValue(perUnit, currency);
  if (written === undefined) {
    const others = Object.keys(perUnit).map(show).join(", ") || "no currency";
    throw refuse("currency", `its price for ${usageType} is in ${others}, not in ${currency}`);
  }
  return requireAmount(written, `price of ${usageType}`);
}

/** A first tier at price 0 is a free tier: its units leave the bounds, which count paid units. */
function separateFree(
  tiers: readonly PriceTier[],
  knownFree: number,
): Pick<TieredPrice, "tiers" | "freePerMonth"> {
  const [first, ...rest] = tiers;
  if (first === undefined || first.unitPrice !== 0 || first.upTo === null)
    return { tiers, freePerMonth: knownFree };
  const free = first.upTo;
  return {
    freePerMonth: free,
    tiers: rest.map((tier) => ({ ...tier, upTo: tier.upTo === null ? null : tier.upTo - free })),
  };
}

/** Free units are in no region's offer (AWS meters them as `Global-StateTransition`), so they come from the packaged list. */
function freeUnits(usageType: WorkflowUsageType, { resembling }: OfferExpectation): number {
  return resembling[0]?.prices[usageType]?.freePerMonth ?? 0;
}

function requireAmount(written: unknown, what: string): number {
  const amount =
    typeof written === "string" && /^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(written) ? Number(written) : Number.NaN;
  if (!Number.isFinite(amount))
    throw refuse("shape", `${what} is ${show(written)}, not a number of 0 or more`);
  return amount;
}

function requireDate(written: unknown): string {
  if (typeof written === "string" && /^\d{4}-\d{2}-\d{2}(T|$)/.test(written)) return written.slice(0, 10);
  throw refuse("shape", `a date is ${show(written)}, not an ISO date`);
}

function requireFields(value: unknown, what: string): Fields {
  const fields = fieldsOf(value);
  if (fields === null) throw refuse("shape", `${what} is not a JSON object`);
  return fields;
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function ownValue(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 60);
}

function gapBefore(usageType: string, begins: number | null, reached: number | null): UserError {
  const next = begins === null ? "nothing follows" : `the next begins or ends at ${begins}`;
  return refuse(
    "tiers",
    `its tiers for ${usageType} do not join: one ends at ${reached ?? "no end"} and ${next}`,
  );
}

function refuse(what: string, reason: string): UserError {
  return new UserError(
    `price-offer-${what}`,
    `This is not a price list stepfare can use: ${reason}.`,
    `Fetch the JSON file of service code ${SERVICE_CODE} for the one region; the prices in use stay as they are.`,
  );
}
