/**
 * The journal of a collection remembers each part as soon as it has been read, a line each: a run that was broken off goes
 * on where it ended. A line counts when it is whole, so a crash in the middle of writing costs that one part.
 */
import { open, rename, rm, writeFile } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { UserError } from "../user-error.ts";

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

interface Line {
  readonly key: string;
  readonly calls: number;
  readonly value: unknown;
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
  const lines: readonly Line[] = usable ? found.lines : [];
  const parts = new Map(lines.map((line) => [line.key, line]));
  const header = JSON.stringify({ stepfare: "journal", version: 1, request, startedMs });
  let file: FileHandle;
  try {
    // Torn ends are cut off in one step, so that what follows starts on a line of its own.
    const whole = [header, ...lines.map((line) => JSON.stringify(line)), ""].join("\n");
    if (found === null || !usable || found.torn) await replace(path, whole);
    file = await open(path, "a");
  } catch (error) {
    throw new UserError("unwritable-file", `Cannot write ${path}: ${(error as Error).message}.`);
  }
  let last: Promise<unknown> = Promise.resolve();
  const append = (line: Line): Promise<unknown> => {
    last = last.then(() => file.appendFile(`${JSON.stringify(line)}\n`));
    return last;
  };
  const close = async (): Promise<void> => {
    await last.catch(() => undefined);
    await file.close();
  };
  return {
    startedMs,
    resumed: parts.size,
    calls: () => [...parts.values()].reduce((sum, { calls }) => sum + calls, 0),
    part: async <T>(key: string, make: (tally: Tally) => Promise<T>) => {
      const known = parts.get(key);
      if (known !== undefined) return known.value as T;
      const tally: Tally = { calls: 0 };
      const value = await make(tally);
      const line = { key, calls: tally.calls, value };
      await append(line);
      parts.set(key, line);
      return value;
    },
    close,
    discard: async () => {
      await close();
      await rm(path, { force: true });
    },
  };
}

async function replace(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, text);
  await rename(draft, path);
}

interface FoundJournal {
  readonly request: string;
  readonly startedMs: number;
  readonly lines: readonly Line[];
  readonly torn: boolean;
}

/** Null when there is none, or when its first line is not ours. Read line by line: it grows with the fleet. */
async function readJournal(path: string): Promise<FoundJournal | null> {
  const file = await open(path, "r").catch(() => null);
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    const ending = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    const ended = ending.bytesRead === 1 && ending.buffer[0] === 10;
    let header: ReturnType<typeof parseHeader> = null;
    let count = 0;
    let unreadable = 0;
    const lines: Line[] = [];
    for await (const text of file.readLines({ start: 0, autoClose: false })) {
      if (count++ === 0) {
        header = parseHeader(text);
        if (header === null) return null;
        continue;
      }
      const line = parse(text);
      if (isLine(line)) lines.push(line);
      else unreadable++;
    }
    if (header === null) return null;
    // Without its line end the last one may be half of what was to be written, and still be JSON.
    if (!ended && unreadable === 0) lines.pop();
    return { ...header, lines, torn: !ended || unreadable > 0 };
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

function isLine(value: unknown): value is Line {
  return (
    typeof value === "object" && value !== null && "key" in value && "calls" in value && "value" in value
  );
}
