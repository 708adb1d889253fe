/** Expressions have the value that Terraform itself gives them; what it alone can know stays a readable reference. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sourceText } from "../../../src/source/file-text.ts";
import { parseHcl } from "../../../src/source/terraform/hcl-body-parser.ts";
import { createBudget } from "../../../src/source/terraform/hcl-budget.ts";
import { evaluate } from "../../../src/source/terraform/hcl-evaluation.ts";
import type { Scope } from "../../../src/source/terraform/hcl-scope.ts";
import { toJson, unknownValue } from "../../../src/source/terraform/hcl-value.ts";
import type { HclValue } from "../../../src/source/terraform/hcl-value.ts";
import { terraformFunctions } from "../../../src/source/terraform/terraform-functions.ts";

const functions = terraformFunctions({ paths: [], read: () => null }, "");

function valueOf(expression: string, local: HclValue | null = null): HclValue {
  const { body, problems } = parseHcl(sourceText("main.tf", `value = ${expression}\n`));
  expect(problems).toEqual([]);
  const scope: Scope = {
    budget: createBudget(),
    call: (name, args, call) => functions(name)?.(args, call) ?? null,
    lookup: (name, at) => (name === "local" ? local : name === "aws_x" ? unknownValue("aws_x", at) : null),
  };
  const attribute = body.attributes.get("value");
  if (attribute === undefined) throw new Error("not parsed");
  return evaluate(attribute.expression, scope);
}

const LOCAL = valueOf(
  `{ list = ["b", "a", "c"], map = { one = 1, two = 2 }, objs = [{ id = "x", n = 1 }, { id = "y", n = 2 }], none = null }`,
);

/** Each value is what `terraform console` (1.11.4) printed for the expression. */
const EXPRESSIONS: readonly (readonly [string, unknown])[] = [
  ["1 + 2 * 3 - 4 / 2", 5],
  ["(1 + 2) * 3 % 4", 1],
  ["-2 * -3", 6],
  ["!true || false && true", false],
  ['1 < 2 && "a" != "b"', true],
  ['"x" == "x" ? "same" : "other"', "same"],
  ['"a-${1 + 1}-${true}"', "a-2-true"],
  ['"dollar $${x} percent %%{y}"', "dollar ${x} percent %{y}"],
  ['"tab\\tquote\\"back\\\\slash\\u0041"', 'tab\tquote"back\\slashA'],
  ["[for x in local.list : upper(x)]", ["B", "A", "C"]],
  ['[for i, x in local.list : "${i}${x}" if x != "a"]', ["0b", "2c"]],
  ["{ for k, v in local.map : k => v * 10 }", { one: 10, two: 20 }],
  ["{ for o in local.objs : o.id => o.n }", { x: 1, y: 2 }],
  [
    "[for i in local.list : { (i) = 1, i = 2 }]",
    [
      { b: 1, i: 2 },
      { a: 1, i: 2 },
      { c: 1, i: 2 },
    ],
  ],
  ["{ (local.list[0]) : 1, ((true)) = 2 }", { b: 1, true: 2 }],
  ['{ for x in ["a", "b", "ab"] : substr(x, 0, 1) => x... }', { a: ["a", "ab"], b: ["b"] }],
  ["local.objs[*].id", ["x", "y"]],
  ["local.objs[1].n", 2],
  ["local.objs.0.id", "x"],
  ['local.map["two"]', 2],
  ["local.none[*]", []],
  ["length(local.list)", 3],
  ['length("héllo")', 5],
  ['concat(["a"], local.list, [])', ["a", "b", "a", "c"]],
  ["merge({ a = 1, b = 2 }, { b = 3 })", { a: 1, b: 3 }],
  ['lookup(local.map, "three", 3)', 3],
  ["keys(local.map)", ["one", "two"]],
  ["values(local.map)", [1, 2]],
  ["element(local.list, 4)", "a"],
  ['contains(local.list, "c")', true],
  ['flatten([["a"], [["b"], "c"]])', ["a", "b", "c"]],
  ['distinct(["a", "b", "a"])', ["a", "b"]],
  ['compact(["a", "", "b", null])', ["a", "b"]],
  ["sort(local.list)", ["a", "b", "c"]],
  ["reverse(local.list)", ["c", "a", "b"]],
  ["slice(local.list, 1, 3)", ["a", "c"]],
  ['toset(["b", "a", "b"])', ["a", "b"]],
  ['zipmap(["a", "b"], [1, 2])', { a: 1, b: 2 }],
  ["range(3)", [0, 1, 2]],
  ["range(1, 8, 3)", [1, 4, 7]],
  ['coalesce("", null, "x")', "x"],
  ['try(local.map.three, "none")', "none"],
  ["try(local.objs[5].id, local.objs[0].id)", "x"],
  ["can(local.map.three)", false],
  ["can(local.map.one)", true],
  ['format("%s has %d of %v, %05.2f %q %%", "a", 3, true, 1.5, "q\\"")', 'a has 3 of true, 01.50 "q\\"" %'],
  ['format("%-5s|%5s|", "ab", "cd")', "ab   |   cd|"],
  ['join("-", local.list)', "b-a-c"],
  ['split(",", "a,b,,c")', ["a", "b", "", "c"]],
  ['replace("a.b.c", ".", "-")', "a-b-c"],
  ['replace("abc123", "/[0-9]+/", "#")', "abc#"],
  ['title("hello big world")', "Hello Big World"],
  ['trimspace("  x \\n")', "x"],
  ['trimprefix("hello", "he")', "llo"],
  ['trimsuffix("arn:x:*", ":*")', "arn:x"],
  ['trim("--x--", "-")', "x"],
  ['chomp("a\\n\\n")', "a"],
  ['indent(2, "a\\nb")', "a\n  b"],
  ['substr("hello", 1, 3)', "ell"],
  ['substr("hello", -3, -1)', "llo"],
  ['startswith("hello", "he")', true],
  ['strcontains("hello", "ll")', true],
  ["tostring(12)", "12"],
  ['tonumber("12.5")', 12.5],
  ['tobool("true")', true],
  ['jsondecode("{\\"a\\": [1, 2.5, \\"x\\"]}")', { a: [1, 2.5, "x"] }],
  ['yamldecode("a: 1\\nb: [x, y]\\nc:\\n  d: true\\n")', { a: 1, b: ["x", true], c: { d: true } }],
  ["min(3, 1, 2)", 1],
  ["max(3, 1, 2)", 3],
  ["abs(-3)", 3],
  ["ceil(1.2)", 2],
  ["floor(1.8)", 1],
  ["pow(2, 10)", 1024],
  ["sum([1, 2, 3])", 6],
  ["alltrue([true, true])", true],
  ["anytrue([false, true])", true],
  ['one(["x"])', "x"],
  ['index(local.list, "a")', 1],
  ['basename("a/b/c.json")', "c.json"],
  ['dirname("a/b/c.json")', "a/b"],
  ['setunion(["b"], ["a"])', ["a", "b"]],
  ['coalescelist([], ["x"])', ["x"]],
  ["max([1, 5, 2]...)", 5],
  [
    '{ "key with space" = 1, (join("", ["a", "b"])) = 2, plain : 3 }',
    { ab: 2, "key with space": 1, plain: 3 },
  ],
  ['"%{ if true }yes%{ else }no%{ endif }"', "yes"],
  ['"%{ for x in local.list }<${x}>%{ endfor }"', "<b><a><c>"],
  ['"${"inner ${"deep"}"}"', "inner deep"],
  ["[1, 2, 3,]", [1, 2, 3]],
  ["{ a = 1, b = { c = [1, { d = 2 }] } }", { a: 1, b: { c: [1, { d: 2 }] } }],
  ["1e3 + 0.5", 1000.5],
  ['"a" == 1', false],
  ['tolist(["a"])[0]', "a"],
  ['true ? null : "x"', null],
  ['"${local.list[0]}${local.map.one}"', "b1"],
  ["1/3", 0.3333333333333333],
  ['strrev("abc")', "cba"],
  ['lower("ÀB")', "àb"],
  ['nonsensitive("x")', "x"],
  ['title("a-b c")', "A-B C"],
  ['formatlist("%s!", local.list)', ["b!", "a!", "c!"]],
  ["[for k, v in {b=1,a=2} : k]", ["a", "b"]],
  ['{for s in toset(["z","y"]) : s => 1}', { y: 1, z: 1 }],
];

describe("an expression", () => {
  test.each(EXPRESSIONS)("%s", (expression, expected) => {
    expect(toJson(valueOf(expression, LOCAL))).toEqual(expected);
  });

  test("of JSON text gives back any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (json) => {
        const literal = JSON.stringify(json).replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
        const decoded = toJson(valueOf(`jsondecode(jsonencode(${literal}))`));
        expect(JSON.parse(JSON.stringify(decoded))).toEqual(JSON.parse(JSON.stringify(json)));
      }),
    );
  });

  test("of any text never throws", () => {
    const characters = Array.from('${}%~[](),.=>?:!-*&|<\n"\\# /aE_1');
    const piece = fc.constantFrom(...characters, "for", "in", "if", "<<EOT\n", "\nEOT\n", "local", "...");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const { body } = parseHcl(sourceText("main.tf", `value = ${pieces.join("")}`));
        const scope: Scope = {
          budget: createBudget(),
          call: (name, args, call) => functions(name)?.(args, call) ?? null,
          lookup: () => LOCAL,
        };
        for (const { expression } of body.attributes.values()) toJson(evaluate(expression, scope));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("an unknown value", () => {
  test.each([
    ["aws_x.y.arn", "${aws_x.y.arn}"],
    ["aws_x.y[0].arn", "${aws_x.y[0].arn}"],
    ['aws_x.y["a"].arn', "${aws_x.y['a'].arn}"],
    ['"${aws_x.y.arn}:*"', "${aws_x.y.arn}:*"],
    ['trimsuffix(aws_x.y.arn, ":*")', "${aws_x.y.arn}"],
    ["upper(aws_x.y.name)", "${upper(aws_x.y.name)}"],
    ['format("%s/%s", aws_x.y.id, "b")', "${aws_x.y.id}/b"],
    ['aws_x.y.id == "" ? 1 : 2', "${aws_x.y.id == '' ? 1 : 2}"],
    ["true || aws_x.y.on", true],
    ["aws_x.y.on && false", false],
    ['try(aws_x.y.id, "b")', "${aws_x.y.id}"],
    ["merge({ a = aws_x.y.id }, { b = 2 })", { a: "${aws_x.y.id}", b: 2 }],
    ["length([aws_x.y.id])", 1],
  ])("%s stays readable", (expression, expected) => {
    expect(toJson(valueOf(expression))).toEqual(expected);
  });

  test("of a fault says what and where", () => {
    const value = valueOf("1 + local.map.three", LOCAL);
    expect(value).toMatchObject({ kind: "unknown", isFault: true, problem: "This object has no `three`" });
    expect(value.at?.start).toBe("value = 1 + ".length);
  });

  test.each([
    ['regex("(a+)+$", "aaaa")', "The function `regex` is not evaluated here"],
    ['replace("aaaa", "/(a+)+$/", "")', "This replacement is not evaluated here"],
    ["range(1000000000)", "This range is too long"],
  ])("%s is refused rather than run", (expression, problem) => {
    expect(valueOf(expression)).toMatchObject({ kind: "unknown", problem });
  });
});
