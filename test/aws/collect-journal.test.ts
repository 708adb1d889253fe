import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openJournal } from "../../src/aws/collect-journal.ts";

const NOW = Date.UTC(2026, 10, 22);
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "journal-"));
  file = path.join(folder, "fleet.json.partial");
});

afterEach(async () => rm(folder, { recursive: true }));

const opened = (given: { request?: string; fresh?: boolean; nowMs?: number } = {}) =>
  openJournal({ path: file, request: "r", fresh: false, nowMs: NOW, ...given });

/** The parts, and which of them had to be made. */
async function parts(journal: Awaited<ReturnType<typeof opened>>, keys: readonly string[]) {
  const made: string[] = [];
  for (const key of keys) {
    await journal.part(key, async (tally) => {
      tally.calls += 2;
      made.push(key);
      return { of: key };
    });
  }
  return made;
}

test("remembers what was read, and the calls behind it", async () => {
  const first = await opened();
  expect(await parts(first, ["a", "b"])).toStrictEqual(["a", "b"]);
  await first.close();
  const second = await opened({ nowMs: NOW + 3_600_000 });
  expect(second).toMatchObject({ resumed: 2, startedMs: NOW });
  expect(await parts(second, ["a", "b", "c"])).toStrictEqual(["c"]);
  expect(second.calls()).toBe(6);
  await second.discard();
  await expect(readFile(file)).rejects.toThrow("ENOENT");
});

test("a part that fails leaves no trace", async () => {
  const journal = await opened();
  await expect(journal.part("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await parts(journal, ["a"])).toStrictEqual(["a"]);
  await journal.close();
});

test.each(["half a line", "a line without its end"])(
  "a crash that leaves %s costs that part alone",
  async (how) => {
    const first = await opened();
    await parts(first, ["a", "b"]);
    await first.close();
    const { length } = await readFile(file);
    if (how === "half a line") await appendFile(file, '{"key":"c","calls":1,"val');
    else await truncate(file, length - 1);
    const second = await opened();
    const made = await parts(second, ["a", "b", "c"]);
    expect(made).toStrictEqual(how === "half a line" ? ["c"] : ["b", "c"]);
    await second.close();
    // What was appended after the repair stands on lines of its own.
    const third = await opened();
    expect(third.resumed).toBe(3);
    await third.close();
  },
);

test.each([
  ["another request", { request: "other" }],
  ["a day later", { nowMs: NOW + 25 * 3_600_000 }],
  ["a clock that went back", { nowMs: NOW - 1 }],
  ["a wish to begin anew", { fresh: true }],
])("%s begins anew", async (_, given) => {
  const first = await opened();
  await parts(first, ["a"]);
  await first.close();
  const second = await opened(given);
  expect(second.resumed).toBe(0);
  expect(await parts(second, ["a"])).toStrictEqual(["a"]);
  await second.close();
  expect((await readFile(file, "utf8")).trimEnd().split("\n")).toHaveLength(2);
});

test("a file that is no journal is begun anew", async () => {
  await writeFile(file, "not ours\n");
  const journal = await opened();
  expect(await parts(journal, ["a"])).toStrictEqual(["a"]);
  await journal.close();
});

test("a folder that is not there is made, and a place below a file cannot be written", async () => {
  const at = (place: string) =>
    openJournal({ path: path.join(folder, place), request: "r", fresh: false, nowMs: NOW });
  await (await at("made/for/it")).close();
  await writeFile(file, "a file");
  await expect(at(path.join(path.basename(file), "below"))).rejects.toThrow("Cannot write");
});

test("values come back as they were, whatever line ends they hold and however long they are", async () => {
  const values = ["a\u2028b\u2029c\r\nd\u0085", "é".repeat(70_000), { deep: [null, 1.5, ""] }];
  const first = await opened();
  for (const [index, value] of values.entries()) await first.part(`v${index}`, async () => value);
  // Within a run too they come from the file.
  expect(await first.part("v0", () => Promise.reject(new Error("asked again")))).toBe(values[0]);
  await first.close();
  const second = await opened();
  expect(second.resumed).toBe(3);
  for (const [index, value] of values.entries()) {
    expect(await second.part(`v${index}`, () => Promise.reject(new Error("asked again")))).toStrictEqual(
      value,
    );
  }
  await second.discard();
});
