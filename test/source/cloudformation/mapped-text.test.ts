import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import {
  insertedText,
  joinTexts,
  replaceInText,
  scalarText,
  sliceText,
  sourceOffset,
  verbatimText,
} from "../../../src/source/cloudformation/mapped-text.ts";
import { parseTemplate } from "../../../src/source/cloudformation/parse-template.ts";
import { valueAt } from "../../../src/workflow/yaml/value-node.ts";
import { sourceText } from "../../../src/source/file-text.ts";

/** Each character of the text that is neither white space nor escaped must stand where it is said to. */
function expectMapped(source: string, wanted: string): void {
  const { root } = parseTemplate(sourceText("t.yaml", source));
  const node = valueAt(root ?? undefined, "key");
  if (node?.kind !== "scalar") throw new Error(`no scalar in ${source}`);
  const mapped = scalarText(node, source);
  expect(mapped.text).toBe(wanted);
  for (let at = 0; at < wanted.length; at++) {
    const written = source.charAt(sourceOffset(mapped, at));
    if (/\s/.test(wanted.charAt(at)) || written === "\\") continue;
    if (/[\uDC00-\uDFFF]/.test(wanted.charAt(at))) continue;
    expect([at, written]).toEqual([at, wanted.charAt(at)]);
  }
}

describe("a scalar's text knows its place", () => {
  test.each([
    ["key: plain text\n", "plain text"],
    ["key: plain\n  over lines\n", "plain over lines"],
    ["key: |\n  {\n    a\n  }\n", "{\n  a\n}\n"],
    ["key: |2-\n    a\n   b\n", "  a\n b"],
    ["key: >-\n  a b\n  c\n\n  d\n", "a b c\nd"],
    ["key: 'it''s ''it'''\n", "it's 'it'"],
    ['key: "a\\n\\"b\\" \\u00e9\\x41 \\U0001F600z"\n', 'a\n"b" éA 😀z'],
    ['key: "a \\\n   b\n   c"\n', "a b c"],
    ['{ "key": "\\/x\\u0022y" }', '/x"y'],
    ["key: |\r\n  a\r\n  b\r\n", "a\nb\n"],
  ])("%j", (source, wanted) => {
    expectMapped(source, wanted);
  });

  test("in every style YAML has", () => {
    const line = fc.string({
      unit: fc.constantFrom("a", "b", "'", '"', "{", "}", ":", " ", "\\", "é", "#", ","),
    });
    const style = fc.constantFrom("BLOCK_LITERAL", "BLOCK_FOLDED", "QUOTE_DOUBLE", "QUOTE_SINGLE", "PLAIN");
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), style, (lines, defaultStringType) => {
        const text = `x${lines.join("\n")}y`;
        const source = stringify({ key: text }, { defaultStringType, lineWidth: 20 });
        // The writer doubles a backslash too many in some quoted texts; only what reads back the same is of use.
        fc.pre((parse(source) as { key: string }).key === text);
        expectMapped(source, text);
      }),
    );
  });
});

describe("laws", () => {
  const source = "abcdefghijklmnopqrstuvwxyz";
  const piece = fc
    .tuple(fc.nat({ max: 20 }), fc.nat({ max: 6 }), fc.boolean())
    .map(([from, length, verbatim]) =>
      verbatim
        ? verbatimText(source.slice(from, from + length), from)
        : insertedText("?".repeat(length), from),
    );

  test("joining and slicing keep every character's place", () => {
    fc.assert(
      fc.property(fc.array(piece), fc.nat({ max: 30 }), fc.nat({ max: 30 }), (pieces, one, other) => {
        const whole = joinTexts(pieces);
        const [from, to] = [
          Math.min(one, other, whole.text.length),
          Math.min(Math.max(one, other), whole.text.length),
        ];
        const part = sliceText(whole, from, to);
        expect(part.text).toBe(whole.text.slice(from, to));
        for (let at = 0; at < part.text.length; at++) {
          expect(sourceOffset(part, at)).toBe(sourceOffset(whole, from + at));
          if (part.text[at] !== "?") expect(source[sourceOffset(part, at)]).toBe(part.text[at]);
        }
      }),
    );
  });

  test("replacing touches the matches alone", () => {
    const mapped = verbatimText(source, 0);
    const replaced = replaceInText(mapped, /[ckx]/g, ([letter]) => (letter === "k" ? null : "<>"));
    expect(replaced.text).toBe("ab<>defghijklmnopqrstuvw<>yz");
    expect(sourceOffset(replaced, replaced.text.indexOf("k"))).toBe(source.indexOf("k"));
    expect(sourceOffset(replaced, replaced.text.indexOf("y"))).toBe(source.indexOf("y"));
    expect(sourceOffset(replaced, replaced.text.indexOf("<") + 1)).toBe(source.indexOf("c"));
    expect(replaceInText(mapped, /[cdk]/g, () => null)).toBe(mapped);
  });
});
