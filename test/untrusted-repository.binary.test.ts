/** A hostile repository: nothing in it is run, loaded or fetched, nothing outside of it is read, and secrets stay where they are. */
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const binary = path.resolve("bin/stepfare.js");
const SECRET = "planted-secret-4711";
const OUTSIDE = '{"StartAt":"Stolen","States":{"Stolen":{"Type":"Succeed"}}}';

/** Told of every process that is started, every connection, every module that is loaded from below the folder. */
const watcher = (below: string): string => `
import childProcess from "node:child_process";
import dns from "node:dns";
import module from "node:module";
import net from "node:net";
const tell = (what) => process._rawDebug("FORBIDDEN " + what);
const watch = (object, names) => names.forEach((name) => {
  const real = object[name];
  object[name] = (...given) => {
    tell(name + " " + given[0]);
    return real(...given);
  };
});
watch(childProcess, ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"]);
watch(net, ["connect", "createConnection"]);
watch(dns, ["lookup", "resolve"]);
module.syncBuiltinESMExports();
// Absent before Node 22.15.
module.registerHooks?.({
  load: (url, context, next) => {
    if (url.includes(${JSON.stringify(below)})) tell("load " + url);
    return next(url, context);
  },
});
`;

let root: string;
let folder: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "untrusted-"));
  folder = path.join(root, "repository");
  await mkdir(folder);
  await writeFile(path.join(root, "watch.mjs"), watcher(`${folder}/`));
});

afterEach(() => rm(root, { recursive: true, force: true }));

function analyze(...args: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [binary, "analyze", ...args, "--format", "json"],
    {
      cwd: folder,
      encoding: "utf8",
      env: {
        PATH: process.env.PATH ?? "",
        HOME: root,
        NODE_OPTIONS: `--import ${JSON.stringify(path.join(root, "watch.mjs"))}`,
        AWS_SECRET_ACCESS_KEY: SECRET,
        GITHUB_TOKEN: SECRET,
        SYSTEM_ACCESSTOKEN: SECRET,
      },
    },
  );
  return { text: `${stdout}${stderr}`, stdout, status };
}

test("nothing is run, loaded or fetched", async () => {
  const trap = "require('fs').writeFileSync('sprung', '');\n";
  await writeFile(path.join(folder, "serverless.js"), trap);
  await writeFile(path.join(folder, "cdk.js"), trap);
  await writeFile(path.join(folder, "cdk.json"), '{ "app": "node cdk.js" }');
  await writeFile(
    path.join(folder, "package.json"),
    '{ "main": "cdk.js", "scripts": { "prepare": "touch sprung" } }',
  );
  await writeFile(
    path.join(folder, "serverless.yml"),
    "service: x\nplugins: [./serverless.js, serverless-step-functions]\ncustom: ${file(./serverless.js):it}\n" +
      `stepFunctions: { stateMachines: { a: { name: "\${env:GITHUB_TOKEN}", definition: ${OUTSIDE} } } }\n`,
  );
  await writeFile(
    path.join(folder, "main.tf"),
    'data "external" "x" { program = ["touch", "sprung"] }\nmodule "m" { source = "git::https://example.invalid/x.git" }\n' +
      'resource "aws_sfn_state_machine" "a" { definition = data.external.x.result.definition }\n',
  );
  await writeFile(
    path.join(folder, "template.yaml"),
    "Resources:\n  A:\n    Type: AWS::Serverless::StateMachine\n    Properties: { DefinitionUri: https://example.invalid/a.json }\n",
  );
  const { text, status } = analyze(".");
  expect(text).not.toContain("FORBIDDEN");
  expect(text).not.toContain(SECRET);
  expect(status).toBe(0);
  expect(analyze("sprung").status).toBe(2);
});

test("what lies outside is not read: by a path that goes up, an absolute one, or a link", async () => {
  await writeFile(path.join(root, "outside.asl.json"), OUTSIDE);
  await symlink(path.join(root, "outside.asl.json"), path.join(folder, "link.asl.json"));
  await symlink(root, path.join(folder, "up"));
  const machine = (name: string, uri: string): string =>
    `  ${name}:\n    Type: AWS::Serverless::StateMachine\n    Properties: { DefinitionUri: ${JSON.stringify(uri)} }\n`;
  await writeFile(
    path.join(folder, "template.yaml"),
    `Resources:\n${machine("A", "../outside.asl.json")}${machine("B", path.join(root, "outside.asl.json"))}${machine("C", "up/outside.asl.json")}${machine("D", "link.asl.json")}`,
  );
  await writeFile(path.join(folder, "inside.asl.json"), OUTSIDE.replaceAll("Stolen", "Fine"));
  const { stdout } = analyze(".");
  expect(stdout).toContain("Fine");
  expect(stdout).not.toContain("Stolen");
});

test("the watcher sees what it is there to see", () => {
  const { stderr } = spawnSync(process.execPath, [binary, "diff", "--base", "HEAD"], {
    cwd: folder,
    encoding: "utf8",
    env: {
      PATH: process.env.PATH ?? "",
      HOME: root,
      NODE_OPTIONS: `--import ${JSON.stringify(path.join(root, "watch.mjs"))}`,
    },
  });
  expect(stderr).toMatch(/FORBIDDEN (?:spawn|execFile) git/);
});
