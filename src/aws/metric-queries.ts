/**
 * Metric queries are what is asked of CloudWatch for each machine; their answers are put together again by their names.
 * Metrics: https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
 */
import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { CollectionPeriod } from "../observation/fleet-collection.ts";
import type { ListedMachine } from "./discover-machines.ts";

/** One time series asked for. */
export interface MetricQuery {
  /** Whose it is: the machine's ARN, or `region` for all machines of the region together. */
  readonly of: string;
  readonly key: MetricKey;
  readonly metric: string;
  readonly statistic: string;
  readonly dimensions: readonly { readonly Name: string; readonly Value: string }[];
  /** Seconds: a day, or the whole period for what cannot be added up. */
  readonly periodSeconds: number;
}

export type MetricKey =
  | "started"
  | "succeeded"
  | "failed"
  | "timedOut"
  | "aborted"
  | "throttled"
  | "timeSum"
  | "timeCount"
  | "timeP50"
  | "timeP90"
  | "timeP99"
  | "transitions"
  | "billedDuration"
  | "billedMemorySum"
  | "billedMemoryCount";

/** The most that one GetMetricData takes. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
export const QUERIES_PER_CALL = 500;
export const REGION = "region";

const DAY_SECONDS = 86_400;

/** Metric and statistic. Counts are sums: ExecutionsStarted has two samples an execution. */
const OF_ALL: readonly (readonly [MetricKey, string, string])[] = [
  ["started", "ExecutionsStarted", "Sum"],
  ["succeeded", "ExecutionsSucceeded", "Sum"],
  ["failed", "ExecutionsFailed", "Sum"],
  ["timedOut", "ExecutionsTimedOut", "Sum"],
  ["aborted", "ExecutionsAborted", "Sum"],
  ["throttled", "ExecutionThrottled", "Sum"],
  ["timeSum", "ExecutionTime", "Sum"],
  ["timeCount", "ExecutionTime", "SampleCount"],
  ["timeP50", "ExecutionTime", "p50"],
  ["timeP90", "ExecutionTime", "p90"],
  ["timeP99", "ExecutionTime", "p99"],
];

const OF_EXPRESS: readonly (readonly [MetricKey, string, string])[] = [
  ["billedDuration", "ExpressExecutionBilledDuration", "Sum"],
  ["billedMemorySum", "ExpressExecutionBilledMemory", "Sum"],
  ["billedMemoryCount", "ExpressExecutionBilledMemory", "SampleCount"],
];

const TRANSITIONS = { Name: "ServiceMetric", Value: "StateTransition" };

export function metricQueriesOf(
  machines: readonly ListedMachine[],
  { fromMs, untilMs }: CollectionPeriod,
): readonly MetricQuery[] {
  const whole = (untilMs - fromMs) / 1000;
  const queries: MetricQuery[] = machines.flatMap(({ arn, type }) => {
    const machine = { Name: "StateMachineArn", Value: arn };
    const own = type === "EXPRESS" ? [...OF_ALL, ...OF_EXPRESS] : OF_ALL;
    const asked = own.map(([key, metric, statistic]): MetricQuery => ({
      of: arn,
      key,
      metric,
      statistic,
      dimensions: [machine],
      periodSeconds: statistic.startsWith("p") ? whole : DAY_SECONDS,
    }));
    return type === "EXPRESS" ? asked : [...asked, transitionsOf(arn, [TRANSITIONS, machine])];
  });
  return machines.some(({ type }) => type === "STANDARD")
    ? [...queries, transitionsOf(REGION, [TRANSITIONS])]
    : queries;
}

function transitionsOf(of: string, dimensions: MetricQuery["dimensions"]): MetricQuery {
  const key = "transitions" as const;
  return { of, key, metric: "ConsumedCapacity", statistic: "Sum", dimensions, periodSeconds: DAY_SECONDS };
}

export function dataQueryOf(query: MetricQuery, id: string): MetricDataQuery {
  return {
    Id: id,
    MetricStat: {
      Metric: { Namespace: "AWS/States", MetricName: query.metric, Dimensions: [...query.dimensions] },
      Period: query.periodSeconds,
      Stat: query.statistic,
    },
    ReturnData: true,
  };
}
