/** What an account's machines share: free units and volume tiers, as each account has them for itself, and as one payer would. */
import { accountPricing } from "../../cost/account-month.ts";
import { accountUsage } from "../../cost/cost-estimate.ts";
import type { AccountUsage } from "../../cost/line-item.ts";
import type { PriceList } from "../../cost/price-list.ts";
import { usageOfMonth } from "./machine-month.ts";
import { quantityOfMonth } from "./month-totals.ts";
import type { AccountSharing } from "./monthly-report.ts";
import { type PricedMachine } from "./price-month.ts";

const ALONE =
  "Each account has its own 4,000 free state transitions and its own Express volume tiers. Accounts of one payer share both (consolidated billing), which the consolidated total counts.";

export function shareAccounts(
  machines: readonly PricedMachine[],
  priceLists: ReadonlyMap<string, PriceList>,
): AccountSharing {
  const accounts = [...new Set(machines.map(({ account }) => account))].sort();
  return {
    assumption: ALONE,
    free: accounts.map((account) => {
      const own = machines.filter((machine) => machine.account === account);
      const used = own.reduce((sum, each) => sum + (quantityOfMonth(each, "StateTransition") ?? 0), 0);
      const region = own[0]!.region;
      const free = priceLists.get(region)?.prices.StateTransition?.freePerMonth ?? 0;
      const worth = own.reduce((sum, { priced }) => sum - (priced?.free ?? 0), 0);
      return { account, used, free: Math.min(free, used), worth };
    }),
    consolidatedMonthlyCost: accounts.length < 2 ? null : consolidated(machines, priceLists),
  };
}

/** All regions draw on one free tier; each region has its own tiers. Null when a price is not known. */
function consolidated(
  machines: readonly PricedMachine[],
  priceLists: ReadonlyMap<string, PriceList>,
): number | null {
  const regions = new Map<string, AccountUsage[]>();
  for (const { month, region } of machines) {
    const usage = usageOfMonth(month);
    if (usage === null) continue;
    const known = regions.get(region);
    if (known === undefined) regions.set(region, [usage]);
    else known.push(usage);
  }
  const used = new Map([...regions].map(([region, usages]) => [region, accountUsage(usages)]));
  const transitions = [...used.values()].reduce((sum, usage) => sum + (usage.get("StateTransition") ?? 0), 0);
  let sum = 0;
  for (const [region, usage] of used) {
    const account = new Map([...usage, ["StateTransition", transitions] as const]);
    const { cost } = accountPricing(priceLists.get(region)!, account)(usage);
    if (cost === null) return null;
    sum += cost;
  }
  return sum;
}
