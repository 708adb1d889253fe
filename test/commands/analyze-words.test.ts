/** What the answer in words says of the numbers beside it. */
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli.ts";
import { fakeShell } from "../fake-shell.ts";

const TASK = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };
const FAIL = { StartAt: "F", States: { F: { Type: "Fail" } } };
const POLL = {
  StartAt: "Wait",
  States: {
    Wait: { Type: "Wait", Seconds: 30, Next: "Check" },
    Check: { ...TASK, Next: "Done" },
    Done: {
      Type: "Choice",
      Choices: [{ Variable: "$.done", BooleanEquals: true, Next: "Out" }],
      Default: "Wait",
    },
    Out: { Type: "Succeed" },
  },
};

/** Broken lines put together again. */
async function wordsOf(files: Readonly<Record<string, string>>, ...argv: readonly string[]): Promise<string> {
  const shell = fakeShell({ files });
  expect(await main(["analyze", ...argv], shell)).toBe(0);
  return shell.stdout.text.replace(/\s+/g, " ");
}

const one = (definition: object) => ({ "one.asl.json": JSON.stringify(definition) });

describe("a loop that nothing bounds", () => {
  test("is told with where AWS ends it", async () => {
    const loop = "only 25,000 history events end the loop of Wait and 2 more states)";
    const words = await wordsOf(one(POLL), "one.asl.json");
    expect(words).toMatch(/worst 8,33\d, where /);
    expect(words).toContain(loop);
    const timed = await wordsOf(one({ ...POLL, TimeoutSeconds: 300 }), "one.asl.json");
    // Ten Waits of thirty seconds, three transitions each, the start, and the eleventh entered.
    expect(timed).toContain("worst 32, where only TimeoutSeconds ends the loop of Wait and 2 more states)");
  });

  test("whose rounds are said to go on past that is told to be counted on", async () => {
    const said = "workflows: { one: { states: { Done: { rounds: 20000 } } } }";
    const words = await wordsOf({ ...one(POLL), "stepfare.yml": said }, "one.asl.json");
    expect(words).toMatch(/counted on past 8,33\d, where only 25,000 history events end the loop/);
  });
});

describe("a change to Express", () => {
  test("is told to have paid for the log, where it differs from the two costs by that", async () => {
    const words = await wordsOf(one(FAIL), "one.asl.json", "-e", "1M");
    expect(words).toContain("$49.90 a month as Standard");
    expect(words).toContain("As Express: $1.10 per million");
    expect(words).toContain("saves $48.30 a month");
    expect(words).toContain("The saving has paid for the log");
    const silent = { StartAt: "P", States: { P: { Type: "Pass", End: true } } };
    expect(await wordsOf(one(silent), "one.asl.json", "-e", "1M")).not.toContain("has paid for the log");
  });

  test("is the type whose cost the figures to declare move", async () => {
    const tasks = { StartAt: "A", States: { A: { ...TASK, Next: "B" }, B: { ...TASK, End: true } } };
    const words = await wordsOf(one(tasks), "one.asl.json", "-e", "1M");
    expect(words).toMatch(/states\.<name>\.duration .* per million as Express/);
    expect(words).toContain("cost as Express per million at its low and high");
    const said = "workflows: { one: { type: EXPRESS } }";
    const express = await wordsOf({ ...one(tasks), "stepfare.yml": said }, "one.asl.json", "-e", "1M");
    expect(express).not.toContain("per million as Express");
  });
});

test("workflows that a cut table leaves out are in its total as far as their cost is known", async () => {
  const files = (known: string) => ({
    ...Object.fromEntries(["a", "b", "c"].map((name) => [`${name}.asl.json`, JSON.stringify(FAIL)])),
    "stepfare.yml": `workflows: { a: { executionsPerMonth: 1M }${known} }`,
  });
  const cut = (known: string) => wordsOf(files(known), ".", "--top", "1");
  expect(await cut("")).toContain(
    "2 more workflows, in the total above as far as their cost is known: --top 3",
  );
  const all = ", b: { executionsPerMonth: 1M }, c: { executionsPerMonth: 1M }";
  expect(await cut(all)).toContain("2 more workflows, in the total above: --top 3");
});

test("prices are told with the discount that they are less", async () => {
  const words = await wordsOf(one(POLL), "one.asl.json", "--discount", "9%");
  expect(words).toMatch(/Prices: us-east-1, USD, of [0-9-]+, less 9 % discount\./);
  expect(await wordsOf(one(POLL), "one.asl.json")).not.toContain("discount");
});
