/** The API pace is how fast each action may be called in a region, before AWS refuses. */
import quotas from "../../pricing/quotas.json" with { type: "json" };
import type { Pace } from "./token-bucket.ts";

interface Rate {
  readonly bucket: number;
  readonly perSecond: number;
}

/**
 * Actions whose quota quotas.json does not hold.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 * https://docs.aws.amazon.com/general/latest/gr/arg.html (GetResources)
 * Where AWS publishes none, a careful guess.
 */
const OTHERS: ReadonlyMap<string, Rate> = new Map([
  ["cloudwatch:GetMetricData", { bucket: 50, perSecond: 50 }],
  ["logs:FilterLogEvents", { bucket: 5, perSecond: 5 }],
  ["tag:GetResources", { bucket: 15, perSecond: 15 }],
  ["states:ListStateMachineAliases", { bucket: 100, perSecond: 5 }],
  ["states:ListStateMachineVersions", { bucket: 100, perSecond: 5 }],
  ["states:ValidateStateMachineDefinition", { bucket: 100, perSecond: 5 }],
]);

const UNPUBLISHED: Rate = { bucket: 5, perSecond: 1 };

/** `rate` is the part of the quota that may be used; a bucket never holds less than one token. */
export function paceOf(action: string, region: string, rate: number): Pace {
  const { bucket, perSecond } = OTHERS.get(action) ?? statesRate(action, region) ?? UNPUBLISHED;
  return { size: Math.max(1, bucket * rate), perSecond: perSecond * rate };
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
function statesRate(action: string, region: string): Rate | undefined {
  const [service = "", name = ""] = action.split(":");
  if (service !== "states") return undefined;
  const key = name.charAt(0).toLowerCase() + name.slice(1);
  const { allRegions, largeRegions, otherRegions } = quotas.rates;
  const regional = largeRegions.regions.includes(region) ? largeRegions : otherRegions;
  return new Map<string, Rate>([...Object.entries(allRegions.rates), ...Object.entries(regional.rates)]).get(
    key,
  );
}
