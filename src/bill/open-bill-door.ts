/** Opens the way to bills: files here or in S3 read in a stream, or one question to Amazon Athena. */
import { decimalText } from "../decimal-text.ts";
import type { AthenaQuestion, BillDoor, BillHooks, BillSource, BilledSum } from "../usage/billed-usage.ts";
import { UserError } from "../user-error.ts";
import { type BillBytes, localBill } from "./bill-bytes.ts";
import { findBillColumns } from "./bill-columns.ts";
import { type Partition, billQuery, quoted } from "./bill-query.ts";
import { openCsvBill } from "./read-csv-bill.ts";
import { type OpenBill, openParquetBill } from "./read-parquet-bill.ts";
import { billedNumber, billedSum, mergeSums, sumRows } from "./sum-rows.ts";

/** What AWS has to be asked for; `aws/` answers. */
export interface RemoteBills {
  openObjects(url: string): Promise<readonly BillBytes[]>;
  /** Columns and partition keys of a table. */
  tableColumns(question: AthenaQuestion): Promise<AthenaTable>;
  runQuery(sql: string, question: AthenaQuestion): Promise<AthenaAnswer>;
}

export interface AthenaTable {
  readonly columns: readonly string[];
  readonly partitions: readonly string[];
}

export interface AthenaAnswer {
  readonly rows: readonly (readonly string[])[];
  readonly scannedBytes: number;
}

export function openBillDoor({
  cwd,
  remote,
}: {
  readonly cwd: string;
  readonly remote: () => Promise<RemoteBills>;
}): BillDoor {
  return {
    readBills: async (paths, hooks) => {
      const files: BillBytes[] = [];
      for (const path of paths)
        files.push(
          ...(path.startsWith("s3://")
            ? await (await remote()).openObjects(path)
            : await localBill(path, cwd)),
        );
      try {
        return await readFiles(await eachOnce(files, hooks), hooks);
      } finally {
        await Promise.all(files.map((file) => file.close()));
      }
    },
    askAthena: async (question, hooks) => askAthena(await remote(), question, hooks),
  };
}

/** A file that is named twice, or named beside the folder that it lies in, is read once: its rows are billed once. */
async function eachOnce(files: readonly BillBytes[], hooks: BillHooks): Promise<readonly BillBytes[]> {
  const byId = new Map<string, BillBytes>();
  for (const file of files) {
    const known = byId.get(file.id);
    if (known === undefined) byId.set(file.id, file);
    else await hooks.say(`${file.name} is named twice, and read once`);
  }
  return [...byId.values()];
}

async function readFiles(files: readonly BillBytes[], hooks: BillHooks) {
  const parts: (readonly BilledSum[])[] = [];
  const sources: BillSource[] = [];
  const opened: (readonly [BillBytes, OpenBill])[] = [];
  for (const file of files) opened.push([file, await openBill(file)]);
  await hooks.say(sizeWords(opened));
  for (const [file, bill] of opened) {
    const rows = sumRows(bill.columns);
    const count = await bill.read(rows.add);
    parts.push(rows.sums());
    sources.push({ name: file.name, format: bill.columns.format, rows: count });
  }
  return { sums: mergeSums(parts), sources };
}

const PARQUET_MAGIC = "PAR1";
/** The first two bytes of text in UTF-16, either way around. */
const UTF_16 = /^(?:\xff\xfe|\xfe\xff)/;

async function openBill(bytes: BillBytes): Promise<OpenBill> {
  if (bytes.size === 0) throw new UserError("not-a-bill", `${bytes.name} is empty.`);
  const magic = new TextDecoder("latin1").decode(await bytes.slice(0, Math.min(4, bytes.size)));
  if (UTF_16.test(magic))
    throw new UserError(
      "not-a-bill",
      `${bytes.name} is text in UTF-16; a bill is read in UTF-8.`,
      "Give the file as AWS wrote it, or save it as UTF-8.",
    );
  return magic === PARQUET_MAGIC ? openParquetBill(bytes) : openCsvBill(bytes);
}

/** From here on a bill takes minutes rather than seconds on one machine. */
const MANY_ROWS = 100_000_000;
const MANY_BYTES = 20e9;

function sizeWords(opened: readonly (readonly [BillBytes, OpenBill])[]): string {
  const rows = opened.reduce((sum, [, bill]) => sum + (bill.rows ?? 0), 0);
  const isCounted = opened.every(([, bill]) => bill.rows !== null);
  const bytes = opened.reduce((sum, [file]) => sum + file.size, 0);
  const files = `${opened.length} ${opened.length === 1 ? "file" : "files"}`;
  const what = isCounted ? `${decimalText(rows)} rows in ${files}` : files;
  const advice =
    rows >= MANY_ROWS || bytes >= MANY_BYTES
      ? "; this takes minutes: --athena database.table has Athena sum it where it lies"
      : "";
  return `reading ${what}, ${(bytes / 1e6).toFixed(1)} MB${advice}`;
}

async function askAthena(remote: RemoteBills, question: AthenaQuestion, hooks: BillHooks) {
  const { database, table, month } = question;
  const name = `${database}.${table}`;
  const { columns: header, partitions } = await remote.tableColumns(question);
  const columns = findBillColumns(header, name);
  const sql = billQuery(columns, {
    from: `${quoted(database)}.${quoted(table)}`,
    month,
    partitions: partitionsOf(partitions, month),
  });
  await hooks.say(`asking Athena one question of ${name}; AWS bills $5 for each TB it scans in us-east-1`);
  const { rows, scannedBytes } = await remote.runQuery(sql, question);
  await hooks.say(`Athena scanned ${(scannedBytes / 1e6).toFixed(1)} MB`);
  const sums = rows.map((row) =>
    billedSum(row.slice(0, 9), {
      quantity: billedNumber(row[9]),
      cost: billedNumber(row[10]),
      rows: billedNumber(row[11]),
      from: row[12] ?? "",
      until: row[13] ?? "",
    }),
  );
  return { sums: mergeSums([sums]), sources: [{ name, format: columns.format, rows: null }] };
}

/** As AWS's own tables are cut: `billing_period` of data exports, `year` and `month` of the legacy report. */
function partitionsOf(names: readonly string[], month: string): readonly Partition[] {
  const [year = "", number = ""] = month.split("-");
  const has = (name: string): boolean => names.some((each) => each.toLowerCase() === name);
  if (has("billing_period")) return [{ column: "billing_period", value: month }];
  if (!has("year") || !has("month")) return [];
  return [
    { column: "year", value: year },
    { column: "month", value: String(Number(number)) },
  ];
}
