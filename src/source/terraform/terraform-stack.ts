/** A Terraform stack is a CloudFormation stack that Terraform makes: its template is no file of its own, so it is told and not read. */
import type { Diagnostic } from "../../diagnostic.ts";
import { mentionsStateMachine } from "../cloudformation/machine-mention.ts";
import type { Scope } from "./hcl-scope.ts";
import type { Block } from "./hcl-syntax.ts";
import { placeOf } from "./hcl-text-place.ts";
import { textOf } from "./hcl-value.ts";
import { argumentsOf } from "./terraform-block.ts";

const TYPES = ["aws_cloudformation_stack", "aws_cloudformation_stack_set", "awscc_cloudformation_stack"];

export function isStackResource(type: string): boolean {
  return TYPES.includes(type);
}

/** A template in a file of its own, `file("stack.yml")`, is found as such; what else holds a machine, or lies elsewhere, is told. */
export function unreadStack(block: Block, address: string, scope: Scope): readonly Diagnostic[] {
  const args = argumentsOf(block.body, scope);
  const template = args("template_body");
  const isFile = template?.at != null && !/\.tf(?:\.json)?$/.test(template.at.source.file);
  const text = template === null || isFile ? "" : (textOf(template) ?? "");
  const isElsewhere = block.body.attributes.has("template_url");
  if (!isElsewhere && !mentionsStateMachine(text)) return [];
  return [
    {
      code: "stack-not-read",
      severity: isElsewhere ? "info" : "warning",
      message: isElsewhere
        ? `${address} has its template elsewhere, and it is not fetched; it may hold state machines`
        : `${address} holds state machines in a template that is written into Terraform, and is not read`,
      at: placeOf(block.span),
      hint: "Put the template into a file of its own, which template_body reads by file(…): templates are found by what they hold",
    },
  ];
}
