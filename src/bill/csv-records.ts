/**
 * CSV records are the pieces of a CSV stream between line ends that no quote holds: the first one, and those that hold
 * one of the names looked for; what is in between is counted and passed over. Memory for one chunk and one record.
 *
 * All bytes of a bill go through here, so they are searched by the platform: line ends, quotes and names each once.
 * Only lines that hold a quote are looked at byte by byte.
 */

const QUOTE = 0x22;
const LINE_FEED = 0x0a;

export interface CsvRecord {
  /** Without its line end; empty only at the end of the stream, to tell of records passed since. */
  readonly record: Buffer;
  /** Records passed over since the last one. */
  readonly passed: number;
  /** The line it begins on, from 1, where the stream ended before a line end did: it may be cut off. Else null. */
  readonly unendedOn: number | null;
}

/** `namesAfterFirst` is asked once, when the first record is out; with no names, each record is wanted. */
export async function* csvRecords(
  bytes: AsyncIterable<Uint8Array>,
  namesAfterFirst: () => readonly Buffer[] = () => [],
): AsyncGenerator<CsvRecord, void, undefined> {
  let names: readonly Buffer[] | null = null;
  // Pieces of a record that has not ended with its chunk.
  let begun: Buffer[] = [];
  let [isQuoted, passed] = [false, 0];
  let [line, lineOfRecord] = [1, 1];
  for await (const chunk of bytes) {
    const data = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const found = recordEnds(data, isQuoted);
    let finders: readonly Finder[] = names?.map((name) => finder(data, name)) ?? [];
    let start = 0;
    for (const end of found.ends) {
      const joined = begun.length === 0 ? null : Buffer.concat([...begun, data.subarray(0, end)]);
      const isWanted =
        names === null ||
        names.length === 0 ||
        (joined === null
          ? finders.some((find) => find(start, end))
          : names.some((name) => joined.includes(name)));
      if (isWanted) {
        yield { record: joined ?? data.subarray(start, end), passed, unendedOn: null };
        passed = 0;
      } else passed += 1;
      if (names === null) {
        names = namesAfterFirst();
        finders = names.map((name) => finder(data, name));
      }
      [start, begun] = [end + 1, []];
    }
    isQuoted = found.isQuoted;
    if (found.ends.length > 0) lineOfRecord = line + found.linesToEnd;
    line += found.lines;
    // A copy: the chunk is gone when the next one is there.
    if (start < data.length) begun.push(Buffer.from(data.subarray(start)));
  }
  const record = Buffer.concat(begun);
  if (record.length > 0 || passed > 0)
    yield { record, passed, unendedOn: record.length > 0 ? lineOfRecord : null };
}

interface RecordEnds {
  /** Places of the line ends that no quote holds. */
  readonly ends: readonly number[];
  /** Line ends in all, those in quotes too. */
  readonly lines: number;
  /** Those among them up to the last of `ends`. */
  readonly linesToEnd: number;
  /** Whether the last byte stands within quotes. */
  readonly isQuoted: boolean;
}

/** Exact: a line end counts where an even number of quotes came before it. */
function recordEnds(data: Buffer, isQuotedBefore: boolean): RecordEnds {
  const ends: number[] = [];
  let isQuoted = isQuotedBefore;
  let [start, lines, linesToEnd] = [0, 0, 0];
  let quote = placeOf(data, QUOTE, 0);
  while (start < data.length) {
    const end = placeOf(data, LINE_FEED, start);
    if (quote < end) {
      if (hasOddQuotes(data, quote, end)) isQuoted = !isQuoted;
      quote = placeOf(data, QUOTE, end);
    }
    if (end < data.length) lines += 1;
    if (!isQuoted && end < data.length) {
      ends.push(end);
      linesToEnd = lines;
    }
    start = end + 1;
  }
  return { ends, lines, linesToEnd, isQuoted };
}

/** The length where there is none. */
function placeOf(data: Buffer, byte: number, from: number): number {
  const place = data.indexOf(byte, from);
  return place < 0 ? data.length : place;
}

/** Byte by byte: quotes come by the dozen in a line that has one. */
function hasOddQuotes(data: Uint8Array, from: number, until: number): boolean {
  let isOdd = false;
  for (let at = from; at < until; at++) if (data[at] === QUOTE) isOdd = !isOdd;
  return isOdd;
}

type Finder = (start: number, end: number) => boolean;

/** Whether a name begins between two places; places only rise, so each place is searched once. */
function finder(data: Buffer, name: Buffer): Finder {
  let next = data.indexOf(name);
  return (start, end) => {
    if (next >= 0 && next < start) next = data.indexOf(name, start);
    return next >= 0 && next < end;
  };
}
