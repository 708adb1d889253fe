/**
 * A region's use is what it spends per run of its scope where it stands, and what a child in its place would: the
 * parent's Task that starts it, the Choice on its Status, and a Succeed or Fail where it ends or fails; a request
 * and GB-seconds for each call.
 */
import type { Distribution } from "../../graph/distribution.ts";
import { entriesOf } from "../../graph/region/flow-figures.ts";
import { type Region, sumOver } from "../../graph/region/single-exit-regions.ts";
import { billedMemoryMB, gbSeconds, meanBilledMs } from "../../usage/express-billing.ts";
import type { Logging } from "../../usage/meter-neighbours.ts";
import type { RegionSum, ScopeFlow } from "./scope-flow.ts";

export interface RegionUse extends Readonly<Record<Exclude<RegionSum, "blocked">, number>> {
  /** From outside: each is one call of the child. */
  readonly entries: number;
  /** The scope ends with it. */
  readonly ends: boolean;
}

/** Prices of one more unit; null prices are not let in. */
export interface CutPrices {
  readonly transition: number;
  /** And of its X-Ray trace, where there is one. */
  readonly request: number;
  readonly gbSecond: number;
  /** 0 where nothing is logged. */
  readonly loggedEvent: number;
  readonly parentLogs: Logging;
  readonly childLogs: Logging;
  readonly payloadKB: number;
}

/** Bytes of what a child's definition holds besides the region's states, about. */
const CHILD_FRAME_BYTES = 400;

export function useOf(region: Region, { family, figures, flow, sums }: ScopeFlow): RegionUse {
  const sum = (what: RegionSum): number => sumOver(region, sums[what]);
  return {
    transitions: sum("transitions"),
    durationMs: sum("durationMs"),
    failures: sum("failures"),
    errorEvents: sum("errorEvents"),
    parallelSteps: sum("parallelSteps"),
    bytes: sum("bytes") + CHILD_FRAME_BYTES,
    entries: Math.max(0, entriesOf(region, family, figures)),
    ends: region.exit === flow.end,
  };
}

/** Transitions of the states that stand in for a region: Task and Choice, then Succeed where the scope ends, Fail where it fails. */
export function standInTransitions(entries: number, failures: number, ends: boolean): number {
  return 2 * entries + failures + (ends ? entries - failures : 0);
}

export function childMemoryMB({ bytes, parallelSteps, entries }: RegionUse, payloadKB: number): number {
  return billedMemoryMB({
    definitionBytes: bytes,
    payloadKB,
    parallelSteps: entries > 0 ? parallelSteps / entries : 0,
  });
}

/**
 * Events that go to CloudWatch Logs with the child, less those that no longer do. What a region's states write they
 * write on either side of the cut at level ALL: then only the call and the frame of the child are new.
 */
export function addedLogEvents(
  { entries, failures, errorEvents, ends }: RegionUse,
  { parentLogs, childLogs }: Pick<CutPrices, "parentLogs" | "childLogs">,
): number {
  if (childLogs.level === "OFF") return 0;
  if (childLogs.level === "ALL") {
    // Child: start, end, and the Pass that opens its input; parent: a Task's five, a Choice's two, Succeed or Fail.
    return entries * (2 + 2 + 5 + 2) + failures + (ends ? 2 * (entries - failures) : 0);
  }
  if (childLogs.level === "FATAL") return failures;
  // Child: its end; parent: the Fail state that raises the failure again. Or all of the child's, where the parent logs nothing.
  return failures + (parentLogs.level === "OFF" ? errorEvents : failures);
}

/** What is saved per run of the scope, given what one call bills; of calls at least as long as they last. */
export function savingOf(use: RegionUse, billedMs: number, prices: CutPrices): number {
  const gb = use.entries * gbSeconds(billedMs, childMemoryMB(use, prices.payloadKB));
  return (
    prices.transition * (use.transitions - standInTransitions(use.entries, use.failures, use.ends)) -
    prices.request * use.entries -
    prices.gbSecond * gb -
    prices.loggedEvent * addedLogEvents(use, prices)
  );
}

export function billedMsOf(duration: Distribution): number {
  return meanBilledMs(duration);
}
