/** What is used in each account and region, with what bears on its price there: free transitions are the account's, in whichever region it uses them; tiers are each region's own. */
import { accountUsage } from "../cost/cost-estimate.ts";
import type { AccountUsage } from "../cost/line-item.ts";

export interface UsedInPlace {
  readonly account: string;
  readonly region: string;
  readonly usage: AccountUsage;
}

/** One entry a place. What is left of a difference of doubles is no usage. */
export function pooledByPlace(used: readonly UsedInPlace[]): readonly UsedInPlace[] {
  const places = new Map<string, UsedInPlace[]>();
  for (const each of used) {
    const key = keyOf(each.account, each.region);
    const known = places.get(key);
    if (known === undefined) places.set(key, [each]);
    else known.push(each);
  }
  return [...places.values()].map((here) => ({
    account: here[0]!.account,
    region: here[0]!.region,
    usage: notNegative(accountUsage(here.map(({ usage }) => usage))),
  }));
}

/** Nothing, but for the transitions of its account, where nothing is used. */
export function usageByPlace(
  used: readonly UsedInPlace[],
): (account: string, region: string) => AccountUsage {
  const places = new Map<string, AccountUsage>();
  const transitions = new Map<string, number>();
  for (const { account, region, usage } of pooledByPlace(used)) {
    places.set(keyOf(account, region), usage);
    const own = usage.get("StateTransition");
    if (own !== undefined) transitions.set(account, (transitions.get(account) ?? 0) + own);
  }
  return (account, region) => {
    const total = new Map(places.get(keyOf(account, region)));
    const all = transitions.get(account);
    return all === undefined ? total : total.set("StateTransition", all);
  };
}

export function notNegative(usage: AccountUsage): AccountUsage {
  return new Map([...usage].map(([usageType, quantity]) => [usageType, Math.max(0, quantity)]));
}

function keyOf(account: string, region: string): string {
  return JSON.stringify([account, region]);
}
