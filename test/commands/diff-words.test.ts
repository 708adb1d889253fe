/** What a diff says in words of what it compared. */
import { expect, test } from "vitest";
import { main } from "../../src/cli.ts";
import { fakeShell } from "../fake-shell.ts";

type Files = Readonly<Record<string, string>>;

function chain(tasks: number): string {
  const states = Array.from({ length: tasks }, (_, at) => {
    const next = at === tasks - 1 ? { End: true } : { Next: `P${at + 1}` };
    return [`P${at}`, { Type: "Task", Resource: `arn:aws:lambda:us-east-1:1:function:f${at}`, ...next }];
  });
  return JSON.stringify({ StartAt: "P0", States: Object.fromEntries(states) as object });
}

/** Broken lines put together again. */
async function run(files: Files, ...argv: readonly string[]): Promise<string> {
  const shell = fakeShell({ files });
  expect({ code: await main(argv, shell), err: shell.stderr.text }).toMatchObject({ code: 0 });
  return argv.includes("json") ? shell.stdout.text : shell.stdout.text.replace(/\s+/g, " ");
}

test("a discount that a saved report did not have is no tier of volume", async () => {
  const saved = await run({ "a.asl.json": chain(4) }, "analyze", "a.asl.json", "-e", "1M", "-f", "json");
  const files = { "saved.json": saved, "a.asl.json": chain(5) };
  const told = await run(
    files,
    "diff",
    "a.asl.json",
    "--base",
    "saved.json",
    "-e",
    "1M",
    "--discount",
    "10%",
  );
  expect(told).toContain("discount 0 → 10%");
  expect(told).not.toContain("volume tiers");
});

test("the headline is silent on workflows without executions that did not change", async () => {
  const sides = (tasks: number): Files => ({
    "base/a.asl.json": chain(4),
    "base/b.asl.json": chain(4),
    "head/a.asl.json": chain(5),
    "head/b.asl.json": chain(tasks),
    "stepfare.yml": "workflows: { a: { executionsPerMonth: 1M } }",
  });
  const headline = /Difference: \+\$25\.00 per month \([^)]*\)(; where executions are not known)?/;
  const words = async (tasks: number) =>
    headline.exec(await run(sides(tasks), "diff", "head", "--base", "base"))!;
  expect((await words(4))[1]).toBeUndefined();
  expect((await words(6))[1]).toBeDefined();
});

test("shares that moved to another line of stepfare.yml are no change", async () => {
  const definition = JSON.stringify({
    StartAt: "C",
    States: {
      C: { Type: "Choice", Choices: [{ Variable: "$.x", IsPresent: true, Next: "A" }], Default: "B" },
      A: { Type: "Succeed" },
      B: { Type: "Succeed" },
    },
  });
  const said = "workflows: { one: { states: { C: { choices: { A: 10% } } } } }";
  const files = {
    "base/one.asl.json": definition,
    "base/stepfare.yml": said,
    "head/one.asl.json": definition,
    "head/stepfare.yml": `# More.\n\n${said}`,
  };
  expect(await run(files, "diff", "head", "--base", "base")).toContain("no change in 1 state machine");
});

test("a child made Express breaks the unchanged parent that waits for it, and the gate", async () => {
  const call = {
    Type: "Task",
    Resource: "arn:aws:states:::states:startExecution.sync:2",
    Parameters: { StateMachineArn: "${child}" },
    End: true,
  };
  const parent = JSON.stringify({ StartAt: "K", States: { K: call } });
  const side = (name: string, type: string): Files => ({
    [`${name}/parent.asl.json`]: parent,
    [`${name}/child.asl.json`]: chain(2),
    [`${name}/stepfare.yml`]: `workflows: { child: { type: ${type} } }`,
  });
  const files = { ...side("base", "STANDARD"), ...side("head", "EXPRESS") };
  const shell = fakeShell({ files });
  const argv = ["diff", "head", "--base", "base", "--fail-on", "findings=warning"];
  expect(await main(argv, shell)).toBe(1);
  const told = shell.stdout.text.replace(/\s+/g, " ");
  expect(told).toContain("parent: new warning synchronous-express-child: K waits for an Express workflow");
  expect(await main(argv, fakeShell({ files: { ...files, ...side("head", "STANDARD") } }))).toBe(0);
});
