import { describe, expect, test } from "vitest";
import { parseTemplate } from "../../../src/source/cloudformation/parse-template.ts";
import { textOf, valueAt } from "../../../src/workflow/yaml/value-node.ts";
import { sourceText } from "../../../src/source/file-text.ts";
import { codesOf, findIn, jsonOf, onlyWorkflow } from "./template-fixture.ts";

const parse = (text: string) => parseTemplate(sourceText("t.yaml", text));

describe("faults have a place", () => {
  test("YAML: one fault, not all that the parser stumbles over after it", () => {
    const { diagnostics } = parse("Resources:\n  A:\n    Type: [x\n  B: }\n  C: 1\n");
    expect(diagnostics[0]).toMatchObject({
      code: "template-syntax",
      severity: "error",
      at: { file: "t.yaml" },
    });
    expect(diagnostics.length).toBeLessThanOrEqual(2);
  });

  test("JSON: line and column", () => {
    const { diagnostics } = parse('{\n  "Resources": {\n    "A": { "Type" "x" }\n  }\n}');
    expect(diagnostics[0]).toMatchObject({
      message: "The template is not valid JSON: colon expected.",
      at: { line: 3, column: 19 },
    });
  });

  test("a function's short form right after another: what to write instead", () => {
    const { diagnostics } = parse("Resources:\n  A:\n    Zones: !GetAZs !Ref AWS::Region\n");
    expect(diagnostics).toMatchObject([
      { code: "template-syntax", at: { line: 3, column: 20 }, hint: expect.stringContaining("in full") },
    ]);
  });

  test.each([["\n"], ["\r\n"]])(
    "a text that is not indented hides no key below it, with line ends %j",
    (end) => {
      const lines = ["Description: >", "What it is for", "", "Resources:", "  Flow:", "    Type: A::B::C"];
      for (const more of [[], ["    Tag: &a x"]]) {
        const { root, diagnostics } = parse([...lines, ...more, ""].join(end));
        expect(textOf(valueAt(root!, "Resources", "Flow", "Type"))).toBe("A::B::C");
        expect(diagnostics).toMatchObject([
          {
            code: "template-syntax",
            at: { line: 2, column: 1 },
            message: expect.stringContaining("neither a key nor part of the text above it"),
            hint: expect.stringContaining("Indent each line"),
          },
        ]);
      }
    },
  );

  test("no message quotes the text: it may be a secret's default", () => {
    const { diagnostics } = parse('A: &x {\nB: "hunter2" }\n  hunter2: [}\n');
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(JSON.stringify(diagnostics)).not.toContain("hunter2");
  });

  test("one broken resource does not hide the others", () => {
    const text = `Resources:
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties: { Definition: { StartAt: A } }
  Net:
    Zone: !GetAZs !Ref AWS::Region
`;
    const { workflows, diagnostics } = findIn(text);
    expect(workflows.map((workflow) => workflow.name)).toEqual(["Flow"]);
    expect(diagnostics).toMatchObject([{ code: "template-syntax", severity: "error", at: { line: 6 } }]);
  });

  test.each([
    [""],
    ["# nothing\n"],
    ["just text"],
    ["[]"],
    ["{}"],
    ["Resources:"],
    ["Resources: [1]"],
    ["42"],
  ])("%j declares nothing", (text) => {
    expect(findIn(text).workflows).toEqual([]);
  });
});

test.each([
  ["YAML", "A: 1\nB: 2\nA: 3\n", 1],
  ["JSON", '{\n"A": 1, "B": 2,\n"A": 3 }', 2],
])("%s: of a key that stands twice the last is taken, and that is said", (_, text, line) => {
  const { root, diagnostics } = parse(text);
  expect(textOf(valueAt(root ?? undefined, "A"))).toBe("3");
  expect(diagnostics).toMatchObject([{ code: "duplicate-template-key", severity: "warning", at: { line } }]);
});

describe("tags", () => {
  test("short and long forms are one", () => {
    const short = parse("A: !GetAtt B.C.D\nB: !Sub x\nC: !Join ['', [a]]\nD: !Condition E").root;
    const long = parse(
      'A: { "Fn::GetAtt": [B, C.D] }\nB: { "Fn::Sub": x }\nC: { "Fn::Join": ["", [a]] }\nD: { Condition: E }',
    ).root;
    const shape = (node: unknown): unknown =>
      JSON.parse(
        JSON.stringify(node, (key, value: unknown) =>
          ["start", "end", "keyStart", "style"].includes(key) ? undefined : value,
        ),
      );
    expect(shape(short)).toEqual(shape(long));
  });

  test("an unknown tag is a warning, and its value stays", () => {
    const { root, diagnostics } = parse("A: !Secret hush\n");
    expect(diagnostics).toMatchObject([
      { code: "unknown-template-tag", severity: "warning", at: { line: 1 } },
    ]);
    expect(textOf(valueAt(root ?? undefined, "A"))).toBe("hush");
  });

  test("text stays as written: leading zeros, dates, versions", () => {
    const { root } = parse("A: 012345678901\nB: 2010-09-09\nC: 1.10\nD: yes\nE: !!binary aGk=\n");
    const texts = ["A", "B", "C", "D", "E"].map((key) => textOf(valueAt(root ?? undefined, key)));
    expect(texts).toEqual(["012345678901", "2010-09-09", "1.10", "yes", "aGk="]);
  });
});

describe("anchors and aliases", () => {
  test("are followed, merge keys too; what is written stands over what is merged", () => {
    const workflow = onlyWorkflow(`Base: &base { Type: Pass, Next: B, Comment: shared }
Resources:
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        StartAt: A
        States:
          A: { <<: *base, Comment: own }
          B: *base
`);
    expect(jsonOf(workflow)).toEqual({
      StartAt: "A",
      States: {
        A: { Type: "Pass", Next: "B", Comment: "own" },
        B: { Type: "Pass", Next: "B", Comment: "shared" },
      },
    });
  });

  test("a bomb is refused at once, with its place", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level < 12; level++) {
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(", ")}]`,
      );
    }
    const { root, diagnostics } = parse(lines.join("\n"));
    expect(root).toBeNull();
    expect(codesOf(diagnostics)).toEqual(["template-too-large"]);
  });

  test.each([["a: &a [*a]"], ["a: *nowhere"], ["a: &a { b: { c: *a } }"]])("%s has no value", (text) => {
    expect(parse(text)).toMatchObject({ root: null, diagnostics: [{ code: "template-syntax" }] });
  });
});

describe("depth", () => {
  const nested = (open: string, close: string, levels: number): string =>
    open.repeat(levels) + close.repeat(levels);
  test.each([
    ["JSON", `{"a":${nested("[", "]", 5000)}}`],
    ["much JSON", `{"a":${nested("[", "]", 100_000)}}`],
    ["JSON objects", nested('{"a":', "}", 300).replace(":}", ":1}")],
    ["YAML", `a: ${nested("[", "]", 300)}`],
    ["YAML blocks", Array.from({ length: 400 }, (_, level) => `${" ".repeat(level)}a:`).join("\n")],
  ])("%s too deep is refused, not a crash", (_, text) => {
    expect(codesOf(parse(text).diagnostics)).toContain("template-too-large");
    expect(parse(text).root).toBeNull();
  });
});

describe("lines indented less than YAML 1.2 asks for, as AWS takes them", () => {
  const machine = (rest: string): string =>
    `${rest}\nResources:\n  Flow:\n    Type: AWS::StepFunctions::StateMachine\n    Properties: { Definition: { StartAt: A } }\n`;
  test.each([
    [
      "a closing brace",
      "Globals:\n  Function:\n    Vpc: !If [A, {\n      B: 1,   # why\n    }, c]\n    Size: 1",
    ],
    ["a closing bracket and lists in it", "A:\n  B: [\n  1,\n  2\n]"],
    ["a quoted text", 'Outputs:\n  A:\n    Value: "{\n      \\"b\\": 1\n    }"\n  C: {}'],
  ])("%s", (_, rest) => {
    const { workflows, diagnostics } = findIn(machine(rest));
    expect(diagnostics).toEqual([]);
    expect(workflows[0]?.at.line).toBe(rest.split("\n").length + 2);
  });

  test("what is broken stays broken", () => {
    const { diagnostics } = findIn(machine("A:\n  B: [1,\n  2"));
    expect(diagnostics[0]).toMatchObject({ code: "template-syntax", severity: "error" });
  });
});
