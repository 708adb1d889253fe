import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { csvRecords } from "../../src/bill/csv-records.ts";

const NAME = "AmazonStates";

/** The definition, a byte at a time: a line end counts outside of quotes. */
function recordsOf(text: string): readonly string[] {
  const records: string[] = [];
  let [record, isQuoted] = ["", false];
  for (const letter of text) {
    if (letter === '"') isQuoted = !isQuoted;
    if (letter === "\n" && !isQuoted) {
      records.push(record);
      record = "";
    } else record += letter;
  }
  return record === "" ? records : [...records, record];
}

async function* chunksOf(text: string, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (const [at, place] of places.entries()) {
    // Each chunk lies in memory that is written over once the next one is asked for, as a reader may do.
    const chunk = Buffer.from(bytes.subarray(place, places[at + 1] ?? place));
    yield chunk;
    chunk.fill(0);
  }
}

async function readAll(text: string, cuts: readonly number[], names: readonly string[]) {
  const found: string[] = [];
  let rows = 0;
  let last: number | null = null;
  const wanted = names.map((name) => Buffer.from(name));
  for await (const { record, passed, unendedOn } of csvRecords(chunksOf(text, cuts), () => wanted)) {
    rows += passed + (record.length > 0 ? 1 : 0);
    found.push(record.toString());
    last = unendedOn;
  }
  return { found, rows, last };
}

const pieces = fc.constantFrom(
  "\n",
  '"',
  ",",
  "a",
  "é",
  "\r\n",
  NAME,
  NAME.slice(0, 7),
  'x"y\n"z',
  "plain,row\n",
);
const texts = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(""));
const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 8 });

describe("records of a stream cut anywhere", () => {
  test("are those of the whole text when no name is looked for", async () => {
    await fc.assert(
      fc.asyncProperty(texts, cuts, async (text, at) => {
        const { found, last } = await readAll(text, at, []);
        const unended = recordsOf(`${text}.`).at(-1)!;
        const line = text.slice(0, text.length + 1 - unended.length).split("\n").length;
        expect(last).toBe(unended === "." ? null : line);
        expect(found.filter((record) => record !== "")).toStrictEqual(
          recordsOf(text).filter((record) => record !== ""),
        );
      }),
    );
  });

  test("are the first, and those that hold a name; the others are counted", async () => {
    await fc.assert(
      fc.asyncProperty(texts, cuts, async (text, at) => {
        const records = recordsOf(`header\n${text}end`);
        const { found, rows } = await readAll(`header\n${text}end`, at, [NAME, "plain"]);
        const [first = "", ...others] = records;
        // What the stream ends with is given as it is: nothing tells whether its record is whole.
        const last = others.at(-1);
        const wanted = others
          .slice(0, -1)
          .filter((record) => record.includes(NAME) || record.includes("plain"));
        expect(found).toStrictEqual([first, ...wanted, last].filter((record) => record !== undefined));
        expect(rows).toBe(records.length);
      }),
    );
  });
});
