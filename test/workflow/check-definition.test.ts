import { describe, expect, it } from "vitest";
import { readDefinition, readDefinitionValue } from "../../src/workflow/definition/read-definition.ts";
import { readSourceText, sourceOfValue } from "../../src/workflow/text/source-text.ts";
import { parseTaskResource } from "../../src/workflow/definition/task-resource.ts";

const found = (value: unknown) =>
  readDefinition(sourceOfValue(value)).diagnostics.map(
    ({ code, severity, at }) => `${severity} ${code} ${at?.pointer}`,
  );
const machine = (states: object, more: object = {}) => ({ StartAt: "A", States: states, ...more });
const end = { Type: "Succeed" };
const pass = (fields: object, more: object = {}) =>
  found(machine({ A: { Type: "Pass", ...fields, End: true } }, more));
const jsonata = (output: unknown) => pass({ Output: output }, { QueryLanguage: "JSONata" });

describe("reachability", () => {
  it("follows Next, Default, Choices and Catch from StartAt, not mere mention", () => {
    const states = {
      A: { Type: "Choice", Choices: [{ Variable: "$.x", IsNull: true, Next: "B" }], Default: "C" },
      B: {
        Type: "Task",
        Resource: "arn:aws:states:::sns:publish",
        Catch: [{ ErrorEquals: ["E"], Next: "D" }],
        End: true,
      },
      C: end,
      D: end,
      E: { Type: "Pass", Next: "F" },
      F: { Type: "Pass", Next: "E" },
    };
    expect(found(machine(states))).toEqual([
      "error unreachable-state /States/E",
      "error unreachable-state /States/F",
    ]);
  });

  it("finds traps: an error when a scope cannot end at all, else a warning", () => {
    const loop = { B: { Type: "Pass", Next: "C" }, C: { Type: "Pass", Next: "B" } };
    expect(found(machine({ A: { Type: "Pass", Next: "B" }, ...loop }))).toEqual([
      "error endless-loop /States/A",
      "error endless-loop /States/B",
      "error endless-loop /States/C",
    ]);
    const choice = { Type: "Choice", Choices: [{ Variable: "$.x", IsNull: true, Next: "B" }], Default: "D" };
    expect(found(machine({ A: choice, ...loop, D: end }))).toEqual([
      "warning endless-loop /States/B",
      "warning endless-loop /States/C",
    ]);
  });

  it("looks into branches and processors, each by itself", () => {
    const scope = { StartAt: "X", States: { X: end, Y: end } };
    const states = { A: { Type: "Parallel", Branches: [scope], End: true } };
    expect(found(machine(states))).toEqual(["error unreachable-state /States/A/Branches/0/States/Y"]);
  });

  it("warns of a name that stands in two scopes", () => {
    const scope = { StartAt: "A", States: { A: end } };
    const states = { A: { Type: "Map", ItemProcessor: scope, End: true } };
    expect(found(machine(states))).toEqual(["warning duplicate-state-name /States/A/ItemProcessor/States/A"]);
  });
});

describe("expressions", () => {
  it.each([
    "$",
    "$.a.b[0]",
    "$$.Execution.Id",
    "$.a-b",
    "$.a[*].b",
    "$.[0]",
    "$.a[?(@.b == $.c)]",
    "$x.y",
    "$.[*].['a', 'b']",
    "$.a[-1]",
  ])("accepts the path %s", (path) => {
    expect(pass({ InputPath: path })).toEqual([]);
  });

  it.each<[string, object]>([
    ["/InputPath", { InputPath: "hello" }],
    ["/OutputPath", { OutputPath: "$[0" }],
    ["/ResultPath", { ResultPath: "$.a[*]" }],
    ["/ResultPath", { ResultPath: "$variable" }],
    ["/InputPath", { InputPath: "States.UUID()" }],
    ["/Parameters/a/0/b.$", { Parameters: { a: [{ "b.$": "not a path" }] } }],
    ["/Parameters/b.$", { Parameters: { "b.$": "States.MathAdd($.a)" } }],
    ["/Assign/b.$", { Assign: { "b.$": "States.Nothing()" } }],
  ])("reports the fault at %s", (pointer, fields) => {
    expect(pass(fields)).toEqual([`error invalid-path /States/A${pointer}`]);
  });

  it("accepts intrinsic functions and null paths", () => {
    expect(
      pass({ InputPath: null, ResultPath: null, Parameters: { "a.$": "States.Format('{}', $.x)" } }),
    ).toEqual([]);
  });

  it("reports one field written both as value and as path", () => {
    expect(pass({ Parameters: { a: { b: 1, "b.$": "$.x" } } })).toEqual([
      "error conflicting-fields /States/A/Parameters/a/b.$",
    ]);
  });

  it("checks JSONata at any depth, with the character of the fault", () => {
    expect(jsonata({ a: ["{% $states.input.x + 1 %}", "plain"] })).toEqual([]);
    expect(jsonata({ a: ["{% 1 + ( %}"] })).toEqual(["error invalid-jsonata /States/A/Output/a/0"]);
    expect(jsonata("{% 1")).toEqual(["error invalid-jsonata /States/A/Output"]);
    expect(jsonata("1 %}")).toEqual(["error invalid-jsonata /States/A/Output"]);
    expect(jsonata(`{% ${"(".repeat(100_000)} %}`)).toEqual(["error invalid-jsonata /States/A/Output"]);
    expect(jsonata("{% ${Placeholder} %}")).toEqual([]);
    const output = readDefinition(
      sourceOfValue(machine({ A: { Type: "Succeed", Output: "{% 1 + %}" } }, { QueryLanguage: "JSONata" })),
    );
    expect(output.diagnostics[0]?.message).toMatch(/not valid JSONata: .*\(character \d+\)\.$/);
  });
});

describe("task tokens", () => {
  const waiting = (parameters: object, more: object = {}) =>
    found(
      machine(
        {
          A: {
            Type: "Task",
            Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            ...parameters,
            End: true,
          },
        },
        more,
      ),
    );

  it("warns when a Task waits for a token it never passes on", () => {
    const vain = ["warning missing-task-token /States/A"];
    expect(waiting({ Parameters: { token: "$$.Task.Token" } })).toEqual(vain);
    expect(waiting({ Parameters: { "body.$": "$.x" } })).toEqual(vain);
    expect(waiting({ Arguments: "{% $states.input %}" }, { QueryLanguage: "JSONata" })).toEqual(vain);
  });

  it("is content with the token, the whole context or a variable", () => {
    for (const text of ["$$.Task.Token", "$$", "$token", "States.Format('{}', $$.Task.Token)"]) {
      expect(waiting({ Parameters: { deep: { "token.$": text } } })).toEqual([]);
    }
    const argumentsOf = { Arguments: { token: "{% $states.context.Task.Token %}" } };
    expect(waiting(argumentsOf, { QueryLanguage: "JSONata" })).toEqual([]);
  });
});

describe("readDefinition", () => {
  it("gives all diagnostics at once, in the order of the file", () => {
    const text = `{
  "StartAt": "A",
  "States": {
    "A": { "Type": "Pass", "Next": "Nowhere" },
    "B": { "Type": "Wait", "Seconds": -1, "InputPath": "x", "End": true },
    "B": { "Type": "Wait", "Seconds": -1, "InputPath": "x", "End": true },
  }
}`;
    const { diagnostics } = readDefinition(readSourceText(text, "flow.json"));
    expect(diagnostics.map(({ code, at }) => `${at?.file}:${at?.line}:${at?.column} ${code}`)).toEqual([
      "flow.json:4:28 unknown-target",
      "flow.json:6:5 duplicate-key",
      "flow.json:6:5 unreachable-state",
      "flow.json:6:28 value-out-of-range",
      "flow.json:6:43 invalid-path",
      "flow.json:6:74 trailing-comma",
    ]);
  });

  it("counts the bytes of the definition as deployed", () => {
    const text = `{ "StartAt": "Ä", "States": { "Ä": { "Type": "Succeed" } } }`;
    const bytes = new TextEncoder().encode(text).length;
    expect(readDefinition(readSourceText(text, "a.json")).stateMachine?.definitionBytes).toBe(bytes);
    const commented = readDefinition(readSourceText(`// c\n${text}`, "a.json"));
    expect(commented.stateMachine?.definitionBytes).toBe(
      new TextEncoder().encode(JSON.stringify(JSON.parse(text))).length,
    );
  });

  it("reads a definition inside another file", () => {
    const text = `{"Resources": {"M": {"Definition": {"StartAt": "A", "States": {"A": {"Type": "Pass"}}}}}}`;
    const source = readSourceText(text, "template.json");
    const value = { StartAt: "A", States: { A: { Type: "Pass" } } };
    const options = { locate: source.locate, pointer: "/Resources/M/Definition", definitionBytes: 1 };
    const { stateMachine, diagnostics } = readDefinitionValue(value, options);
    expect(stateMachine?.states[0]?.pointer).toBe("/Resources/M/Definition/States/A");
    expect(diagnostics).toMatchObject([
      { code: "missing-next", at: { line: 1, column: text.indexOf('"A": {') + 1 } },
    ]);
  });
});

describe("parseTaskResource", () => {
  it.each([
    ["arn:aws:states:::dynamodb:putItem", "optimized", "dynamodb", "putItem", "REQUEST_RESPONSE", ""],
    ["arn:aws-us-gov:states:::ecs:runTask.sync", "optimized", "ecs", "runTask", "RUN_JOB", ".sync"],
    [
      "arn:aws-cn:states:::states:startExecution.sync:2",
      "optimized",
      "states",
      "startExecution",
      "RUN_JOB",
      ".sync:2",
    ],
    [
      "arn:aws-eusc:states:::sqs:sendMessage.waitForTaskToken",
      "optimized",
      "sqs",
      "sendMessage",
      "WAIT_FOR_TASK_TOKEN",
      ".waitForTaskToken",
    ],
    [
      "arn:aws-iso-b:states:::aws-sdk:sfn:startSyncExecution",
      "sdk",
      "sfn",
      "startSyncExecution",
      "REQUEST_RESPONSE",
      "",
    ],
    ["arn:${AWS::Partition}:states:::http:invoke", "optimized", "http", "invoke", "REQUEST_RESPONSE", ""],
    [
      "arn:aws:states:::elasticmapreduce:addStep.sync",
      "optimized",
      "elasticmapreduce",
      "addStep",
      "RUN_JOB",
      ".sync",
    ],
    [
      "arn:aws:lambda:eu-west-1:123456789012:function:pay:live",
      "lambda",
      "lambda",
      "invoke",
      "REQUEST_RESPONSE",
      "",
    ],
    [
      "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:pay",
      "lambda",
      "lambda",
      "invoke",
      "REQUEST_RESPONSE",
      "",
    ],
    ["${PayFunction.Arn}", "lambda", "lambda", "invoke", "REQUEST_RESPONSE", ""],
    [
      "arn:aws:states:eu-west-1:123456789012:activity:paint",
      "activity",
      "states",
      "activity",
      "REQUEST_RESPONSE",
      "",
    ],
    [
      "arn:aws:states:${AWS::Region}:${AWS::AccountId}:activity:paint",
      "activity",
      "states",
      "activity",
      "REQUEST_RESPONSE",
      "",
    ],
    ["${Something}", "unknown", "", "", "REQUEST_RESPONSE", ""],
    ["arn:aws:swf:eu-west-1:123456789012:task:X", "unknown", "", "", "REQUEST_RESPONSE", ""],
    ["", "unknown", "", "", "REQUEST_RESPONSE", ""],
  ])("takes %s apart", (arn, ...parts) => {
    const [kind, service, action, pattern, suffix] = parts;
    expect(parseTaskResource(arn)).toEqual({ arn, kind, service, action, pattern, suffix });
  });
});
