/**
 * What changes of type save when they are taken together. Each workflow's own saving is of its change alone; the
 * tiers and the free units that changes meet are the same, so that together they save more, or less, than the sum.
 */
import { accountPricing } from "../cost/account-month.ts";
import { accountUsage } from "../cost/cost-estimate.ts";
import { type AccountUsage, addedCost } from "../cost/line-item.ts";
import type { PriceList } from "../cost/price-list.ts";
import { roundToDecimal } from "../cost/tiered-price.ts";
import type { UsageType } from "../usage/usage-line.ts";
import { type UsedInPlace, notNegative, pooledByPlace, usageByPlace } from "./place-usage.ts";

/** A workflow that another type is recommended for. */
export interface TypeChange extends UsedInPlace {
  /** The month as the other type; `usage` is the same as declared. */
  readonly then: AccountUsage;
  /** Of the change alone, records included. */
  readonly saving: number;
}

export interface TakenTogether {
  /** What Step Functions costs less a month. */
  readonly less: number;
  /** The same with the records (logs and traces) that differ by type. */
  readonly saving: number;
}

/** `used` is all that is used as declared, of the workflows that change too; price lists are by region. */
export function changesTogether(
  used: readonly UsedInPlace[],
  priceLists: ReadonlyMap<string, PriceList>,
): (changes: readonly TypeChange[]) => TakenTogether {
  const asDeclared = pooledByPlace(used);
  const usedIn = usageByPlace(asDeclared);
  const aloneOf = ({ account, region, usage, then }: TypeChange): number => {
    const others = accountUsage([usedIn(account, region), negated(usage)]);
    const cost = (own: AccountUsage): number =>
      addedCost(own, notNegative(others), priceLists.get(region)!) ?? 0;
    return settle(cost(usage) - cost(then), cost(usage));
  };
  return (changes) => {
    const accounts = new Set(changes.map(({ account }) => account));
    const touched = new Set(changes.flatMap(({ usage, then }) => [...usage.keys(), ...then.keys()]));
    const now = asDeclared.filter(({ account }) => accounts.has(account));
    const then = pooledByPlace([
      ...now,
      ...changes.map((change) => ({ ...change, usage: accountUsage([change.then, negated(change.usage)]) })),
    ]);
    const [before, after] = [now, then].map((places) => costOf(places, touched, priceLists));
    const alone = changes.map(aloneOf);
    const apart = alone.reduce((sum, each) => sum + each, 0);
    const less = before == null || after == null ? apart : settle(before - after, before);
    const records = changes.reduce(
      (sum, { saving }, index) => sum + settle(saving - alone[index]!, Math.max(saving, alone[index]!)),
      0,
    );
    return { less: roundToDecimal(less), saving: roundToDecimal(less + records) };
  };
}

/** Of these usage types alone; null when a price is not known. */
function costOf(
  places: readonly UsedInPlace[],
  types: ReadonlySet<UsageType>,
  priceLists: ReadonlyMap<string, PriceList>,
): number | null {
  const usedIn = usageByPlace(places);
  let sum = 0;
  for (const { account, region, usage } of places) {
    const own = new Map([...usage].filter(([usageType]) => types.has(usageType)));
    const { cost } = accountPricing(priceLists.get(region)!, usedIn(account, region))(own);
    if (cost === null) return null;
    sum += cost;
  }
  return sum;
}

function negated(usage: AccountUsage): AccountUsage {
  return new Map([...usage].map(([usageType, quantity]) => [usageType, -quantity]));
}

/** A difference that is a rounding error of its terms is none. */
function settle(difference: number, term: number): number {
  return Math.abs(difference) <= Math.abs(term) * 1e-12 ? 0 : difference;
}
