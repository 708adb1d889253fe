/**
 * How long finding the workflows of a repository of 2,000 files takes, beside reading and parsing its candidate files alone
 * (those that declare a machine or are a definition), each once: by our own readers, and by bare parsers of JSON and YAML.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse as parseJson } from "jsonc-parser";
import { parseDocument } from "yaml";
import { bundleSource, importAll } from "../scripts/import-source.js";
import { definition } from "./definitions.js";

const SERVICES = 100;
const FILES = 2_000;

const MODULES = {
  find: "src/source/find-workflows.ts",
  shell: "src/node-shell.ts",
  hcl: "src/source/terraform/hcl-body-parser.ts",
  text: "src/source/file-text.ts",
  template: "src/source/cloudformation/parse-template.ts",
  texts: "src/workflow/text/source-text.ts",
  definitions: "src/workflow/definition/read-definition.ts",
};

export async function prepare() {
  const folder = await mkdtemp(path.join(tmpdir(), "stepfare-bench-"));
  const candidates = await writeRepository(path.join(folder, "repository"));
  const { urls, remove } = await bundleSource(MODULES);
  const { find, shell, hcl, text, template, texts, definitions } = await importAll(urls);
  const repository = path.join(folder, "repository");
  return {
    title: `find: a repository of ${FILES.toLocaleString("en")} files, ${candidates.length} of them candidates`,
    rounds: 15,
    contenders: {
      "find every workflow": async () => {
        const { workflows } = await find.findWorkflows(shell.nodeShell(), [repository]);
        if (workflows.length !== 2 * SERVICES) throw new Error(`found ${workflows.length} workflows`);
      },
      "read and parse the candidates": async () => {
        for (const file of candidates) {
          const content = await readFile(file, "utf8");
          if (isDefinition(file)) definitions.readDefinition(texts.readSourceText(content, file));
          else if (file.endsWith(".tf")) hcl.parseHcl(text.sourceText(file, content));
          else template.parseTemplate(text.sourceText(file, content));
        }
      },
      "read and parse the candidates with bare parsers": async () => {
        for (const file of candidates) {
          const content = await readFile(file, "utf8");
          if (isDefinition(file)) parseJson(content);
          else if (file.endsWith(".tf")) hcl.parseHcl(text.sourceText(file, content));
          else parseDocument(content);
        }
      },
    },
    cleanUp: () => Promise.all([remove(), rm(folder, { recursive: true, force: true })]),
  };
}

const isDefinition = (file) => file.endsWith(".asl.json");

/** A third SAM with a file, a third CloudFormation with the definition inside, a third Terraform; and as many definitions alone. */
async function writeRepository(root) {
  const candidates = [];
  let written = 0;
  const write = async (name, text) => {
    const file = path.join(root, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    written += 1;
    return file;
  };
  await write(".gitignore", "*.log\nbuild/\n");
  for (let index = 0; index < SERVICES; index += 1) {
    const at = `services/s${index}`;
    for (const [name, text] of service(index)) candidates.push(await write(`${at}/${name}`, text));
    candidates.push(
      await write(`${at}/flows/alone-${index}.asl.json`, JSON.stringify(definition(20), null, 2)),
    );
    await write(`${at}/package.json`, JSON.stringify({ name: `s${index}`, dependencies: { left: "1.0.0" } }));
    await write(
      `${at}/config.yaml`,
      Array.from({ length: 60 }, (_, line) => `key${line}: value ${line}`).join("\n"),
    );
    await write(
      `${at}/events/sample.json`,
      JSON.stringify(
        Array.from({ length: 50 }, (_, id) => ({ id, name: `n${id}` })),
        null,
        2,
      ),
    );
  }
  for (let index = 0; written < FILES; index += 1) {
    const lines = Array.from(
      { length: 80 },
      (_, line) => `export const value${line} = ${line}; // of ${index}`,
    );
    await write(`services/s${index % SERVICES}/src/deep/er/module-${index}.ts`, lines.join("\n"));
  }
  return candidates;
}

function service(index) {
  const text = JSON.stringify(definition(20), null, 2);
  const others = Array.from(
    { length: 12 },
    (_, n) =>
      `  Fn${n}:\n    Type: AWS::Serverless::Function\n    Properties: { Handler: a.b, MemorySize: 512, Timeout: 10 }\n`,
  ).join("");
  if (index % 3 === 0) {
    const machine =
      "  Flow:\n    Type: AWS::Serverless::StateMachine\n    Properties: { DefinitionUri: flows/main.asl.json }\n";
    return [
      ["template.yaml", `Transform: AWS::Serverless-2016-10-31\nResources:\n${machine}${others}`],
      ["flows/main.asl.json", text],
    ];
  }
  if (index % 3 === 1) {
    const body = text.split("\n").join("\n          ");
    const machine = `  Flow:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      DefinitionString:\n        Fn::Sub: |\n          ${body}\n`;
    return [["stack.yaml", `Resources:\n${machine}${others}`]];
  }
  const functions = Array.from(
    { length: 12 },
    (_, n) =>
      `resource "aws_lambda_function" "fn${n}" {\n  function_name = "fn${n}"\n  memory_size = 512\n}\n`,
  ).join("");
  return [
    [
      "main.tf",
      `resource "aws_sfn_state_machine" "flow" {\n  name = "flow-${index}"\n  definition = file("\${path.module}/flows/main.asl.json")\n}\n${functions}`,
    ],
    ["flows/main.asl.json", text],
  ];
}
