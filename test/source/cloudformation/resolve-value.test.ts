import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTemplate } from "../../../src/source/cloudformation/parse-template.ts";
import { asJson } from "../../../src/source/cloudformation/resolved-value.ts";
import { resolveValue } from "../../../src/source/cloudformation/resolve-value.ts";
import { valueAt } from "../../../src/workflow/yaml/value-node.ts";
import { openScope } from "../../../src/source/cloudformation/template-scope.ts";
import { sourceText } from "../../../src/source/file-text.ts";
import type { JsonValue } from "../../../src/workflow/text/json-value.ts";

const SURROUNDINGS = `
Parameters:
  Name: { Type: String, Default: shop }
  Open: { Type: String }
  Count: { Type: Number, Default: 3 }
  Ids: { Type: CommaDelimitedList, Default: "a, b,c" }
  None: { Type: CommaDelimitedList, Default: "" }
Mappings:
  Sizes:
    eu-west-1: { Memory: 256, List: [x, y] }
Conditions:
  Yes: !Equals [!Ref Name, shop]
  No: !Equals [!Ref Name, other]
  Commercial: !Equals [!Ref AWS::Partition, aws]
`;

function resolve(written: string, region: string | null = "eu-west-1"): JsonValue {
  const text = `Value: ${written}\n${SURROUNDINGS}`;
  const { root, diagnostics } = parseTemplate(sourceText("t.yaml", text));
  const node = valueAt(root ?? undefined, "Value");
  if (root === null || node === undefined) throw new Error(JSON.stringify(diagnostics));
  const scope = openScope(
    root,
    { parameters: new Map(), region },
    { source: text, report: () => undefined, resolve: resolveValue },
  );
  return asJson(resolveValue(node, scope));
}

describe("functions with known operands", () => {
  test.each<[string, JsonValue]>([
    ["!Ref Name", "shop"],
    ["!Ref Count", 3],
    ["!Ref Ids", ["a", "b", "c"]],
    ["!Ref None", []],
    ["!Ref AWS::Region", "eu-west-1"],
    ["!Ref AWS::URLSuffix", "amazonaws.com"],
    ["!Sub '${Name}-${Count}-${!Name}'", "shop-3-${Name}"],
    ["!Sub ['${Name}/${X}', { X: !Select [1, !Ref Ids], Name: own }]", "own/b"],
    ["!Join ['-', [a, !Ref Name, 1]]", "a-shop-1"],
    ["!Join [',', !Ref Ids]", "a,b,c"],
    ["!Select ['2', !Split ['/', 'x/y/z']]", "z"],
    ["!Split [',', 'x,y']", ["x", "y"]],
    ["!FindInMap [Sizes, !Ref 'AWS::Region', Memory]", 256],
    ["!FindInMap [Sizes, nowhere, Memory, { DefaultValue: 128 }]", 128],
    ["!If [Yes, 1, 2]", 1],
    ["!If [No, 1, !If [Yes, 3, 4]]", 3],
    ["[a, !If [No, b, !Ref AWS::NoValue]]", ["a"]],
    ["{ a: !Ref AWS::NoValue, b: 1 }", { b: 1 }],
    ["!Base64 hé", "aMOp"],
    ["!Length [a, b]", 2],
    ["!ToJsonString { a: [!Ref Count] }", '{"a":[3]}'],
    ["{ 'Fn::Sub': '${Name}' }", "shop"],
  ])("%s", (written, value) => {
    expect(resolve(written)).toEqual(value);
  });
});

describe("what only the deployment knows stays readable, in braces", () => {
  test.each<[string, JsonValue]>([
    ["!Ref Open", "${Open}"],
    ["!Ref Table", "${Table}"],
    ["!Ref AWS::AccountId", "${AWS::AccountId}"],
    ["!GetAtt Fn.Arn", "${Fn.Arn}"],
    ["!GetAtt [Nested, Outputs.Arn]", "${Nested.Outputs.Arn}"],
    ["!ImportValue shared-arn", "${ImportValue.shared-arn}"],
    ["!ImportValue { 'Fn::Sub': '${Name}-${Open}' }", "${ImportValue.Name-Open}"],
    ["!FindInMap [Sizes, !Ref Open, Memory]", "${FindInMap.Sizes.Open.Memory}"],
    ["!Select [9, !Ref Ids]", "${Select.9.Ids}"],
    ["!Select [0, !GetAZs '']", "${Select.0}"],
    ["!Cidr [10.0.0.0/16, 2, 8]", "${Cidr.10.0.0.0/16.2.8}"],
    ["!Join [',', !GetAZs '']", "${GetAZs}"],
    ["!Sub 'arn:${AWS::Partition}:${Open}'", "arn:aws:${Open}"],
    ["!Transform { Name: Macro, Parameters: { A: b } }", "${Transform.Macro.b}"],
    ["!Length !Ref Open".replace("!Ref Open", "{ Ref: Open }"), "${Length.Open}"],
  ])("%s", (written, value) => {
    expect(resolve(written)).toEqual(value);
  });

  test("regions decide the partition; a condition takes the common one when none is given", () => {
    expect(resolve("!Ref AWS::Partition", "us-gov-west-1")).toBe("aws-us-gov");
    expect(resolve("!Ref AWS::URLSuffix", "cn-north-1")).toBe("amazonaws.com.cn");
    expect(resolve("!Ref AWS::Partition", null)).toBe("${AWS::Partition}");
    expect(resolve("!If [Commercial, a, b]", null)).toBe("a");
    expect(resolve("!If [Commercial, a, b]", "cn-north-1")).toBe("b");
  });
});

test("wrong operands never throw, and what comes out fits into a text of JSON", () => {
  const names = [
    "Ref",
    "Fn::Sub",
    "Fn::Join",
    "Fn::Select",
    "Fn::Split",
    "Fn::FindInMap",
    "Fn::If",
    "Fn::GetAtt",
  ];
  const more = ["Fn::Base64", "Fn::Length", "Fn::ToJsonString", "Fn::Cidr", "Fn::Nonsense"];
  const call = fc
    .tuple(fc.constantFrom(...names, ...more), fc.jsonValue({ maxDepth: 3 }))
    .map(([name, argument]) => ({ [name]: argument }));
  fc.assert(
    fc.property(call, (value) => {
      const resolved = resolve(JSON.stringify(value));
      expect(JSON.parse(JSON.stringify(resolved))).toEqual(resolved);
    }),
  );
});

test("a placeholder never holds what would end the text around it", () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      const resolved = resolve(JSON.stringify({ "Fn::ImportValue": name })) as string;
      expect(resolved).toMatch(/^\$\{[^{}"\\]*\}$/);
      expect(JSON.parse(`"${resolved}"`)).toBe(resolved);
    }),
  );
});
