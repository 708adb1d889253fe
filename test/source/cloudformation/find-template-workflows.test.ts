import { describe, expect, test } from "vitest";
import { mentionsStateMachine } from "../../../src/source/cloudformation/machine-mention.ts";
import { codesOf, findIn, jsonOf, onlyWorkflow, placeOf, writtenAt } from "./template-fixture.ts";

const PASS = { StartAt: "Only", States: { Only: { Type: "Pass", End: true } } };

describe("a SAM machine with a definition file", () => {
  const template = `Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    MemorySize: 512
    Timeout: 20
    Architectures: [arm64]
Resources:
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: order-flow
      Type: EXPRESS
      DefinitionUri: flows/orders.asl.json
      DefinitionSubstitutions:
        ChargeArn: !GetAtt Charge.Arn
        Pause: 30
      Logging: { Level: ERROR, IncludeExecutionData: true }
      Tracing: { Enabled: true }
      Events:
        Nightly:
          Type: Schedule
          Properties: { Schedule: "cron(0 2 * * ? *)" }
        Often:
          Type: ScheduleV2
          Properties: { ScheduleExpression: rate(5 minutes), State: DISABLED }
        Rule:
          Type: EventBridgeRule
          Properties: { Pattern: { source: [shop] } }
  Charge:
    Type: AWS::Serverless::Function
    Properties: { MemorySize: 1024, FunctionName: charge-card }
  Live:
    Type: AWS::Lambda::Alias
    Properties: { FunctionName: !GetAtt Charge.Arn, Name: live }
`;
  const asl = `{
  "StartAt": "Wait",
  "States": {
    "Wait": { "Type": "Wait", "Seconds": \${Pause}, "Next": "Charge" },
    "Charge": { "Type": "Task", "Resource": "\${ChargeArn}", "End": true }
  }
}`;
  const files = { "app/flows/orders.asl.json": asl };
  const found = findIn(template, { files });
  const workflow = onlyWorkflow(template, { files });

  test("its properties", () => {
    expect(workflow).toMatchObject({
      name: "order-flow",
      foundIn: "sam",
      type: "EXPRESS",
      logLevel: "ERROR",
      logExecutionData: true,
      tracing: true,
      diagnostics: [],
    });
    expect(workflow.at).toEqual({
      file: "app/template.yaml",
      line: 8,
      column: 3,
      pointer: "/Resources/Orders",
    });
    expect(workflow.aliases).toEqual(
      expect.arrayContaining(["Orders", "${Orders}", "${Orders.Arn}", "order-flow"]),
    );
  });

  test("its schedules, with their places", () => {
    expect(workflow.schedules).toMatchObject([
      { expression: "cron(0 2 * * ? *)", enabled: true, at: { line: 20 } },
      { expression: "rate(5 minutes)", enabled: false, at: { line: 23 } },
    ]);
  });

  test("substitutions keep the placeholders of what is not known, and every place", () => {
    expect(jsonOf(workflow)).toMatchObject({
      States: { Wait: { Seconds: 30 }, Charge: { Resource: "${Charge.Arn}" } },
    });
    const place = placeOf(workflow, '"End": true');
    expect(place.file).toBe("app/flows/orders.asl.json");
    expect(writtenAt(asl, place)).toBe('"End": true }');
    expect(found.filesRead).toEqual(["app/flows/orders.asl.json"]);
  });

  test("functions take what Globals say and they do not; an alias is another name of its function", () => {
    expect(workflow.lambdas).toMatchObject([
      { names: ["Charge", "charge-card", "Live"], memoryMB: 1024, architecture: "arm64", timeoutSeconds: 20 },
    ]);
  });
});

describe("conditions on resources", () => {
  const text = `Parameters:
  Stage: { Type: String, Default: dev }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  NotProd: !Not [!Condition IsProd]
  Either: !Or [!Condition IsProd, !Condition NotProd]
  Both: !And [!Condition IsProd, !Condition NotProd]
Resources:
  Big: { Type: AWS::StepFunctions::StateMachine, Condition: IsProd, Properties: { Definition: { StartAt: A } } }
  Small: { Type: AWS::StepFunctions::StateMachine, Condition: NotProd, Properties: { Definition: { StartAt: A } } }
  Any: { Type: AWS::StepFunctions::StateMachine, Condition: Either, Properties: { Definition: { StartAt: A } } }
  None: { Type: AWS::StepFunctions::StateMachine, Condition: Both, Properties: { Definition: { StartAt: A } } }
`;
  const names = (parameters: Record<string, string>): readonly string[] =>
    findIn(text, { parameters }).workflows.map((workflow) => workflow.name);

  test("what is false is left out, and said", () => {
    expect(names({})).toEqual(["Small", "Any"]);
    expect(names({ Stage: "prod" })).toEqual(["Big", "Any"]);
    const { diagnostics } = findIn(text);
    expect(diagnostics).toMatchObject([
      { code: "left-out-by-condition", severity: "info", at: { line: 9 } },
      { code: "left-out-by-condition", message: expect.stringContaining('"None"') as string },
    ]);
  });

  test("a circle of conditions ends", () => {
    const circular = text.replace("IsProd: !Equals [!Ref Stage, prod]", "IsProd: !Not [!Condition NotProd]");
    const { workflows, diagnostics } = findIn(circular);
    expect(workflows.length).toBeGreaterThan(0);
    const all = [...diagnostics, ...workflows.flatMap((workflow) => workflow.diagnostics)];
    expect(codesOf(all)).toContain("circular-reference");
  });
});

describe("rules and schedules that start a machine", () => {
  const text = `Resources:
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties: { Definition: { StartAt: A } }
  Other:
    Type: AWS::StepFunctions::StateMachine
    Properties: { Definition: { StartAt: A }, StateMachineName: other-flow }
  Rule:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(1 hour)
      Targets: [{ Id: a, Arn: !GetAtt Flow.Arn }]
  Pattern:
    Type: AWS::Events::Rule
    Properties: { EventPattern: { source: [x] }, Targets: [{ Id: a, Arn: !Ref Flow }] }
  Direct:
    Type: AWS::Scheduler::Schedule
    Properties:
      State: DISABLED
      ScheduleExpression: rate(2 days)
      Target: { Arn: !Ref Flow }
  Universal:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: rate(3 days)
      Target:
        Arn: arn:aws:scheduler:::aws-sdk:sfn:startExecution
        Input: !Sub '{"StateMachineArn": "\${Other}"}'
  ByArn:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(4 days)
      Targets: [{ Id: a, Arn: !Sub "arn:aws:states:us-east-1:1:stateMachine:other-flow" }]
`;

  test("each machine has its own, and only what has a schedule", () => {
    const [flow, other] = findIn(text).workflows;
    expect(flow?.schedules.map(({ expression, enabled }) => [expression, enabled])).toEqual([
      ["rate(1 hour)", true],
      ["rate(2 days)", false],
    ]);
    expect(other?.schedules.map(({ expression }) => expression)).toEqual(["rate(3 days)", "rate(4 days)"]);
  });
});

describe("parameters", () => {
  const text = `Parameters:
  Token: { Type: String, NoEcho: true, Default: hunter2 }
  Ami: { Type: "AWS::SSM::Parameter::Value<String>", Default: /path/to/ami }
  Zones: { Type: CommaDelimitedList, Default: "a, b" }
Conditions:
  HasToken: !Not [!Equals [!Ref Token, ""]]
Resources:
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: !Sub
        - '{"StartAt":"A","States":{"A":{"Type":"Pass","Result":["\${Token}","\${Ami}","\${Zone}","\${Given}"],"End":true}}}'
        - Zone: !Join ["+", !Ref Zones]
          Given: !If [HasToken, with, without]
`;

  test("a secret is never shown, though conditions may compare it", () => {
    const workflow = onlyWorkflow(text);
    expect(jsonOf(workflow)).toMatchObject({
      States: { A: { Result: ["${Token}", "${Ami}", "a+b", "with"] } },
    });
    const given = onlyWorkflow(text, { parameters: { Token: "s3cret", Ami: "ami-1", Zones: "x" } });
    expect(jsonOf(given)).toMatchObject({ States: { A: { Result: ["${Token}", "ami-1", "x", "with"] } } });
    expect(JSON.stringify([workflow, given])).not.toMatch(/hunter2|s3cret/);
    const none = onlyWorkflow(text, { parameters: { Token: "" } });
    expect(JSON.stringify(jsonOf(none))).toContain('"a+b","without"');
  });

  test("the template's own parameters are listed", () => {
    expect(findIn(text).parameters).toEqual(["Token", "Ami", "Zones"]);
  });
});

test("Fn::ForEach makes a machine a value", () => {
  const text = `Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Flows:
    - Team
    - [Red, Blue]
    - Flow\${Team}:
        Type: AWS::StepFunctions::StateMachine
        Properties:
          StateMachineName: !Sub flow-\${Team}
          Definition: ${JSON.stringify(PASS)}
`;
  expect(findIn(text).workflows.map(({ name, aliases }) => [name, aliases[0]])).toEqual([
    ["flow-Red", "FlowRed"],
    ["flow-Blue", "FlowBlue"],
  ]);
  const open = findIn(text.replace("[Red, Blue]", "!Ref Teams"));
  expect(open.workflows).toEqual([]);
  expect(codesOf(open.diagnostics)).toEqual(["unknown-loop"]);
});

test("only texts that declare a state machine mention one", () => {
  expect(mentionsStateMachine('{"Type": "AWS::StepFunctions::StateMachine"}')).toBe(true);
  expect(mentionsStateMachine("Type: AWS::StepFunctions::StateMachineAlias")).toBe(false);
});
