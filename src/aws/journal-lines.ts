/** Journal lines are where the whole lines of a file stand, found in one pass that holds one line at a time. */
import type { FileHandle } from "node:fs/promises";

export interface JournalLine {
  /** Byte that it begins at. */
  readonly from: number;
  /** Bytes, its line end left out. */
  readonly bytes: number;
  readonly text: string;
}

const CHUNK = 1 << 16;
const LINE_END = 10;

/** Lines that have their end; what follows the last of them is half of one. Not `readLines`: it breaks at U+2028 as well. */
export async function* journalLines(file: FileHandle): AsyncGenerator<JournalLine> {
  const chunk = Buffer.alloc(CHUNK);
  let position = 0;
  let from = 0;
  let pending: Buffer[] = [];
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    let taken = 0;
    for (
      let end = chunk.indexOf(LINE_END);
      end >= 0 && end < bytesRead;
      end = chunk.indexOf(LINE_END, taken)
    ) {
      pending.push(Buffer.from(chunk.subarray(taken, end)));
      const line = Buffer.concat(pending);
      yield { from, bytes: line.length, text: line.toString("utf8") };
      from += line.length + 1;
      taken = end + 1;
      pending = [];
    }
    pending.push(Buffer.from(chunk.subarray(taken, bytesRead)));
  }
}
