/** Bills of the bench: a Cost and Usage Report of many rows and a hundred columns, few of them of Step Functions. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

const OTHER_COLUMNS = 88;

/** Writes `bill.parquet` or `bill.csv` of October 2026, and a fleet beside it. */
export async function billFolder(rows, format) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "stepfare-bench-bill-"));
  const file = path.join(folder, `bill.${format}`);
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  const others = Array.from({ length: OTHER_COLUMNS }, (_, at) =>
    at % 3 === 0 ? `i % ${at + 7} AS other_${at}` : `'value ' || (i % ${at * 13 + 3}) AS other_${at}`,
  );
  const select = `SELECT '999999999999' AS bill_payer_account_id,
      '11111111111' || (i % 3) AS line_item_usage_account_id,
      CASE WHEN i % 20 = 0 THEN 'AmazonStates' WHEN i % 2 = 0 THEN 'AmazonEC2' ELSE 'AWSLambda' END AS line_item_product_code,
      CASE WHEN i % 60 = 0 THEN 'USE1-StepFunctions-Request' ELSE 'USE1-StateTransition' END AS line_item_usage_type,
      'Usage' AS line_item_line_item_type, CAST(1000 + i % 7 AS DOUBLE) AS line_item_usage_amount,
      CAST((1000 + i % 7) * 0.000025 AS DOUBLE) AS line_item_unblended_cost, '0.0000250000' AS line_item_unblended_rate,
      'USD' AS line_item_currency_code, 'us-east-1' AS product_region_code,
      'arn:aws:states:us-east-1:11111111111' || (i % 3) || ':stateMachine:machine-' || (i % 5000) AS line_item_resource_id,
      TIMESTAMP '2026-10-01' + INTERVAL (i % 744) HOUR AS line_item_usage_start_date,
      TIMESTAMP '2026-10-01' AS bill_billing_period_start_date, ${others.join(", ")}
    FROM range(${rows}) t(i)`;
  const options = format === "csv" ? "FORMAT csv, HEADER" : "FORMAT parquet, COMPRESSION snappy";
  await connection.run(`COPY (${select}) TO '${file}' (${options})`);
  connection.closeSync();
  instance.closeSync();
  return { folder, file, remove: () => rm(folder, { recursive: true, force: true }) };
}
