import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { outlineJson } from "../../../src/workflow/text/json-outline.ts";
import type { JsonValue } from "../../../src/workflow/text/json-value.ts";
import { parsePlainJson } from "../../../src/workflow/text/plain-json.ts";

describe("JSON is plain only where the outline has nothing to say of it, and wherever no key has an escape", () => {
  /** Written with all the blanks and escapes that JSON knows, and at times with a key twice. */
  const written = fc.letrec<{ value: string }>((tie) => {
    const blank = fc.constantFrom("", " ", "\n\t", "\r\n");
    const text = fc
      .oneof(fc.string(), fc.constantFrom('"', "\\", ":", '\\":', "{", "\u2028", "__proto__"))
      .map((each) => JSON.stringify(each));
    const member = fc
      .tuple(text, blank, blank, tie("value"))
      .map(([key, a, b, of]) => `${a}${key}${b}:${of}`);
    return {
      value: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(text, fc.constantFrom("1", "-0.5e3", "null", "true")),
        fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(",")}]`),
        fc.tuple(fc.array(member, { maxLength: 4 }), blank).map(([all, end]) => `{${all.join(",")}${end}}`),
      ),
    };
  }).value;
  const damaged = fc
    .tuple(written, fc.nat(), fc.constantFrom("", ",", "//", '"', "}"))
    .map(
      ([text, at, put]) =>
        `${text.slice(0, at % (text.length + 1))}${put}${text.slice(at % (text.length + 1))}`,
    );

  test("for any text", () => {
    fc.assert(
      fc.property(fc.oneof(written, damaged), (text) => {
        const { duplicates, faults, strictText } = outlineJson(text);
        const isPlain = duplicates.length + faults.length === 0 && strictText === text && parses(text);
        const value = parsePlainJson(text);
        if (value !== undefined) expect(isPlain).toBe(true);
        if (isPlain && !text.includes("\\")) expect(value).toEqual(JSON.parse(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test("for keys with an escape", () => {
    expect(parsePlainJson(String.raw`{"a": "\n", "b": 1}`)).toEqual({ a: "\n", b: 1 });
    expect(parsePlainJson(String.raw`{"a\n": 1}`)).toBeUndefined();
  });

  test("for a key twice that Node 24 takes for two keys", () => {
    const alike = String.raw`{"\"": "x", "\\": 1}`;
    const twice = String.raw`{"\"": [{"\"": "\"", "\"": 1}]}`;
    for (let times = 0; times < 100; times++) {
      JSON.parse(alike);
      expect(parsePlainJson(twice)).toBeUndefined();
    }
  });

  test("for texts that nest as deep as is read, and deeper", () => {
    for (const depth of [200, 201]) {
      const text = `${"[".repeat(depth)}${"]".repeat(depth)}`;
      expect(parsePlainJson(text) === undefined).toBe(outlineJson(text).faults.length > 0);
    }
  });
});

function parses(text: string): boolean {
  try {
    return (JSON.parse(text) as JsonValue) !== undefined;
  } catch {
    return false;
  }
}
