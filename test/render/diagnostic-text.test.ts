import { expect, it } from "vitest";
import type { Diagnostic } from "../../src/diagnostic.ts";
import { renderDiagnostics, severityCounts, worstDiagnostics } from "../../src/render/diagnostic-text.ts";

const missingComma: Diagnostic = {
  code: "unreadable-file",
  severity: "error",
  message: "the file is not JSON: a comma is missing",
  at: { file: "order.asl.json", line: 4, column: 17, pointer: "" },
  hint: "add the comma",
};
const borrowed: Diagnostic = {
  code: "borrowed-price",
  severity: "info",
  message: "no price here\u001b[2J",
  at: null,
  hint: null,
};

it("writes a place that editors can open, then the reason, then the remedy", () => {
  expect(renderDiagnostics([missingComma, borrowed], { colour: false })).toBe(
    [
      "order.asl.json:4:17: error unreadable-file: the file is not JSON: a comma is missing",
      "  hint: add the comma",
      "info borrowed-price: no price here\\x1b[2J",
      "",
    ].join("\n"),
  );
});

it("paints severities only when colour is asked for", () => {
  expect(renderDiagnostics([missingComma], { colour: true })).toContain("\u001b[31merror\u001b[39m");
  expect(renderDiagnostics([], { colour: true })).toBe("");
});

it("counts by severity and cuts the mildest first", () => {
  expect(severityCounts([borrowed, missingComma, borrowed])).toBe("1 error, 2 notes");
  const cut = worstDiagnostics([borrowed, borrowed, borrowed, missingComma], { verbose: false, top: 1 });
  expect(cut.shown).toStrictEqual([missingComma]);
  expect(cut.more).toBe("… 3 more diagnostics: --verbose shows all");
});
