/**
 * Reads a bill in Parquet, one row group at a time and only the columns asked for: first the product's, and the others
 * only of groups that hold rows of Step Functions. Memory is that of a row group's thirteen columns.
 */
import type { FileMetaData } from "hyparquet";
import { type BillBytes, unreadableBill } from "./bill-bytes.ts";
import { type BillColumns, type BillField, findBillColumns } from "./bill-columns.ts";
import type { RowSums } from "./sum-rows.ts";

export interface OpenBill {
  readonly columns: BillColumns;
  /** Of all services; null = not known before it is read. */
  readonly rows: number | null;
  /** Calls `add` for each row that may be of Step Functions; gives the rows there were. */
  read(add: RowSums["add"]): Promise<number>;
}

export async function openParquetBill(bytes: BillBytes): Promise<OpenBill> {
  const { parquetMetadataAsync } = await import("hyparquet");
  const file = {
    byteLength: bytes.size,
    slice: (start: number, end?: number) => bytes.slice(start, end ?? bytes.size),
  };
  const metadata = await parquetMetadataAsync(file).catch((error: unknown) => {
    throw unreadableBill(`${bytes.name} is not whole Parquet`, error);
  });
  const columns = findBillColumns(topColumns(metadata), bytes.name);
  return {
    columns,
    rows: Number(metadata.num_rows),
    read: async (add) => {
      let start = 0;
      for (const group of metadata.row_groups) {
        const end = start + Number(group.num_rows);
        await readGroup({ file, metadata, columns, start, end, constants: constantsOf(group) }, add).catch(
          (error: unknown) => {
            throw unreadableBill(`${bytes.name} cannot be read`, error);
          },
        );
        start = end;
      }
      return start;
    },
  };
}

/** Columns of the first level; those inside maps are none of ours. */
function topColumns({ schema }: FileMetaData): readonly string[] {
  const names: string[] = [];
  let index = 1;
  while (index < schema.length) {
    names.push(schema[index]!.name);
    let open = schema[index]!.num_children ?? 0;
    index += 1;
    for (; open > 0; index += 1) open += (schema[index]!.num_children ?? 0) - 1;
  }
  return names;
}

interface Group {
  readonly file: { byteLength: number; slice(start: number, end?: number): Promise<ArrayBuffer> };
  readonly metadata: FileMetaData;
  readonly columns: BillColumns;
  readonly start: number;
  readonly end: number;
  /** Columns that have one value throughout the group: who pays, in which currency, of which month. */
  readonly constants: ReadonlyMap<string, unknown>;
}

/** By the statistics that every writer of Parquet keeps; those cut short are equal at both ends only by an accident they tell of. */
function constantsOf({ columns }: FileMetaData["row_groups"][number]): ReadonlyMap<string, unknown> {
  return new Map(
    columns.flatMap(({ meta_data: meta }): readonly (readonly [string, unknown])[] => {
      const {
        min_value: min,
        max_value: max,
        null_count: nulls,
        is_max_value_exact: isExact,
      } = meta?.statistics ?? {};
      const isConstant = min !== undefined && nulls !== undefined && Number(nulls) === 0 && isExact !== false;
      if (meta === undefined || !isConstant || comparable(min) !== comparable(max)) return [];
      return typeof min === "object" && !(min instanceof Date) ? [] : [[meta.path_in_schema[0]!, min]];
    }),
  );
}

function comparable(value: unknown): unknown {
  return value instanceof Date ? value.getTime() : value;
}

async function readGroup(group: Group, add: RowSums["add"]): Promise<void> {
  const { columns, products } = group.columns;
  const product = (await readColumns(group, [columns.product!])).get(columns.product!)!;
  const wanted = new Set<unknown>(products);
  const rows: number[] = [];
  for (let row = 0; row < group.end - group.start; row += 1) if (wanted.has(product(row))) rows.push(row);
  if (rows.length === 0) return;
  const names = [...new Set(Object.values(columns).filter((name) => name !== null))];
  const values = await readColumns(group, names);
  for (const row of rows) {
    add(
      (field: BillField) => {
        const name = columns[field];
        return name === null ? null : values.get(name)!(row);
      },
      group.start + row + 1,
    );
  }
}

type Column = (row: number) => unknown;

async function readColumns({ file, metadata, start, end, constants }: Group, names: readonly string[]) {
  const [{ parquetRead }, { compressors }] = await Promise.all([
    import("hyparquet"),
    import("hyparquet-compressors"),
  ]);
  const chunks = new Map<string, { readonly from: number; readonly data: ArrayLike<unknown> }[]>();
  await parquetRead({
    file,
    metadata,
    compressors,
    columns: names.filter((name) => !constants.has(name)),
    rowStart: start,
    rowEnd: end,
    onChunk: ({ columnName, columnData, rowStart }) => {
      const known = chunks.get(columnName) ?? [];
      known.push({ from: rowStart - start, data: columnData });
      chunks.set(columnName, known);
    },
  });
  return new Map(
    names.map((name): [string, Column] => [
      name,
      constants.has(name) ? () => constants.get(name) : columnOf(chunks.get(name) ?? []),
    ]),
  );
}

/** Rows are asked for in rising order, so the chunk that holds one is the last one or a later one. */
function columnOf(chunks: readonly { readonly from: number; readonly data: ArrayLike<unknown> }[]): Column {
  const sorted = [...chunks].sort((a, b) => a.from - b.from);
  let at = 0;
  return (row) => {
    if (row < (sorted[at]?.from ?? 0)) at = 0;
    while (at + 1 < sorted.length && sorted[at + 1]!.from <= row) at += 1;
    const chunk = sorted[at];
    return chunk === undefined ? null : chunk.data[row - chunk.from];
  };
}
