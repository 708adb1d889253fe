import { expect, test } from "vitest";
import { drawnWidth, fitDrawn } from "../../../src/render/page/drawn-text.ts";

const FONT = { size: 12, isBold: true };

test("a text is cut where its letters, not their number, fill the width", () => {
  expect(fitDrawn("Charge card", 180, FONT)).toBe("Charge card");
  const [wide, narrow] = ["W", "i"].map((letter) => fitDrawn(letter.repeat(80), 180, FONT));
  expect(wide!.length).toBeLessThan(16);
  expect(narrow!.length).toBeGreaterThan(25);
  for (const cut of [wide!, narrow!, fitDrawn("日".repeat(40), 180, FONT)]) {
    expect(cut.endsWith("…")).toBe(true);
    expect(drawnWidth(cut, FONT)).toBeLessThanOrEqual(180);
  }
});
