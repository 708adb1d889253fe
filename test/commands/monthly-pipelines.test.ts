import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { main } from "../../src/cli.ts";
import { fakeShell } from "../fake-shell.ts";

const root = path.resolve(import.meta.dirname, "../..");
const textOf = (file: string) => readFile(path.join(root, file), "utf8");

/** Words of each `stepfare` command, as a shell would cut them. */
function commandsIn(text: string): readonly (readonly string[])[] {
  return text
    .replaceAll(/\s+#.*$/gm, "")
    .split("\n")
    .flatMap((line) => {
      const command = /^\s*(?:- )?(?:run: )?stepfare ((?:collect|report|reconcile)\b.*)$/.exec(line)?.[1];
      return command === undefined ? [] : [(command.match(/(?:"[^"]*"|[^\s"])+/g) ?? []).map(String)];
    });
}

async function optionsOf(command: string): Promise<ReadonlySet<string>> {
  const shell = fakeShell();
  await main([command, "--help"], shell);
  expect(shell.stdout.text).toMatch(new RegExp(`^stepfare ${command}`));
  return new Set([...shell.stdout.text.matchAll(/--?([a-z][a-z-]*)/g)].map(([, name]) => name!));
}

describe.each([
  "docs/monthly.md",
  "docs/ci/monthly-github.yml",
  "docs/ci/monthly-gitlab.yml",
  "docs/ci/monthly-cron.sh",
])("%s", (file) => {
  test("each command is one that stepfare knows, with options that it has", async () => {
    const commands = commandsIn(await textOf(file));
    expect(commands.length).toBeGreaterThan(2);
    for (const [command, ...words] of commands) {
      const known = await optionsOf(command!);
      const options = words
        .filter((word) => word.startsWith("-"))
        .map((word) => word.replace(/^-+/, "").split("=")[0]!);
      for (const option of options) expect([...known], `${command} --${option}`).toContain(option);
    }
  });
});

test.each(["docs/ci/monthly-github.yml", "docs/ci/monthly-gitlab.yml"])(
  "%s is YAML with one job",
  async (file) => {
    const text = await textOf(file);
    const parsed = parse(text) as Record<string, unknown>;
    expect(Object.keys(parsed)).toContain(file.includes("github") ? "jobs" : "stepfare-monthly");
    // What a stranger can move must not run here.
    for (const [, version] of text.matchAll(/uses: \S+@(\S+)/g)) expect(version).toMatch(/^[0-9a-f]{40}$/);
  },
);

test("the shell script is one, and the policy is JSON", async () => {
  execFileSync("sh", ["-n", path.join(root, "docs/ci/monthly-cron.sh")]);
  const [, policy] = /```json\n([\s\S]*?)```/.exec(await textOf("docs/monthly.md"))!;
  const { Statement } = JSON.parse(policy!) as { Statement: { Action: string[] }[] };
  const calls = await Promise.all(["src/aws/athena-query.ts", "src/aws/s3-objects.ts"].map(textOf));
  for (const [, action] of calls.join("").matchAll(/ask\(\s*"([a-z0-9]+:[A-Za-z]+)"/g))
    expect(Statement.flatMap((each) => each.Action)).toContain(action);
});
