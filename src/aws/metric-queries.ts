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

/** How many queries the machines take, all in a row: those of each machine, then one of the region. */
export function countMetricQueries(machines: readonly ListedMachine[]): number {
  const own = machines.reduce((sum, machine) => sum + queriesOf(machine), 0);
  return machines.some(isStandard) ? own + 1 : own;
}

/** The queries of one call, cut out of the row when the call is made: a large fleet's whole row would fill memory. */
export function metricQueriesOf(
  machines: readonly ListedMachine[],
  { fromMs, untilMs }: CollectionPeriod,
  call: number,
): readonly MetricQuery[] {
  const [from, until] = [call * QUERIES_PER_CALL, (call + 1) * QUERIES_PER_CALL];
  const cut: MetricQuery[] = [];
  let at = 0;
  for (const machine of machines) {
    const end = at + queriesOf(machine);
    if (end > from && at < until) {
      const own = queriesOfMachine(machine, (untilMs - fromMs) / 1000);
      cut.push(...own.slice(Math.max(0, from - at), until - at));
    }
    at = end;
  }
  return at >= from && at < until && machines.some(isStandard)
    ? [...cut, transitionsOf(REGION, [TRANSITIONS])]
    : cut;
}

function isStandard({ type }: ListedMachine): boolean {
  return type === "STANDARD";
}

function queriesOf(machine: ListedMachine): number {
  return OF_ALL.length + (isStandard(machine) ? 1 : OF_EXPRESS.length);
}

function queriesOfMachine(machine: ListedMachine, wholePeriodSeconds: number): readonly MetricQuery[] {
  const dimension = { Name: "StateMachineArn", Value: machine.arn };
  const own = isStandard(machine) ? OF_ALL : [...OF_ALL, ...OF_EXPRESS];
  const asked = own.map(([key, metric, statistic]): MetricQuery => ({
    of: machine.arn,
    key,
    metric,
    statistic,
    dimensions: [dimension],
    periodSeconds: statistic.startsWith("p") ? wholePeriodSeconds : DAY_SECONDS,
  }));
  return isStandard(machine) ? [...asked, transitionsOf(machine.arn, [TRANSITIONS, dimension])] : asked;
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
