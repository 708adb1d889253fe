import fc from "fast-check";
import { expect, test } from "vitest";
import { contentId } from "../../src/workflow/content-id.ts";

/** The definition of FNV-1a word for word: http://www.isthe.com/chongo/tech/comp/fnv/ */
function byBigInt(texts: readonly string[]): string {
  let hash = 0xcbf29ce484222325n;
  for (const unit of texts.flatMap((text) => [...units(text), 0x1f])) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(unit)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, "0").slice(0, 12);
}

function units(text: string): number[] {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
}

test("is FNV-1a over UTF-16 units, each text ended by a separator", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
      expect(contentId(texts)).toBe(byBigInt(texts));
    }),
  );
});

test("tells where one text ends and the next begins", () => {
  expect(contentId(["ab", "c"])).not.toBe(contentId(["a", "bc"]));
});
