/**
 * CSV records are the pieces of a CSV stream between line ends that no quote holds: the first one, and those that hold
 * one of the names looked for; what is in between is counted and passed over. One pass over the bytes, and memory for
 * one chunk and one record.
 */

const QUOTE = 0x22;
const LINE_FEED = 0x0a;

export interface CsvRecord {
  /** Without its line end; empty only at the end of the stream, to tell of records passed since. */
  readonly record: Buffer;
  /** Records passed over since the last one. */
  readonly passed: number;
}

export async function* csvRecords(
  bytes: AsyncIterable<Uint8Array>,
  names: readonly Buffer[] = [],
): AsyncGenerator<CsvRecord, void, undefined> {
  let [rest, isQuoted, isFirst, passed, scanned] = [Buffer.alloc(0), false, true, 0, 0];
  for await (const chunk of bytes) {
    const data =
      rest.length === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
        : Buffer.concat([rest, chunk]);
    let start = 0;
    const finders = names.map((name) => finder(data, name));
    for (let at = scanned; at < data.length; at += 1) {
      const byte = data[at];
      if (byte === QUOTE) isQuoted = !isQuoted;
      else if (byte === LINE_FEED && !isQuoted) {
        if (isFirst || names.length === 0 || finders.some((find) => find(start, at))) {
          yield { record: data.subarray(start, at), passed };
          [passed, isFirst] = [0, false];
        } else passed += 1;
        start = at + 1;
      }
    }
    rest = Buffer.from(data.subarray(start));
    scanned = rest.length;
  }
  if (rest.length > 0) yield { record: rest, passed };
  else if (passed > 0) yield { record: Buffer.alloc(0), passed };
}

/** Whether a name begins between two places; places only rise, so each place is searched once. */
function finder(data: Buffer, name: Buffer): (start: number, end: number) => boolean {
  let next = data.indexOf(name);
  return (start, end) => {
    if (next >= 0 && next < start) next = data.indexOf(name, start);
    return next >= 0 && next < end;
  };
}
