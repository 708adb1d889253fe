/** Completion: the bash script is run by a real bash; the other two hold the same words. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import type { Argv } from "yargs";
import { manPage } from "../../scripts/man-page.js";
import { commandCatalogue } from "../../src/commands/command-catalogue.ts";
import { COMMAND_NAMES, commandsOf } from "../../src/commands/command-line.ts";
import { runCompletion } from "../../src/commands/completion.ts";
import { parseFailOn, parseFailOnBudgets } from "../../src/commands/fail-on.ts";
import { withOfferedValues } from "../../src/commands/offered-values.ts";
import { fakeShell } from "../fake-shell.ts";

const declare = (cli: Argv): Argv => commandsOf(cli, fakeShell(), () => undefined);
const commands = commandCatalogue(declare);

async function script(named: string | null, env = {}): Promise<string> {
  const shell = fakeShell({ env });
  expect(await runCompletion(shell, named, declare)).toBe(0);
  return shell.stdout.text;
}

test("the catalogue holds every command, each with its options", () => {
  expect([...new Set(commands.map(({ name }) => name.split(" ")[0]))].sort()).toStrictEqual(
    [...COMMAND_NAMES].sort(),
  );
  const analyze = commands.find(({ name }) => name === "analyze");
  expect(analyze?.options).toContainEqual({
    name: "executions",
    aliases: ["e"],
    describe: expect.stringContaining("executions per month") as string,
    takesValue: true,
    choices: [],
  });
  expect(commands.map(({ name }) => name)).toContain("prices show");
});

test.each([
  [["an"], ["analyze"]],
  [["analyze", "--for"], ["--format"]],
  [["analyze", "--format", "js"], ["json"]],
  [
    ["prices", ""],
    ["show", "update"],
  ],
  [["prices", "show", "--reg"], ["--region"]],
  [["--exec"], ["--executions"]],
  [["explain", "polling"], ["polling-loop"]],
  [["completion", "z"], ["zsh"]],
  [["analyze", "--transition-rule", "start+entered+"], ["start+entered+end"]],
  [["review", "--fail-on", "w"], ["warning"]],
  [["diff", "--fail-on", "f"], ["findings"]],
  // A path: left to the shell.
  [["analyze", "orders"], []],
  [["analyze", "--output", "x"], []],
])("bash completes %j", async (words, expected) => {
  const source = `${await script("bash")}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _stepfare; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const said = execFileSync("bash", ["-c", source, "bash", "stepfare", ...words], { encoding: "utf8" });
  expect(said.split("\n").filter((word) => word !== "")).toStrictEqual(expected);
});

test("zsh and fish are told the words of an argument", async () => {
  expect(await script("zsh")).toContain("'*:argument:(bash zsh fish)'");
  expect(await script("fish")).toContain(
    "complete -c stepfare -f -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'",
  );
});

test("what is offered for --fail-on is taken", () => {
  const offered = (name: string): readonly string[] =>
    commands
      .map(withOfferedValues)
      .filter((command) => command.name === name)
      .flatMap(({ options }) => options.filter((option) => option.name === "fail-on"))
      .flatMap(({ choices }) => choices);
  expect(() => parseFailOn(offered("diff"))).not.toThrow();
  expect(() => parseFailOnBudgets(offered("report"))).not.toThrow();
});

test.each(["bash", "zsh", "fish"])("%s knows every command and option", async (shell) => {
  const text = await script(shell);
  for (const { name, options } of commands) {
    for (const word of [...name.split(" "), ...options.map((option) => option.name)])
      expect(text).toContain(word);
  }
});

test("the shell is the one SHELL names; another one is refused", async () => {
  expect(await script(null, { SHELL: "/usr/bin/fish" })).toBe(await script("fish"));
  await expect(runCompletion(fakeShell(), "zhs", declare)).rejects.toMatchObject({
    code: "unknown-shell",
    hint: 'Did you mean "zsh"?',
  });
});

test("the man page tells every command and option, and no line of it is taken for a request of troff", async () => {
  const page = await manPage();
  const plain = page.replaceAll("\\-", "-");
  for (const { usage, options } of commands) {
    expect(plain).toContain(`.SS ${usage}`);
    for (const { name } of options) expect(plain).toContain(`\\fB--${name}\\fR`);
  }
  const requests = page.split("\n").flatMap((line) => /^\.(\S*)/.exec(line)?.[1] ?? []);
  expect([...new Set(requests)].sort()).toStrictEqual(["B", "I", "PP", "SH", "SS", "TH", "TP", "br"]);
});
