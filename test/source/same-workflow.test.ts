/** One workflow, written as people write it in each kind of source, is one and the same state machine. */
import { describe, expect, test } from "vitest";
import { findWorkflows } from "../../src/source/find-workflows.ts";
import type { Workflow } from "../../src/workflow/workflow.ts";
import { fakeShell } from "../fake-shell.ts";

const FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:quote";

/** `function` and `seconds` are what the sources put in, each in its own way. */
function definition(quote: string, seconds: unknown): Record<string, unknown> {
  return {
    Comment: "Quotes a price",
    StartAt: "Quote",
    States: {
      Quote: {
        Type: "Task",
        Resource: quote,
        Retry: [{ ErrorEquals: ["States.TaskFailed"], MaxAttempts: 2, BackoffRate: 1.5 }],
        Next: "Enough?",
      },
      "Enough?": {
        Type: "Choice",
        Choices: [{ Variable: "$.price", NumericGreaterThan: 100, Next: "Both" }],
        Default: "Pause",
      },
      Pause: { Type: "Wait", Seconds: seconds, Next: "Quote" },
      Both: {
        Type: "Parallel",
        End: true,
        Branches: [
          { StartAt: 'A "quoted" name', States: { 'A "quoted" name': { Type: "Succeed" } } },
          {
            StartAt: "Store",
            States: { Store: { Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage", End: true } },
          },
        ],
      },
    },
  };
}

const PLAIN = definition(FUNCTION, 30);
const asText = (value: unknown): string => JSON.stringify(value, null, 2);

/** The parts around the two values. */
function piecesOf(text: string): readonly [string, string, string] {
  const [before = "", rest = ""] = text.split("@quote@");
  const [between = "", after = ""] = rest.split('"@seconds@"');
  return [before, between, after];
}

const MARKED = asText(definition("@quote@", "@seconds@"));

function hclOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(hclOf).join(", ")}]`;
  if (typeof value !== "object" || value === null) {
    return value === "@quote@"
      ? "local.quote"
      : value === "@seconds@"
        ? "var.seconds"
        : JSON.stringify(value);
  }
  return `{\n${Object.entries(value)
    .map(([key, member]) => `${JSON.stringify(key)} = ${hclOf(member)}`)
    .join("\n")}\n}`;
}

function indented(text: string, spaces: number): string {
  return text.split("\n").join(`\n${" ".repeat(spaces)}`);
}

const PARAMETERS = { Seconds: { Type: "Number", Default: 30 }, Quote: { Type: "String", Default: FUNCTION } };

function template(properties: object, metadata: object = {}): string {
  return asText({
    Parameters: PARAMETERS,
    Resources: {
      Flow1A2B3C: { Type: "AWS::StepFunctions::StateMachine", Properties: properties, ...metadata },
    },
  });
}

const HCL = `variable "seconds" { default = 30 }
locals { quote = "arn:aws:lambda:eu-west-1:\${"123456789012"}:function:quote" }
resource "aws_sfn_state_machine" "flow" {
  name = "flow"
  definition = jsonencode(${hclOf(definition("@quote@", "@seconds@"))})
}
`;

const PLAN = JSON.stringify({
  format_version: "1.2",
  planned_values: {
    root_module: {
      resources: [
        {
          address: "aws_sfn_state_machine.flow",
          mode: "managed",
          type: "aws_sfn_state_machine",
          name: "flow",
          values: { name: "flow", type: "STANDARD", definition: JSON.stringify(PLAIN) },
        },
      ],
    },
  },
});

const [before, between, after] = piecesOf(MARKED);
const join = { "Fn::Join": ["", [before, { Ref: "Quote" }, between, { Ref: "Seconds" }, after]] };
const sub = { "Fn::Sub": `${before}\${Quote}${between}\${Seconds}${after}` };

const SOURCES: Record<string, Record<string, string>> = {
  ASL: { "flow.asl.json": asText(PLAIN) },
  "ASL in YAML": { "flow.asl.yaml": asText(PLAIN).replace('"Comment"', "# as people do\n  Comment") },
  "SAM, inline": {
    "template.yaml": `Transform: AWS::Serverless-2016-10-31
Parameters: { Seconds: { Type: Number, Default: 30 } }
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: ${indented(MARKED.replace('"@quote@"', `!Sub "arn:aws:lambda:eu-west-1:123456789012:function:quote"`).replace('"@seconds@"', "!Ref Seconds"), 6)}
`,
  },
  "SAM, with a file": {
    "template.yaml": `Transform: AWS::Serverless-2016-10-31
Parameters: { Quote: { Type: String, Default: "${FUNCTION}" } }
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties: { DefinitionUri: flow.asl.json, DefinitionSubstitutions: { Quote: !Ref Quote, Seconds: 30 } }
`,
    "flow.asl.json": `${before}\${Quote}${between}\${Seconds}${after}`,
  },
  "CloudFormation with Fn::Sub": { "stack.json": template({ DefinitionString: sub }) },
  "CloudFormation with an object": { "stack.json": template({ Definition: PLAIN }) },
  "the CDK's Fn::Join": {
    "cdk.out/manifest.json": "{}",
    "cdk.out/Shop.template.json": template(
      { DefinitionString: join },
      { Metadata: { "aws:cdk:path": "Shop/Flow/Resource" } },
    ),
  },
  "Terraform HCL": { "main.tf": HCL },
  "a Terraform plan": { "plan.json": PLAN },
  Serverless: {
    "serverless.yml": `service: shop
custom: { seconds: 30 }
stepFunctions:
  stateMachines:
    flow:
      definition: ${indented(MARKED.replace("@quote@", "${self:custom.quote, '" + FUNCTION + "'}").replace("@seconds@", "${self:custom.seconds}"), 6)}
`,
  },
};

async function only(files: Record<string, string>): Promise<Workflow> {
  const { workflows, notAnalysed, diagnostics } = await findWorkflows(fakeShell({ files }), []);
  const [first] = workflows;
  if (first === undefined || workflows.length > 1)
    throw new Error(`${workflows.length}: ${JSON.stringify([notAnalysed, diagnostics])}`);
  return first;
}

describe("the same workflow", () => {
  test.each(Object.entries(SOURCES))("as %s", async (_, files) => {
    // Bytes differ with the white space that each way deploys.
    const plain = await only(SOURCES.ASL ?? {});
    const { stateMachine, diagnostics, workload, at } = await only(files);
    expect({ ...stateMachine, definitionBytes: 0 }).toEqual({ ...plain.stateMachine, definitionBytes: 0 });
    expect(diagnostics).toEqual([]);
    expect(workload).toEqual(plain.workload);
    expect(Object.keys(files)).toContain(at.file);
  });
});
