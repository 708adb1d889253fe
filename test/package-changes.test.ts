import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import Published from "cli-table3";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { changedCode } from "../scripts/package-changes.js";

const here = path.resolve(import.meta.dirname, "..");
const copied = mkdtempSync(path.join(tmpdir(), "stepfare-packages-"));

afterAll(() => {
  rmSync(copied, { recursive: true });
});

/** cli-table3 as it goes into the bundle. */
function bundledTable(): typeof Published {
  const table = "node_modules/cli-table3";
  for (const each of [table, "node_modules/emoji-regex", "node_modules/is-fullwidth-code-point"])
    cpSync(path.join(here, each), path.join(copied, each), { recursive: true });
  for (const inside of ["src/utils.js", "src/cell.js", "node_modules/string-width/index.js"]) {
    const file = path.join(table, inside);
    const code = readFileSync(path.join(here, file), "utf8");
    const changed = changedCode(`${table}/${inside}`, code);
    expect(changed).not.toBe(code);
    writeFileSync(path.join(copied, file), changed);
  }
  return createRequire(path.join(copied, "index.js"))("cli-table3") as typeof Published;
}

const piece = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: "grapheme", maxLength: 6 }),
  fc.constantFrom("\n", "👩‍👩‍👧", "表", "\u001b[1m", "\u001b[22m", "\u001b[31mred\u001b[39m", "…", "é", "\u00ad"),
);
const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(""));
const chars = fc.dictionary(fc.constantFrom("top", "mid", "left-mid", "middle", "bottom-right"), piece);
const cell = fc.oneof(
  text,
  fc.integer(),
  fc.record(
    { content: text, chars, hAlign: fc.constantFrom("left", "right", "center") },
    { requiredKeys: ["content"] },
  ),
);
const drawing = fc.integer({ min: 1, max: 4 }).chain((columns) =>
  fc.record({
    rows: fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), {
      minLength: 1,
      maxLength: 5,
    }),
    colWidths: fc.array(fc.option(fc.integer({ min: 3, max: 9 })), { maxLength: columns }),
    chars,
  }),
);

test("tables of the bundle are those of cli-table3, character by character", () => {
  const Bundled = bundledTable();
  fc.assert(
    fc.property(drawing, ({ rows, colWidths, chars: own }) => {
      const drawn = [Published, Bundled].map((Table) => {
        const table = new Table({ chars: own, colWidths: [...colWidths], style: { head: [], border: [] } });
        table.push(...structuredClone(rows));
        return table.toString();
      });
      expect(drawn[1]).toBe(drawn[0]);
    }),
    { numRuns: 400 },
  );
});
