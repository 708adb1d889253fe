import { describe, expect, test } from "vitest";
import { jsonOf, onlyWorkflow, placeOf, writtenAt } from "./template-fixture.ts";

describe("DefinitionString", () => {
  const machine = (definition: string): string =>
    `Resources:\n  Flow:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      DefinitionString: ${definition}\n`;

  test("Fn::Sub over a block of text: resolved, still JSON, exact places", () => {
    const text = machine(`!Sub
        - |-
          {
            "StartAt": "Call",
            "States": {
              "Call": { "Type": "Task", "Resource": "\${Fn.Arn}", "TimeoutSeconds": \${Limit}, "Next": "Rest" },
              "Rest": { "Type": "Wait", "Seconds": \${Missing}, "Next": "Tell" },
              "Tell": { "Type": "Pass", "Result": "\${!Literal} in \${AWS::Region}", "End": true }
            }
          }
        - Limit: 12
`);
    const workflow = onlyWorkflow(text, { region: "eu-west-1" });
    expect(jsonOf(workflow)).toMatchObject({
      States: {
        Call: { Resource: "${Fn.Arn}", TimeoutSeconds: 12 },
        Rest: { Seconds: "${Missing}" },
        Tell: { Result: "${Literal} in eu-west-1" },
      },
    });
    expect(writtenAt(text, placeOf(workflow, '"Next": "Tell"'))).toBe('"Next": "Tell" },');
    expect(placeOf(workflow, '"${Missing}"')).toMatchObject({ line: 11 });
    expect(writtenAt(text, placeOf(workflow, '"${Missing}"'))).toContain("${Missing}, ");
  });

  test("Fn::Join, as tools write it in JSON", () => {
    const text = JSON.stringify(
      {
        Resources: {
          Flow: {
            Type: "AWS::StepFunctions::StateMachine",
            Properties: {
              StateMachineType: "EXPRESS",
              DefinitionString: {
                "Fn::Join": [
                  "",
                  [
                    '{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"',
                    { "Fn::GetAtt": ["Worker", "Arn"] },
                    '","End":true}}}',
                  ],
                ],
              },
            },
          },
        },
      },
      null,
      2,
    );
    const workflow = onlyWorkflow(text, { file: "out.template.json" });
    expect(workflow).toMatchObject({ type: "EXPRESS", foundIn: "cloudformation", name: "Flow" });
    expect(jsonOf(workflow)).toMatchObject({ States: { A: { Resource: "${Worker.Arn}" } } });
    expect(writtenAt(text, placeOf(workflow, '"End"'))).toMatch(/^\\"End\\":true/);
  });

  test("Fn::ToJsonString of an object is that object, with exact places", () => {
    const text = machine(`
        Fn::ToJsonString:
          StartAt: A
          States:
            A:
              Type: Wait
              Seconds: 5
              End: true
`);
    const { definition } = onlyWorkflow(text);
    if (definition?.kind !== "value") throw new Error("no value");
    expect(definition.value).toMatchObject({ States: { A: { Seconds: 5 } } });
    expect(writtenAt(text, definition.locate("/States/A/Seconds"))).toBe("Seconds: 5");
    expect(definition.locate("/States/A/Seconds/none").line).toBe(
      definition.locate("/States/A/Seconds").line,
    );
  });

  test("what is no JSON is shown as it reads, at its place", () => {
    const text = machine(`!Sub |
        {
          "StartAt": "\${Name}"
          "States": {}
        }
`);
    const workflow = onlyWorkflow(text, { parameters: {} });
    expect(workflow.definition).toBeNull();
    const [diagnostic] = workflow.diagnostics;
    expect(diagnostic).toMatchObject({ code: "invalid-definition-text", severity: "error", at: { line: 8 } });
    expect(diagnostic?.message).toContain("comma expected near");
    expect(diagnostic?.message).toContain("${Name}");
  });

  test("known only when deployed: said, not guessed", () => {
    expect(onlyWorkflow(machine("!ImportValue shared-flow")).diagnostics).toMatchObject([
      {
        code: "unknown-definition",
        message: expect.stringContaining("${ImportValue.shared-flow}") as string,
      },
    ]);
  });
});

describe("an object as Definition", () => {
  const text = `Parameters:
  Seconds: { Type: Number, Default: 7 }
Conditions:
  Fast: !Equals [!Ref "AWS::Region", us-east-1]
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: Rest
        States:
          Rest:
            Type: Wait
            Seconds: !Ref Seconds
            Comment: !If [Fast, quick, !Ref AWS::NoValue]
            Next: Call
          Call:
            Type: Task
            Resource: !Sub arn:\${AWS::Partition}:states:::lambda:invoke
            Parameters: { FunctionName: "\${Worker}", __proto__: kept }
            End: true
      DefinitionSubstitutions: { Worker: !Ref Fn }
`;

  test("functions inside are worked out; AWS::NoValue leaves its entry out", () => {
    const value = jsonOf(onlyWorkflow(text, { region: "cn-north-1" }));
    expect(value).toMatchObject({ States: { Rest: { Seconds: 7, Next: "Call" } } });
    expect(JSON.stringify(value)).toContain('{"FunctionName":"${Fn}","__proto__":"kept"}');
    expect(JSON.stringify(value)).toContain("arn:aws-cn:states:::lambda:invoke");
    expect(JSON.stringify(value)).not.toContain("Comment");
    expect(jsonOf(onlyWorkflow(text, { region: "us-east-1" }))).toMatchObject({
      States: { Rest: { Comment: "quick" } },
    });
  });

  test("every pointer leads to the line of its key", () => {
    const { definition } = onlyWorkflow(text);
    if (definition?.kind !== "value") throw new Error("no value");
    expect(writtenAt(text, definition.locate("/States/Call"))).toBe("Call:");
    expect(definition.locate("/States/Call").pointer).toBe(
      "/Resources/Flow/Properties/Definition/States/Call",
    );
    expect(writtenAt(text, definition.locate("/States/Call/Resource"))).toMatch(/^Resource: !Sub/);
  });

  test("a condition that is not known is taken as true, and that is said once", () => {
    expect(onlyWorkflow(text).diagnostics).toMatchObject([{ code: "assumed-condition", severity: "info" }]);
  });
});

describe("definitions that cannot be read say why", () => {
  const machine = (properties: string): string =>
    `Resources:\n  Flow:\n    Type: AWS::Serverless::StateMachine\n    Properties: ${properties}\n`;
  test.each([
    ["{ DefinitionUri: s3://bucket/flow.json }", "remote-definition"],
    ["{ DefinitionUri: { Bucket: b, Key: k } }", "remote-definition"],
    ["{ DefinitionS3Location: { Bucket: !Ref B, Key: k } }", "remote-definition"],
    ["{ DefinitionUri: ../../outside.json }", "definition-outside"],
    ["{ DefinitionUri: /etc/passwd }", "definition-outside"],
    ["{ DefinitionUri: gone.json }", "missing-definition-file"],
    ["{ DefinitionUri: !Ref Where }", "unknown-definition"],
    ["{ Role: x }", "missing-definition"],
    [
      "{ Definition: { Fn::Transform: { Name: AWS::Include, Parameters: { Location: x } } } }",
      "unknown-definition",
    ],
  ])("%s: %s", (properties, code) => {
    const workflow = onlyWorkflow(machine(properties));
    expect(workflow.definition).toBeNull();
    expect(workflow.diagnostics).toMatchObject([{ code, at: { file: "app/template.yaml" } }]);
    expect(workflow.diagnostics[0]?.hint).toBeTruthy();
  });

  test("a name in a definition file that no substitution fills is told", () => {
    const asl = '{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${Fn}","End":true}}}';
    const workflow = onlyWorkflow(machine("{ DefinitionUri: a.json }"), { files: { "app/a.json": asl } });
    expect(workflow.diagnostics).toMatchObject([{ code: "missing-substitution", severity: "info" }]);
    expect(jsonOf(workflow)).toEqual(JSON.parse(asl));
  });

  test("a type that is none", () => {
    const workflow = onlyWorkflow(machine("{ Type: FAST, Definition: { StartAt: A } }"));
    expect(workflow).toMatchObject({ type: null, diagnostics: [{ code: "invalid-workflow-type" }] });
  });
});

test("an activity is known by the form of its ARN, however it is referred to", () => {
  const workflow = onlyWorkflow(
    `Resources:
  Desk: { Type: AWS::StepFunctions::Activity, Properties: { Name: desk } }
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition: { StartAt: A, All: [!Ref Desk, !GetAtt Desk.Arn, !Sub "\${Desk}", !Sub "\${Desk.Arn}", !GetAtt Desk.Name] }
`,
    { region: "eu-west-1" },
  );
  const arn = "arn:aws:states:eu-west-1:${AWS::AccountId}:activity:${Desk.Name}";
  expect(jsonOf(workflow)).toMatchObject({ All: [arn, arn, arn, arn, "${Desk.Name}"] });
});
