import { describe, expect, test } from "vitest";
import { declareWorkflow } from "../../src/source/declared-workflow.ts";
import type { FoundWorkflow } from "../../src/source/found-workflow.ts";
import { functionOf, tasksOf } from "../../src/source/task-function.ts";
import type { Workflow } from "../../src/workflow/workflow.ts";
import { onlyWorkflow } from "./cloudformation/template-fixture.ts";

const TEMPLATE = `Transform: AWS::Serverless-2016-10-31
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      Logging: { Level: ALL }
      Definition:
        StartAt: Direct
        States:
          Direct: { Type: Task, Resource: !GetAtt Worker.Arn, Next: Both }
          Both:
            Type: Parallel
            End: true
            Branches:
              - StartAt: Invoke
                States:
                  Invoke:
                    Type: Task
                    Resource: arn:aws:states:::lambda:invoke
                    Parameters: { FunctionName: !Sub "\${Slow.Arn}:live" }
                    End: true
              - StartAt: Token
                States:
                  Token:
                    Type: Task
                    Resource: arn:aws:states:::lambda:invoke.waitForTaskToken
                    Parameters: { FunctionName: worker-fn, Payload: {} }
                    Next: Gone
      Events:
        A: { Type: Schedule, Properties: { Schedule: rate(1 day) } }
        B: { Type: Schedule, Properties: { Schedule: rate(1 hour), Enabled: false } }
        C: { Type: Schedule, Properties: { Schedule: "cron(0 12 * * ? *)" } }
        D: { Type: Schedule, Properties: { Schedule: !Ref Open } }
  Worker:
    Type: AWS::Serverless::Function
    Properties: { FunctionName: worker-fn, MemorySize: 512, Timeout: 3, Architectures: [arm64] }
  Slow: { Type: AWS::Serverless::Function, Properties: { Timeout: 900 } }
`;

async function declared(found: FoundWorkflow): Promise<Workflow> {
  const { workflow, diagnostics } = await declareWorkflow(found);
  if (workflow === null) throw new Error(JSON.stringify(diagnostics));
  return workflow;
}

describe("what a template says of the workload", () => {
  test("its functions reach the Tasks that call them", async () => {
    const { workload } = await declared(onlyWorkflow(TEMPLATE));
    expect(workload).toMatchObject({ logLevel: "ALL" });
    expect(workload.states.get("Direct")).toMatchObject({
      lambda: {
        memoryMB: { value: 512, basis: "inferred", note: "app/template.yaml:35" },
        architecture: "arm64",
      },
      duration: { ms: { value: 500, high: 3000, basis: "default" } },
    });
    expect(workload.states.get("Token")).toMatchObject({
      lambda: { memoryMB: { value: 512 } },
      duration: null,
    });
    expect(workload.states.get("Invoke")).toMatchObject({ lambda: null, duration: null });
  });

  test("a Task that names a declared function is Lambda's, though its placeholder does not say so", async () => {
    const { stateMachine } = await declared(onlyWorkflow(TEMPLATE));
    const direct = tasksOf(stateMachine).find(({ name }) => name === "Direct");
    expect(direct?.resource).toMatchObject({ arn: "${Worker.Arn}", kind: "lambda", service: "lambda" });
  });

  test("enabled schedules add up; what cannot be counted is said", async () => {
    const { workload, diagnostics } = await declared(onlyWorkflow(TEMPLATE));
    expect(workload.executionsPerMonth).toMatchObject({ basis: "inferred" });
    expect(workload.executionsPerMonth?.value).toBeCloseTo(2 * (730 / 24), 6);
    expect(diagnostics.filter(({ code }) => code === "unreadable-schedule")).toMatchObject([
      { severity: "warning", at: { line: 34 } },
    ]);
  });

  test("no schedule: not known, never zero", async () => {
    const quiet = TEMPLATE.replace(/ {6}Events:\n(?: {8}.*\n)+/, "");
    expect((await declared(onlyWorkflow(quiet))).workload.executionsPerMonth).toBeNull();
  });
});

describe("places of what is wrong in a definition", () => {
  const line = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split("\n").length;

  test("in an object of the template", async () => {
    const { diagnostics, locate } = await declared(onlyWorkflow(TEMPLATE));
    const missing = diagnostics.find(({ message }) => message.includes('"Gone"'));
    expect(missing?.at).toMatchObject({ file: "app/template.yaml", line: line(TEMPLATE, "Next: Gone") });
    expect(locate("/States/Both")).toMatchObject({
      line: line(TEMPLATE, "Both:\n"),
      pointer: "/Resources/Flow/Properties/Definition/States/Both",
    });
  });

  const asl =
    '{\n  "StartAt": "A",\n  "States": {\n    "A": { "Type": "Pass", "Seconds": ${N}, "Next": "Gone" }\n  }\n}\n';

  test("in a text of the template", async () => {
    const text = `Resources:\n  Flow:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      DefinitionString: !Sub |\n${asl.replaceAll(/^(?=.)/gm, "        ")}`;
    const { diagnostics, locate } = await declared(onlyWorkflow(text));
    const missing = diagnostics.find(({ message }) => message.includes('"Gone"'));
    expect(missing?.at).toMatchObject({
      line: 9,
      pointer: "/Resources/Flow/Properties/DefinitionString/Fn::Sub",
    });
    expect(locate("/States/A")).toMatchObject({ file: "app/template.yaml", line: 9 });
  });

  test("in a file beside the template", async () => {
    const text = `Resources:\n  Flow:\n    Type: AWS::Serverless::StateMachine\n    Properties: { DefinitionUri: a.asl.json }\n`;
    const { locate } = await declared(onlyWorkflow(text, { files: { "app/a.asl.json": asl } }));
    expect(locate("/States/A/Next")).toMatchObject({
      file: "app/a.asl.json",
      line: 4,
      pointer: "/States/A/Next",
    });
  });
});

test("a definition that cannot be read is no workflow, with the reason", async () => {
  const remote = TEMPLATE.replace(/Definition:\n[^]*?(?= {6}Events)/, "DefinitionUri: s3://a/b\n");
  const { workflow, diagnostics } = await declareWorkflow(onlyWorkflow(remote));
  expect(workflow).toBeNull();
  expect(diagnostics.map(({ code }) => code)).toContain("remote-definition");
});

test.each([
  ["Fn", true],
  ["${Fn}", true],
  ["${Fn.Arn}", true],
  ["${Fn.Alias}", true],
  ["${Fn.Arn}:live", true],
  ["fn-name:7", true],
  ["arn:aws:lambda:eu-west-1:1:function:fn-name", true],
  ["arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Fn}:live", true],
  ["${FnOther.Arn}", false],
  ["fn-name-2", false],
  ["arn:aws:lambda:eu-west-1:1:function:other", false],
  ["{% $fn %}", false],
])("a Task that calls %s", async (FunctionName, expected) => {
  const call = {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: { FunctionName },
    End: true,
  };
  const { stateMachine } = await declared({
    ...onlyWorkflow(TEMPLATE),
    definition: {
      kind: "value",
      value: { StartAt: "A", States: { A: call } },
      locate: (pointer) => ({ file: "x", line: 1, column: 1, pointer }),
    },
  });
  const [task] = tasksOf(stateMachine);
  if (task === undefined) throw new Error("no task");
  const at = { file: "x", line: 1, column: 1, pointer: "" };
  const lambda = { names: ["Fn", "fn-name"], memoryMB: 1, architecture: null, timeoutSeconds: null, at };
  expect(functionOf(task, [lambda])).toBe(expected ? lambda : null);
});
