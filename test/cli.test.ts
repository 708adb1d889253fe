import type { AwsDoor } from "../src/observation/fleet-collection.ts";
import { describe, expect, it } from "vitest";
import usEast1 from "../pricing/us-east-1.json" with { type: "json" };
import packageJson from "../package.json" with { type: "json" };
import { main } from "../src/cli.ts";
import { COMMAND_NAMES } from "../src/commands/command-line.ts";
import { fakeShell } from "./fake-shell.ts";
import type { FakeWorld } from "./fake-shell.ts";
import { UserError } from "../src/user-error.ts";

const definition = JSON.stringify({ StartAt: "Done", States: { Done: { Type: "Succeed" } } });

async function run(argv: readonly string[], world: FakeWorld = { files: { "one.asl.json": definition } }) {
  const shell = fakeShell(world);
  const exitCode = await main(argv, shell);
  return { exitCode, out: shell.stdout.text, err: shell.stderr.text };
}

async function refuseToWrite(): Promise<void> {
  throw new UserError("unwritable-output", "Cannot write the output.");
}

describe("what an error says", () => {
  it("does nothing to a terminal, whoever named what it names", async () => {
    const { exitCode, err } = await run(["analyze", "\u001b[31mred\u202e.json"]);
    expect(exitCode).toBe(2);
    expect(err).toContain("stepfare: No file matches \\x1b[31mred\\u{202e}.json.\n");
  });
});

it("ends with 3, after the report, where AWS was to be asked and could not be", async () => {
  const failing = {
    validateDefinitions: async () => [{ diagnostics: [], failure: "no credentials were found" }],
  };
  const files = { "a.asl.json": '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}' };
  const shell = fakeShell({ files, aws: failing as unknown as AwsDoor });
  expect(await main(["analyze", "a.asl.json", "--validate-with-aws"], shell)).toBe(3);
  expect(shell.stdout.text).toContain("per million executions");
  expect(shell.stderr.text).toContain("stepfare: AWS could not be asked about a: no credentials were found.");
});

describe("what the command line refuses", () => {
  it.each([
    [["analyze", "--exections", "1M"], "There is no option --exections.", 'Did you mean "--executions"?'],
    [
      ["analyze", "--zzzzzzzzzzzz=3"],
      "There is no option --zzzzzzzzzzzz.",
      "stepfare analyze --help lists its",
    ],
    [["prices", "show", "--regoin=us-west-2"], "There is no option --regoin.", 'Did you mean "--region"?'],
    [
      ["prices", "show", "us-west-2"],
      "us-west-2 is one argument too many.",
      "stepfare prices show --help lists its",
    ],
    [["prices", "shw"], "There is no such command.", 'Did you mean "show"?'],
    [["prices"], "prices needs to be told what: show or update", "stepfare --help lists"],
    [
      ["analyse", "one.asl.json"],
      "There is no file or folder analyse.",
      'Did you mean the command "analyze"?',
    ],
    [["nope.json"], "There is no file or folder nope.json.", "Name a definition"],
    [["analyze", "--region", "mars"], '--region: "mars" is no AWS region', "such as us-east-1"],
    [["analyze", "--top", "many"], '--top: "many" is not understood', "write"],
    [["analyze", "--format", "pdf"], '--format: "pdf" is not known', "table or json"],
    [["analyze", "-e", "lots"], '--executions: "lots" is not understood', "50/s"],
    [["diff", "--base", ".", "--top", "x"], '--top: "x" is not understood', "write 12"],
    [["trace", "one.asl.json", "--top", "-3"], '--top: "-3" is negative', "write 0 or more"],
    [["analyze", "--discount", "-5%"], '--discount: "-5%" is no percentage', "such as 9%"],
    [["analyze", "--payload", "-5KB"], '--payload: "-5KB"', "write"],
    [["collect", "--histories", "few"], '--histories: "few" is not understood', "write 12"],
    [["analyze", "--quiet=maybe"], '--quiet: "maybe" is neither true nor false.', "write --quiet"],
    [["analyze", "-q=maybe"], '-q: "maybe" is neither true nor false.', "write -q"],
    [
      ["analyze", "--parameter"],
      "--parameter needs a value: template parameter",
      "stepfare analyze --help lists",
    ],
    [["capacity"], "capacity needs <definition>: a definition,", "For example stepfare capacity "],
    [["diff"], "diff needs --base: git ref,", "For example stepfare diff --base origin/main"],
    [
      ["trace", "x", "--type", "foo"],
      '--type: "foo" is not known: write STANDARD or EXPRESS.',
      "stepfare trace --help lists",
    ],
    [["analyze", "--", "--region"], "There is no file or folder --region.", "Name a definition"],
    [["analyze", "one.asl.json", "--", "two.asl.json"], "There is no file or folder two.asl.json.", "Name a"],
    [["analyze", "--output", "--", "one.asl.json"], '--output: "" is no path', "write a file name"],
    [
      ["trace", "one.asl.json", "--", "-two"],
      "-two is one argument too many.",
      "stepfare trace --help lists its",
    ],
    [["diff", "--base", "none", "--", ""], "A path is empty.", "Is a variable not set?"],
    [["comment", "--", "--none.json"], "Cannot read /project/--none.json", "no such file"],
  ])("%j", async (argv, message, hint) => {
    const { exitCode, out, err } = await run(argv);
    expect({ exitCode, out }).toStrictEqual({ exitCode: 2, out: "" });
    expect(err).toContain(`stepfare: ${message}`);
    expect(err).toContain(hint);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it.each([
    [[""]],
    ...["analyze", "review", "trace", "capacity", "split", "comment", "init", "report", "reconcile"].map(
      (command) => [[command, ""]],
    ),
  ])("%j: an empty path, which would stand for the current folder", async (argv) => {
    const { exitCode, out, err } = await run(argv);
    expect({ exitCode, out }).toStrictEqual({ exitCode: 2, out: "" });
    expect(err).toContain("stepfare: A path is empty.\n  Is a variable not set?");
  });

  it.each([[["--help"]], [["--version"]]])("%j where the output cannot be written", async (argv) => {
    const stdout = { isTTY: false, columns: null, colour: false, write: refuseToWrite };
    const shell = { ...fakeShell(), stdout };
    expect(await main(argv, shell)).toBe(2);
    expect(shell.stderr.text).toBe("stepfare: Cannot write the output.\n");
  });

  it("says what to name in a folder without definitions", async () => {
    const { exitCode, out, err } = await run([], { files: { "README.md": "nothing here" } });
    expect({ exitCode, out }).toStrictEqual({ exitCode: 2, out: "" });
    expect(err).toBe(
      "stepfare: No state machine could be analysed in the current folder.\n" +
        "  Name a definition (Amazon States Language in JSON or YAML), a template, or a folder that holds some.\n",
    );
  });
});

describe("what the command line answers", () => {
  it("its version", async () => {
    const { exitCode, out, err } = await run(["--version"]);
    expect({ exitCode, err }).toStrictEqual({ exitCode: 0, err: "" });
    expect(out.startsWith(`${packageJson.version} (AWS price lists up to 20`)).toBe(true);
    expect(out.slice(-12, -2) >= usEast1.date).toBe(true);
  });

  it.each([[["--help"]], [["analyze", "--help"]], [["prices", "--help"]], [["prices", "show", "--help"]]])(
    "%j within 100 columns, on standard output",
    async (argv) => {
      const { exitCode, out, err } = await run(argv);
      expect({ exitCode, err }).toStrictEqual({ exitCode: 0, err: "" });
      expect(out).toMatch(/^stepfare /);
      for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    },
  );

  it("its commands, each of which a misspelling leads to", async () => {
    const { out } = await run(["--help"]);
    const listed = [...out.matchAll(/^ {2}stepfare (\w+)/gm)].map(([, name]) => name);
    expect(new Set(listed)).toStrictEqual(new Set(COMMAND_NAMES));
  });

  it.each([[["-"]], [["analyze", "-"]], [["-", "--executions", "1M"]], [["analyze", "-q", "-"]]])(
    "%j from standard input",
    async (argv) => {
      const { exitCode, out } = await run(argv, { files: {}, stdin: definition });
      expect(exitCode).toBe(0);
      expect(out).toMatch(/^.+ {2}Standard\n-:1 · /);
    },
  );

  it("a trace from standard input", async () => {
    const { exitCode, out } = await run(["trace", "-"], { files: {}, stdin: definition });
    expect(exitCode).toBe(0);
    expect(out).toContain("SUCCEEDED");
  });

  it("what follows -- as paths, whatever they begin with", async () => {
    const files = { "one.asl.json": definition, "-dash.asl.json": definition };
    const { exitCode, out } = await run(["one.asl.json", "-f", "csv", "--", "-dash.asl.json"], { files });
    expect(exitCode).toBe(0);
    expect(out).toContain("'-dash.asl.json,1,");
    expect(out).toContain(",one.asl.json,1,");
    const traced = await run(["trace", "--", "-dash.asl.json"], { files });
    expect(traced.out).toContain("SUCCEEDED");
  });

  it("analyses without naming the command, as wide as the terminal, in colour only where asked", async () => {
    const files = { "one.asl.json": definition };
    const plain = await run(["one.asl.json"], { files, columns: 80 });
    expect(plain.exitCode).toBe(0);
    expect(plain.out).toMatch(/^one {2}Standard\n/);
    expect(plain.out).toMatch(/[^\n]\n$/);
    expect(plain.out).not.toMatch(/\p{Cc}\[/u);
    expect((await run(["one.asl.json"], { files, colour: true })).out).toMatch(/\p{Cc}\[1m/u);
  });

  it("cuts a table of many workflows only at --top, or at a screenful", async () => {
    const names = Array.from({ length: 25 }, (_, index) => `flow-${String(index).padStart(2, "0")}`);
    const files = Object.fromEntries(
      names.map((name) => [
        `${name}.asl.json`,
        JSON.stringify({ StartAt: name, States: { [name]: { Type: "Pass", End: true } } }),
      ]),
    );
    const rows = async (...flags: string[]) =>
      (await run([".", ...flags], { files, columns: 120 })).out.match(/^ {2}flow-/gm)?.length;
    expect(await rows()).toBe(20);
    expect(await rows("--top", "3")).toBe(3);
    expect(await rows("--top", "25")).toBe(25);
  });
});
