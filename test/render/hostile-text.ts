/** Hostile text is what a stranger may call a state or a file: anything at all, and the worst more often. */
import fc from "fast-check";

const NASTY = [
  "\u001b[31m",
  "\u001b]8;;http://evil.example\u0007",
  "\u009b2J",
  "\u202e",
  "\u2066",
  "\u200b",
  "\n",
  "\r\n",
  "\t",
  "\0",
  "\u2028",
  "\ud800",
  "|",
  "`",
  "<script>",
  "@octocat",
  "#123",
  "!7",
  "GH-9",
  "https://evil.example",
  "www.evil.example",
  "[x](javascript:alert(1))",
  "![i](http://evil.example/i.png)",
  ":smile:",
  "$x$",
  "&lt;",
  "&#64;",
  "\\",
  "__proto__",
  "constructor",
  "処理",
  "👩‍👩‍👧‍👦",
  "🫠",
  "हिन्दी",
  "e\u0301",
  "\u0301",
  "ｶﾞ",
  " ",
  "=1+1",
  "-2",
  "+3",
  "--",
  "/close",
  "1. ",
  "> ",
  "{{md x}}",
  ",",
  '"',
] as const;

export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
      fc.string({ unit: "binary", maxLength: 12 }),
    ),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(""));

/** What no terminal may be sent. Newlines are the report's own. */
export const FORBIDDEN = /(?!\n)[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\p{Cs}]/u;
