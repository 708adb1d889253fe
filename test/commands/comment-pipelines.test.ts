import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import packageJson from "../../package.json" with { type: "json" };
import { main } from "../../src/cli.ts";
import { COMMENT_OPTIONS, parseCommentOptions } from "../../src/commands/comment-options.ts";
import { fakeShell } from "../fake-shell.ts";

const root = path.resolve(import.meta.dirname, "../..");
const pipelines = [
  "github.yml",
  "github-forks-diff.yml",
  "github-forks-comment.yml",
  "gitlab.yml",
  "bitbucket.yml",
  "azure.yml",
];
const files = [
  ...pipelines.map((name) => `docs/ci/${name}`),
  "docs/ci/Jenkinsfile",
  "docs/ci/README.md",
  "action.yml",
];

const textOf = (file: string) => readFile(path.join(root, file), "utf8");

/** All strings of a parsed file, with the keys that lead to them. */
function stringsOf(
  value: unknown,
  keys: readonly string[] = [],
): readonly { keys: readonly string[]; text: string }[] {
  if (typeof value === "string") return [{ keys, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => stringsOf(inner, [...keys, key]));
}

/** Words of each `stepfare` command, as a shell would cut them; `"${arguments[@]}"` stands for what inputs add. */
function commandsIn(text: string): readonly (readonly string[])[] {
  const lines = text.replaceAll("\\\n", " ").split("\n");
  return lines.flatMap((line) => {
    const command = /(?:^|\s|')stepfare ((?:diff|comment)\b.*)$/.exec(
      line.replace(/^\s*(?:- )?(?:run: |bash: )?/, ""),
    )?.[1];
    if (command === undefined) return [];
    const words = command.replace(/['\]]+\)?$/, "").match(/(?:"[^"]*"|'[^']*'|[^\s"']+)+/g) ?? [];
    return [words.map((word) => word.replaceAll(/["']/g, ""))];
  });
}

/** What `--help` of the real command line lists; null while the command is not there. */
async function optionsOf(command: string): Promise<ReadonlySet<string> | null> {
  const shell = fakeShell();
  await main([command, "--help"], shell);
  if (!shell.stdout.text.startsWith(`stepfare ${command}`)) return null;
  return new Set([...shell.stdout.text.matchAll(/--([a-z][a-z-]*)/g)].map(([, name]) => name ?? ""));
}

/** What pipelines need of `diff`. */
const DIFF_NEEDED = ["base", "format", "output", "exit-zero", "config"];

describe.each(files)("%s", (file) => {
  test("each command is one that stepfare knows, with options that it has", async () => {
    const commands = commandsIn(await textOf(file));
    expect(commands.length).toBeGreaterThan(0);
    const diffOptions = (await optionsOf("diff")) ?? new Set(DIFF_NEEDED);
    for (const [command, ...words] of commands) {
      const known = command === "comment" ? new Set(Object.keys(COMMENT_OPTIONS)) : diffOptions;
      const given = words.filter((word) => word.startsWith("--")).map((word) => word.slice(2).split("=")[0]);
      for (const name of given) expect([...known], `${command} --${name}`).toContain(name);
      if (command === "diff") expect(given).toEqual(expect.arrayContaining(["base", "output", "exit-zero"]));
    }
  });

  test("installs this very version, once, and without scripts", async () => {
    const text = await textOf(file);
    const installs = text.match(/npm install [^\n']*/g) ?? [];
    expect(installs.length).toBe(file.endsWith("README.md") ? 0 : 1);
    for (const install of installs) {
      expect(install).toContain("--ignore-scripts");
      expect(install).toContain(
        file === "action.yml" ? '"stepfare@$VERSION"' : `stepfare@${packageJson.version}`,
      );
    }
  });
});

describe.each([...pipelines.map((name) => `docs/ci/${name}`), "action.yml"])("%s", (file) => {
  test("is YAML in which actions are pinned and no script holds a stranger's words", async () => {
    const parsed: unknown = parse(await textOf(file), { uniqueKeys: true, strict: true });
    for (const { keys, text } of stringsOf(parsed)) {
      const key = keys.at(-1) ?? "";
      if (key === "uses") expect(text).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      // An expression in a script is pasted in before the shell reads it.
      if (["run", "bash", "script"].includes(key) || keys.includes("script"))
        expect(text).not.toMatch(/\$\{\{|\$\(System/);
      if (text.includes("secrets.")) throw new Error(`${file}: ${keys.join(".")} needs a secret`);
    }
  });
});

test("the Jenkinsfile closes all that it opens", async () => {
  const text = (await textOf("docs/ci/Jenkinsfile"))
    .replaceAll(/\/\/[^\n]*/g, "")
    .replaceAll(/'''[\s\S]*?'''|'[^'\n]*'/g, "''");
  const open: string[] = [];
  for (const character of text) {
    const closing = { "{": "}", "(": ")", "[": "]" }[character];
    if (closing !== undefined) open.push(closing);
    else if ("})]".includes(character)) expect(open.pop()).toBe(character);
  }
  expect(open).toEqual([]);
});

interface Action {
  inputs: Record<string, { default: string }>;
  outputs: Record<string, { value: string }>;
  runs: { steps: { name: string; id?: string; if?: string; run: string; env: Record<string, string> }[] };
}

describe("the action", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "stepfare-action-"));
    await mkdir(path.join(folder, "bin"));
    await program("git", 'echo "git $*" >> "$LOG"; [ "$1" != rev-parse ] || [ -n "$HAS_BASE" ]');
    await program(
      "npm",
      'echo "npm $*" >> "$LOG"; bin="$3/node_modules/.bin"; mkdir -p "$bin"; cp "$TOOLS/stepfare-installed" "$bin"/"stepfare"',
    );
    await program("stepfare-installed", "echo unused");
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function program(name: string, script: string) {
    const file = path.join(folder, "bin", name);
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
  }

  /** The real script of a step, in a real shell, with programs that write down how they are called. */
  async function runStep(name: string, env: Record<string, string>) {
    const action = parse(await textOf("action.yml")) as Action;
    const step = action.runs.steps.find((one) => one.name === name)!;
    expect(Object.keys(env).filter((one) => !(one in step.env) && one !== "HAS_BASE")).toEqual([]);
    const files = Object.fromEntries(
      ["LOG", "GITHUB_PATH", "GITHUB_OUTPUT"].map((one) => [one, path.join(folder, one)]),
    );
    const tools = path.join(folder, "bin");
    const unset = Object.fromEntries(Object.keys(step.env).map((one) => [one, ""]));
    const run = () =>
      execFileSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run], {
        env: {
          ...unset,
          ...files,
          PATH: `${tools}:${process.env.PATH}`,
          TOOLS: tools,
          RUNNER_TEMP: folder,
          RUNNER_TOOL_CACHE: path.join(folder, "cache"),
          ...env,
        },
        encoding: "utf8",
      });
    const read = (one: string) => readFile(files[one]!, "utf8").catch(() => "");
    let status = 0;
    try {
      run();
    } catch (error) {
      status = (error as { status: number }).status;
    }
    return {
      status,
      log: await read("LOG"),
      path: await read("GITHUB_PATH"),
      output: await read("GITHUB_OUTPUT"),
    };
  }

  const REPORT = '{"verdict":{"passed":false},"totals":{"difference":-2.5}}';
  const DIFF_STUB = `echo "stepfare $*" >> "$LOG"; while [ $# -gt 0 ]; do [ "$1" = --output ] && echo '${REPORT}' > "$2"; shift; done; true`;

  test("installs once, and not at all where it is", async () => {
    const first = await runStep("Install stepfare", { VERSION: packageJson.version });
    expect(first).toMatchObject({ status: 0 });
    expect(first.log).toMatch(/^npm install --prefix \S+ --no-save --ignore-scripts .* stepfare@0/);
    expect(first.path.trim()).toMatch(/cache\/stepfare\/.*\/node_modules\/\.bin$/);
    const second = await runStep("Install stepfare", { VERSION: packageJson.version });
    expect(second.log).toBe(first.log);
    await program("stepfare", "echo 9.9.9");
    const third = await runStep("Install stepfare", { VERSION: "9.9.9" });
    expect(third.log).toBe(first.log);
  });

  test.each(["latest", "^1", "1.0.0; rm -rf ~", "file:../x", ""])(
    "refuses the version %j",
    async (version) => {
      const { status, log } = await runStep("Install stepfare", { VERSION: version });
      expect([status, log]).toEqual([2, ""]);
    },
  );

  test("compares with the base, fetched where a shallow checkout lacks it, and hands paths on as they are", async () => {
    await program("stepfare", DIFF_STUB);
    const env = { BASE: "0a1b2c3", PATHS: "flows/a b.json\n\n$(touch hacked)\n", CONFIG: "ci/stepfare.yml" };
    const { status, log, output } = await runStep("Compare", env);
    expect(status).toBe(0);
    expect(log.split("\n").filter((line) => !line.includes("rev-parse"))).toEqual([
      "git fetch --no-tags --depth=1 origin 0a1b2c3",
      `stepfare diff --base FETCH_HEAD --format json --output ${folder}/stepfare-diff.json --exit-zero flows/a b.json $(touch hacked) --config ci/stepfare.yml`,
      "",
    ]);
    expect(output).toBe(`diff=${folder}/stepfare-diff.json\npassed=false\ndifference=-2.5\n`);
    const deep = await runStep("Compare", { BASE: "0a1b2c3", HAS_BASE: "yes" });
    expect(deep.log.slice(log.length)).not.toContain("fetch");
    expect((await runStep("Compare", { BASE: "" })).status).toBe(2);
  });

  test("comments with what the inputs say, in options that the command takes", async () => {
    await program("stepfare", 'for word; do printf "%s\\n" "$word" >> "$LOG"; done; exit 1');
    const env = {
      DIFF: "d.json",
      BEHAVIOUR: "new",
      KEY: "my key",
      ONLY_WHEN: "beyond",
      THRESHOLD: "5",
      GITHUB_TOKEN: "t",
    };
    const { status, log } = await runStep("Comment, and judge", env);
    expect(status, "the gate's exit code").toBe(1);
    const [command, file, ...words] = log.trimEnd().split("\n");
    expect([command, file]).toEqual(["comment", "d.json"]);
    const given: Record<string, unknown> = {};
    for (let at = 0; at < words.length; at++) {
      const name = words[at]!.slice(2);
      given[name] =
        COMMENT_OPTIONS[name as keyof typeof COMMENT_OPTIONS].type === "boolean" ? true : words[++at];
    }
    expect(parseCommentOptions("d.json", given)).toMatchObject({
      behaviour: "new",
      key: "my key",
      onlyWhen: "beyond",
      threshold: 5,
      summary: true,
    });
  });

  test("judges where it does not comment", async () => {
    expect((await runStep("Judge", { PASSED: "true" })).status).toBe(0);
    expect((await runStep("Judge", { PASSED: "false" })).status).toBe(1);
    expect((await runStep("Judge", { PASSED: "" })).status).toBe(1);
  });

  test("each input is used, each variable comes from an input or a step, and the default version is this one", async () => {
    const text = await textOf("action.yml");
    const { inputs, outputs, runs } = parse(text) as Action;
    expect(inputs.version!.default).toBe(packageJson.version);
    for (const name of Object.keys(inputs)) expect(text).toContain(`inputs.${name}`);
    for (const [, name] of text.matchAll(/inputs\.([\w-]+)/g)) expect(Object.keys(inputs)).toContain(name);
    const ids = runs.steps.map(({ id }) => id);
    for (const [, id] of text.matchAll(/steps\.(\w+)\.outputs/g)) expect(ids).toContain(id);
    for (const { value } of Object.values(outputs))
      expect(value).toMatch(/^\$\{\{ steps\.diff\.outputs\.\w+ \}\}$/);
    expect(Object.keys(inputs).length).toBeGreaterThan(5);
  });
});
