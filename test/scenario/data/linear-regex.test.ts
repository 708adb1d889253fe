/** Regular expressions match as JavaScript's do, in bounded time. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linearRegex } from "../../../src/scenario/data/linear-regex.ts";
import type { RegexEngine } from "../../../src/scenario/data/linear-regex.ts";
import { chainOf, traceQuery } from "../trace-output.ts";
import { traceExecution } from "../../../src/scenario/execution-trace.ts";

const free = () => {};

/** All matches, as JSONata asks for them. */
function matchesOf(engine: RegexEngine | RegExp, text: string): [number, (string | undefined)[]][] {
  const found: [number, (string | undefined)[]][] = [];
  for (let from = 0; from <= text.length && found.length < 50;) {
    engine.lastIndex = from;
    const match = engine.exec(text);
    if (match === null) break;
    found.push([match.index, [...match]]);
    from = Math.max(match.index + (match[0] ?? "").length, from + 1);
  }
  return found;
}

describe("a linear regular expression", () => {
  test.each([
    ["a+", "", "caaab aa"],
    ["(\\d+)-(\\w+)?", "", "a 12- 13-b"],
    ["^[\\w.]+@[\\w-]+\\.(com|org)$", "i", "Someone@Example.ORG"],
    ["^b", "m", "a\nb\nb"],
    ["\\bto(?:day|morrow)?\\b", "", "to and today, tomorrow, token"],
    ["(a)|(b)", "", "ba"],
    ["[^,;]*[,;]", "", "one,two;three"],
    ["\\u00e9.", "i", "ÉX éy"],
    ["x*?y", "", "xxyxy"],
  ])("/%s/%s finds in %j what a RegExp finds", (source, flags, text) => {
    const native = new RegExp(source, `${flags}g`);
    expect(matchesOf(linearRegex(native, free), text)).toEqual(matchesOf(native, text));
  });

  test("finds what a RegExp finds, whatever the pattern", () => {
    const atom = fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "\\d", "(a|b)", "(?:ab)", "(b)");
    const piece = fc.tuple(atom, fc.constantFrom("", "*", "+", "?", "{1,2}", "+?"));
    const pattern = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.flat().join(""));
    fc.assert(
      fc.property(
        pattern,
        fc.string({ unit: fc.constantFrom("a", "b", "1", " "), maxLength: 12 }),
        (source, text) => {
          const native = new RegExp(source, "g");
          const bounds = (engine: RegexEngine | RegExp) =>
            matchesOf(engine, text).map(([index, [whole]]) => [index, whole]);
          expect(bounds(linearRegex(native, free))).toEqual(bounds(native));
        },
      ),
      { numRuns: 500 },
    );
  });

  test("patterns that would be tried for ever fail at once", async () => {
    const started = performance.now();
    for (const pattern of ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(.*a){12}b", "^(([a-z])+.)+[A-Z]([a-z])+$"]) {
      const text = `${"a".repeat(5_000)}!`;
      const machine = chainOf({
        P: { Type: "Pass", QueryLanguage: "JSONata", Output: `{% $contains($states.input, /${pattern}/) %}` },
      });
      expect(await traceExecution(machine, { input: text }), pattern).toMatchObject({
        status: "SUCCEEDED",
        output: false,
      });
    }
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test("many searches of long texts use up the steps of an expression", async () => {
    const output = "{% $map([1..5000], function($i) { $contains($states.input, /(x+x+)+y/) }) %}";
    const machine = chainOf({ P: { Type: "Pass", QueryLanguage: "JSONata", Output: output } });
    const trace = await traceExecution(machine, { input: "x".repeat(100_000) });
    expect(trace.error?.error).toBe("States.QueryEvaluationError");
    expect(trace.error?.cause).toContain("steps");
  });

  test("lookaround and back-references are refused in plain words", async () => {
    for (const pattern of ["(?=a)", "(?<!a)b", "(a)\\1"]) {
      const trace = await traceQuery(`{% $contains('aa', /${pattern}/) %}`);
      expect(trace.error?.error).toBe("States.QueryEvaluationError");
      expect(trace.error?.cause).toContain("cannot be matched in bounded time");
    }
  });

  test("matches, replaces and splits as JSONata does", async () => {
    const query = `{% { 'm': $match('ab12cd3', /[a-z]+(\\d+)/), 'r': $replace('a1b22', /(\\d+)/, '<$1>'), 's': $split('a, b,c', /, ?/) } %}`;
    expect((await traceQuery(query)).output).toEqual({
      m: [
        { match: "ab12", index: 0, groups: ["12"] },
        { match: "cd3", index: 4, groups: ["3"] },
      ],
      r: "a<1>b<22>",
      s: ["a", "b", "c"],
    });
  });
});
