/** A CSV table is rows of bare values under their names, after RFC 4180: lines end in CR LF, what is not known is empty. */
import { csvText } from "./safe-text.ts";

export type CsvValue = string | number | null;

const SIGNIFICANT_DIGITS = 12;

export function csvTable(head: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  return [head, ...rows.map((row) => row.map(csvField))].map((fields) => `${fields.join(",")}\r\n`).join("");
}

function csvField(value: CsvValue): string {
  if (value === null) return "";
  if (typeof value === "string") return csvText(value);
  return Number.isFinite(value) ? String(Number(value.toPrecision(SIGNIFICANT_DIGITS))) : "";
}
