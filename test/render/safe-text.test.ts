import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvText, jsonText, markdownText, terminalText } from "../../src/render/safe-text.ts";
import { FORBIDDEN, hostileText } from "./hostile-text.ts";

describe("terminalText", () => {
  it("writes out what a terminal would obey or hide", () => {
    expect(terminalText("\u001b[31mred\u0007")).toBe("\\x1b[31mred\\x07");
    expect(terminalText("a\nb\tc\r")).toBe("a\\nb\\tc\\r");
    expect(terminalText("\u202egnp")).toBe("\\u{202e}gnp");
    expect(terminalText("\ud800")).toBe("\\u{d800}");
  });

  it("leaves wide, joined and combined characters as they are", () => {
    for (const text of ["処理", "👩‍👩‍👧‍👦", "हिन्दी", "e\u0301", "نام\u200cها"])
      expect(terminalText(text)).toBe(text);
  });

  it("never lets a control character or a line break through", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(terminalText(text)).not.toMatch(FORBIDDEN);
        expect(terminalText(text)).not.toContain("\n");
      }),
    );
  });
});

describe("markdownText", () => {
  it.each([
    ["a|b", "a\\|b"],
    ["`rm`", "\\`rm\\`"],
    ["<img>", "&lt;img&gt;"],
    ["a & b", "a &amp; b"],
    ["@octocat", "@&#8203;octocat"],
    ["#12", "\\#&#8203;12"],
    ["&#64;octocat", "&amp;\\#&#8203;64;octocat"],
    ["GH-2", "GH-&#8203;2"],
    ["!7", "!&#8203;7"],
    ["https://x.example", "https:&#8203;//x.example"],
    ["[x](y)", "\\[x\\](y)"],
    [":smile:", ":&#8203;smile:"],
    ["a.json:100:5", "a.json:&#8203;100:5"],
    ["a.json:17:21", "a.json:17:21"],
    ["- item", "\\- item"],
    ["1. item", "1\\. item"],
    ["7.02 transitions", "7.02 transitions"],
    ["-$5.00", "-$5.00"],
    ["$x$", "&#36;x&#36;"],
    ["/close", "&#47;close"],
    ["line\nline", "line\\\\nline"],
  ])("writes %j as %j", (text, markdown) => {
    expect(markdownText(text)).toBe(markdown);
  });

  it("leaves no markup, mention, reference or link alive, whatever the text", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const markdown = markdownText(text);
        const unescaped = markdown.replaceAll(/\\[\\`*_[\]|~{}#.)+-]/g, "");
        expect(unescaped).not.toMatch(/[|`*_[\]<>~]/);
        expect(unescaped).not.toMatch(/[@#](?!&#8203;|8203;|\d+;)/);
        expect(unescaped).not.toMatch(/&(?!amp;|lt;|gt;|#(8203|36|47|61);)/);
        expect(unescaped).not.toMatch(/:\/\/|www\./i);
        expect(markdown).not.toMatch(FORBIDDEN);
        expect(markdown).not.toContain("\n");
      }),
    );
  });
});

describe("csvText", () => {
  it.each([
    ["plain", "plain"],
    ["a,b", '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\\t=1"],
    ["＝1", "'＝1"],
    [" =1", "' =1"],
    ["a\nb", "a\\nb"],
  ])("writes %j as %j", (text, field) => {
    expect(csvText(text)).toBe(field);
  });
});

it("jsonText changes no value and shows no control character", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const json = jsonText(JSON.stringify({ [text]: [text] }, null, 2));
      expect(json).not.toMatch(FORBIDDEN);
      expect(JSON.stringify(JSON.parse(json))).toBe(JSON.stringify({ [text]: [text] }));
    }),
  );
});
