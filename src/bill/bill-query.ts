/**
 * The bill query is the question that a bill is asked, as SQL: sums of the rows of Step Functions by all that tells them
 * apart. It keeps to what Amazon Athena (Trino) and DuckDB understand alike, so that the one can be tested by the other.
 */
import type { BillColumns, BillField } from "./bill-columns.ts";

export const KEY_FIELDS = [
  "payer",
  "account",
  "region",
  "resource",
  "usageType",
  "lineType",
  "currency",
  "rate",
  "month",
] as const;

export interface Partition {
  readonly column: string;
  readonly value: string;
}

/** `from` is the table, quoted as its engine has it; `month` is `2026-10`, null = all months. */
export function billQuery(
  { columns, products }: BillColumns,
  { from, month, partitions = [] }: { from: string; month: string | null; partitions?: readonly Partition[] },
): string {
  const text = (field: BillField): string =>
    columns[field] === null ? "''" : `coalesce(CAST(${quoted(columns[field])} AS varchar), '')`;
  const number = (field: BillField): string => `sum(coalesce(CAST(${quoted(columns[field]!)} AS double), 0))`;
  const keys = KEY_FIELDS.map((field) =>
    field === "month" ? `substr(${text(monthField(columns))}, 1, 7)` : text(field),
  );
  const day = `substr(${text("start")}, 1, 10)`;
  const conditions = [
    `${text("product")} IN (${products.map(literal).join(", ")})`,
    ...partitions.map(({ column, value }) => `${quoted(column)} = ${literal(value)}`),
    ...(month === null || columns[monthField(columns)] === null
      ? []
      : [`${keys.at(-1)!} = ${literal(month)}`]),
  ];
  return [
    `SELECT ${keys.map((key, index) => `${key} AS k${index}`).join(", ")},`,
    `  ${number("quantity")} AS quantity, ${number("cost")} AS cost, count(*) AS row_count,`,
    `  min(${day}) AS first_day, max(${day}) AS last_day`,
    `FROM ${from}`,
    `WHERE ${conditions.join(" AND ")}`,
    `GROUP BY ${keys.map((_, index) => index + 1).join(", ")}`,
  ].join("\n");
}

/** A bill without its period says at least when each row began. */
export function monthField(columns: BillColumns["columns"]): "month" | "start" {
  return columns.month === null ? "start" : "month";
}

export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
