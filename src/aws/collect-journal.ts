/**
 * The journal of a collection remembers each part as soon as it has been read, a line each: a run that was broken off goes
 * on where it ended. A line counts when it is whole, so a crash in the middle of writing costs that one part.
 */
import { mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { FileHandle } from "node:fs/promises";
import { UserError } from "../user-error.ts";
import { journalLines } from "./journal-lines.ts";

export interface Journal {
  /** What the run that began it was: a resumed run is of the same instant. */
  readonly startedMs: number;
  /** Parts found in it. */
  readonly resumed: number;
  /** Calls behind all parts, of earlier runs too. */
  calls(): number;
  /** The part as remembered, else as made now; `calls` counts the answered calls it took. A maker that throws leaves no trace. */
  part<T>(key: string, make: (tally: Tally) => Promise<T>): Promise<T>;
  close(): Promise<void>;
  /** Closes and removes the file. */
  discard(): Promise<void>;
}

/** Counts the calls that were answered. */
export interface Tally {
  calls: number;
}

/** Where a part stands in the file: values stay there until they are asked for, or memory would grow with the fleet twice. */
interface Place {
  readonly from: number;
  readonly bytes: number;
  readonly calls: number;
}

export interface JournalOpening {
  readonly path: string;
  /** Tells requests apart: the journal of another one is begun anew. */
  readonly request: string;
  readonly fresh: boolean;
  readonly nowMs: number;
}

/** An older journal is begun anew: definitions may have changed, and pages of AWS's lists have gone. */
const MAX_AGE_MS = 24 * 3_600_000;

export async function openJournal({ path, request, fresh, nowMs }: JournalOpening): Promise<Journal> {
  const found = fresh ? null : await readJournal(path);
  const usable =
    found?.request === request && nowMs - found.startedMs < MAX_AGE_MS && found.startedMs <= nowMs;
  const startedMs = usable ? found.startedMs : nowMs;
  const header = `${JSON.stringify({ stepfare: "journal", version: 1, request, startedMs })}\n`;
  const parts = new Map(usable ? found.parts : []);
  const resumed = parts.size;
  let size = usable ? found.size : Buffer.byteLength(header);
  let file: FileHandle;
  try {
    if (!usable) await replace(path, header);
    file = await open(path, "a+");
    // Half a line at the end is cut off, so that what follows starts on a line of its own.
    await file.truncate(size);
  } catch (error) {
    throw new UserError("unwritable-file", `Cannot write ${path}: ${(error as Error).message}.`);
  }
  let last: Promise<unknown> = Promise.resolve();
  const append = (key: string, calls: number, value: unknown): Promise<unknown> => {
    const line = Buffer.from(`${JSON.stringify({ key, calls, value })}\n`);
    last = last.then(async () => {
      await file.appendFile(line);
      parts.set(key, { from: size, bytes: line.length - 1, calls });
      size += line.length;
    });
    return last;
  };
  const close = async (): Promise<void> => {
    await last.catch(() => undefined);
    await file.close();
  };
  return {
    startedMs,
    resumed,
    calls: () => [...parts.values()].reduce((sum, { calls }) => sum + calls, 0),
    part: async <T>(key: string, make: (tally: Tally) => Promise<T>) => {
      const known = parts.get(key);
      if (known !== undefined) return (await valueAt(file, known)) as T;
      const tally: Tally = { calls: 0 };
      const value = await make(tally);
      await append(key, tally.calls, value);
      return value;
    },
    close,
    discard: async () => {
      await close();
      await rm(path, { force: true });
    },
  };
}

async function valueAt(file: FileHandle, { from, bytes }: Place): Promise<unknown> {
  const { buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, from);
  return (JSON.parse(buffer.toString("utf8")) as Line).value;
}

async function replace(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(draft, text);
  await rename(draft, path);
}

interface FoundJournal {
  readonly request: string;
  readonly startedMs: number;
  readonly parts: ReadonlyMap<string, Place>;
  /** Bytes up to the end of the last whole line. */
  readonly size: number;
}

/** Null when there is none, or when its first line is not ours. A line that cannot be read is passed over. */
async function readJournal(path: string): Promise<FoundJournal | null> {
  const file = await open(path, "r").catch(() => null);
  if (file === null) return null;
  try {
    let header: ReturnType<typeof parseHeader> = null;
    let size = 0;
    const parts = new Map<string, Place>();
    for await (const { from, bytes, text } of journalLines(file)) {
      size = from + bytes + 1;
      if (from === 0) {
        header = parseHeader(text);
        if (header === null) return null;
        continue;
      }
      const line = parse(text);
      if (isLine(line)) parts.set(line.key, { from, bytes, calls: line.calls });
    }
    return header === null ? null : { ...header, parts, size };
  } finally {
    await file.close();
  }
}

function parseHeader(text: string): Pick<FoundJournal, "request" | "startedMs"> | null {
  const header = parse(text) as Readonly<Record<string, unknown>> | null;
  if (header?.stepfare !== "journal" || header.version !== 1) return null;
  const { request, startedMs } = header;
  return typeof request === "string" && typeof startedMs === "number" ? { request, startedMs } : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

interface Line {
  readonly key: string;
  readonly calls: number;
  readonly value: unknown;
}

function isLine(value: unknown): value is Line {
  return (
    typeof value === "object" &&
    value !== null &&
    "value" in value &&
    "key" in value &&
    typeof value.key === "string" &&
    "calls" in value &&
    typeof value.calls === "number"
  );
}
