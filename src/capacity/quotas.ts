/** Quotas are what AWS allows one account in one region, as `pricing/quotas.json` has them with source and date. */
import quotas from "../../pricing/quotas.json" with { type: "json" };

/** A rate that AWS limits by a token bucket: so many at once, then so many more each second. */
export interface TokenBucket {
  readonly bucket: number;
  readonly perSecond: number;
}

export interface RegionQuotas {
  readonly stateTransition: TokenBucket;
  readonly startStandard: TokenBucket;
  readonly startExpress: TokenBucket;
  readonly startMapRun: TokenBucket;
  readonly openExecutions: number;
  readonly openMapRuns: number;
}

/** What no request to AWS raises. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const HARD_QUOTAS = quotas.hard;

/**
 * Lambda executions at once in an account and region, before it asks for more.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const LAMBDA_CONCURRENCY = 1_000;

/** The longest that a Lambda function runs; no request raises it. Same page. */
export const LAMBDA_SECONDS = 900;

/** What the raise of a quota is asked for by, in Service Quotas. None is known for those that are not here. */
export interface BucketCodes {
  /** How many at once. */
  readonly bucket: string;
  /** How many more each second. */
  readonly perSecond: string;
}

const { serviceQuotasCodes } = quotas;

export const QUOTA_CODES = {
  stateTransition: serviceQuotasCodes.rates.stateTransitionStandard,
  startStandard: serviceQuotasCodes.rates.startExecutionStandard,
  startExpress: serviceQuotasCodes.rates.startExecutionExpress,
  openExecutions: serviceQuotasCodes.openExecutions,
  lambdaConcurrency: serviceQuotasCodes.lambdaConcurrency,
};

export function quotasOf(region: string): RegionQuotas {
  const { largeRegions, otherRegions, allRegions } = quotas.rates;
  const { rates } = largeRegions.regions.includes(region) ? largeRegions : otherRegions;
  return {
    stateTransition: rates.stateTransitionStandard,
    startStandard: rates.startExecutionStandard,
    startExpress: allRegions.rates.startExecutionExpress,
    startMapRun: allRegions.rates.startMapRun,
    openExecutions: quotas.soft.openExecutions,
    openMapRuns: quotas.hard.openMapRuns,
  };
}
