/** `stepfare diff` as it is installed, in real git repositories. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { AnalysisReport } from "../../src/report/analysis-report.ts";
import type { DiffReport, DiffWorkflow } from "../../src/report/diff-report.ts";
import { type GitFixture, gitFixture, newRepository } from "./git-fixture.ts";

const open: GitFixture[] = [];
afterEach(() => {
  for (const fixture of open.splice(0)) fixture.dispose();
});

function repository(files: Readonly<Record<string, string | object>>): GitFixture {
  const fixture = newRepository(files);
  open.push(fixture);
  return fixture;
}

function clone(from: GitFixture, ...options: string[]): GitFixture {
  const folder = mkdtempSync(path.join(tmpdir(), "stepfare-clone-"));
  const fixture = gitFixture(folder);
  open.push(fixture);
  fixture.git("clone", "--quiet", ...options, `file://${from.folder}`, ".");
  return fixture;
}

async function diffOf(fixture: GitFixture, ...args: string[]): Promise<DiffReport> {
  const { code, stdout, stderr } = await fixture.stepfare("diff", "--format", "json", ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as DiffReport;
}

async function monthOf(fixture: GitFixture): Promise<number | null> {
  const { stdout } = await fixture.stepfare("analyze", "--format", "json", "workflows");
  return (JSON.parse(stdout) as AnalysisReport).totals.monthlyCost;
}

function named(diff: DiffReport, name: string): DiffWorkflow {
  return diff.workflows.find((workflow) => workflow.name === name)!;
}

const task = (name: string, next: object = { End: true }) => ({
  Type: "Task",
  Resource: `arn:aws:lambda:us-east-1:123456789012:function:${name}`,
  ...next,
});
const chain = (...names: string[]) => ({
  StartAt: names[0],
  States: Object.fromEntries(
    names.map((name, i) => [name, task(name, i + 1 < names.length ? { Next: names[i + 1] } : { End: true })]),
  ),
});

const EXAMPLES = ["order-processing", "card-payment", "order-saga", "nightly-transcoding"];
const WITH_EXECUTIONS = readFileSync("examples/stepfare.yml", "utf8")
  .replace("  order-processing:", "  order-processing:\n    executionsPerMonth: 1M")
  .replace("  card-payment:", "  card-payment:\n    executionsPerMonth: 300k")
  .replace("  order-saga:", "  order-saga:\n    executionsPerMonth: 50k");

function examples(): GitFixture {
  const definitions = EXAMPLES.map((name) => [
    `workflows/${name}.asl.json`,
    readFileSync(`examples/${name}.asl.json`, "utf8"),
  ]);
  return repository({ ...Object.fromEntries(definitions), "workflows/stepfare.yml": WITH_EXECUTIONS });
}

function edit(fixture: GitFixture, file: string, change: (definition: Definition) => void): void {
  const definition = JSON.parse(readFileSync(path.join(fixture.folder, file), "utf8")) as Definition;
  change(definition);
  fixture.write(file, definition);
}

interface Definition {
  StartAt: string;
  States: Record<string, Record<string, unknown>>;
}

describe("five pull requests", () => {
  /** All of them change the same one. */
  let monthBefore: Promise<number | null> | null = null;

  /** What the comment says is what `analyze` says of each side. */
  async function compared(fixture: GitFixture): Promise<DiffReport> {
    const after = await monthOf(fixture);
    fixture.git("switch", "--quiet", "--create", "change");
    fixture.commit("change");
    const diff = await diffOf(fixture, "--base", "main", "workflows");
    fixture.git("switch", "--quiet", "main");
    expect(diff.totals.after).toBeCloseTo(after!, 9);
    monthBefore ??= monthOf(fixture);
    expect(diff.totals.before).toBeCloseTo((await monthBefore)!, 9);
    for (const { because, difference, before, after: now } of diff.workflows) {
      const sum = (what: "cost" | "transitions") => because.reduce((all, line) => all + line[what]!, 0);
      expect(sum("cost")).toBeCloseTo(difference!, 9);
      expect(sum("transitions")).toBeCloseTo((now?.transitions ?? 0) - (before?.transitions ?? 0), 6);
    }
    return diff;
  }

  test("a polling loop added", async () => {
    const fixture = examples();
    edit(fixture, "workflows/card-payment.asl.json", ({ States }) => {
      delete States.ConfirmOrder!.End;
      States.ConfirmOrder!.Next = "WaitForSettlement";
      States.WaitForSettlement = { Type: "Wait", Seconds: 30, Next: "GetSettlement" };
      States.GetSettlement = task("settlement", { ResultPath: "$.s", Next: "IsSettled" });
      const done = { Variable: "$.s.status", StringEquals: "DONE", Next: "Settled" };
      States.IsSettled = { Type: "Choice", Choices: [done], Default: "WaitForSettlement" };
      States.Settled = { Type: "Succeed" };
    });
    const diff = await compared(fixture);
    const { status, because, states, difference } = named(diff, "card-payment");
    expect(status).toBe("changed");
    expect(difference).toBeGreaterThan(40);
    expect(states.added.toSorted()).toEqual(["GetSettlement", "IsSettled", "Settled", "WaitForSettlement"]);
    expect(because.filter(({ cost }) => cost! > 1).map(({ state }) => state)).toEqual(
      expect.arrayContaining(["GetSettlement", "IsSettled", "WaitForSettlement"]),
    );
    expect(diff.workflows.filter((each) => each.status === "changed")).toHaveLength(1);
  });

  test("items of a Map doubled in stepfare.yml", async () => {
    const fixture = examples();
    fixture.write("workflows/stepfare.yml", WITH_EXECUTIONS.replace("items: 4", "items: 8"));
    const diff = await compared(fixture);
    const { because, states, difference } = named(diff, "order-processing");
    expect(because[0]).toMatchObject({
      state: "ProcessLineItems",
      part: "figures",
      text: "ProcessLineItems: 4 → 8 items",
    });
    expect(because[0]!.cost! / difference!).toBeGreaterThan(0.99);
    expect(states).toEqual({ added: [], removed: [], renamed: [] });
  });

  test("a retry ladder", async () => {
    const fixture = examples();
    edit(fixture, "workflows/card-payment.asl.json", ({ States }) => {
      States.CallPaymentApi!.Retry = [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1 }];
    });
    const diff = await compared(fixture);
    const { because } = named(diff, "card-payment");
    expect(because.filter(({ cause }) => cause === "retries").map(({ state }) => state)).toEqual([
      "CallPaymentApi",
    ]);
    expect(because.find(({ cause }) => cause === "retries")!.transitions).toBeLessThan(0);
  });

  test("type switched", async () => {
    const fixture = examples();
    fixture.write(
      "workflows/stepfare.yml",
      WITH_EXECUTIONS.replace("  card-payment:", "  card-payment:\n    type: EXPRESS"),
    );
    const diff = await compared(fixture);
    const { because, before, after } = named(diff, "card-payment");
    expect([before!.type, after!.type]).toEqual(["STANDARD", "EXPRESS"]);
    expect(because[0]).toMatchObject({ cause: "type", text: "type Standard → Express", transitions: 0 });
    fixture.git("switch", "--quiet", "change");
    const denied = await fixture.stepfare("diff", "--base", "main", "workflows", "--fail-on", "type-switch");
    expect(denied.code).toBe(1);
    expect(denied.stderr).toContain("card-payment: the type is switched from STANDARD to EXPRESS");
  });

  test("definition and figures at once: each part apart", async () => {
    const fixture = examples();
    fixture.write("workflows/stepfare.yml", WITH_EXECUTIONS.replace("items: 4", "items: 8"));
    edit(fixture, "workflows/order-processing.asl.json", (definition) => {
      definition.States.Greet = { Type: "Pass", Next: definition.StartAt };
      definition.StartAt = "Greet";
    });
    const { because } = named(await compared(fixture), "order-processing");
    const told = because.map(({ state, part, transitions }) => [state, part, Number(transitions.toFixed(6))]);
    expect(told).toContainEqual(["Greet", "definition", 1]);
    expect(told).toContainEqual(["ProcessLineItems", "figures", 4]);
  });

  test("a file moved, and renamed", async () => {
    const fixture = examples();
    fixture.git("mv", "workflows/order-saga.asl.json", "workflows/saga.asl.json");
    fixture.write("workflows/stepfare.yml", WITH_EXECUTIONS.replace("  order-saga:", "  saga:"));
    const diff = await compared(fixture);
    expect(named(diff, "saga")).toMatchObject({
      status: "unchanged",
      formerName: "order-saga",
      formerFile: "workflows/order-saga.asl.json",
      difference: 0,
      because: [],
    });
    expect(diff.totals.difference).toBe(0);
  });
});

describe("bases", () => {
  test("the merge base, so that what others did on main since is none of this change", async () => {
    const fixture = repository({ "a.asl.json": chain("One"), "b.asl.json": chain("One") });
    fixture.git("switch", "--quiet", "--create", "feature");
    fixture.write("a.asl.json", chain("One", "Two"));
    fixture.commit("feature");
    fixture.git("switch", "--quiet", "main");
    fixture.write("b.asl.json", chain("One", "Two", "Three"));
    fixture.commit("others");
    fixture.git("switch", "--quiet", "feature");
    const changed = (diff: DiffReport) =>
      diff.workflows.filter(({ status }) => status === "changed").map(({ name }) => name);
    expect(changed(await diffOf(fixture, "--base", "main"))).toEqual(["a"]);
    expect(changed(await diffOf(fixture, "--base", "main", "--no-merge-base")).toSorted()).toEqual([
      "a",
      "b",
    ]);
    fixture.git("merge", "--quiet", "--no-edit", "main");
    expect(changed(await diffOf(fixture, "--base", "main"))).toEqual(["a"]);
    expect(changed(await diffOf(fixture, "--base", "HEAD^1"))).toEqual(["b"]);
  });

  test("a detached head, and work that is not committed", async () => {
    const fixture = repository({ "a.asl.json": chain("One") });
    fixture.git("checkout", "--quiet", "--detach");
    fixture.write("a.asl.json", chain("One", "Two"));
    fixture.write("new.asl.json", chain("Three"));
    const diff = await diffOf(fixture, "--base", "main");
    expect(diff.workflows.map(({ name, status }) => [name, status])).toEqual([
      ["new", "added"],
      ["a", "changed"],
    ]);
    expect(fixture.git("status", "--porcelain")).toBe(" M a.asl.json\n?? new.asl.json\n");
  });

  test("a shallow clone says which fetch to run", async () => {
    const origin = repository({ "a.asl.json": chain("One") });
    origin.git("switch", "--quiet", "--create", "feature");
    origin.write("a.asl.json", chain("One", "Two"));
    origin.commit("feature");
    const single = clone(origin, "--depth", "1", "--branch", "feature");
    const missing = await single.stepfare("diff", "--base", "origin/main");
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain("git fetch origin main:refs/remotes/origin/main");
    expect(missing.stderr).toContain("fetch-depth: 0");
    const older = await single.stepfare("diff", "--base", "HEAD~5");
    expect(older.stderr).toContain(
      "  This is a shallow clone. Run: git fetch --unshallow. On GitHub Actions",
    );
    expect(older.stderr).not.toContain("refs/remotes");
    const both = clone(origin, "--depth", "1", "--no-single-branch", "--branch", "feature");
    const parted = await both.stepfare("diff", "--base", "origin/main");
    expect(parted.code).toBe(2);
    expect(parted.stderr).toContain("git fetch --unshallow origin");
    expect(
      (await diffOf(both, "--base", "origin/main", "--no-merge-base")).totals.transitions.difference,
    ).toBe(1);
    both.git("fetch", "--quiet", "--unshallow", "origin");
    expect((await diffOf(both, "--base", "origin/main")).totals.transitions.difference).toBe(1);
  });

  test("submodules are left out on both sides, and that is said", async () => {
    const other = repository({ "theirs.asl.json": chain("Theirs") });
    const fixture = repository({ "a.asl.json": chain("One") });
    fixture.git("submodule", "--quiet", "add", `file://${other.folder}`, "vendor/other");
    const diff = await diffOf(fixture, "--base", "main");
    expect(diff.workflows.map(({ name }) => name)).toEqual(["a"]);
    expect(diff.diagnostics).toMatchObject([
      { code: "submodules-left-out", message: expect.stringContaining("vendor/other") },
    ]);
  });

  test("a folder, a saved report, and neither", async () => {
    const fixture = repository({
      "old/a.asl.json": chain("One"),
      "new/a.asl.json": chain("One", "Two"),
      "other.json": { kind: "fleet", schemaVersion: "1" },
      "future.json": { kind: "analysis", schemaVersion: "9" },
    });
    const folder = await diffOf(fixture, "--base", "./old", "new");
    expect(folder.totals.transitions).toEqual({ before: 2, after: 3, difference: 1 });
    expect(folder.workflows[0]).toMatchObject({ formerFile: null, status: "changed" });
    expect((await diffOf(fixture, "--base", "./old", "old")).workflows[0]).toMatchObject({
      status: "unchanged",
      formerFile: null,
    });
    await fixture.stepfare("analyze", "old", "--format", "json", "--output", "main.report.json");
    const saved = await diffOf(fixture, "--base", "main.report.json", "new");
    expect(saved.workflows[0]!.because).toEqual(folder.workflows[0]!.because);
    const refused = async (base: string) => (await fixture.stepfare("diff", "--base", base)).stderr;
    expect(await refused("other.json")).toContain('a report of the kind "fleet"');
    expect(await refused("future.json")).toContain('schema "9"');
    expect(await refused("nowhere")).toContain("git fetch origin nowhere");
    expect(await refused("v1.0/rc-2")).toContain("git fetch origin v1.0/rc-2:refs/remotes/origin/v1.0/rc-2 ");
    for (const ref of ["main;ls", "HEAD~5", "HEAD@{1}", "$(ls)", "a..b", "main^"]) {
      const said = await refused(ref);
      expect(said).toContain("Name a branch, a tag or a commit");
      expect(said).not.toContain("git fetch");
    }
    expect(await refused("./nowhere")).toContain("There is no folder or report ./nowhere");
    expect(await refused("--upload-pack=x")).not.toBe("");
  });
});

describe("a definition broken on one side", () => {
  test("is said, and the rest is still compared", async () => {
    const fixture = repository({ "a.asl.json": chain("One"), "b.asl.json": chain("One") });
    fixture.write("a.asl.json", '{ "StartAt": "One", "States": { "One": { "Type": "Pass", }');
    fixture.write("b.asl.json", chain("One", "Two"));
    const diff = await diffOf(fixture, "--base", "main");
    expect(named(diff, "a")).toMatchObject({ unread: "head", difference: null, because: [] });
    expect(named(diff, "b").because.map(({ text }) => text)).toEqual([
      "Two added (Task, entered once per execution)",
    ]);
    expect(diff.totals.transitions).toEqual({ before: 2, after: 3, difference: 1 });
    expect(diff.diagnostics.some(({ at }) => at?.file === "a.asl.json")).toBe(true);
  });
});

describe("figures in stepfare.yml", () => {
  test("for a state that one side has are no warning, for one that neither has are", async () => {
    const figures =
      "workflows: { a: { states: { Gone: { duration: 1s }, New: { duration: 1s }, Typo: { duration: 1s } } } }";
    const fixture = repository({ "a.asl.json": chain("One", "Gone"), "stepfare.yml": figures });
    fixture.write("a.asl.json", chain("One", "New"));
    const diff = await diffOf(fixture, "--base", "main");
    expect(diff.diagnostics.map(({ code, message }) => [code, message.split(":")[0]])).toEqual([
      ["unknown-state-in-workload", 'no state is called "Typo"'],
    ]);
    expect(named(diff, "a").newFindings.filter(({ code }) => code === "unknown-state-in-workload")).toEqual(
      [],
    );
  });
});

describe("places", () => {
  test("a subfolder, a file that the change added, one that it removed, and nothing at all", async () => {
    const fixture = repository({
      "in/deep/a.asl.json": chain("One"),
      "in/old.asl.json": chain("Two", "Three"),
      "readme.md": "x",
    });
    fixture.remove("in/old.asl.json");
    fixture.write("in/new.asl.json", chain("Four"));
    const statuses = (diff: DiffReport) =>
      diff.workflows.map(({ name, status }) => `${name} ${status}`).toSorted();
    expect(statuses(await diffOf(fixture, "--base", "main", "in"))).toEqual([
      "a unchanged",
      "new added",
      "old removed",
    ]);
    expect(statuses(await diffOf(fixture, "--base", "main", "in/old.asl.json"))).toEqual(["old removed"]);
    expect(statuses(await diffOf(fixture, "--base", "main", "in/new.asl.json"))).toEqual(["new added"]);
    const inside = gitFixture(path.join(fixture.folder, "in"));
    expect(statuses(await diffOf(inside, "--base", "main", "deep"))).toEqual(["a unchanged"]);
    const mistaken = await fixture.stepfare("diff", "--base", "main", "nowhere.asl.json");
    expect([mistaken.code, mistaken.stderr]).toEqual([2, expect.stringContaining("nowhere.asl.json")]);
    const empty = repository({ "readme.md": "x" });
    expect((await empty.stepfare("diff", "--base", "main")).stdout).toContain(
      "no state machine on either side",
    );
    expect((await fixture.stepfare("diff", "--base", "main", "--base", "HEAD")).code).toBe(2);
  });
});

describe("gates", () => {
  const files = {
    "a.asl.json": chain("One", "Two"),
    "stepfare.yml":
      "workflows: { a: { executionsPerMonth: 1M } }\npolicies: { deny: { eachWorkflow: { monthlyCost: 80 } }, warn: { eachWorkflow: { transitions: 3 } } }",
  };

  test("crossing a budget fails, after the report, with the reasons on stderr", async () => {
    const fixture = repository(files);
    fixture.write("a.asl.json", chain("One", "Two", "Three"));
    const failed = await fixture.stepfare("diff", "--base", "main");
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain("Not passed: 1 policy is broken");
    expect(failed.stderr).toContain("stepfare: a: $99.90 a month crosses the budget of $80.00 a month\n");
    expect(failed.stderr).toContain("warning: a: 4 transitions per execution crosses the budget of 3");
    const strict = await fixture.stepfare("diff", "--base", "main", "--fail-on", "warnings", "--exit-zero");
    expect(strict.code).toBe(0);
    expect(strict.stderr).toContain("stepfare: a: 4 transitions per execution crosses");
  });

  test("being over it already does not count", async () => {
    const fixture = repository({ ...files, "a.asl.json": chain("One", "Two", "Three") });
    fixture.write("a.asl.json", chain("One", "Two", "Three", "Four"));
    expect((await fixture.stepfare("diff", "--base", "main")).code).toBe(0);
    const more = await fixture.stepfare(
      "diff",
      "--base",
      "main",
      "--fail-on",
      "monthly-cost=+20%,total.transitions=+0",
    );
    expect(more.code).toBe(1);
    expect(more.stderr).toContain("where 20% is allowed");
    const wrong = await fixture.stepfare("diff", "--base", "main", "--fail-on", "monthly-cost");
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("an amount is missing");
  });
});

test("a change that mends the base's stepfare.yml is compared all the same, with a warning that names the revision", async () => {
  const said = (executions: string): string => `workflows:\n  pay: { executionsPerMonth: ${executions} }\n`;
  const fixture = repository({ "pay.asl.json": chain("a"), "stepfare.yml": said("lots") });
  fixture.write("stepfare.yml", said("1M"));
  fixture.write("pay.asl.json", chain("a", "b"));
  const diff = await diffOf(fixture, "--base", "HEAD", "--quiet");
  expect(named(diff, "pay").difference).toBeCloseTo(25, 6);
  const [warning] = diff.diagnostics;
  expect(warning).toMatchObject({ code: "base-workload-unread", severity: "warning" });
  expect(warning!.message).toMatch(/HEAD \([0-9a-f]{8}\) cannot be read \(stepfare\.yml:2:30: /);
});
