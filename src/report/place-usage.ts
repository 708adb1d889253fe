/** What is used in each account and region, with what bears on its price there: free transitions are the account's, in whichever region it uses them; tiers are each region's own. */
import { accountUsage } from "../cost/cost-estimate.ts";
import type { AccountUsage } from "../cost/line-item.ts";

export interface UsedInPlace {
  readonly account: string;
  readonly region: string;
  readonly usage: AccountUsage;
}

/** Nothing, but for the transitions of its account, where nothing is used. */
export function usageByPlace(
  used: readonly UsedInPlace[],
): (account: string, region: string) => AccountUsage {
  const places = new Map<string, AccountUsage[]>();
  const transitions = new Map<string, number>();
  for (const { account, region, usage } of used) {
    const key = JSON.stringify([account, region]);
    const known = places.get(key);
    if (known === undefined) places.set(key, [usage]);
    else known.push(usage);
    const own = usage.get("StateTransition");
    if (own !== undefined) transitions.set(account, (transitions.get(account) ?? 0) + own);
  }
  return (account, region) => {
    const total = new Map(accountUsage(places.get(JSON.stringify([account, region])) ?? []));
    const all = transitions.get(account);
    return all === undefined ? total : total.set("StateTransition", all);
  };
}
