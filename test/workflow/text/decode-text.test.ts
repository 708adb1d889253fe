import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8Length } from "../../../src/workflow/text/decode-text.ts";

test("a text is as long in UTF-8 as its encoding is, halves of pairs and all", () => {
  const units = fc.array(
    fc.constantFrom("a", "\u007f", "\u0080", "\u07ff", "\u0800", "\ud83d", "\ude00", "\uffff"),
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    units.map((each) => each.join("")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
    }),
  );
});
