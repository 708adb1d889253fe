/** Bill bytes are one file of a bill, wherever it lies: some of them, or all in a stream. */
import { createReadStream, promises as fs } from "node:fs";
import path from "node:path";
import { UserError } from "../user-error.ts";

export interface BillBytes {
  readonly name: string;
  /** Where it really lies: two names of one file have the same. */
  readonly id: string;
  readonly size: number;
  slice(start: number, end: number): Promise<ArrayBuffer>;
  stream(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

const BILL_FILE = /\.(parquet|csv|csv\.gz|gz)$/i;

/** The files of a local path: itself, or what a folder holds at any depth. Throws UserErrors `no-such-path`, `not-a-bill`. */
export async function localBill(given: string, cwd: string): Promise<readonly BillBytes[]> {
  const file = path.resolve(cwd, given);
  const stat = await fs.stat(file).catch(() => null);
  if (stat === null) throw new UserError("no-such-path", `There is no bill ${given}.`);
  if (stat.isFile()) return [await openFile(file, given)];
  const entries = await fs.readdir(file, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && BILL_FILE.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0)
    throw new UserError("not-a-bill", `${given} holds no .parquet, .csv or .csv.gz file.`);
  return Promise.all(files.map((each) => openFile(each, path.relative(cwd, each))));
}

async function openFile(file: string, name: string): Promise<BillBytes> {
  const handle = await fs.open(file).catch((error: unknown) => {
    throw new UserError("unreadable-bill", `Cannot read ${name}: ${reasonOf(error)}.`);
  });
  const { size } = await handle.stat();
  return {
    name,
    id: await fs.realpath(file),
    size,
    slice: async (start, end) => {
      const bytes = new Uint8Array(end - start);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      if (bytesRead < bytes.length) throw new UserError("unreadable-bill", `${name} ends too early.`);
      return bytes.buffer;
    },
    stream: () => createReadStream(file, { highWaterMark: 1 << 20 }),
    close: () => handle.close(),
  };
}

/** Why a bill is not read to its end; what AWS failed of says so by itself, and keeps its exit code. */
export function unreadableBill(what: string, error: unknown): UserError {
  if (error instanceof UserError && error.exitCode === 3) return error;
  const hint = error instanceof UserError ? error.hint : null;
  return new UserError("unreadable-bill", `${what}: ${reasonOf(error)}.`, hint);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
}
