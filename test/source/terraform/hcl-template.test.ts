/** Heredocs and templates give the text that Terraform gives, white space included. */
import { describe, expect, test } from "vitest";
import { findOne } from "./terraform-fixture.ts";

function textOf(expression: string): string {
  const { definition } = findOne({
    "main.tf": `resource "aws_sfn_state_machine" "m" {\n  definition = ${expression}\n}\n`,
  });
  return definition?.kind === "text" ? definition.text : "";
}

/** Each text is what `terraform console` (1.11.4) printed. */
describe("a template", () => {
  test.each([
    ["<<EOT\n  a\n  EOT", "  a\n"],
    ['<<-EOT\n      one\n\n        two\n    ${"x"} y\n     z\n    EOT', "  one\n\n    two\nx y\n z\n"],
    ["<<-EOT\n      one\n   \n      two\n    EOT", "one\n   \ntwo\n"],
    ["<<-EOT\n\ttab\n\t  two\n\tEOT", "tab\n  two\n"],
    ["<<-EOT\n    %{ if true }\n    a\n    %{ endif }\n    EOT", "\na\n\n"],
    ['<<EOT\n%{ for x in ["a","b"] ~}\n v ${x}\n%{ endfor ~}\nend\nEOT', " v a\n v b\nend\n"],
    ['"a%{ if true }yes%{ else }no%{ endif }b $${x} %%{y}"', "ayesb ${x} %{y}"],
    ['"x${~ "  y  " ~}   z"', "x  y  z"],
    ['"\\u00e9 \\\\ \\" \\t"', 'é \\ " \t'],
  ])("%j", (expression, text) => {
    expect(textOf(expression)).toBe(text);
  });

  test("puts quotes around unknown values that stand bare in JSON, and nowhere else", () => {
    expect(textOf('<<EOT\n{ "a": ${aws_x.y.n}, "b": "${aws_x.y.n}", "c\\"": ${aws_x.y["k"].n} }\nEOT')).toBe(
      `{ "a": "\${aws_x.y.n}", "b": "\${aws_x.y.n}", "c\\"": "\${aws_x.y['k'].n}" }\n`,
    );
  });
});
