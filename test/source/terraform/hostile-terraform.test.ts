/** Files that are broken, endless or meant to do harm are told, quickly, and nothing is thrown. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findPlanWorkflows } from "../../../src/source/terraform/find-terraform-workflows.ts";
import { find } from "./terraform-fixture.ts";
import type { Files } from "./terraform-fixture.ts";

const deep = 100_000;
const machine = (definition: string): string =>
  `resource "aws_sfn_state_machine" "m" {\n  definition = ${definition}\n}\n`;
const chain = (length: number, step: (before: string) => string): string =>
  Array.from({ length }, (_, index) => `  v${index + 1} = ${step(`local.v${index}`)}`).join("\n");

/** Each with what is said of it. */
const HOSTILE: Readonly<Record<string, readonly [Files, RegExp]>> = {
  "lists without end": [{ "a.tf": machine("[".repeat(deep)) }, /Nested deeper than/],
  "parentheses without end": [{ "a.tf": machine("(".repeat(deep)) }, /Nested deeper than/],
  "negations without end": [{ "a.tf": machine("!".repeat(deep)) }, /Nested deeper than/],
  "interpolations without end": [{ "a.tf": machine('"${'.repeat(deep)) }, /Nested deeper than/],
  "blocks without end": [{ "a.tf": "sfn {\n".repeat(deep) }, /Nested deeper than/],
  "a sum of very many": [
    { "a.tf": machine(`"x" == "y" ? 1 : ${"1 + ".repeat(deep)}1`) },
    /through too many names/,
  ],
  "a heredoc that is not closed": [{ "a.tf": machine("<<EOT\n{}\n") }, /heredoc is not closed/],
  "a string that is not closed": [{ "a.tf": machine('"abc') }, /string is not closed/],
  "a comment that is not closed": [{ "a.tf": `${machine('"x"')}/* abc` }, /comment is not closed/],
  "a block that is not closed": [
    { "a.tf": 'resource "aws_sfn_state_machine" "m" {\n' },
    /to close the block/,
  ],
  "locals in a ring": [
    { "a.tf": `${machine("local.v0")}locals {\n  v0 = local.v1\n  v1 = local.v0\n}\n` },
    /refers to itself/,
  ],
  "a local that needs itself": [
    { "a.tf": `${machine("local.v")}locals {\n  v = "\${local.v}"\n}\n` },
    /refers to itself/,
  ],
  "a long chain of locals": [
    { "a.tf": `${machine(`local.v${deep}`)}locals {\n  v0 = "x"\n${chain(deep, (v) => v)}\n}\n` },
    /through too many names/,
  ],
  "text that doubles": [
    {
      "a.tf": `${machine("local.v60")}locals {\n  v0 = "xxxxxxxxxx"\n${chain(60, (v) => `"\${${v}}\${${v}}"`)}\n}\n`,
    },
    /too many steps|too large/,
  ],
  "lists that double": [
    {
      "a.tf": `${machine("jsonencode(local.v60)")}locals {\n  v0 = ["x"]\n${chain(60, (v) => `[${v}, ${v}]`)}\n}\n`,
    },
    /too large/,
  ],
  "concatenations that double": [
    {
      "a.tf": `${machine("local.v60[0]")}locals {\n  v0 = ["x"]\n${chain(60, (v) => `concat(${v}, ${v})`)}\n}\n`,
    },
    /too many steps|too large/,
  ],
  "loops within loops": [
    {
      "a.tf": machine(
        "jsonencode([for a in range(9999) : [for b in range(9999) : [for c in range(9999) : a + b + c]]])",
      ),
    },
    /too many steps|too long|too large/,
  ],
  "a template that includes itself": [
    { "a.tf": machine('templatefile("a.tpl", {})'), "a.tpl": '${templatefile("a.tpl", {})}' },
    /cannot call templatefile/,
  ],
  "a wide indentation": [{ "a.tf": machine('format("%999d", 1)') }, /./],
  "YAML that grows": [
    {
      "a.tf": machine('jsonencode(yamldecode(file("a.yaml")))'),
      "a.yaml": `a0: &a0 [x, x]\n${Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`).join("\n")}`,
    },
    /too deeply|too large|too many steps|decoded/,
  ],
  "YAML that contains itself": [
    { "a.tf": machine('jsonencode(yamldecode("&a [*a, *a]"))') },
    /contains itself|decoded/,
  ],
  "deep JSON in Terraform's JSON": [
    { "a.tf.json": `{"aws_sfn_state_machine":${"[".repeat(deep)}` },
    /not JSON/,
  ],
  "a module that calls itself": [
    { "a.tf": `module "m" {\n  source = "./"\n}\n${machine("var.x")}` },
    /var\.x/,
  ],
};

describe("a hostile file", () => {
  test.each(Object.entries(HOSTILE))(
    "with %s ends soon and says so",
    (_, [files, reason]) => {
      const found = find(files);
      const said = [...found.diagnostics, ...found.workflows.flatMap((workflow) => workflow.diagnostics)];
      const words =
        said.map(({ message }) => message).join("\n") || JSON.stringify(found.workflows[0]?.definition);
      expect(words).toMatch(reason);
    },
    10_000,
  );

  test("keeps the blocks around a fault", () => {
    const { workflows, diagnostics } = find({
      "a.tf": `resource "aws_iam_role" "r" {\n  name = = "x"\n}\n${machine("jsonencode({ StartAt = 1 })")}`,
    });
    expect(workflows).toHaveLength(1);
    expect(diagnostics).toMatchObject([
      { code: "terraform-syntax", at: { file: "a.tf", line: 2, column: 10 } },
    ]);
  });

  test("that has nothing to do with state machines is left alone", () => {
    expect(find({ "a.tf": 'resource "aws_iam_role" "r" {' }).diagnostics).toEqual([]);
    const files = { "a/main.tf": machine('"{}"'), "b/main.tf": 'resource "aws_iam_role" "r" {' };
    expect(find(files).diagnostics).toEqual([]);
  });

  test("of odd names is read like any other", () => {
    const { workflows } = find({
      "a.tf": `${machine('jsonencode({ StartAt = local.constructor, States = { __proto__ = { Type = "Succeed" } } })')}
locals {
  constructor = "__proto__"
}
`,
    });
    expect(JSON.stringify(workflows[0]?.definition)).toContain(
      '{"StartAt":"__proto__","States":{"__proto__":{',
    );
  });

  test("of any text never throws", () => {
    const piece = fc.constantFrom(
      ...Array.from('${}%~[]().=>?:!-*<\n"\\# a1'),
      'resource "aws_sfn_state_machine" "m" {\n',
      "definition = ",
      "locals {\n",
      'module "x" {\nsource = "./"\n',
      "count = ",
      "for_each = ",
      "<<-EOT\n",
      "\nEOT\n",
      "local.a",
      "jsonencode(",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        find({ "a.tf": pieces.join("") });
      }),
      { numRuns: 1000 },
    );
  });

  test("that says it is a plan never throws", () => {
    const resource = fc.record({
      address: fc.constantFrom("aws_sfn_state_machine.m", "module.x.aws_sfn_state_machine.m", 1),
      type: fc.constantFrom("aws_sfn_state_machine", "aws_cloudwatch_event_target", null),
      name: fc.constantFrom("m", {}),
      module_address: fc.constantFrom("module.x", undefined, 3),
      change: fc.oneof(fc.jsonValue(), fc.record({ after: fc.jsonValue(), after_unknown: fc.jsonValue() })),
    });
    const plan = fc.record({
      format_version: fc.constantFrom("1.2", "0.1", "2.0", null),
      resource_changes: fc.oneof(fc.jsonValue(), fc.array(resource)),
      planned_values: fc.jsonValue(),
      configuration: fc.jsonValue(),
    });
    fc.assert(
      fc.property(plan, (show) => {
        expect(findPlanWorkflows("plan.json", JSON.stringify(show)).filesRead).toStrictEqual([]);
      }),
    );
  });
});
