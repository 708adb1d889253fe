/**
 * Bill columns are where a bill says what is asked of it: the same twelve things under the names of the Cost and Usage
 * Report 2.0, the legacy one, as CSV or as Parquet, and FOCUS.
 * https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html
 * https://focus.finops.org/focus-specification/
 */
import type { BillFormat } from "../usage/billed-usage.ts";
import { UserError } from "../user-error.ts";

export type BillField =
  | "payer"
  | "account"
  | "product"
  | "usageType"
  | "lineType"
  | "quantity"
  | "cost"
  | "currency"
  | "rate"
  | "region"
  | "resource"
  | "start"
  | "month";

/** The column of each field; null where the bill has none. */
export interface BillColumns {
  readonly format: BillFormat;
  readonly columns: Readonly<Record<BillField, string | null>>;
  /** What the product column says of Step Functions. */
  readonly products: readonly string[];
}

/** Names in order of preference. */
type Names = Readonly<Record<BillField, readonly string[]>>;

const CUR: Names = {
  payer: ["bill_payer_account_id"],
  account: ["line_item_usage_account_id"],
  product: ["line_item_product_code"],
  usageType: ["line_item_usage_type"],
  lineType: ["line_item_line_item_type"],
  quantity: ["line_item_usage_amount"],
  cost: ["line_item_unblended_cost"],
  currency: ["line_item_currency_code"],
  rate: ["line_item_unblended_rate"],
  region: ["product_region_code", "product_region"],
  resource: ["line_item_resource_id"],
  start: ["line_item_usage_start_date"],
  month: ["bill_billing_period_start_date"],
};

const FOCUS: Names = {
  payer: ["BillingAccountId"],
  account: ["SubAccountId"],
  product: ["x_ServiceCode", "ServiceName"],
  usageType: ["x_UsageType"],
  lineType: ["ChargeCategory"],
  quantity: ["ConsumedQuantity", "PricingQuantity"],
  cost: ["BilledCost"],
  currency: ["BillingCurrency"],
  rate: ["ContractedUnitPrice", "ListUnitPrice"],
  region: ["RegionId"],
  resource: ["ResourceId"],
  start: ["ChargePeriodStart"],
  month: ["BillingPeriodStart"],
};

/** Without these nothing can be said. */
const REQUIRED: readonly BillField[] = ["account", "product", "usageType", "quantity", "cost"];

/** Columns of CUR 2.0 that the legacy report had under other names, or not at all. */
const ONLY_CUR_2 = ["bill_payer_account_name", "line_item_usage_account_name", "product_region_code"];

/** Throws UserErrors `not-a-bill` and `missing-bill-columns`; `name` is the file or table. */
export function findBillColumns(header: readonly string[], name: string): BillColumns {
  // CSV of the legacy report writes lineItem/UsageType for what Parquet calls line_item_usage_type.
  const byName = new Map<string, string>();
  for (const column of header) {
    for (const alias of [column.toLowerCase(), snakeCase(column)])
      if (!byName.has(alias)) byName.set(alias, column);
  }
  const has = (column: string): boolean => byName.has(column.toLowerCase());
  if (CUR.product.some(has) || CUR.usageType.some(has)) {
    const format = ONLY_CUR_2.some(has) ? "CUR 2.0" : "CUR (legacy)";
    return resolve(CUR, byName, { format, name, products: ["AmazonStates"] });
  }
  if (FOCUS.cost.some(has) && FOCUS.lineType.some(has))
    return resolve(FOCUS, byName, {
      format: "FOCUS",
      name,
      products: ["AmazonStates", "AWS Step Functions"],
    });
  throw new UserError(
    "not-a-bill",
    `${name} is no Cost and Usage Report and no FOCUS export: it has neither line_item_product_code nor BilledCost among its ${header.length} columns.`,
    "Create a data export in the Billing console: CUR 2.0 or FOCUS 1.x, CSV or Parquet.",
  );
}

function resolve(
  names: Names,
  byName: ReadonlyMap<string, string>,
  { format, name, products }: { format: BillFormat; name: string; products: readonly string[] },
): BillColumns {
  const columns = Object.fromEntries(
    Object.entries(names).map(([field, candidates]) => {
      const found = candidates.find((candidate) => byName.has(candidate.toLowerCase()));
      return [field, found === undefined ? null : byName.get(found.toLowerCase())!];
    }),
  ) as BillColumns["columns"];
  const missing = REQUIRED.filter((field) => columns[field] === null).map((field) => names[field][0]!);
  if (missing.length === 0) return { format, columns, products };
  throw new UserError(
    "missing-bill-columns",
    `${name} lacks ${missing.join(", ")}, without which nothing can be compared.`,
    "Export the bill with these columns; line_item_resource_id (ResourceId) as well tells machines apart.",
  );
}

/** `lineItem/UsageType` → `line_item_usage_type`. */
function snakeCase(column: string): string {
  return column
    .replace("/", "_")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
