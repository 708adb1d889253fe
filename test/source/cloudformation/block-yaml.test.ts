/** Block YAML is read as the parser of all of YAML reads it, place by place, or left to it. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { globSync } from "tinyglobby";
import { describe, expect, it } from "vitest";
import type { ValueNode } from "../../../src/workflow/yaml/value-node.ts";
import { readAllYaml, readPlainTemplate } from "../../../src/source/cloudformation/parse-yaml-template.ts";

/** Whether the text was plain; what was read of it must be what all of YAML reads, with the same to say. */
function isReadAlike(text: string): boolean {
  const read = readPlainTemplate(text);
  if (read !== null) expect(read).toStrictEqual(readAllYaml(text));
  const withReturns = text.replaceAll("\n", "\r\n");
  const other = readPlainTemplate(withReturns);
  if (other !== null) expect(other).toStrictEqual(readAllYaml(withReturns));
  return read !== null;
}

describe("what is plain", () => {
  it.each([
    "A: 1\n",
    "---\nA: 1\n",
    "# first\n\nA: 1 # a\n  # b\nB: 2",
    "A:\n  B:\n    - 1\n    - C: 2\n      D: 3\n    -\n      E: 4\n    - - 5\n      - 6\n",
    "A:\n- 1\n- B: 2\nC: 3\n",
    "A: !Sub ${B}\nC: !GetAtt D.E.F\nG: !Ref H # I\nJ: !Ref 012\n",
    "A: !GetAZs !Ref B\nC: !Base64 !Sub |\n  d\nE: !Select\n  - !Sub !Ref !Join [f]\n",
    "A: !If [!Not !Ref B, !Split  !Sub 'c']\nA: !Cidr !Ref\n  - b\nC: {d: !Sub !Ref e, f: 1}\n",
    "A:\n  - !Sub !Ref b\n  - !Sub !Ref !Ref !Ref c\n  - !Sub !Ref d\n  - !Sub !Ref e\n",
    "A: !If [B, !Ref C, { D: 1, \"E\": [F, 'G'] }]\nH: []\nI: {}\n",
    "A: !Join\n  - ''\n  - - B\n    - !Ref C\n",
    "A:\n  !Join [\n    ':',\n    [a, # b\n      c],\n  d]\n",
    "A: |\n  b\n   c\n\n  d\n\nE: |-\n  f\nG: |+\n  h\n\n\nI: !Sub |\n  {}\n",
    "A: >\n  b\n  c\n\n  d\n\n\n  e\nF: >-\n\n  g\n",
    "A: 'it''s'\nB: \"a\\tb\\\"c\\\\\"\n'C d': 1\n\"E\": 2\nF : 3\n",
    "A:\nB: ~\nC: null\nD:\n  - \n  - 1\nE: # nothing\nF:\n",
    "A: 012\nB: 1.50\nC: true\nD: FALSE\nE: 2012-10-17\nF: -1\nG: +2\nH: no\nI: -x\nJ: :x\nK: 10.0.1.0/24\n",
    "A: arn:aws:states:::lambda:invoke\nFn::Sub: x\nB#: c#d\nC.$: $.d\n$E: (f)\n",
    "  A: 1\n  B: 2\n",
    "A\u00a0: 1\nB\f: 2\nC \u2028 : 3\nA: 4\n",
    "A: 1\nB:\n  - C: 2\n    D: 3\n    C: 4\nA: 5\n",
    "A: >\n\n  b\n    c\n\n  d\n  e\n\n    f\n    g\n",
    "A: \"b\n  c\"\nD: 'e \n\n\n   f''g\n  '\nH: \"\\\n    i\\n\\\n    \\  j  \n\n  \"\n",
    "A: [b, 'C' : d, E: !Ref F, \"G\":  [h: 1], 2: 3]\n",
    "A: [b, ]\nC: {d: 1,\n  }\nE: [[f,],]\n",
    // Stray lines.
    "A: >\nb c\n\nD: 1\n",
    "A: 1\nb c\nD:\n  E: !Sub\n    - f\n  g, h\n\n  I: |+\n    j\n\n  k\n    \n  L: !Ref !Ref m\nn\nO: 1\n",
    "A:\n- b\n- c: d\n  e\n  F:\n    - g\n  h\n  I: j\nk\nL:\n",
    // Indented too little for YAML 1.2: AWS takes it.
    "A:\n  B: [1,\n2, {\n  c: d\n} ]\n",
    'A:\n  B: "{\n    c\n  }"\nD: 1\n',
  ])("%j", (text) => {
    expect(isReadAlike(text)).toBe(true);
  });

  it.each([
    ["a tab", "A:\n\tB: 1\n"],
    ["two kinds of line end", "A: 1\r\nB: 2\n"],
    ["a line end of old", "A: 1\rB: 2\r"],
    ["two documents", "A: 1\n---\nB: 2\n"],
    ["an anchor", "A: &b 1\nC: *b\n"],
    ["a merge", "A:\n  <<: {B: 1}\n"],
    ["a text over two lines", "A: b\n  c\n"],
    ["a quoted text over two lines with a tab", 'A: "b\n\t c"\n'],
    ["a quoted key over two lines", '"A\n  b": 1\n'],
    ["a key in brackets over two lines", 'A: ["b\n  c": 1]\n'],
    ["a key too long for its colon", `A: [${"b".repeat(1100)}: 1]\n`],
    ["nothing between commas", "A: [b,,c]\n"],
    ["a comma alone", "A: [,]\n"],
    ["a quoted text that ends nowhere", "A: 'b\n  c\n"],
    ["an unknown tag", "A: !Mine b\n"],
    ["a tag on the line after another", "A: !Sub\n  !Ref b\n"],
    ["a tag before nothing", "A: !Sub !Ref\n"],
    ["a list alone", "- 1\n"],
    ["a text alone", "A\n"],
    ["indented otherwise", "A:\n    B: 1\n  C: 2\n"],
    ["a key in a value", "A: b: c\n"],
    ["a number of another kind", "A: 0x1F\n"],
    ["a mark of the end in a text", "A: |\n...\n"],
    ["a value after a value", "A: [1] 2\n"],
    ["a key that is a list", "? [A]\n: 1\n"],
    ["words before the first key", "a\nB: 1\n"],
    ["words after the last key", "A: 1\nb\n"],
    ["a key without its colon", "A: 1\nb\n  C: 1\n"],
    ["words in two lines", "A: 1\nb\nc\nD: 1\n"],
    ["words before a list", "A:\n- b\nc\n- d\n"],
    ["six stray lines", `${"A: 1\nb\n".repeat(6)}C: 1\n`],
    ["nothing", ""],
  ])("is not %s", (_what, text) => {
    expect(readPlainTemplate(text)).toBeNull();
  });

  it("is neither too deep nor too long", () => {
    const deep = (levels: number) =>
      Array.from({ length: levels }, (_, at) => `${" ".repeat(at)}A:`).join("\n") + " 1\n";
    expect(isReadAlike(deep(199))).toBe(true);
    expect(readPlainTemplate(deep(200))).toBeNull();
    expect(readPlainTemplate(`A: ${"[".repeat(5000)}`)).toBeNull();
    expect(readPlainTemplate(`A: ${"x".repeat(1_000_000)}\n`)).toBeNull();
  });

  it("takes time in proportion to its text", () => {
    const inBrackets = (keys: number) =>
      `A: {${Array.from({ length: keys }, (_, at) => `k${String(at)}: 1`).join(", ")}}\n`;
    const inLines = (keys: number) => Array.from({ length: keys }, (_, at) => `k${String(at)}: 1\n`).join("");
    const timeOf = (text: string): number => {
      const start = performance.now();
      expect(readPlainTemplate(text)).not.toBeNull();
      return performance.now() - start;
    };
    for (const written of [inBrackets, inLines]) {
      timeOf(written(1000));
      const [few, many] = [2000, 32_000].map((keys) =>
        Math.min(...[1, 2, 3].map(() => timeOf(written(keys)))),
      );
      // Sixteen times as long; quadratic would be 256 times.
      expect(many).toBeLessThan(100 * few!);
    }
  });
});

const words = fc.constantFrom(
  ...[
    "a",
    "Ref",
    "b c",
    "$.x",
    "x:y",
    "12",
    "1.5",
    "true",
    "~",
    "-",
    "2012-10-17",
    "a#b",
    "!Ref A",
    "",
    "'q'",
  ],
  ...['"d"', "'it''s'", '"\\n"', "*", "a,b", "k: v", "[1, b]", "{ a: b, 'c': !Sub d }", "[]", "# c", "a # c"],
  ...[
    "|",
    ">-",
    "!Sub |",
    "!If",
    "- a",
    "- - b",
    "no ",
    "null",
    "1e3",
    "0x1",
    ".5",
    "!GetAtt A.B",
    "!GetAZs !Ref A",
    "!Sub !If",
    "@",
    "% ",
  ],
);
const keys = fc.constantFrom("A", "B", "Fn::If", "'200'", '"Q"', "C d", "E ", "$x", "200", "-k", "Type");

/** Lines of a map or list, each with its indentation, most of them well formed. */
const lines = fc.array(
  fc.record({
    spaces: fc.constantFrom(0, 0, 2, 2, 4, 4, 6, 1, 3),
    dash: fc.constantFrom("", "", "- ", "-   "),
    key: fc.option(keys, { freq: 6 }),
    value: fc.oneof({ weight: 2, arbitrary: fc.constant("") }, { weight: 3, arbitrary: words }),
    end: fc.constantFrom("\n", "\n", "\n", "\n\n", " \n", "\n# x\n", "\n    \n", "\n  # y\n"),
  }),
  { minLength: 1, maxLength: 12 },
);

const written = lines.map((all) =>
  all
    .map(({ spaces, dash, key, value, end }) => {
      const named = key === null ? value : `${key}:${value === "" ? "" : ` ${value}`}`;
      return " ".repeat(spaces) + dash + named + end;
    })
    .join(""),
);

it("whatever stands in its lines", () => {
  let plain = 0;
  fc.assert(
    fc.property(written, (text) => {
      if (isReadAlike(text)) plain++;
    }),
    { numRuns: 2000 },
  );
  expect(plain).toBeGreaterThan(20);
});

/** In brackets and quotes, with line breaks wherever they may be. */
const broken = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."[]{},:'\"",
        ...[" ", "a", "b", "Ref", "'c'", '"d"', "!Ref x", "1", "\\\\", "''", "\\n", "#"],
      ),
      fc.constantFrom(": ", ", ", " # c\n", "\n", "\n ", "\n  ", "\n    ", " \n\n   ", "\\\n  "),
    ),
    { maxLength: 14 },
  )
  .chain((parts) =>
    fc.constantFrom("[]", "{}", "''", '""').map(([open, close]) => open! + parts.join("") + close!),
  );

/** What it says, without its places. */
function said(node: ValueNode | null): unknown {
  if (node === null || node.kind === "scalar") return node?.value;
  return node.kind === "list"
    ? node.items.map(said)
    : node.entries.map(({ key, value }) => [key, said(value)]);
}

/** Whether a node holds what another holds, with anything at all in the place of `stand`. */
function isAround(node: ValueNode, other: ValueNode, stand: string): boolean {
  if (other.kind === "scalar") return other.value === stand || said(node) === other.value;
  if (other.kind === "list")
    return (
      node.kind === "list" &&
      node.items.length === other.items.length &&
      node.items.every((item, i) => isAround(item, other.items[i]!, stand))
    );
  return (
    node.kind === "map" &&
    node.entries.length === other.entries.length &&
    node.entries.every(
      ({ key, value }, i) => key === other.entries[i]!.key && isAround(value, other.entries[i]!.value, stand),
    )
  );
}

it("whatever stands in brackets and quotes, over lines, and however they are indented", () => {
  const counts = { plain: 0, overLines: 0 };
  fc.assert(
    fc.property(broken, fc.constantFrom("A: ", "A:\n    B: ", "A:\n  - ", "A:\n  - C: "), (value, before) => {
      const textOf = (inside: string) => `X: 1\nY:\n  ${before}${inside}\nZ: 2\n`;
      const read = readPlainTemplate(textOf(value));
      // Where a bracket or quote closes early, what follows is another key, item or stray line, and its indentation counts.
      if (read === null || read.faults.length > 0) return;
      if (!isAround(read.root!, readPlainTemplate(textOf("it"))!.root!, "it")) return;
      counts.plain++;
      if (value.includes("\n")) counts.overLines++;
      // YAML 1.2 takes only lines that are indented more than what they are in; AWS takes all alike.
      const deeper = textOf(value.replaceAll("\n", "\n          "));
      expect(isReadAlike(deeper)).toBe(true);
      expect(said(read.root)).toStrictEqual(said(readPlainTemplate(deeper)!.root));
    }),
    { numRuns: 800 },
  );
  expect(counts.plain).toBeGreaterThan(150);
  expect(counts.overLines).toBeGreaterThan(30);
});

const texts = [
  ...globSync("examples/**/*.{yaml,yml}", { absolute: true }).map((file) => readFileSync(file, "utf8")),
  "A: !Sub\n  - |\n    x ${B}\n\n    y\n  - B: !GetAtt C.D\n# e\nF:\n- G: [1, { H: 'i' }]\n  J: >-\n    k\n    l\n- !Ref M\n",
];

it("wherever a character is put in, left out or doubled", () => {
  const marks = [..."\v\f\u00a0\u2028", ..." \n\t:#-[]{}'\"!|>&*,?ab1~%@\\."];
  const edit = fc.record({
    text: fc.constantFrom(...texts),
    at: fc.nat(),
    mark: fc.constantFrom("", ...marks, ...marks.map((mark) => `${mark} `)),
    cut: fc.nat({ max: 3 }),
  });
  fc.assert(
    fc.property(edit, ({ text, at, mark, cut }) => {
      const place = at % text.length;
      isReadAlike(text.slice(0, place) + mark + text.slice(place + cut));
    }),
    { numRuns: 800 },
  );
});
