import { createRequire } from "node:module";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import { isOneCellEach } from "../../src/render/text-width.ts";

/** What cli-table3 measures cells by. */
const widthInTables = createRequire(createRequire(import.meta.url).resolve("cli-table3"))("string-width") as (
  text: string,
) => number;

test("characters that are taken to be of one cell are so to every measure, alone and in a row", () => {
  const all = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter(isOneCellEach);
  expect(all.length).toBeGreaterThan(900);
  for (const measure of [stringWidth, widthInTables]) {
    expect(all.filter((each) => measure(each) !== 1)).toEqual([]);
    expect(measure(all.join(""))).toBe(all.length);
    expect(measure(all.toReversed().join(""))).toBe(all.length);
  }
});
