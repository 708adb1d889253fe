/** Split resources are what to add to the template that declares a machine: each child, its logging, and the parent's permission to start it. */
import type { FoundIn } from "../../workflow/workflow.ts";
import type { WrittenSplit } from "./write-split.ts";

export interface ResourceText {
  readonly language: "yaml" | "hcl" | "ts";
  readonly text: string;
}

export interface ResourceSource {
  readonly name: string;
  readonly foundIn: FoundIn;
  /** The machine's own name in its template; null where that is not known. */
  readonly resource: string | null;
}

type Child = WrittenSplit["children"][number];

/** Definitions lie in files of the state machines' names, as `--write` leaves them. */
export function resourcesFor(source: ResourceSource, { children }: WrittenSplit): ResourceText {
  switch (source.foundIn) {
    case "terraform":
      return { language: "hcl", text: terraform(source, children) };
    case "cdk":
      return { language: "ts", text: cdk(source, children) };
    case "sam":
      return { language: "yaml", text: template(source, children, "AWS::Serverless::StateMachine") };
    default:
      return { language: "yaml", text: template(source, children, "AWS::StepFunctions::StateMachine") };
  }
}

/** `${OrderValidateArn}` without the dressing. */
function variableOf({ arn }: Child): string {
  return arn.slice(2, -1);
}

function idOf(child: Child): string {
  return variableOf(child).replace(/Arn$/, "");
}

function parentId({ resource, name }: ResourceSource): string {
  return (resource ?? name).replaceAll(/[^A-Za-z0-9]+/g, "");
}

function template(source: ResourceSource, children: readonly Child[], type: string): string {
  const sam = type.includes("Serverless");
  const parent = parentId(source);
  const lines = children.flatMap((child) => {
    const id = idOf(child);
    return [
      `${id}:`,
      `  Type: ${type}`,
      "  Properties:",
      `    ${sam ? "Name" : "StateMachineName"}: ${child.name}`,
      `    ${sam ? "Type" : "StateMachineType"}: EXPRESS`,
      sam
        ? `    DefinitionUri: ${child.name}.asl.json`
        : `    DefinitionString: # the text of ${child.name}.asl.json`,
      "    # Its Tasks need what they needed in the parent, whose role will do.",
      sam ? `    Role: !GetAtt ${parent}Role.Arn` : `    RoleArn: # that of ${parent}`,
      ...logging(sam, id),
      `${id}Logs:`,
      "  Type: AWS::Logs::LogGroup",
      "  Properties:",
      `    LogGroupName: /aws/vendedlogs/states/${child.name}`,
      "    RetentionInDays: 30",
    ];
  });
  return [
    ...lines,
    `# In ${parent}: the written definition, and`,
    "#   DefinitionSubstitutions:",
    ...children.map((child) => `#     ${variableOf(child)}: !Ref ${idOf(child)}`),
    "# In the policy of its role:",
    "#   - Effect: Allow",
    "#     Action: states:StartSyncExecution",
    "#     Resource:",
    ...children.map((child) => `#       - !Ref ${idOf(child)}`),
  ].join("\n");
}

function logging(sam: boolean, id: string): readonly string[] {
  return [
    `    ${sam ? "Logging" : "LoggingConfiguration"}:`,
    "      Level: ERROR",
    "      IncludeExecutionData: true",
    "      Destinations:",
    "        - CloudWatchLogsLogGroup:",
    `            LogGroupArn: !GetAtt ${id}Logs.Arn`,
  ];
}

function terraform({ resource, name }: ResourceSource, children: readonly Child[]): string {
  const parent = (resource ?? `aws_sfn_state_machine.${label(name)}`).replace(
    /^.*?(aws_sfn_state_machine\.[^.[]+).*$/s,
    "$1",
  );
  const machines = children.flatMap((child) => {
    const id = label(child.name);
    return [
      `resource "aws_sfn_state_machine" "${id}" {`,
      `  name       = "${child.name}"`,
      '  type       = "EXPRESS"',
      "  # Its Tasks need what they needed in the parent.",
      `  role_arn   = ${parent}.role_arn`,
      `  definition = file("\${path.module}/${child.name}.asl.json")`,
      "  logging_configuration {",
      `    log_destination        = "\${aws_cloudwatch_log_group.${id}.arn}:*"`,
      "    include_execution_data = true",
      '    level                  = "ERROR"',
      "  }",
      "}",
      "",
      `resource "aws_cloudwatch_log_group" "${id}" {`,
      `  name              = "/aws/vendedlogs/states/${child.name}"`,
      "  retention_in_days = 30",
      "}",
      "",
    ];
  });
  const arns = children.map((child) => `aws_sfn_state_machine.${label(child.name)}.arn`);
  return [
    ...machines,
    `data "aws_iam_policy_document" "${label(name)}_children" {`,
    "  statement {",
    '    actions   = ["states:StartSyncExecution"]',
    `    resources = [${arns.join(", ")}]`,
    "  }",
    "}",
    "",
    `# In ${parent}, and its policy attached to the parent's role:`,
    `#   definition = templatefile("\${path.module}/${name}.asl.json", {`,
    ...children.map((child, at) => `#     ${variableOf(child)} = ${arns[at]!}`),
    "#   })",
  ].join("\n");
}

function label(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]+/g, "_").toLowerCase();
}

function cdk({ name }: ResourceSource, children: readonly Child[]): string {
  const machines = children.flatMap((child) => {
    const id = idOf(child);
    const variable = id[0]!.toLowerCase() + id.slice(1);
    return [
      `const ${variable} = new sfn.StateMachine(this, "${id}", {`,
      `  stateMachineName: "${child.name}",`,
      "  stateMachineType: sfn.StateMachineType.EXPRESS,",
      `  definitionBody: sfn.DefinitionBody.fromFile("${child.name}.asl.json"),`,
      "  role, // its Tasks need what they needed in the parent",
      `  logs: { destination: new logs.LogGroup(this, "${id}Logs"), level: sfn.LogLevel.ERROR, includeExecutionData: true },`,
      "});",
      `${variable}.grantStartSyncExecution(parent);`,
    ];
  });
  const substitutions = children.map((child) => {
    const id = idOf(child);
    return `//     ${variableOf(child)}: ${id[0]!.toLowerCase() + id.slice(1)}.stateMachineArn,`;
  });
  return [
    ...machines,
    "// The parent:",
    `//   definitionBody: sfn.DefinitionBody.fromFile("${name}.asl.json"),`,
    "//   definitionSubstitutions: {",
    ...substitutions,
    "//   },",
  ].join("\n");
}
