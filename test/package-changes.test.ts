import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import Published from "cli-table3";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { CHANGED_FILES, ONE_CELL_EACH, changedCode } from "../scripts/package-changes.js";
import { isOneCellEach } from "../src/render/text-width.ts";

const here = path.resolve(import.meta.dirname, "..");
const copied = mkdtempSync(path.join(tmpdir(), "stepfare-packages-"));

afterAll(() => {
  rmSync(copied, { recursive: true });
});

/** Packages as they go into the bundle: with all their changes, and what they need. */
function copyOf(...names: readonly string[]): string {
  for (const name of names)
    cpSync(path.join(here, "node_modules", name), path.join(copied, "node_modules", name), {
      recursive: true,
    });
  for (const file of CHANGED_FILES.filter((each) => each.startsWith(`node_modules/${names[0]}/`))) {
    const code = readFileSync(path.join(here, file), "utf8");
    const changed = changedCode(file, code);
    expect(changed).not.toBe(code);
    writeFileSync(path.join(copied, file), changed);
  }
  return path.join(copied, "index.js");
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
    {
      content: text,
      chars,
      hAlign: fc.constantFrom("left", "right", "center"),
      colSpan: fc.constantFrom(1, 1, 2),
      rowSpan: fc.constantFrom(1, 1, 2),
    },
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
  const at = copyOf("cli-table3", "emoji-regex", "is-fullwidth-code-point");
  const Bundled = createRequire(at)("cli-table3") as typeof Published;
  fc.assert(
    fc.property(drawing, ({ rows, colWidths, chars: own }) => {
      const drawn = [Published, Bundled].map((Table) => {
        const table = new Table({ chars: own, colWidths: [...colWidths], style: { head: [], border: [] } });
        table.push(...structuredClone(rows));
        try {
          return table.toString();
        } catch {
          return "a cell reaches below the last row";
        }
      });
      expect(drawn[1]).toBe(drawn[0]);
    }),
    { numRuns: 400 },
  );
});

test("texts are wrapped as wrap-ansi wraps them", async () => {
  type Wrap = (written: string, columns: number, options: { readonly hard: boolean }) => string;
  const wrapIn = async (folder: string): Promise<Wrap> => {
    const file = pathToFileURL(path.join(folder, "node_modules/wrap-ansi/index.js")).href;
    return ((await import(/* @vite-ignore */ file)) as { default: Wrap }).default;
  };
  copyOf("wrap-ansi", "ansi-styles", "strip-ansi", "ansi-regex", "get-east-asian-width");
  const [published, bundled] = [await wrapIn(here), await wrapIn(copied)];
  expect(bundled).not.toBe(published);
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 12 }), fc.boolean(), (written, columns, hard) => {
      expect(bundled(written, columns, { hard })).toBe(published(written, columns, { hard }));
    }),
    { numRuns: 400 },
  );
});

test("characters taken to be of one cell are those of src/render/text-width.ts", () => {
  const pattern = new RegExp(ONE_CELL_EACH.slice(1, -1));
  const all = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
  expect(all.filter((each) => pattern.test(each) !== isOneCellEach(each))).toEqual([]);
});
