/** The collection price is what AWS bills for asking: metrics alone, Step Functions answers for nothing. */

/** USD per metric requested. https://aws.amazon.com/cloudwatch/pricing/ (GetMetricData, $0.01 per 1,000 metrics requested) */
const USD_PER_METRIC = 0.01 / 1000;

/** Each statistic counts as a metric, an upper bound: CloudWatch may count several statistics of one metric once. */
export function priceOfMetrics(metrics: number): number {
  return Number((metrics * USD_PER_METRIC).toFixed(6));
}
