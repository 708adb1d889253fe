/** Plausibility is what new prices must have before they replace known ones: the same order of size, and tiers that do not rise. */
import { UserError } from "../user-error.ts";
import type { PriceList, PriceTier, UsageType } from "./price-list.ts";

/** Regions differ by less than 2, a price per thousand or a GB-hour by 1,000 or more. */
const SAME_CURRENCY_FACTOR = 5;
/** Against a list in another currency: wide enough for an exchange rate of 1 to 12, too narrow for a thousandfold. */
const OTHER_CURRENCY_FACTOR = 60;
/** AWS has kept the tiers' bounds the same everywhere; GB-hours for GB-seconds would be 3,600 off. */
const BOUND_FACTOR = 20;

/**
 * Throws a UserError `price-offer-implausible` unless prices are positive, never rise from tier to tier, and are as large as those of the
 * first list that knows this price (an own-currency one before others); a tiered price must not have become a flat one.
 */
export function requirePlausible(
  usageType: UsageType,
  tiers: readonly PriceTier[],
  { currency, resembling }: { currency: string; resembling: readonly PriceList[] },
): void {
  if (tiers.length === 0) throw implausible(`there is no price for ${usageType}`);
  tiers.forEach((tier, at) => {
    if (tier.unitPrice === null || tier.unitPrice <= 0)
      throw implausible(`${usageType} costs nothing in tier ${at + 1}`);
    const before = tiers[at - 1]?.unitPrice;
    if (typeof before === "number" && tier.unitPrice > before) {
      throw implausible(
        `the price for ${usageType} rises in tier ${at + 1} (${before}, then ${tier.unitPrice})`,
      );
    }
  });
  requireStillTiered(usageType, tiers, resembling);
  tiers.forEach((tier, at) => {
    const known = knownTier(usageType, at, { currency, resembling });
    if (known !== null) requireSameSize(usageType, tier, known);
  });
}

interface KnownTier extends PriceTier {
  readonly region: string;
  readonly factor: number;
}

/** The first list that knows this very tier: a region may know its first tier only. */
function knownTier(
  usageType: UsageType,
  at: number,
  { currency, resembling }: { currency: string; resembling: readonly PriceList[] },
): KnownTier | null {
  const knowing = resembling.flatMap((list) => {
    const tier = list.prices[usageType]?.tiers[at];
    if (tier === undefined || tier.unitPrice === null) return [];
    const factor = list.currency === currency ? SAME_CURRENCY_FACTOR : OTHER_CURRENCY_FACTOR;
    return [{ ...tier, region: list.region, factor }];
  });
  return knowing.find(({ factor }) => factor === SAME_CURRENCY_FACTOR) ?? knowing[0] ?? null;
}

function requireStillTiered(
  usageType: UsageType,
  tiers: readonly PriceTier[],
  resembling: readonly PriceList[],
): void {
  const tiered = resembling.find((list) => (list.prices[usageType]?.tiers.length ?? 0) > 1);
  if (tiered === undefined || tiers.length > 1) return;
  throw implausible(`${usageType} has one tier, where ${tiered.region} has more`);
}

function requireSameSize(usageType: UsageType, tier: PriceTier, known: KnownTier): void {
  if (isFar(tier.unitPrice, known.unitPrice, known.factor)) {
    throw implausible(
      `${usageType} costs ${tier.unitPrice} each, where ${known.region} has ${known.unitPrice}` +
        ` (${describeRatio(tier.unitPrice, known.unitPrice)})`,
    );
  }
  if (isFar(tier.upTo, known.upTo, BOUND_FACTOR)) {
    throw implausible(`a tier of ${usageType} ends at ${tier.upTo}, where ${known.region} has ${known.upTo}`);
  }
}

/** Unknown on either side is never far. */
function isFar(value: number | null, known: number | null, factor: number): boolean {
  if (value === null || known === null) return false;
  return value > known * factor || value < known / factor;
}

/** Units that others have taken for another, by how far that puts a price off. */
const MISTAKES: readonly (readonly [ratio: number, guess: string])[] = [
  [1e3, "a price per thousand?"],
  [3_600, "a price per hour?"],
  [1e6, "a price per million?"],
  [1 / 1_024, "memory in KB or MB instead of GB?"],
];
const ABOUT = 0.15;

function describeRatio(value: number | null, known: number | null): string {
  const ratio = (value ?? 0) / (known ?? 1);
  const mistake = MISTAKES.find(([each]) => Math.abs(ratio / each - 1) < ABOUT);
  if (mistake !== undefined) return mistake[1];
  return ratio >= 1
    ? `${Number(ratio.toPrecision(3))} times as much`
    : `1/${Number((1 / ratio).toPrecision(3))} of it`;
}

function implausible(reason: string): UserError {
  return new UserError(
    "price-offer-implausible",
    `These prices cannot be right: ${reason}.`,
    "The prices in use stay as they are. If AWS did change them so, a newer stepfare will know; until then set them in `prices`.",
  );
}
