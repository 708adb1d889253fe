/** Bills made in DuckDB: the rows of a month, written in every form that AWS exports. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";

export interface Duck {
  readonly folder: string;
  run(sql: string): Promise<void>;
  /** Every value as text, as Athena's results have it. */
  rows(sql: string): Promise<string[][]>;
  close(): Promise<void>;
}

export async function openDuck(): Promise<Duck> {
  const folder = await mkdtemp(path.join(tmpdir(), "stepfare-bill-"));
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection: DuckDBConnection = await instance.connect();
  return {
    folder,
    run: async (sql) => void (await connection.run(sql)),
    rows: async (sql) => {
      const reader = await connection.runAndReadAll(sql);
      return reader.getRows().map((row) => row.map((value) => (value === null ? "" : String(value))));
    },
    close: async () => {
      connection.closeSync();
      instance.closeSync();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A month of an account: machines of Step Functions among rows of other services, free units, credits, a refund, tax. */
const CUR_TABLE = `
CREATE SCHEMA billing;
CREATE TABLE billing.cur AS
WITH hours AS (SELECT i, TIMESTAMP '2026-10-01' + INTERVAL (i % 744) HOUR AS used_at FROM range(6000) t(i))
SELECT
  '999999999999' AS bill_payer_account_id,
  CASE WHEN i % 7 = 0 THEN '222222222222' ELSE '111111111111' END AS line_item_usage_account_id,
  'Account "of, many" names' AS line_item_usage_account_name,
  CASE WHEN i % 3 = 0 THEN 'AmazonStates' WHEN i % 3 = 1 THEN 'AmazonEC2' ELSE 'AWSLambda' END AS line_item_product_code,
  CASE WHEN i % 12 = 0 THEN 'USE1-StepFunctions-Request' WHEN i % 12 = 3 THEN 'USE1-StepFunctions-GB-Second'
       WHEN i % 120 = 6 THEN 'Global-StateTransition' ELSE 'USE1-StateTransition' END AS line_item_usage_type,
  CASE WHEN i % 600 = 9 THEN 'Credit' WHEN i % 900 = 9 THEN 'Tax' ELSE 'Usage' END AS line_item_line_item_type,
  CASE WHEN i % 600 = 9 OR i % 900 = 9 THEN 0.0 ELSE 100.0 + i % 11 END AS line_item_usage_amount,
  CASE WHEN i % 120 = 6 THEN 0.0 WHEN i % 600 = 9 THEN -0.5 WHEN i % 900 = 9 THEN 0.2
       ELSE (100.0 + i % 11) * 0.000025 END AS line_item_unblended_cost,
  CASE WHEN i % 120 = 6 THEN '0.0000000000' ELSE '0.0000250000' END AS line_item_unblended_rate,
  'USD' AS line_item_currency_code,
  CASE WHEN i % 120 = 6 THEN '' ELSE 'us-east-1' END AS product_region_code,
  CASE WHEN i % 2 = 0 THEN 'arn:aws:states:us-east-1:111111111111:stateMachine:M' || (i % 5) END AS line_item_resource_id,
  used_at AS line_item_usage_start_date,
  TIMESTAMP '2026-10-01' AS bill_billing_period_start_date,
  MAP {'product_name': 'x', 'note': 'line one' || chr(10) || 'line two'} AS product,
  'say "hello", twice' || CASE WHEN i % 50 = 0 THEN chr(10) || 'AmazonStates on a line of its own' ELSE '' END AS note
FROM hours`;

const FOCUS_VIEW = `
CREATE VIEW billing.focus AS
SELECT bill_payer_account_id AS "BillingAccountId", line_item_usage_account_id AS "SubAccountId",
  CASE WHEN line_item_product_code = 'AmazonStates' THEN 'AWS Step Functions' ELSE 'Other' END AS "ServiceName",
  line_item_usage_type AS "x_UsageType", line_item_line_item_type AS "ChargeCategory",
  line_item_usage_amount AS "ConsumedQuantity", line_item_unblended_cost AS "BilledCost",
  line_item_currency_code AS "BillingCurrency", CAST(line_item_unblended_rate AS DOUBLE) AS "ListUnitPrice",
  product_region_code AS "RegionId", line_item_resource_id AS "ResourceId",
  line_item_usage_start_date AS "ChargePeriodStart", bill_billing_period_start_date AS "BillingPeriodStart", note
FROM billing.cur`;

const LEGACY_VIEW = `
CREATE VIEW billing.legacy AS
SELECT bill_payer_account_id AS "bill/PayerAccountId", line_item_usage_account_id AS "lineItem/UsageAccountId",
  line_item_product_code AS "lineItem/ProductCode", line_item_usage_type AS "lineItem/UsageType",
  line_item_line_item_type AS "lineItem/LineItemType", line_item_usage_amount AS "lineItem/UsageAmount",
  line_item_unblended_cost AS "lineItem/UnblendedCost", line_item_currency_code AS "lineItem/CurrencyCode",
  line_item_unblended_rate AS "lineItem/UnblendedRate", product_region_code AS "product/region",
  line_item_resource_id AS "lineItem/ResourceId",
  strftime(line_item_usage_start_date, '%Y-%m-%dT%H:%M:%SZ') AS "lineItem/UsageStartDate",
  strftime(bill_billing_period_start_date, '%Y-%m-%dT%H:%M:%SZ') AS "bill/BillingPeriodStartDate", note
FROM billing.cur`;

/** Every form of the same bill, by what it is called here. */
export async function writeBills(duck: Duck): Promise<ReadonlyMap<string, string>> {
  await duck.run(CUR_TABLE);
  await duck.run(FOCUS_VIEW);
  await duck.run(LEGACY_VIEW);
  const files = [
    ["cur.snappy.parquet", "billing.cur", "FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 2048"],
    ["cur.zstd.parquet", "billing.cur", "FORMAT parquet, COMPRESSION zstd"],
    ["cur.csv", "(SELECT * EXCLUDE (product) FROM billing.cur)", "FORMAT csv, HEADER"],
    ["legacy.csv.gz", "billing.legacy", "FORMAT csv, HEADER, COMPRESSION gzip"],
    ["focus.parquet", "billing.focus", "FORMAT parquet, COMPRESSION gzip"],
    ["focus.csv", "billing.focus", "FORMAT csv, HEADER"],
  ] as const;
  const paths = new Map<string, string>();
  for (const [name, from, options] of files) {
    const file = path.join(duck.folder, name);
    await duck.run(`COPY ${from} TO '${file}' (${options})`);
    paths.set(name, file);
  }
  return paths;
}
