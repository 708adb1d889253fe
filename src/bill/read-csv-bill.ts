/**
 * Reads a bill in CSV, as it comes or gzipped, in a stream. A bill of a million rows has a few thousand of Step
 * Functions: only records that name the product at all are parsed, the others are passed over by their line ends.
 */
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { type BillBytes, unreadableBill } from "./bill-bytes.ts";
import { type BillField, findBillColumns } from "./bill-columns.ts";
import { csvRecords } from "./csv-records.ts";
import type { OpenBill } from "./read-parquet-bill.ts";

const QUOTE = 0x22;
const LINE_END = Buffer.from("\n");

/** Rows are counted as a spreadsheet shows them. */
const HEADER_ROWS = 1;

/** Quoted records are parsed so many bytes at a time: opening the parser costs as much as a hundred of them. */
const BATCH_BYTES = 1 << 20;

export async function openCsvBill(bytes: BillBytes): Promise<OpenBill> {
  const { parse } = await import("csv-parse/sync");
  const parseAll = (records: readonly Buffer[]): readonly (readonly string[])[] =>
    parse(Buffer.concat(records.flatMap((record) => [record, LINE_END])), {
      bom: true,
      relax_column_count: true,
    });
  const headerOf = (record: Buffer): readonly string[] => {
    try {
      return parseAll([record])[0] ?? [];
    } catch (error) {
      throw unreadableBill(`${bytes.name} cannot be read`, error);
    }
  };
  // What each row of Step Functions says in its product column, and hardly any other.
  const records = csvRecords(await plainBytes(bytes), () =>
    columns.products.map((name) => Buffer.from(name)),
  );
  const first = await records.next().catch((error: unknown) => {
    throw unreadableBill(`${bytes.name} cannot be read`, error);
  });
  const header = first.done === true ? [] : headerOf(first.value.record);
  const columns = findBillColumns(header, bytes.name);
  const index = new Map(header.map((name, at) => [name, at]));
  const at = Object.fromEntries(
    Object.entries(columns.columns).map(([field, name]) => [field, name === null ? -1 : index.get(name)!]),
  ) as Record<BillField, number>;
  return {
    columns,
    rows: null,
    read: async (add) => {
      const addValues = (values: readonly string[], place: number): void =>
        add((field) => (at[field] < 0 ? null : (values[at[field]] ?? "")), place);
      // The parser knows this one record alone, and so not its line.
      const valuesOfLast = (record: Buffer, line: number): readonly string[] => {
        try {
          return parseAll([record])[0] ?? [];
        } catch (error) {
          if ((error as { readonly code?: unknown }).code !== "CSV_QUOTE_NOT_CLOSED") throw error;
          throw new Error(
            `it ends within quotes, in the row that begins on line ${line}; the file may not be whole`,
            { cause: error },
          );
        }
      };
      let [rows, quoted, places, size] = [0, [] as Buffer[], [] as number[], 0];
      const flush = (): void => {
        for (const [index, values] of parseAll(quoted).entries()) addValues(values, places[index]!);
        [quoted, places, size] = [[], [], 0];
      };
      try {
        for await (const { record, passed, unendedOn } of records) {
          rows += passed + (record.length === 0 ? 0 : 1);
          if (unendedOn !== null) refuseCutRow(valuesOfLast(record, unendedOn), header.length, unendedOn);
          if (record.includes(QUOTE)) {
            // The record is a view of a chunk that will be gone.
            quoted.push(Buffer.from(record));
            places.push(rows + HEADER_ROWS);
            size += record.length;
            if (size >= BATCH_BYTES) flush();
          } else if (record.length > 0)
            addValues(record.toString("utf8").trimEnd().split(","), rows + HEADER_ROWS);
        }
        flush();
      } catch (error) {
        throw unreadableBill(`${bytes.name} cannot be read`, error);
      }
      return rows;
    },
  };
}

function refuseCutRow(values: readonly string[], columns: number, line: number): void {
  if (values.length < columns)
    throw new Error(
      `it ends within the row on line ${line}, which has ${values.length} of ${columns} columns; the file may not be whole`,
    );
}

/** Gzip by its first two bytes: exports name such files in several ways. */
async function plainBytes(source: BillBytes): Promise<AsyncIterable<Uint8Array>> {
  if (source.size < 2) return source.stream();
  const [one, two] = new Uint8Array(await source.slice(0, 2));
  if (one !== 0x1f || two !== 0x8b) return source.stream();
  const input = Readable.from(source.stream());
  const output = createGunzip({ chunkSize: 1 << 20 });
  input.on("error", (error) => output.destroy(error));
  return input.pipe(output);
}
