/** Sums rows as they come: memory grows with the sums, never with the rows. */
import type { BilledSum } from "../usage/billed-usage.ts";
import { UserError } from "../user-error.ts";
import type { BillColumns, BillField } from "./bill-columns.ts";
import { KEY_FIELDS, monthField } from "./bill-query.ts";

/** One row's fields as written; a field the bill lacks is null. */
export type BillRow = (field: BillField) => unknown;

export interface RowSums {
  /** Rows of other products are passed over. `place` is the row's in its file, from 1. */
  add(row: BillRow, place: number): void;
  readonly sums: () => readonly BilledSum[];
}

interface OpenSum {
  readonly keys: readonly string[];
  quantity: number;
  cost: number;
  rows: number;
  from: string;
  until: string;
}

export function sumRows({ columns, products }: BillColumns): RowSums {
  const wanted = new Set(products);
  const open = new Map<string, OpenSum>();
  const period = monthField(columns);
  return {
    add: (row, place) => {
      if (!wanted.has(textOf(row("product")))) return;
      const dayOf = (field: "month" | "start"): string =>
        billedDay(textOf(row(field)), { row: place, column: columns[field] ?? field });
      const [day, first] = [dayOf("start"), dayOf(period)];
      const keys = KEY_FIELDS.map((field) => (field === "month" ? first.slice(0, 7) : textOf(row(field))));
      const id = keys.join("\u0000");
      const sum = open.get(id) ?? { keys, quantity: 0, cost: 0, rows: 0, from: day, until: day };
      const numberOf = (field: "quantity" | "cost"): number =>
        billedNumber(row(field), { row: place, column: columns[field] ?? field });
      sum.quantity += numberOf("quantity");
      sum.cost += numberOf("cost");
      sum.rows += 1;
      if (day < sum.from) sum.from = day;
      if (day > sum.until) sum.until = day;
      open.set(id, sum);
    },
    sums: () => [...open.values()].map(({ keys, ...sums }) => billedSum(keys, sums)),
  };
}

type Sums = Pick<BilledSum, "quantity" | "cost" | "rows" | "from" | "until">;

/** `keys` in the order of KEY_FIELDS. */
export function billedSum(keys: readonly string[], sums: Sums): BilledSum {
  const [payer, account, region, resource, usageType, lineType, currency, rate, month] = keys as readonly [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return {
    payer,
    account,
    region,
    resource,
    usageType,
    lineType,
    currency,
    rate: plainRate(rate),
    month,
    ...sums,
  };
}

/** `0.0000250000`, `2.5e-05` and `0.000025` are one rate. */
function plainRate(rate: string): string {
  const number = Number(rate);
  return rate === "" || !Number.isFinite(number) ? rate : String(number);
}

/** Files of several readers together: sums of the same keys become one. */
export function mergeSums(parts: readonly (readonly BilledSum[])[]): readonly BilledSum[] {
  const merged = new Map<string, BilledSum>();
  for (const sum of parts.flat()) {
    const id = KEY_FIELDS.map((field) => sum[field]).join("\u0000");
    const known = merged.get(id);
    merged.set(
      id,
      known === undefined
        ? sum
        : {
            ...sum,
            quantity: known.quantity + sum.quantity,
            cost: known.cost + sum.cost,
            rows: known.rows + sum.rows,
            from: known.from < sum.from ? known.from : sum.from,
            until: known.until > sum.until ? known.until : sum.until,
          },
    );
  }
  return [...merged.values()].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

function idOf(sum: BilledSum): string {
  return KEY_FIELDS.map((field) => sum[field]).join("\u0000");
}

/** Instants as ISO 8601, so that a day is their first ten characters in every format. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString();
  return typeof value === "number" || typeof value === "bigint" || typeof value === "boolean"
    ? String(value)
    : "";
}

/** A stray quote makes one value of the rest of a file. */
const LONGEST_SHOWN = 40;

/** Rows of no usage leave the field empty; anything else must be a number, or the sum would be a lie. */
export function billedNumber(value: unknown, at: BillPlace | null = null): number {
  const number = Number(value ?? 0);
  if (Number.isFinite(number)) return number;
  throw misread(String(value), "a quantity or a cost", at);
}

/**
 * AWS writes dates as ISO 8601 has them, `2026-10-01T00:00:00Z` or `2026-10-01 00:00:00`, a billing period at times as
 * `2026-10`; a spreadsheet that saves the file writes others, of which nobody knows what is the month. Empty stays empty.
 */
function billedDay(written: string, at: BillPlace): string {
  if (written === "" || /^\d{4}-(?:0[1-9]|1[0-2])(?:-\d{2})?(?!\d)/.test(written))
    return written.slice(0, 10);
  throw misread(written, "a date such as 2026-10-01T00:00:00Z", at);
}

interface BillPlace {
  readonly row: number;
  readonly column: string;
}

function misread(written: string, wanted: string, at: BillPlace | null): UserError {
  const shown = written.length > LONGEST_SHOWN ? `${written.slice(0, LONGEST_SHOWN)}…` : written;
  const where = at === null ? "" : `, in row ${at.row}, column ${at.column}`;
  return new UserError(
    "unreadable-bill",
    `${JSON.stringify(shown)} stands where ${wanted} should be${where}.`,
    "Give the file as AWS wrote it: a spreadsheet that saves it may write numbers and dates anew.",
  );
}
