import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { terminalText } from "../../src/render/safe-text.ts";
import { layoutColumns } from "../../src/render/text-columns.ts";
import { fewLines, fitText, fitTextEnd, wrapText } from "../../src/render/text-width.ts";
import { hostileText } from "./hostile-text.ts";

const asIs = (text: string): string => text;
const safeText = hostileText.map(terminalText);

describe("layoutColumns", () => {
  it("keeps numbers whole and lets words give way", () => {
    const lines = layoutColumns({
      columns: [
        { head: "name", align: "left", shrinkTo: 4 },
        { head: "cost", align: "right" },
      ],
      rows: [
        ["a-long-name-of-a-workflow", "$1,249.90"],
        ["処理する注文", "$2.04"],
      ],
      width: 24,
      indent: 2,
      paintHead: asIs,
    });
    expect(lines).toStrictEqual([
      "  name              cost",
      "  a-long-nam…  $1,249.90",
      "  処理する注…      $2.04",
    ]);
  });

  it("leaves out a column that is empty in every row", () => {
    const columns = ["one", "two"].map((head) => ({ head, align: "left" as const }));
    const table = { columns, rows: [["x", ""]], width: 40, indent: 0, paintHead: asIs };
    expect(layoutColumns(table)).toStrictEqual(["one", "x"]);
  });

  it("is never wider than it is given", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(safeText, safeText, safeText), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 20, max: 200 }),
        (rows, width) => {
          const columns = [
            { head: "name", align: "left" as const, shrinkTo: 8, lines: 3 },
            { head: "number", align: "right" as const },
            { head: "place", align: "left" as const, shrinkTo: 8, keepEnd: true },
          ];
          for (const line of layoutColumns({ columns, rows, width, indent: 2, paintHead: asIs })) {
            expect(stringWidth(line)).toBeLessThanOrEqual(width);
          }
        },
      ),
    );
  });

  it("keeps columns straight and text whole, whatever the names are", () => {
    fc.assert(
      fc.property(fc.array(safeText, { minLength: 1, maxLength: 80 }), (names) => {
        const columns = ["left", "right"].map((align) => ({ head: "", align: align as "left" | "right" }));
        const rows = names.map((name) => [name, "|"]);
        const lines = layoutColumns({ columns, rows, width: Infinity, indent: 0, paintHead: asIs });
        expect(lines).toHaveLength(names.length);
        const bars = lines.map((line) => stringWidth(line));
        expect(new Set(bars).size).toBe(1);
        for (const [index, line] of lines.entries()) expect(line).toContain(names[index]);
      }),
      { numRuns: 30 },
    );
  });

  it("measures what cli-table3 alone would not: newer emoji, joined emoji, private characters", () => {
    const names = [
      "🫠 melting",
      "👩‍👩‍👧‍👦",
      "🧑‍🩰",
      "🏴‍☠️",
      "e\u0301",
      "\u0301",
      "\u{f0001}\u{10fffd}",
      "हिन्दी",
      "plain",
    ];
    const columns = ["left", "left"].map((align) => ({ head: "", align: align as "left" }));
    const rows = names.map((name) => [name, "|"]);
    const lines = layoutColumns({ columns, rows, width: 40, indent: 0, paintHead: asIs });
    expect(lines.map((line) => stringWidth(line.slice(0, -1)))).toStrictEqual(names.map(() => 12));
    for (const [index, line] of lines.entries()) expect(line).toContain(names[index]);
  });
});

describe("cutting and wrapping", () => {
  it("cuts by cells, not by characters", () => {
    expect(fitText("処理する", 5)).toBe("処理…");
    expect(fitText("👩‍👩‍👧‍👦 family", 4)).toBe("👩‍👩‍👧‍👦 …");
    expect(fitTextEnd("workflows/order.asl.json:17:21", 16)).toBe("….asl.json:17:21");
  });

  it("wraps without losing a word", () => {
    fc.assert(
      fc.property(safeText, fc.integer({ min: 4, max: 60 }), (text, width) => {
        const lines = wrapText(text, width);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });

  it("says where lines were left out", () => {
    expect(fewLines("one two three four", 5, 2)).toStrictEqual(["one", "two …"]);
  });
});
