import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { nodeShell } from "../../src/node-shell.ts";
import { findWorkflows } from "../../src/source/find-workflows.ts";
import type { FindOptions, WorkflowsFound } from "../../src/source/find-workflows.ts";
import type { FakeWorld } from "../fake-shell.ts";
import { fakeShell } from "../fake-shell.ts";

const asl = (name: string): string =>
  JSON.stringify({ StartAt: name, States: { [name]: { Type: "Succeed" } } }, null, 2);

function sam(machines: Record<string, string>): string {
  const resources = Object.entries(machines).map(
    ([id, uri]) => `  ${id}: { Type: AWS::Serverless::StateMachine, Properties: { DefinitionUri: ${uri} } }`,
  );
  return `Transform: AWS::Serverless-2016-10-31\nResources:\n${resources.join("\n")}\n`;
}

interface Looked {
  readonly files: NonNullable<FakeWorld["files"]>;
  readonly paths?: readonly string[];
  readonly options?: FindOptions;
  readonly stdin?: NonNullable<FakeWorld["stdin"]>;
  readonly cwd?: string;
}

function look({ files, paths = [], options = {}, ...world }: Looked): Promise<WorkflowsFound> {
  return findWorkflows(fakeShell({ files, ...world }), paths, options);
}

/** `foundIn name file:line`. */
function listed({ workflows }: WorkflowsFound): readonly string[] {
  return workflows.map(({ foundIn, name, at }) => `${foundIn} ${name} ${at.file}:${at.line}`);
}

const codes = ({ diagnostics }: WorkflowsFound): readonly string[] => diagnostics.map(({ code }) => code);

describe("definitions that stand alone", () => {
  test("are found by their name's ending, or by what they hold", async () => {
    const found = await look({
      files: {
        "a.asl.json": asl("A"),
        "b.asl.yaml": "StartAt: B\nStates: { B: { Type: Succeed } }\n",
        "c.asl.yml": "StartAt: C\nStates: { C: { Type: Succeed } }\n",
        "d.asl": asl("D"),
        "e.json": asl("E"),
        "f.jsonc": `// ours\n${asl("F")}`,
        "g.json5": asl("G"),
        "h.yaml": "StartAt: H\nStates: { H: { Type: Succeed } }\n",
        "no.json": '{ "StartAt": 1 }',
        "no.md": asl("No"),
        "settings.yaml": "# StartAt and States in a comment\na: 1\n",
      },
    });
    expect(listed(found)).toEqual([
      "asl a a.asl.json:1",
      "asl b b.asl.yaml:1",
      "asl c c.asl.yml:1",
      "asl d d.asl:1",
      "asl e e.json:1",
      "asl f f.jsonc:2",
      "asl g g.json5:1",
      "asl h h.yaml:1",
    ]);
    expect(found.notAnalysed).toEqual([]);
  });

  test("that say nothing by their name are named by the nearest folder that does", async () => {
    const found = await look({
      files: {
        "orders/statemachine/statemachine.asl.json": asl("A"),
        "users/definition.json": asl("B"),
        "users/state_machine.asl.json": asl("C"),
        "workflow.asl.json": asl("D"),
        "twice.asl.json.asl.json": asl("E"),
      },
    });
    expect(found.workflows.map(({ name }) => name)).toEqual([
      "orders/statemachine",
      "twice",
      "users/definition",
      "users/state_machine",
      "workflow",
    ]);
  });

  test("may be a member of what the AWS CLI prints", async () => {
    const described = {
      stateMachineArn: "arn:aws:states:eu-west-1:123456789012:stateMachine:orders",
      name: "orders",
      type: "EXPRESS",
      definition: asl("A"),
      loggingConfiguration: { level: "ALL", includeExecutionData: true },
      tracingConfiguration: { enabled: true },
    };
    const { workflows } = await look({ files: { "described.json": JSON.stringify(described, null, 2) } });
    expect(workflows).toMatchObject([
      {
        name: "orders",
        type: "EXPRESS",
        aliases: [described.stateMachineArn],
        workload: { logLevel: "ALL", logExecutionData: true, tracing: true },
        at: { file: "described.json", line: 5 },
        diagnostics: [{ code: "definition-in-member" }],
      },
    ]);
  });

  test("are not sought among many members, nor in a single state", async () => {
    const inner = JSON.parse(asl("A")) as object;
    const many = { one: inner, two: inner };
    const state = { Type: "Map", ItemProcessor: inner };
    const found = await look({
      files: { "many.json": JSON.stringify(many), "state.json": JSON.stringify(state) },
    });
    expect(found.workflows).toEqual([]);
  });

  test("that cannot be read say why, and the others are read", async () => {
    const found = await look({
      files: {
        "bad.asl.json": '{\n  "StartAt": "A",\n  "States": {{\n}',
        "list.asl.yaml": "- 1\n",
        "good.asl.json": asl("A"),
      },
    });
    expect(listed(found)).toEqual(["asl good good.asl.json:1"]);
    expect(
      found.notAnalysed.map(({ name, diagnostics }) => [
        name,
        diagnostics[0]?.code,
        diagnostics[0]?.at?.line,
      ]),
    ).toEqual([
      ["bad", "invalid-json", 3],
      ["list", "no-definition", 1],
    ]);
  });

  test("with placeholders that a deployment replaces by numbers are read, each place kept", async () => {
    const text =
      '{ "StartAt": "A",\n  "TimeoutSeconds": ${Limit}, "States": { "A": { "Type": "Wait",\n    "Seconds": ${Pause}, "End": true } } }';
    const { workflows } = await look({ files: { "a.asl.json": text } });
    expect(workflows[0]?.diagnostics).toEqual([]);
    expect(workflows[0]?.locate("/States/A/Seconds")).toMatchObject({ line: 3, column: 5 });
  });
});

describe("a machine reached in two ways", () => {
  test("is the template's, at its definition's file", async () => {
    const found = await look({
      files: {
        "app/template.yaml": sam({ Orders: "flows/orders.asl.json" }),
        "app/flows/orders.asl.json": asl("A"),
        "app/flows/alone.asl.json": asl("B"),
        "main.tf":
          'resource "aws_sfn_state_machine" "tf" {\n name = "users"\n definition = templatefile("${path.module}/users.json", {})\n}',
        "users.json": asl("C"),
        "serverless.yml":
          "service: s\nstepFunctions: { stateMachines: { pay: { definition: '${file(pay.json)}' } } }\n",
        "pay.json": asl("D"),
      },
    });
    expect(listed(found)).toEqual([
      "asl alone app/flows/alone.asl.json:1",
      "sam Orders app/flows/orders.asl.json:1",
      "serverless pay pay.json:1",
      "terraform users users.json:1",
    ]);
  });

  test("is the file alone when the template does not say which it is", async () => {
    const found = await look({
      files: { "template.yaml": sam({ Orders: "!Ref Somewhere" }), "orders.asl.json": asl("A") },
    });
    expect(listed(found)).toEqual(["asl orders orders.asl.json:1"]);
    expect(found.notAnalysed).toMatchObject([
      { name: "Orders", diagnostics: [{ code: "unknown-definition" }] },
    ]);
  });

  test("is the file alone when the template is no YAML, which is said", async () => {
    const broken = `${sam({ Orders: "orders.asl.json" })}}}}: [\n\t- "`;
    const found = await look({ files: { "template.yaml": broken, "orders.asl.json": asl("A") } });
    expect(codes(found)).toContain("template-syntax");
    expect(found.workflows.map(({ at }) => at.file)).toEqual(["orders.asl.json"]);
  });

  test("is listed once when its paths overlap", async () => {
    const found = await look({
      files: { "a/b.asl.json": asl("A") },
      paths: ["a", "a/b.asl.json", "**/*.json", "."],
    });
    expect(listed(found)).toEqual(["asl b a/b.asl.json:1"]);
  });
});

describe("names", () => {
  test("that two machines share are qualified by folder, the old one kept as another way to call them", async () => {
    const found = await look({
      files: {
        "shop/a/template.yaml": sam({ Flow: "f.asl.json" }),
        "shop/a/f.asl.json": asl("A"),
        "shop/b/template.yaml": sam({ Flow: "f.asl.json" }),
        "shop/b/f.asl.json": asl("A"),
        "bank/b/template.yaml": sam({ Flow: "f.asl.json" }),
        "bank/b/f.asl.json": asl("A"),
      },
    });
    expect(found.workflows.map(({ name }) => name)).toEqual(["bank/b/Flow", "a/Flow", "shop/b/Flow"]);
    for (const { aliases } of found.workflows) expect(aliases).toContain("Flow");
  });

  test("are told apart in one folder too", async () => {
    const found = await look({
      files: { "a.asl.json": asl("A"), "a.asl.yaml": "StartAt: A\nStates: { A: { Type: Succeed } }\n" },
    });
    expect(new Set(found.workflows.map(({ name }) => name)).size).toBe(2);
  });

  test("and order are the same on every run", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `f${index % 7}/g${index % 3}/m${index % 5}-${index}.asl.json`,
        asl("A"),
      ]),
    );
    const once = listed(await look({ files }));
    const reversed = Object.fromEntries(Object.entries(files).toReversed());
    expect(listed(await look({ files: reversed, paths: ["."] }))).toEqual(once);
    expect(once).toHaveLength(40);
  });
});

describe("what is looked at", () => {
  test("is what git would track, by the nearest .gitignore", async () => {
    const found = await look({
      files: {
        ".gitignore": "build/\n*.gen.asl.json\n/top.asl.json\n",
        "build/a.asl.json": asl("A"),
        "b.gen.asl.json": asl("B"),
        "top.asl.json": asl("T"),
        "sub/top.asl.json": asl("T"),
        "sub/.gitignore": "!keep.gen.asl.json\nlocal.asl.json\n",
        "sub/keep.gen.asl.json": asl("C"),
        "sub/local.asl.json": asl("D"),
        "sub/.hidden/local.asl.json": asl("E"),
        "local.asl.json": asl("F"),
        "node_modules/x/g.asl.json": asl("G"),
        "dist/h.asl.json": asl("H"),
        ".git/i.asl.json": asl("I"),
      },
    });
    expect(found.workflows.map(({ at }) => at.file)).toEqual([
      "local.asl.json",
      "sub/keep.gen.asl.json",
      "sub/top.asl.json",
    ]);
    expect(found.skipped.ignored).toBe(5);
  });

  test("is also what git ignores, when it is named", async () => {
    const files = {
      ".gitignore": "build/\n",
      "build/a.asl.json": asl("A"),
      "build/deep/b.asl.json": asl("B"),
    };
    expect(listed(await look({ files, paths: ["build"] }))).toHaveLength(2);
    expect(listed(await look({ files, paths: ["build/a.asl.json"] }))).toHaveLength(1);
    expect(
      listed(await look({ files: { ...files, "build/.gitignore": "deep/" }, paths: ["build"] })),
    ).toHaveLength(1);
  });

  test("obeys the .gitignore above the folder that is named", async () => {
    const files = {
      "/project/.git/HEAD": "",
      "/project/.gitignore": "*.tmp.asl.json\n",
      "a.tmp.asl.json": asl("A"),
      "b.asl.json": asl("B"),
    };
    expect(listed(await look({ files, paths: ["."], cwd: "/project/sub" }))).toEqual(["asl b b.asl.json:1"]);
  });

  test("is not binary, nor larger than 5 MB, unless it is named", async () => {
    const large = `${asl("L")}${" ".repeat(5_000_000)}`;
    const files = { "large.asl.json": large, "binary.asl.json": new Uint8Array([0, 1, 2, 0]) };
    const found = await look({ files });
    expect(found.workflows).toEqual([]);
    expect(found.skipped).toMatchObject({ large: 1, largeFiles: ["/project/large.asl.json"], binary: 1 });
    expect(listed(await look({ files, paths: ["large.asl.json"] }))).toEqual(["asl large large.asl.json:1"]);
  });

  test("may be standard input: a definition, a template, a plan", async () => {
    expect(listed(await look({ files: {}, paths: ["-"], stdin: asl("A") }))).toEqual([
      "asl standard input -:1",
    ]);
    expect(
      listed(
        await look({ files: {}, paths: ["-"], stdin: "StartAt: A\nStates: { A: { Type: Succeed } }\n" }),
      ),
    ).toHaveLength(1);
    const template =
      "Resources:\n  Flow:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      Definition: { StartAt: A, States: { A: { Type: Succeed } } }\n";
    expect(listed(await look({ files: {}, paths: ["-"], stdin: template }))).toEqual([
      "cloudformation Flow -:2",
    ]);
  });

  test("is told to hold nothing when it is a file that is named", async () => {
    const files = { "a.asl.json": asl("A"), "package.json": "{}" };
    expect(codes(await look({ files, paths: ["a.asl.json", "package.json"] }))).toEqual(["no-state-machine"]);
    expect(codes(await look({ files }))).toEqual([]);
  });

  test("is told to be no text when it is named, or is called a definition", async () => {
    const latin = Uint8Array.from(asl("\u00e9"), (character) => character.charCodeAt(0));
    const files = { "latin.asl.json": latin, "zeros.bin": new Uint8Array(9), "logo.json": latin };
    const named = await look({ files, paths: ["latin.asl.json", "zeros.bin"] });
    expect(named.diagnostics.map(({ code, message, at }) => [code, at?.file, message])).toEqual([
      ["not-text", "latin.asl.json", "The file is not valid UTF-8."],
      ["not-text", "zeros.bin", "The file is not text: it holds NUL bytes. UTF-16 needs a byte order mark."],
    ]);
    expect((await look({ files })).diagnostics.map(({ at }) => at?.file)).toEqual(["latin.asl.json"]);
    expect(codes(await look({ files: {}, paths: ["-"], stdin: latin }))).toEqual(["not-text"]);
  });

  test("must be there", async () => {
    await expect(look({ files: { "a.asl.json": asl("A") }, paths: ["b.asl.json"] })).rejects.toMatchObject({
      code: "no-such-path",
    });
    await expect(look({ files: { "a.asl.json": asl("A") }, paths: ["*.yaml"] })).rejects.toMatchObject({
      code: "no-such-path",
    });
  });

  test("may lie above the current folder, and is told from there", async () => {
    const files = {
      "/repo/.git/HEAD": "",
      "/repo/app/template.yaml": sam({ Flow: "../flows/f.asl.json" }),
      "/repo/flows/f.asl.json": asl("A"),
    };
    expect(listed(await look({ files, paths: ["../repo/app"], cwd: "/work" }))).toEqual([
      "sam Flow ../repo/flows/f.asl.json:1",
    ]);
    expect(listed(await look({ files, paths: ["template.yaml"], cwd: "/repo/app" }))).toEqual([
      "sam Flow ../flows/f.asl.json:1",
    ]);
  });

  test("counts --parameter that no template declares as a slip", async () => {
    const template =
      "Parameters: { Stage: { Type: String } }\nResources: { F: { Type: AWS::Serverless::StateMachine, Properties: { Name: !Ref Stage, Definition: { StartAt: A, States: { A: { Type: Succeed } } } } } }\n";
    const found = await look({
      files: { "t.yaml": template },
      options: {
        parameters: new Map([
          ["Stage", "prod"],
          ["Stge", "x"],
        ]),
      },
    });
    expect(found.workflows[0]?.name).toBe("prod");
    expect(found.diagnostics).toMatchObject([
      {
        code: "unknown-parameter",
        message: expect.stringContaining("Stge") as string,
        hint: expect.stringContaining("Stage") as string,
      },
    ]);
  });
});

describe("a CDK project", () => {
  const flow = (name: string | undefined, uri: object): object => ({
    Type: "AWS::StepFunctions::StateMachine",
    Properties: { ...(name === undefined ? {} : { StateMachineName: name }), ...uri },
    Metadata: { "aws:cdk:path": "Shop/Orders/Flow/Resource" },
  });
  const inline = { DefinitionString: asl("A") };

  test("is read from cdk.out, stages and all, although git ignores it; machines are named by their constructs", async () => {
    const found = await look({
      files: {
        ".gitignore": "cdk.out\n",
        "cdk.json": '{ "app": "npx ts-node bin/shop.ts" }',
        "cdk.out/manifest.json": JSON.stringify({
          artifacts: {
            Bare: { metadata: { "/Bare/Flow/Resource": [{ type: "aws:cdk:logicalId", data: "Flow99AA" }] } },
          },
        }),
        "cdk.out/Shop.template.json": JSON.stringify({
          Resources: { OrdersFlow1234ABCD: flow(undefined, inline) },
        }),
        "cdk.out/Bare.template.json": JSON.stringify({
          Resources: { Flow99AA: { ...flow(undefined, inline), Metadata: {} } },
        }),
        "cdk.out/assembly-Prod/ProdShop.template.json": JSON.stringify({
          Resources: { Flow55BB: flow("prod-orders", inline) },
        }),
        "cdk.out/asset.55aa/copy.asl.json": asl("Copy"),
      },
    });
    expect(found.workflows.map(({ foundIn, name }) => `${foundIn} ${name}`)).toEqual([
      "cdk Bare/Flow",
      "cdk Shop/Orders/Flow",
      "cdk prod-orders",
    ]);
    expect(found.workflows[1]?.aliases).toContain("OrdersFlow1234ABCD");
    expect(codes(found)).toEqual([]);
  });

  test("has its definition among the assets, found by hash", async () => {
    const assets = {
      files: {
        "77cc": { source: { path: "asset.77cc.json" }, destinations: { here: { objectKey: "77cc.json" } } },
      },
    };
    const location = {
      DefinitionS3Location: { Bucket: { "Fn::Sub": "cdk-assets-${AWS::AccountId}" }, Key: "77cc.json" },
    };
    const found = await look({
      files: {
        "cdk.out/Shop.assets.json": JSON.stringify(assets),
        "cdk.out/asset.77cc.json": asl("A"),
        "cdk.out/Shop.template.json": JSON.stringify({ Resources: { F: flow(undefined, location) } }),
      },
    });
    expect(listed(found)).toEqual(["cdk Shop/Orders/Flow cdk.out/asset.77cc.json:1"]);
  });

  test("whose asset is the copy of a file is placed there, and the file is not listed again", async () => {
    const assets = {
      files: {
        "77cc": { source: { path: "asset.77cc.json" }, destinations: { here: { objectKey: "77cc.json" } } },
      },
    };
    const found = await look({
      files: {
        "flows/orders.asl.json": asl("A"),
        "cdk.out/Shop.assets.json": JSON.stringify(assets),
        "cdk.out/asset.77cc.json": asl("A"),
        "cdk.out/Shop.template.json": JSON.stringify({
          Resources: { F: flow(undefined, { DefinitionS3Location: { Bucket: "b", Key: "77cc.json" } }) },
        }),
      },
    });
    expect(listed(found)).toEqual(["cdk Shop/Orders/Flow flows/orders.asl.json:1"]);
    expect(found.workflows[0]?.locate("/States/A")).toMatchObject({ file: "flows/orders.asl.json", line: 4 });
  });

  test("without output is told which command makes it", async () => {
    const files = { "infra/cdk.json": "{}", "infra/flow.asl.json": asl("A") };
    const found = await look({ files });
    expect(found.diagnostics).toMatchObject([
      {
        code: "cdk-not-synthesized",
        severity: "info",
        hint: expect.stringContaining("npx cdk synth in infra") as string,
      },
    ]);
    expect(listed(found)).toHaveLength(1);
    const elsewhere = {
      ...files,
      "infra/cdk.json": '{ "output": "out" }',
      "infra/out/manifest.json": "{}",
      "infra/out/cdk.out": "{}",
    };
    expect(codes(await look({ files: elsewhere }))).toEqual([]);
  });
});

describe("a type and a level of logging that are unknown, wrong or not written", () => {
  const settings = [
    ["unknown", "unknown"],
    ["EXPRES", "DEBUG"],
    ["EXPRESS", null],
  ] as const;
  const sources: Record<
    string,
    (type: string, level: string | null) => readonly [file: string, text: string]
  > = {
    sam: (type, level) => [
      "t.yaml",
      `Parameters: { P: { Type: String } }
Resources:
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: ${type === "unknown" ? "!Ref P" : type}
      Logging: { IncludeExecutionData: true${level === null ? "" : `, Level: ${level === "unknown" ? "!Ref P" : level}`} }
      Definition: ${asl("A").replaceAll("\n", " ")}
`,
    ],
    terraform: (type, level) => [
      "main.tf",
      `variable "p" {}
resource "aws_sfn_state_machine" "m" {
  type = ${type === "unknown" ? "var.p" : `"${type}"`}
  definition = jsonencode(${asl("A")})
  logging_configuration {
    include_execution_data = true
    ${level === null ? "" : `level = ${level === "unknown" ? "var.p" : `"${level}"`}`}
  }
}
`,
    ],
    plan: (type, level) => {
      const isOpen = type === "unknown";
      const logging = { include_execution_data: true, ...(isOpen || level === null ? {} : { level }) };
      const values = { definition: asl("A"), ...(isOpen ? {} : { type }), logging_configuration: [logging] };
      const address = { address: "aws_sfn_state_machine.m", type: "aws_sfn_state_machine", name: "m" };
      const unknown = isOpen ? { type: true, logging_configuration: [{ level: true }] } : {};
      const change = { after: values, after_unknown: unknown };
      return [
        "plan.json",
        JSON.stringify({ format_version: "1.2", resource_changes: [{ ...address, change }] }),
      ];
    },
    serverless: (type, level) => [
      "serverless.yml",
      `stepFunctions:
  stateMachines:
    m:
      type: ${type === "unknown" ? "'${env:P}'" : type}
      loggingConfig: { includeExecutionData: true${level === null ? "" : `, level: ${level === "unknown" ? "'${env:P}'" : level}`} }
      definition: ${asl("A").replaceAll("\n", " ")}
`,
    ],
  };

  test.each(Object.keys(sources))("are told alike: %s", async (source) => {
    const found = await Promise.all(
      settings.map(([type, level]) =>
        look({ files: Object.fromEntries([sources[source]?.(type, level) ?? []]) }),
      ),
    );
    const [open, wrong, off] = found.map(({ workflows }) => workflows[0]);
    const codesOf = (one: typeof open): readonly string[] =>
      one?.diagnostics.map(({ code }) => code).sort() ?? [];
    expect(codesOf(open)).toEqual(["unknown-log-level", "unknown-workflow-type"]);
    expect(codesOf(wrong)).toEqual(["invalid-log-level", "invalid-workflow-type"]);
    expect(open).toMatchObject({ type: null, workload: { logLevel: null, logLevelUnknown: true } });
    expect(wrong).toMatchObject({ type: null, workload: { logLevel: null, logLevelUnknown: true } });
    expect(off).toMatchObject({
      type: "EXPRESS",
      workload: { logLevel: "OFF", logLevelUnknown: false },
      diagnostics: [],
    });
  });
});

describe("without a repository around it", () => {
  const files = {
    "out.json": asl("Out"),
    "sub/template.yaml": sam({ M: "../out.json" }),
    "sub/main.tf": 'resource "aws_sfn_state_machine" "m" {\n  definition = file("../out.json")\n}\n',
    "sub/serverless.yml": "stepFunctions:\n  stateMachines:\n    s: { definition: '${file(../out.json)}' }\n",
  };

  test.each([[["sub"]], [["sub/template.yaml", "sub/main.tf", "sub/serverless.yml"]], [["sub/*"]]])(
    "nothing outside of what is named is read: %j",
    async (paths) => {
      const { workflows, notAnalysed } = await look({ files, paths });
      expect(workflows).toEqual([]);
      const told = notAnalysed.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code));
      expect(told).toEqual(["definition-not-evaluated", "definition-outside", "definition-outside"]);
    },
  );

  test("naming the folder around reads it", async () => {
    expect((await look({ files })).workflows).toHaveLength(3);
    expect((await look({ files, paths: ["sub", "."] })).workflows).toHaveLength(3);
    const repository = { ...files, ".git/HEAD": "" };
    expect((await look({ files: repository, paths: ["sub"] })).workflows).toHaveLength(3);
  });
});

test("a parameter's value that its template does not allow is told", async () => {
  const template = `Parameters:
  Stage: { Type: String, Default: dev, AllowedValues: [dev, prod] }
  Several: { Type: CommaDelimitedList, AllowedValues: [a, b] }
${sam({ M: "a.asl.json" }).replace(/^.*\n/, "")}`;
  const told = async (given: Record<string, string>): Promise<readonly string[]> => {
    const parameters = new Map(Object.entries(given));
    const { diagnostics } = await look({
      files: { "t.yaml": template, "a.asl.json": asl("A") },
      options: { parameters },
    });
    return diagnostics.map(({ code, at, hint }) => `${code} ${at?.line} ${hint}`);
  };
  expect(await told({ Stage: "prod", Several: "a, b" })).toEqual([]);
  expect(await told({ Stage: "staging", Several: "a,c" })).toEqual([
    'refused-parameter 2 It allows "dev", "prod".',
    'refused-parameter 3 It allows "a", "b".',
  ]);
});

test("a key that stands twice in a definition within a template is named", async () => {
  const definition = `{ "StartAt": "A", "States": { "A": { "Type": "Succeed" }, "A": { "Type": "Succeed" } } }`;
  const files = {
    "t.yaml": `Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: !Sub |
        ${definition}
`,
  };
  const { workflows } = await look({ files });
  expect(workflows[0]?.diagnostics).toMatchObject([
    { code: "duplicate-key", message: 'The key "A" stands twice in one map.', at: { line: 6 } },
  ]);
});

describe("sources that are not read", () => {
  test("templates of definitions are told where nothing else is found", async () => {
    const files = {
      "a/flow.json.tpl": asl("A"),
      "x.asl.json.j2": "{{ all }}",
      "policy.json.tpl": '{ "Statement": [] }',
    };
    const found = await look({ files });
    expect(found.workflows).toEqual([]);
    expect(found.diagnostics).toMatchObject([
      {
        code: "template-not-read",
        message: expect.stringMatching(/^a\/flow\.json\.tpl and 1 more look/),
        at: { file: "a/flow.json.tpl" },
      },
    ]);
    expect(codes(await look({ files: { ...files, "b.asl.json": asl("B") } }))).toEqual([]);
    expect((await look({ files, paths: ["a/flow.json.tpl"] })).workflows).toHaveLength(1);
  });

  test("a program of Pulumi in YAML is told", async () => {
    const machine = "resources:\n  sm: { type: 'aws:sfn:StateMachine', properties: { definition: '{}' } }\n";
    expect(codes(await look({ files: { "Pulumi.yaml": `name: p\n${machine}` } }))).toEqual([
      "pulumi-not-read",
    ]);
    expect(codes(await look({ files: { "Pulumi.yaml": "name: p\n" } }))).toEqual([]);
  });
});

describe("Terraform", () => {
  const machine = (name: string): string =>
    `resource "aws_sfn_state_machine" "m" {\n  name = "${name}"\n  definition = jsonencode({ StartAt = "A", States = { A = { Type = "Succeed" } } })\n}\n`;

  test("modules outside of the folder that is named are read, but are no roots of their own", async () => {
    const files = {
      ".git/HEAD": "",
      "env/prod/main.tf": 'module "flow" {\n  source = "../../modules/flow"\n}\n',
      "modules/flow/main.tf": machine("flow"),
      "other/main.tf": machine("other"),
    };
    expect(listed(await look({ files, paths: ["env/prod"] }))).toEqual([
      "terraform flow modules/flow/main.tf:1",
    ]);
    expect(listed(await look({ files, paths: ["env/prod/main.tf"] }))).toHaveLength(1);
    expect(listed(await look({ files }))).toHaveLength(2);
  });

  test("without a repository, modules outside of the folder that is named are told and not read", async () => {
    const files = {
      "env/prod/main.tf": '\nmodule "flow" {\n  source = "../../modules/flow"\n}\n',
      "modules/flow/main.tf": machine("flow"),
    };
    const found = await look({ files, paths: ["env/prod"] });
    expect(found.workflows).toEqual([]);
    expect(found.diagnostics).toMatchObject([
      { code: "module-not-read", at: { file: "env/prod/main.tf", line: 3 } },
    ]);
    expect(listed(await look({ files, paths: ["env/prod", "."] }))).toHaveLength(1);
  });

  test("plans are known by what they hold", async () => {
    const plan = {
      format_version: "1.2",
      planned_values: {
        root_module: {
          resources: [
            {
              address: "aws_sfn_state_machine.m",
              mode: "managed",
              type: "aws_sfn_state_machine",
              name: "m",
              values: { name: "planned", definition: asl("A") },
            },
          ],
        },
      },
    };
    for (const name of ["plan.json", "tf.json"]) {
      expect(listed(await look({ files: { [name]: JSON.stringify(plan) } })), name).toEqual([
        `terraform planned ${name}:1`,
      ]);
    }
    for (const name of ["plan.json", "tf.json"]) {
      const both = { "main.tf": machine("planned"), [name]: JSON.stringify(plan) };
      expect(listed(await look({ files: both })), name).toHaveLength(1);
    }
  });
});

describe("on a real disk", () => {
  let folder: string | null = null;
  afterEach(async () => {
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  });

  async function disk(files: Record<string, string>): Promise<string> {
    folder = await mkdtemp(path.join(tmpdir(), "find-workflows-"));
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
    return folder;
  }

  test("links are not followed, not even by a template's DefinitionUri", async () => {
    const root = await disk({
      "outside/secret.asl.json": asl("Secret"),
      "repo/.git/HEAD": "",
      "repo/a.asl.json": asl("A"),
      "repo/template.yaml": sam({
        Linked: "linked/secret.asl.json",
        ByFile: "link.asl.json",
        Outside: "../outside/secret.asl.json",
      }),
    });
    await symlink(path.join(root, "outside"), path.join(root, "repo", "linked"));
    await symlink(path.join(root, "outside", "secret.asl.json"), path.join(root, "repo", "link.asl.json"));
    await symlink(path.join(root, "repo"), path.join(root, "repo", "again"));
    const found = await findWorkflows(nodeShell(), [path.join(root, "repo")]);
    expect(found.workflows.map(({ name }) => name)).toEqual(["a"]);
    expect(found.skipped.links).toBe(3);
    expect(found.notAnalysed.map(({ name, diagnostics }) => [name, diagnostics[0]?.code])).toEqual([
      ["Linked", "missing-definition-file"],
      ["ByFile", "missing-definition-file"],
      ["Outside", "definition-outside"],
    ]);
  });

  test("Terraform modules behind a link are not read", async () => {
    const hcl = 'resource "aws_sfn_state_machine" "m" {\n  definition = "{}"\n}\n';
    const root = await disk({
      "outside/main.tf": hcl,
      "repo/.git/HEAD": "",
      "repo/main.tf": 'module "state_machine" {\n  source = "./linked"\n}\n',
    });
    await symlink(path.join(root, "outside"), path.join(root, "repo", "linked"));
    const found = await findWorkflows(nodeShell(), [path.join(root, "repo")]);
    expect([...found.workflows, ...found.notAnalysed]).toEqual([]);
  });

  test("a folder that is named may be a link", async () => {
    const hcl = `resource "aws_sfn_state_machine" "m" {\n  definition = file("flow.json")\n}\n`;
    const root = await disk({
      "real/main.tf": hcl,
      "real/flow.json": asl("A"),
      "real/deep/b.asl.json": asl("B"),
    });
    await symlink(path.join(root, "real"), path.join(root, "linked"));
    expect((await findWorkflows(nodeShell(), [path.join(root, "linked")])).workflows).toHaveLength(2);
  });

  test("a link that is named is followed, and a deep folder is found", async () => {
    const deep = Array.from({ length: 60 }, () => "d").join("/");
    const root = await disk({ "repo/flow.asl.json": asl("A"), [`repo/${deep}/deep.asl.json`]: asl("B") });
    await symlink(path.join(root, "repo", "flow.asl.json"), path.join(root, "named.asl.json"));
    expect((await findWorkflows(nodeShell(), [path.join(root, "named.asl.json")])).workflows).toHaveLength(1);
    expect((await findWorkflows(nodeShell(), [path.join(root, "repo")])).workflows).toHaveLength(2);
  });
});
