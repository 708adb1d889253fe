import { describe, expect, test } from "vitest";
import { declareWorkflow } from "../../../src/source/declared-workflow.ts";
import type { FoundWorkflow } from "../../../src/source/found-workflow.ts";
import { findServerlessWorkflows } from "../../../src/source/serverless/find-serverless-workflows.ts";
import { isServiceFile } from "../../../src/source/serverless/service-file.ts";
import { splitAlternatives, splitVariables } from "../../../src/source/serverless/variable-text.ts";
import type { JsonValue } from "../../../src/workflow/text/json-value.ts";

function findIn(text: string, files: Record<string, string> = {}, region: string | null = null) {
  const texts = new Map(Object.entries(files));
  return findServerlessWorkflows({
    file: "svc/serverless.yml",
    text,
    region,
    read: (path) => texts.get(path) ?? null,
  });
}

function only(text: string, files: Record<string, string> = {}): FoundWorkflow {
  const { workflows, diagnostics } = findIn(text, files);
  const [first] = workflows;
  if (first === undefined || workflows.length > 1)
    throw new Error(`${workflows.length} ${JSON.stringify(diagnostics)}`);
  return first;
}

/** What a `Pass` state's Result, written as `value`, becomes. */
function resultOf(value: string, rest = "", files: Record<string, string> = {}): JsonValue {
  const { definition } = only(
    `service: shop
${rest}
stepFunctions:
  stateMachines:
    m:
      definition: { StartAt: A, States: { A: { Type: Pass, Result: ${value}, End: true } } }
`,
    files,
  );
  if (definition?.kind !== "value") throw new Error("no value");
  return (definition.value as { States: { A: { Result: JsonValue } } }).States.A.Result;
}

describe("machines among the service's resources", () => {
  const machine = (definition: string): string =>
    `{ Type: AWS::StepFunctions::StateMachine, Properties: { StateMachineType: EXPRESS, DefinitionString: ${definition} } }`;
  const inline = machine(`'{ "StartAt": "A", "States": { "A": { "Type": "Succeed" } } }'`);

  test("are read as CloudFormation, with the service's functions, at the lines where they stand", () => {
    const { workflows, diagnostics, parameters } = findIn(
      `service: s
functions: { work: { handler: h, memorySize: 256 } }
stepFunctions:
  stateMachines: { own: { definition: { StartAt: A, States: { A: { Type: Succeed } } } } }
resources:
  Parameters: { P: { Type: String } }
  Resources:
    Bucket: { Type: AWS::S3::Bucket }
    Raw: ${inline}
`,
    );
    expect(diagnostics).toEqual([]);
    expect(parameters).toEqual(["P"]);
    expect(
      workflows.map(({ name, foundIn, at: { line, pointer } }) => [name, foundIn, line, pointer]),
    ).toEqual([
      ["own", "serverless", 4, "/stepFunctions/stateMachines/own"],
      ["Raw", "serverless", 9, "/resources/Resources/Raw"],
    ]);
    expect(workflows[1]).toMatchObject({ type: "EXPRESS", lambdas: [{ memoryMB: 256 }] });
  });

  test.each([
    "resources:\n  Resources: ${file(../../out.yml)}\n",
    "resources: ${file(../../out.yml)}\n",
    "resources:\n  - ${file(more.yml)}\n  - ${file(../../out.yml)}\n",
  ])("that lie outside of the folder are told: %j", (resources) => {
    const { diagnostics } = findIn(`service: s\n${resources}`, { "svc/more.yml": "Resources: {}\n" });
    expect(diagnostics).toMatchObject([
      { code: "definition-outside", message: expect.stringContaining('"../../out.yml"') as string },
    ]);
  });

  test("in a list of parts, or in a file of nothing but resources", () => {
    const { workflows } = findIn(
      `resources:\n  - Resources: { One: ${inline} }\n  - Resources: { Two: ${inline} }\n  - Resources: \${file(more.yml)}\n`,
      { "svc/more.yml": `\nThree: ${inline}\n` },
    );
    expect(workflows.map(({ name, at }) => `${name} ${at.file}:${at.line}`)).toEqual([
      "One svc/serverless.yml:2",
      "Two svc/serverless.yml:3",
      "Three svc/more.yml:2",
    ]);
  });

  test("whose definition a variable gives are told with the command that makes a package", () => {
    const { definition, diagnostics } = only(
      `resources:\n  Resources:\n    Raw: ${machine('"${file(a.json)}"')}\n`,
    );
    expect(definition).toBeNull();
    expect(diagnostics).toMatchObject([
      { code: "unknown-definition", hint: expect.stringContaining("npx serverless") },
    ]);
  });
});

describe("variables", () => {
  const custom = `provider: { name: aws, stage: prod }
custom:
  table: "\${self:service}-\${sls:stage}-table"
  size: 12
  list: [a, { b: c }]
  round: "\${self:custom.about}"
  about: "\${self:custom.round}"
  perStage: { prod: 99, dev: 1 }`;

  test.each([
    ["${self:custom.size}", 12],
    ["${self:custom.list}", ["a", { b: "c" }]],
    ["${self:custom.list.1.b}", "c"],
    ["'x-${self:custom.size}-y'", "x-12-y"],
    ["${self:custom.table}", "shop-prod-table"],
    ["${self:custom.perStage.${sls:stage}}", 99],
    ["${opt:stage, 'dev'}", "dev"],
    ["${opt:memory, 512}", 512],
    ["${opt:stage, self:provider.stage}", "prod"],
    ["${env:STAGE, 'from the fallback'}", "from the fallback"],
    ["${self:custom.nothing, env:NOTHING, true}", true],
    ["'${env:SECRET}'", "${env:SECRET}"],
    ["'a ${ssm:/path/to/secret} b'", "a ${ssm:/path/to/secret} b"],
    ["'${AWS::Region} ${Table.Arn}'", "${AWS::Region} ${Table.Arn}"],
    ["${self:custom.round}", "${self:custom.round}"],
  ])("%s", (written, value) => {
    expect(resultOf(JSON.stringify(written.replaceAll(/^'|'$/g, "")), custom)).toEqual(value);
  });

  test("read no environment", () => {
    process.env.STEPFARE_TEST_SECRET = "hunter2";
    expect(resultOf('"${env:STEPFARE_TEST_SECRET}"')).toBe("${env:STEPFARE_TEST_SECRET}");
    delete process.env.STEPFARE_TEST_SECRET;
  });

  test("reach into files, whose own variables count too, but not out of the root or into programs", () => {
    const files = {
      "svc/values.yml": "deep: { value: '${self:service}!' }\nother: '${file(more.json):a.0}'\n",
      "svc/more.json": '{ "a": ["first"] }',
      "values.yml": "up: 1\n",
    };
    expect(resultOf('"${file(values.yml):deep.value}"', "", files)).toBe("shop!");
    expect(resultOf('"${file(./values.yml):other}"', "", files)).toBe("first");
    expect(resultOf('"${file(../values.yml):up}"', "", files)).toBe(1);
    expect(resultOf('"${file(../../etc/passwd)}"', "", files)).toBe("${file(../../etc/passwd)}");
    expect(resultOf('"${file(values.js):x, 3}"', "", files)).toBe(3);
    expect(resultOf('"${file(gone.yml):x}"', "", files)).toBe("${file(gone.yml):x}");
  });

  test("that name each other over and over come to an end", () => {
    const levels = Array.from(
      { length: 30 },
      (_, index) => `  v${index}: ["\${self:custom.v${index + 1}}", "\${self:custom.v${index + 1}}"]`,
    );
    const rest = `custom:\n${levels.join("\n")}\n  v30: 1`;
    const service = `service: s\n${rest}\nstepFunctions: { stateMachines: "\${self:custom.v0}" }\n`;
    // 2^30 of them would take hours.
    expect(findIn(service).diagnostics.map(({ code }) => code)).toContain("service-too-large");
  }, 120_000);

  test("that nest deeper than a stack holds come to an end", () => {
    const levels = Array.from(
      { length: 48 },
      (_, index) => `  v${index}: ${"[".repeat(150)}"\${self:custom.v${index + 1}}"${"]".repeat(150)}`,
    );
    const rest = `custom:\n${levels.join("\n")}\n  v48: 1`;
    expect(JSON.stringify(resultOf('"${self:custom.v0}"', rest)).length).toBeGreaterThan(400);
  });

  test("are taken apart at their own braces and commas", () => {
    expect(splitVariables("a${self:b.${opt:c}}d${X}").map(({ whole, inner }) => [whole, inner])).toEqual([
      ["a", null],
      ["${self:b.${opt:c}}", "self:b.${opt:c}"],
      ["d${X}", null],
    ]);
    expect(splitVariables("${self:open").map(({ inner }) => inner)).toEqual([null]);
    expect(splitAlternatives("file(a, b.yml):x, 'a, b', 3")).toEqual(["file(a, b.yml):x", "'a, b'", "3"]);
  });
});

describe("state machines", () => {
  const SERVICE = `service: shop
provider: { name: aws, stage: live, memorySize: 512, architecture: arm64 }
functions:
  check-stock: { handler: a.b, timeout: 10 }
  pay_now: { handler: a.b, memorySize: 2048, architecture: x86_64, name: pay }
stepFunctions:
  stateMachines:
    orders:
      id: OrdersMachine
      name: "\${self:service}-orders"
      type: EXPRESS
      loggingConfig: { level: ERROR, includeExecutionData: true, destinations: [{ Fn::GetAtt: [Log, Arn] }] }
      tracingConfig: { enabled: true }
      events:
        - schedule: rate(1 hour)
        - schedule: { rate: [cron(0 12 * * ? *), rate(1 day)], enabled: false }
        - http: { path: orders, method: POST }
      definition:
        StartAt: Check
        States:
          Check:
            Type: Task
            Resource: !GetAtt check-stock.Arn
            Next: Pay
          Pay:
            Type: Task
            Resource: arn:aws:states:::lambda:invoke
            Parameters:
              FunctionName: { Fn::GetAtt: [PayUnderscorenowLambdaFunction, Arn] }
              Payload: { Fn::Sub: "\${AWS::Region}" }
              Topic: { Ref: Topic }
              Joined: { Fn::Join: [":", [a, !Ref B]] }
            End: true
`;

  test("carry what the service says of them", () => {
    expect(only(SERVICE)).toMatchObject({
      name: "shop-orders",
      foundIn: "serverless",
      type: "EXPRESS",
      logLevel: "ERROR",
      logExecutionData: true,
      tracing: true,
      at: { file: "svc/serverless.yml", line: 8 },
      diagnostics: [],
    });
    expect(only(SERVICE).aliases).toEqual(
      expect.arrayContaining(["orders", "OrdersMachine", "${OrdersMachine.Arn}"]),
    );
    expect(only(SERVICE).schedules.map(({ expression, enabled }) => [expression, enabled])).toEqual([
      ["rate(1 hour)", true],
      ["cron(0 12 * * ? *)", false],
      ["rate(1 day)", false],
    ]);
  });

  test("lend their Tasks the functions' memory, by any of their names", async () => {
    const { workflow } = await declareWorkflow(only(SERVICE));
    expect(workflow?.workload.executionsPerMonth?.value).toBe(730);
    expect(workflow?.workload.states.get("Check")?.lambda).toMatchObject({
      memoryMB: { value: 512 },
      architecture: "arm64",
    });
    expect(workflow?.workload.states.get("Pay")?.lambda).toMatchObject({
      memoryMB: { value: 2048 },
      architecture: "x86_64",
    });
  });

  test("keep CloudFormation's functions as placeholders, and every place", () => {
    const { definition } = only(SERVICE);
    if (definition?.kind !== "value") throw new Error("no value");
    expect(definition.value).toMatchObject({
      States: { Pay: { Parameters: { Payload: "${AWS::Region}", Topic: "${Topic}", Joined: "a:${B}" } } },
    });
    expect(definition.locate("/States/Pay")).toMatchObject({
      file: "svc/serverless.yml",
      line: 25,
      column: 11,
    });
    expect(definition.locate("/States/Pay/Nowhere/0")).toMatchObject({ line: 25 });
  });

  test("may be written as a list, as text, or in a file, whose places lead there", () => {
    const listed = findIn(
      "service: s\nstepFunctions:\n  stateMachines:\n    - '${file(one.yml)}'\n    - b: { definition: '{ \"StartAt\": \"A\" }' }\n",
      {
        "svc/one.yml": "a:\n  definition:\n    StartAt: A\n    States: { A: { Type: Succeed } }\n",
      },
    );
    expect(listed.workflows.map(({ name, definition }) => [name, definition?.kind])).toEqual([
      ["a", "value"],
      ["b", "text"],
    ]);
    const [a] = listed.workflows;
    expect(a?.definition?.kind === "value" && a.definition.locate("/States/A")).toMatchObject({
      file: "svc/one.yml",
      line: 4,
    });
  });

  test("without a definition that can be read say why", () => {
    const text =
      "service: s\nstepFunctions:\n  stateMachines:\n    a: { definition: '${file(flow.js)}' }\n    b: { name: x }\n    c: { definition: '${ssm:/flow}' }\n";
    expect(
      findIn(text).workflows.map(({ definition, diagnostics }) => [
        definition,
        diagnostics.map(({ code }) => code),
      ]),
    ).toEqual([
      [null, ["unknown-definition"]],
      [null, ["missing-definition"]],
      [null, ["unknown-definition"]],
    ]);
    for (const machines of [
      "'${file(x.js)}'",
      "{ stateMachines: '${file(x.js)}' }",
      "{ stateMachines: ['${file(x.js)}'] }",
    ]) {
      const { workflows, diagnostics } = findIn(`service: s\nstepFunctions: ${machines}\n`);
      expect([workflows, diagnostics.map(({ code }) => code)], machines).toEqual([
        [],
        ["unknown-definition"],
      ]);
    }
    expect(findIn("service: s\nstepFunctions: { activities: [a] }\n")).toEqual({
      workflows: [],
      diagnostics: [],
      parameters: [],
    });
    expect(
      only("service: s\nstepFunctions: { stateMachines: { a: '${file(x.js)}' } }\n").diagnostics,
    ).toMatchObject([{ code: "unknown-definition" }]);
  });

  test("are taken from files of that name alone", () => {
    expect(
      ["serverless.yml", "a/serverless.yaml", "serverless.json", "serverless.dev.yml"].every(isServiceFile),
    ).toBe(true);
    expect(["my-serverless.yml", "serverless.ts", "serverless/x.yml"].some(isServiceFile)).toBe(false);
  });
});
