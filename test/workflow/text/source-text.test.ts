import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outlineJson } from "../../../src/workflow/text/json-outline.ts";
import type { JsonValue } from "../../../src/workflow/text/json-value.ts";
import { pointerTo } from "../../../src/workflow/text/json-value.ts";
import { readSource } from "../../../src/workflow/text/read-source.ts";
import { readSourceText, sourceOfValue } from "../../../src/workflow/text/source-text.ts";
import { readYamlText } from "../../../src/workflow/yaml/yaml-text.ts";

const codes = (source: { readonly diagnostics: readonly { readonly code: string }[] }) =>
  source.diagnostics.map(({ code }) => code);

/** Every pointer of a value, with the text its place must start with in JSON. */
function pointersOf(
  value: JsonValue,
  pointer = "",
  key: string | null = null,
): readonly (readonly [string, string])[] {
  const start = key === null ? JSON.stringify(value)[0] : JSON.stringify(key);
  const own = [[pointer, start ?? ""] as const];
  if (typeof value !== "object" || value === null) return own;
  const inner = Array.isArray(value)
    ? value.flatMap((item: JsonValue, index) => pointersOf(item, pointerTo(pointer, index)))
    : Object.entries(value).flatMap(([name, item]) => pointersOf(item, pointerTo(pointer, name), name));
  return [...own, ...inner];
}

describe("readSourceText", () => {
  it("reads JSON of any shape as JSON.parse does, without diagnostics", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 1, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const source = readSourceText(text, "a.json");
        expect(source.value).toEqual(JSON.parse(text));
        expect(source.diagnostics).toEqual([]);
        expect(source.jsonText).toBe(text);
      }),
    );
  });

  it("locates every pointer at its key or item", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value, null, 2);
        const { locate } = readSourceText(text, "a.json");
        const lines = text.split("\n");
        for (const [pointer, start] of pointersOf(JSON.parse(text) as JsonValue)) {
          const { line, column } = locate(pointer);
          expect((lines[line - 1] ?? "").slice(column - 1).startsWith(start)).toBe(true);
        }
      }),
    );
  });

  it("never throws, and agrees with JSON.parse on what is JSON", () => {
    const noise = fc.array(
      fc.constantFrom(...'{}[],:"\\/* \n\t1-.e', "//", "/*", "*/", "true", '"a"', "null", "é"),
      {
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(noise, (parts) => {
        const text = parts.join("");
        const source = readSourceText(text, "a.json");
        let strict: { value: unknown } | null = null;
        try {
          strict = { value: JSON.parse(text) };
        } catch {
          strict = null;
        }
        if (strict !== null) expect(source.value).toEqual(strict.value);
        if (source.value === undefined) expect(codes(source)).not.toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it("accepts comments silently and trailing commas with a warning", () => {
    const text = `{ // one\n  "a": [1, 2, /* two */ ], "b": "// no comment", }`;
    const source = readSourceText(text, "a.json");
    expect(source.value).toEqual({ a: [1, 2], b: "// no comment" });
    expect(
      source.diagnostics.map(({ code, severity, at }) => [code, severity, at?.line, at?.column]),
    ).toEqual([
      ["trailing-comma", "warning", 2, 13],
      ["trailing-comma", "warning", 2, 48],
    ]);
    expect(source.locate("/b")).toMatchObject({ line: 2, column: 28 });
    expect(source.jsonText).toBe(`{"a":[1,2],"b":"// no comment"}`);
  });

  it("reports a missing comma and reads on to the next fault", () => {
    const source = readSourceText(`{\n  "a": 1\n  "b": 2\n  "c": 3\n}`, "a.json");
    expect(source.value).toEqual({ a: 1, b: 2, c: 3 });
    expect(source.diagnostics.map(({ code, severity, at }) => [code, severity, at?.line])).toEqual([
      ["invalid-json", "error", 2],
      ["invalid-json", "error", 3],
    ]);
  });

  it("finds duplicate keys, also when one is escaped, and tells both places", () => {
    const source = readSourceText(`{\n "a": 1,\n "\\u0061": 2, "__proto__": {"x": 1} }`, "a.json");
    expect(codes(source)).toEqual(["duplicate-key"]);
    expect(source.diagnostics[0]?.at).toMatchObject({ line: 3, column: 2 });
    expect(source.diagnostics[0]?.message).toContain("2:2");
    expect(Object.keys(source.value as object)).toEqual(["a", "__proto__"]);
    expect(source.locate("/__proto__/x")).toMatchObject({ line: 3, column: 29 });
  });

  it.each([
    ["nothing", ""],
    ["white space", " \n"],
    ["a word", "hello"],
    ["an open object", `{ "a": 1`],
    ["an open string", `{ "a`],
    ["two values", "{} {}"],
    ["single quotes", "{ 'a': 1 }"],
    ["an open comment", "{} /*"],
  ])("says where %s fails to be JSON", (name, text) => {
    const source = readSourceText(text, "a.json");
    if (name === "an open comment") return expect(source.value).toEqual({});
    expect(codes(source)).toEqual(["invalid-json"]);
    expect(source.value).toBe(undefined);
    return expect(source.diagnostics[0]?.at?.line).toBeGreaterThan(0);
  });

  it("refuses nesting beyond 200 levels and reads 200", () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    expect(codes(readSourceText(nested(200), "a.json"))).toEqual([]);
    expect(codes(readSourceText(nested(201), "a.json"))).toEqual(["nested-too-deep"]);
    expect(codes(readSourceText(`{"a":`.repeat(200_000), "a.json"))).toEqual(["nested-too-deep"]);
    expect(codes(readYamlText("[".repeat(2_000), "a.yaml"))).toEqual(["invalid-yaml"]);
  });

  it("reads UTF-8 and UTF-16 by their byte order marks, and refuses bytes that are no text", () => {
    const text = `{"näme": "😀"}`;
    const utf16 = (bigEndian: boolean) => {
      const units = [0xfeff, ...Array.from({ length: text.length }, (_, index) => text.charCodeAt(index))];
      return new Uint8Array(
        units.flatMap((unit) => (bigEndian ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8])),
      );
    };
    const utf8 = new TextEncoder().encode(text);
    for (const bytes of [utf8, new Uint8Array([0xef, 0xbb, 0xbf, ...utf8]), utf16(true), utf16(false)]) {
      expect(readSourceText(bytes, "a.json")).toMatchObject({ value: { näme: "😀" }, text, diagnostics: [] });
    }
    expect(codes(readSourceText(new Uint8Array([123, 0xff, 125]), "a.json"))).toEqual(["invalid-json"]);
    expect(codes(readSourceText(new Uint8Array([0, 1, 2]), "a.json"))).toEqual(["invalid-json"]);
  });

  it("takes time in proportion to the text, also on one line", () => {
    const timeOf = (count: number) => {
      const text = JSON.stringify(Array.from({ length: count }, (_, index) => `\\"${index}`));
      const start = performance.now();
      expect(readSourceText(text, "a.json").diagnostics).toEqual([]);
      return performance.now() - start;
    };
    timeOf(20_000);
    // Quadratic time would be 400 times as much.
    expect(timeOf(400_000)).toBeLessThan(160 * Math.max(timeOf(20_000), 2));
  });

  it("keeps an outline of the same length as the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[],:"/* \n1') }), (text) => {
        expect(outlineJson(text).strictText).toHaveLength(text.length);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("readYamlText", () => {
  it("reads JSON of any shape as JSON.parse does", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, noUnicodeString: true }), (value) => {
        const text = JSON.stringify(value, null, 2);
        expect(readYamlText(text, "a.yaml").value).toEqual(JSON.parse(text));
      }),
    );
  });

  it("locates members, items and what aliases stand for", () => {
    const source = readYamlText(`a: &x\n  - one\n  - two: 2\nb: *x\n`, "a.yaml");
    expect(source.value).toEqual({ a: ["one", { two: 2 }], b: ["one", { two: 2 }] });
    expect(source.locate("/a/1/two")).toMatchObject({ line: 3, column: 5 });
    expect(source.locate("/b/0")).toMatchObject({ line: 2, column: 5 });
    expect(source.locate("/b/7/lost")).toMatchObject({ line: 4, column: 1 });
  });

  it("never throws, neither reading nor locating", () => {
    const pieces = [
      "a",
      "b: ",
      "- ",
      "? ",
      "\n",
      "  ",
      "[",
      "]",
      "{",
      "}",
      ", ",
      "&x ",
      "*x",
      "!Sub ",
      "|",
      "'",
      '"',
      "#",
      "---\n",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 25 }), (parts) => {
        const source = readYamlText(parts.join(""), "a.yaml");
        if (source.value === undefined) expect(codes(source)).not.toEqual([]);
        for (const pointer of ["", "/a", "/b/0", "/a/b/a"])
          expect(source.locate(pointer).line).toBeGreaterThan(0);
      }),
      { numRuns: 1_000 },
    );
  });

  it("keeps __proto__, makes keys strings, and resolves tags when told how", () => {
    const text = `__proto__: {a: 1}\n200: !Sub "x"\n`;
    const source = readYamlText(text, "a.yaml", {
      resolveTag: (tag, value) => ({ [`Fn::${tag.slice(1)}`]: value }),
    });
    expect(Object.entries(source.value as object)).toEqual([
      ["200", { "Fn::Sub": "x" }],
      ["__proto__", { a: 1 }],
    ]);
    expect(codes(source)).toEqual([]);
  });

  it.each([
    ["a cyclic anchor", "a: &a [*a]", "contains itself"],
    ["an unknown anchor", "a: *nowhere", "nowhere"],
    ["an infinite number", "a: .inf", "infinite"],
    ["a duplicate key", "a: 1\na: 2", '"a" stands twice'],
    ["two documents", "a: 1\n---\nb: 2", "more than one"],
    ["an unclosed list", "a: [1, 2", "low"],
    ["nothing", "", "empty"],
  ])("refuses %s", (_name, text, words) => {
    const { diagnostics } = readYamlText(text, "a.yaml");
    expect(diagnostics.some(({ severity, message }) => severity === "error" && message.includes(words))).toBe(
      true,
    );
  });

  it("refuses aliases that multiply", () => {
    const level = (name: string, of: string) =>
      `${name}: &${name} [${Array.from({ length: 9 }, () => of).join(", ")}]`;
    const lines = [
      "a: &a x",
      ..."bcdefghi".split("").map((name, index) => level(name, `*${"abcdefgh".charAt(index)}`)),
    ];
    const source = readYamlText(lines.join("\n"), "a.yaml");
    expect(source.value).toBe(undefined);
    expect(source.diagnostics[0]?.message).toContain("Aliases multiply");
  });
});

describe("readSource", () => {
  it.each([
    ["a.json", `{"StartAt": "A"}`, "json"],
    ["a.asl", `{"StartAt": "A"}`, "json"],
    ["a.asl", `StartAt: A`, "yaml"],
    ["a.yaml", `{"StartAt": "A"}`, "json"],
    ["a.yaml", `{StartAt: A}`, "yaml"],
    ["-", `// x\n{"StartAt": "A"}`, "json"],
  ])("takes %s holding %s for %s", async (file, text, format) => {
    expect(await readSource(text, file)).toMatchObject({ format, value: { StartAt: "A" }, diagnostics: [] });
  });
});

describe("sourceOfValue", () => {
  it("reads objects and reports those that are not JSON", () => {
    expect(sourceOfValue({ a: [1] })).toMatchObject({
      value: { a: [1] },
      jsonText: `{"a":[1]}`,
      diagnostics: [],
    });
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    for (const value of [cyclic, undefined, () => 1, 1n])
      expect(codes(sourceOfValue(value))).toEqual(["invalid-json"]);
  });
});
