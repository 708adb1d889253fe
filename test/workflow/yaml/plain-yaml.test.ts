/** Plain YAML is read as the parser of all of YAML reads it, place by place, or left to it. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { globSync } from "tinyglobby";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { pointerTo } from "../../../src/workflow/text/json-value.ts";
import { readSource } from "../../../src/workflow/text/read-source.ts";
import type { SourceText } from "../../../src/workflow/text/source-text.ts";
import { readPlainYaml } from "../../../src/workflow/yaml/plain-yaml.ts";
import { readYamlText } from "../../../src/workflow/yaml/yaml-text.ts";

/** Of each value, and of what is not there. */
function pointersOf(value: unknown, at = ""): readonly string[] {
  const inside = value !== null && typeof value === "object" ? Object.entries(value) : [];
  const below = inside.flatMap(([key, each]) => pointersOf(each, pointerTo(at, key)));
  return [at, pointerTo(at, "lost"), pointerTo(at, 99), ...below];
}

const shown = ({ locate, ...source }: SourceText) => ({
  ...source,
  places: pointersOf(source.value).map(locate),
});

/** Whether the text was plain; what was read of it must be what all of YAML reads. */
function isReadAlike(text: string): boolean {
  const read = readPlainYaml(text, "a.yaml");
  if (read !== null) expect(shown(read)).toStrictEqual(shown(readYamlText(text, "a.yaml")));
  return read !== null;
}

const DEFINITION = `# Payments
StartAt: Check
States:
  Check:
    Type: Choice
    Choices:
      - Variable: $.total
        NumericGreaterThan: 100.5
        Next: "Pay"
    Default: Done
  Pay:
    Type: Task
    Resource: arn:aws:states:::lambda:invoke
    Parameters: { FunctionName: pay, Payload.$: '$' }
    ResultPath: null
    TimeoutSeconds: 60
    Retry:
    - ErrorEquals: [States.ALL, 'It''s']
      MaxAttempts: 0
    Comment: >-
      in two
      lines
    Next: Done
  Done: # the end
    Type: Succeed
  200: { Type: Pass, End: true, Result: [1, -2, ~, "x\\ty"] }
  __proto__:
    Type: Fail
    Cause: |
      Lost

      for ever
`;

const key = fc.oneof(
  fc.stringMatching(/^[A-Za-z][\w.$ ]{0,6}$/),
  fc.constantFrom("200", "__proto__", "a: b", "~"),
);
const leaf = fc.oneof(
  fc.constantFrom(null, true, "", "true", "12", "x # y", "it's", "a\nb\n", "$.x", "- a", "a: b"),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.stringMatching(/^[a-z][\w .,:/$-]{0,40}$/),
  fc.string({ maxLength: 8 }),
);

describe("what is plain", () => {
  it.each([
    DEFINITION,
    DEFINITION.replaceAll("\n", "\r\n"),
    "---\nA: 1\n",
    "A:\n  - - 1\n    - B: {}\n  -\n  - C: []\n",
    ...globSync("examples/**/*.{yaml,yml}", { absolute: true })
      .map((file) => readFileSync(file, "utf8"))
      .filter((text) => readPlainYaml(text, "a.yaml") !== null),
  ])("%j", (text) => {
    expect(isReadAlike(text)).toBe(true);
  });

  it.each([
    ["a tag", "A: !Sub b\n"],
    ["a key that stands twice", "A: 1\nA: 2\n"],
    ["a stray line", "A: 1\nb c\nD: 1\n"],
    ["an anchor", "A: &b 1\nC: *b\n"],
    ["a list", "- 1\n"],
    ["two documents", "A: 1\n---\nB: 2\n"],
  ])("is not %s, which is left to the parser of all of YAML", async (_what, text) => {
    expect(readPlainYaml(text, "a.yaml")).toBeNull();
    expect(shown(await readSource(text, "a.yaml"))).toStrictEqual(shown(readYamlText(text, "a.yaml")));
  });

  it("is whatever a value is written as, but for what is rare", () => {
    let plain = 0;
    const { value: anyValue } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie("value"), { maxLength: 4 }), tie("map")),
      map: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    }));
    const written = fc.tuple(
      fc.dictionary(key, anyValue, { minKeys: 1, maxKeys: 5 }),
      fc.record({
        indent: fc.constantFrom(2, 4),
        indentSeq: fc.boolean(),
        collectionStyle: fc.constantFrom("any", "block", "flow"),
        defaultStringType: fc.constantFrom("PLAIN", "QUOTE_SINGLE", "QUOTE_DOUBLE", "BLOCK_LITERAL"),
      }),
    );
    fc.assert(
      fc.property(written, ([value, style]) => {
        if (isReadAlike(stringify(value, style as never))) plain++;
      }),
      { numRuns: 600 },
    );
    expect(plain).toBeGreaterThan(50);
  });

  it("is a definition with a line moved, doubled or cut, or is left", () => {
    const lines = DEFINITION.split("\n");
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(lines.length - 1), fc.nat(5), fc.nat(20)), { minLength: 1, maxLength: 3 }),
        (edits) => {
          const edited = [...lines];
          for (const [at, kind, by] of edits) {
            const line = edited[at]!;
            edited[at] = [
              ` ${line}`,
              line.slice(1),
              `${line}\n${line}`,
              line.slice(0, by),
              line.slice(0, by) + line.slice(by + 1),
              `${line.slice(0, by)} ${line.slice(by)}`,
            ][kind]!;
          }
          isReadAlike(edited.join("\n"));
        },
      ),
      { numRuns: 500 },
    );
  });
});
