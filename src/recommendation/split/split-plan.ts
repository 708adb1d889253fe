/**
 * A split plan is which regions of a Standard workflow to run as Express children, chosen to cost least.
 *
 * Exact at list price: a price per GB-second that falls with the month's volume makes the whole cost the least of
 * several linear ones, one for each tier's price, so the choice is made once at each of them and the cheapest month
 * wins. Of an account whose other workflows use the tiers too the prices are the account's averages. The 4,000 free
 * transitions, worth ten cents, take no part in the choice.
 */
import { type CostBasis, quantityOf } from "../../cost/cost-estimate.ts";
import { listItems } from "../../cost/line-item.ts";
import { priceQuantity } from "../../cost/tiered-price.ts";
import type { ExecutionProfile } from "../../graph/execution-profile.ts";
import { gbSeconds } from "../../usage/express-billing.ts";
import { loggingOf, loggedGB } from "../../usage/meter-neighbours.ts";
import { meterWorkflow } from "../../usage/meter-workflow.ts";
import type { UsageType } from "../../usage/usage-line.ts";
import { PAYLOAD_KB } from "../../workflow/default-figures.ts";
import type { StateMachine } from "../../workflow/state-machine.ts";
import type { Workload } from "../../workflow/workload/workload.ts";
import { type ChosenRegion, type DataBlocker, chooseRegions, timeOnce } from "./choose-regions.ts";
import { type CutData, readCutData } from "./cut-data.ts";
import { type CutPrices, childMemoryMB } from "./region-use.ts";
import { isTooLarge } from "./response-size.ts";
import { type ScopeFlow, flowsOfScopes } from "./scope-flow.ts";

export interface SplitPlan {
  /** The dearest first; empty when nothing is worth cutting. */
  readonly cuts: readonly PlannedCut[];
  /** Per execution at list price; null when a price is not known. */
  readonly savingPerExecution: number | null;
  /** At list price, GB-seconds at the mean of the tiers that the cuts reach; null when one is not known. */
  readonly prices: CutPrices | null;
  readonly dataBlocker: DataBlocker;
  readonly contextVariable: string;
  /** As planned from, for telling why a state is in no cut. */
  readonly scopes: readonly ScopeFlow[];
}

/** How long a call would have to last, all else equal, for the cuts to save nothing; null without cuts, or where calls cost nothing. */
export function secondsAtBreakEven({ cuts, savingPerExecution, prices }: SplitPlan): number | null {
  const gbPerSecond = cuts.reduce(
    (sum, { runs, use, memoryMB }) => sum + runs * use.entries * gbSeconds(1000, memoryMB),
    0,
  );
  if (savingPerExecution === null || prices === null || gbPerSecond * prices.gbSecond <= 0) return null;
  const billed = cuts.reduce(
    (sum, { runs, use, memoryMB, billedMs }) => sum + runs * use.entries * gbSeconds(billedMs, memoryMB),
    0,
  );
  return (savingPerExecution + billed * prices.gbSecond) / (gbPerSecond * prices.gbSecond);
}

export interface PlannedCut extends ChosenRegion {
  readonly data: CutData;
  readonly memoryMB: number;
}

export interface SplitPlanning {
  readonly profile: ExecutionProfile;
  readonly stateMachine: StateMachine;
  readonly workload: Workload;
  /** Per month; null = not known. */
  readonly executions: number | null;
  readonly basis: CostBasis;
}

export function planSplit(planning: SplitPlanning): SplitPlan {
  const { profile, stateMachine, workload } = planning;
  const scopes = flowsOfScopes(profile.run);
  const data = readCutData(stateMachine);
  const candidates = pricesToTry(planning);
  const prices = candidates?.[0] ?? null;
  const dataBlocker: DataBlocker = data.blockerOf;
  const uncut = { cuts: [], prices, dataBlocker, contextVariable: data.contextVariable, scopes };
  if (candidates === null) return { ...uncut, savingPerExecution: null };
  if (workload.needsHistory || isTooLarge(workload)) return { ...uncut, savingPerExecution: 0 };
  const timed = timeOnce();
  const choices = candidates.map((at) => {
    const found = atTiersReached(chooseRegions({ scopes, prices: at, dataBlocker, timed }), at, planning);
    return { ...found, saving: found.chosen.reduce((sum, { saving }) => sum + saving, 0) };
  });
  const best = choices.reduce((a, b) => (b.saving > a.saving ? b : a));
  const cuts = best.chosen.map((cut): PlannedCut => {
    const crossing = data.read(cut.scope, cut.region) as CutData;
    return { ...cut, data: crossing, memoryMB: childMemoryMB(cut.use, payloadOf(workload)) };
  });
  return {
    ...uncut,
    prices: best.prices,
    cuts: cuts.sort((a, b) => b.saving - a.saving),
    savingPerExecution: best.saving,
  };
}

export function payloadOf({ payloadKB }: Workload): number {
  return (payloadKB ?? PAYLOAD_KB).value;
}

/** One set of prices for each tier of the GB-second that the month may reach; null when one is not known. */
function pricesToTry({ workload, basis, executions }: SplitPlanning): readonly CutPrices[] | null {
  const account = basis.others;
  const price = (usageType: UsageType): number | null =>
    listItems(
      [{ usageType, state: null, text: "", quantity: 1, unit: "units" }],
      basis.priceList,
      account,
    )[0]!.unitPrice;
  const [transition, request, listed] = [
    price("StateTransition"),
    price("StepFunctions-Request"),
    price("StepFunctions-GB-Second"),
  ];
  const [parentLogs, childLogs] = [loggingOf("STANDARD", workload), loggingOf("EXPRESS", workload)];
  const payloadKB = payloadOf(workload);
  const ingest = childLogs.level === "OFF" ? 0 : price("Logs-Ingest-GB");
  const trace = workload.tracing === true ? price("XRay-Trace") : 0;
  if (transition === null || request === null || listed === null || ingest === null || trace === null)
    return null;
  const tiers = executions === null ? [] : (basis.priceList.prices["StepFunctions-GB-Second"]?.tiers ?? []);
  const reached = tiers.flatMap(({ unitPrice }) => (unitPrice === null ? [] : [unitPrice]));
  return [...new Set([listed, ...reached])].map((gbSecond) => ({
    transition,
    request: request + trace,
    gbSecond,
    loggedEvent: ingest * loggedGB(1, childLogs, payloadKB),
    parentLogs,
    childLogs,
    payloadKB,
  }));
}

interface PricedCuts {
  readonly chosen: readonly ChosenRegion[];
  /** What the savings stand at. */
  readonly prices: CutPrices;
}

/** The savings with the month's GB-seconds at the mean price of the tiers they reach, after those used already. */
function atTiersReached(
  chosen: readonly ChosenRegion[],
  prices: CutPrices,
  planning: SplitPlanning,
): PricedCuts {
  const { executions, basis } = planning;
  const price = basis.priceList.prices["StepFunctions-GB-Second"];
  if (price === undefined || executions === null || executions === 0) return { chosen, prices };
  const gbOf = ({ use, billedMs, runs }: ChosenRegion): number =>
    runs * use.entries * gbSeconds(billedMs, childMemoryMB(use, prices.payloadKB));
  const gb = chosen.reduce((sum, cut) => sum + gbOf(cut), 0);
  if (gb === 0) return { chosen, prices };
  const already = (basis.others.get("StepFunctions-GB-Second") ?? 0) + ownGbSeconds(planning) * executions;
  const { cost } = priceQuantity(price, gb * executions, { free: 0, already });
  if (cost === null) return { chosen, prices };
  const gbSecond = cost / (gb * executions);
  const dearer = gbSecond - prices.gbSecond;
  const repriced = chosen.map((cut) => ({ ...cut, saving: cut.saving - gbOf(cut) * dearer }));
  return { chosen: repriced, prices: { ...prices, gbSecond } };
}

/** What Express children of Distributed Maps bill already, per execution. */
function ownGbSeconds({ profile, basis, stateMachine, workload }: SplitPlanning): number {
  if (profile.children.length === 0) return 0;
  const { lines } = meterWorkflow("STANDARD", {
    profile,
    transitionRule: basis.transitionRule,
    definitionBytes: stateMachine.definitionBytes,
    payloadKB: payloadOf(workload),
  });
  return quantityOf(lines, "StepFunctions-GB-Second");
}
