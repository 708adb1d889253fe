/** Findings: each rule finds its fault and nothing where there is none; suppressions, ids, and rules that throw. */
import { describe, expect, it } from "vitest";
import { NO_OTHER_USAGE } from "../../src/cost/line-item.ts";
import { priceListOf } from "../../src/cost/known-price-lists.ts";
import { estimateWorkflow } from "../../src/cost/workflow-estimates.ts";
import { judgeExpress } from "../../src/recommendation/express-eligibility.ts";
import { findingRules } from "../../src/recommendation/rule-list.ts";
import type { FindingRule } from "../../src/recommendation/rule.ts";
import { chooseType } from "../../src/recommendation/type-choice.ts";
import { reviewWorkflow } from "../../src/recommendation/workflow-review.ts";
import { findingCases, saga } from "./finding-cases.ts";
import { analysed, lambda, machine, reviewed, workflowOf } from "./reviewed.ts";

describe.each(findingCases)("$rule", ({ rule, faulty, around, fine, fineAround }) => {
  it("finds its fault, with place, reason and remedy", () => {
    const found = reviewed(faulty, around).findings.filter((finding) => finding.rule === rule);
    expect(found.length).toBeGreaterThan(0);
    for (const { text, remedy, at, id } of found) {
      expect(text).not.toMatch(/undefined|NaN|\.$/);
      expect(remedy).toMatch(/\.$/);
      expect(at.file).toBe("flow.asl.json");
      expect(id.startsWith(rule)).toBe(true);
    }
  });

  it("finds nothing where there is nothing", () => {
    const { findings, checks } = reviewed(fine, fineAround);
    expect(findings.map((finding) => finding.rule)).not.toContain(rule);
    expect([...checks.passed.map((passed) => passed.rule), ...checks.notApplicable]).toContain(rule);
  });
});

describe("findings", () => {
  it("have a case each", () => {
    // Needs a second workflow, and has a test of its own below.
    const told = new Set([...findingCases.map(({ rule }) => rule), "synchronous-express-child"]);
    expect([...told].toSorted()).toStrictEqual(findingRules.map(({ id }) => id).toSorted());
  });

  it("tell of startExecution.sync on a workflow known to be Express", () => {
    const child = { ...workflowOf(machine({ A: lambda("a") }), { type: "EXPRESS" }), name: "child" };
    const start = (target: string): object =>
      machine({
        Start: {
          Type: "Task",
          Resource: "arn:aws:states:::states:startExecution.sync:2",
          Parameters: { StateMachineArn: target },
          End: true,
        },
      });
    const rules = (target: string): readonly string[] =>
      analysed(workflowOf(start(target)), child).findings.map(({ rule }) => rule);
    const arn = (name: string): string => `arn:aws:states:us-east-1:123456789012:stateMachine:${name}`;
    expect(rules(arn("child"))).toContain("synchronous-express-child");
    expect(rules(arn("other"))).not.toContain("synchronous-express-child");
  });

  const found = (rule: string, definition: object): readonly string[] =>
    reviewed(definition)
      .findings.filter((finding) => finding.rule === rule)
      .map(({ text }) => text);

  it("tell of a Catcher whose errors are taken by name or wildcard, States.ALL apart, which is a fault", () => {
    const catching = (...names: readonly (readonly string[])[]): readonly string[] =>
      found(
        "unreachable-catcher",
        machine({
          A: lambda("a", { Catch: names.map((ErrorEquals) => ({ ErrorEquals, Next: "B" })) }),
          B: { Type: "Succeed" },
        }),
      );
    expect(catching(["Busy", "Slow"], ["Slow"])[0]).toContain(
      "catches Slow by an earlier Catcher already (Slow)",
    );
    expect(catching(["States.Timeout"], ["States.HeartbeatTimeout"])).toHaveLength(1);
    expect(catching(["States.TaskFailed"], ["States.DataLimitExceeded"])).toEqual([]);
    expect(catching(["Busy"], ["Busy", "Slow"])).toEqual([]);
    expect(catching(["States.ALL"], ["Busy"])).toEqual([]);
  });

  it("tell what a retry of States.Runtime does apart from what is retried and billed", () => {
    const [text] = found(
      "futile-retry",
      machine({
        A: lambda("a", { Retry: [{ ErrorEquals: ["States.Runtime", "States.Permissions"] }] }),
      }),
    );
    expect(text).toBe(
      "A retries States.Permissions, which comes of the request itself: each retry is billed and fails the same way; and States.Runtime, which AWS neither retries nor lets be caught: it ends the execution at once",
    );
  });

  it("know a Choice whose rules are opposites, and one whose error somebody around it catches", () => {
    const choosing = (Choices: readonly object[], around: object = {}): readonly string[] =>
      found("choice-without-default", machine(route(Choices), around));
    const route = (rules: readonly object[]): object => ({
      Route: { Type: "Choice", Choices: rules.map((rule) => ({ ...rule, Next: "B" })) },
      B: { Type: "Succeed" },
    });
    const JSONata = { QueryLanguage: "JSONata" };
    const conditions = (...texts: readonly string[]): readonly string[] =>
      choosing(
        texts.map((text) => ({ Condition: `{% ${text} %}` })),
        JSONata,
      );
    const present = { Variable: "$.a", IsPresent: true };
    expect(choosing([present, { Not: present }])).toEqual([]);
    expect(choosing([present, { ...present, IsPresent: false }])).toEqual([]);
    expect(choosing([present, { Variable: "$.b", IsPresent: false }])).toHaveLength(1);
    expect(conditions("$a > 1", "$a <= 1")).toEqual([]);
    expect(conditions("$exists($a)", "$not($exists($a))")).toEqual([]);
    expect(conditions("$a = 1", "true")).toEqual([]);
    expect(conditions("$a > 1", "$a < 1")).toHaveLength(1);
    // Both leave out what $b does not let through.
    expect(conditions("$a > 1 and $b", "$a <= 1 and $b")).toHaveLength(1);
    expect(conditions("$a and $b = true", "$a and $b = false")).toHaveLength(1);
    expect(conditions("$b = true", "$b=false")).toEqual([]);
    expect(conditions("{ 'a': $x }.a > 1", "$y")).toHaveLength(1);
    const inside = (Catch: readonly object[]): readonly string[] =>
      found(
        "choice-without-default",
        machine({
          All: { Type: "Parallel", Branches: [machine(route([present]))], Catch, Next: "C" },
          C: { Type: "Succeed" },
        }),
      );
    expect(inside([{ ErrorEquals: ["States.ALL"], Next: "C" }])[0]).toContain("what runs inside All");
    expect(inside([{ ErrorEquals: ["States.NoChoiceMatched"], Next: "C" }])).toEqual([]);
  });

  it("tell of a workflow that cannot succeed as a whole only", () => {
    const branch = machine({ No: { Type: "Fail", Error: "No" } });
    const parallel = (more: object): object =>
      machine({
        All: { Type: "Parallel", Branches: [branch], ...more },
        Failed: { Type: "Fail", Error: "F" },
      });
    const Catch = (Next: string): readonly object[] => [{ ErrorEquals: ["States.ALL"], Next }];
    expect(found("never-succeeds", parallel({ End: true, Catch: Catch("Failed") }))).toHaveLength(1);
    const saved = machine({
      All: { Type: "Parallel", Branches: [branch], Next: "Failed", Catch: Catch("Saved") },
      Failed: { Type: "Fail", Error: "F" },
      Saved: { Type: "Succeed" },
    });
    expect(found("never-succeeds", saved)).toEqual([]);
    expect(found("never-succeeds", branch)).toEqual([]);
    const loop = machine({ A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "A" } });
    expect(found("never-succeeds", loop)).toEqual([]);
  });

  it.each([
    ["its own name", { StateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:flow" }, {}],
    ["the Context object", { "StateMachineArn.$": "$$.StateMachine.Id" }, {}],
    [
      "the Context object in JSONata",
      { StateMachineArn: "{% $states.context.StateMachine.Id %}" },
      { QueryLanguage: "JSONata" },
    ],
  ])("go with a warning where a workflow starts itself by %s", (_, target, language: object) => {
    const Resource = "arn:aws:states:::states:startExecution";
    const given = "QueryLanguage" in language ? { Arguments: target } : { Parameters: target };
    const again = machine({ Again: { Type: "Task", Resource, ...given, End: true } }, language);
    const codes = reviewed(again).diagnostics.map(({ code }) => code);
    expect(codes).toContain("recursive-start");
    expect(codes).not.toContain("unknown-child-workflow");
  });

  it("keep their ids when a Retrier moves and the definition is renamed", () => {
    const slow = { ErrorEquals: ["Slow"], BackoffRate: 2, MaxAttempts: 12 };
    const other = { ErrorEquals: ["Busy"], MaxAttempts: 1 };
    const ids = (...retriers: readonly object[]): readonly string[] =>
      reviewed(machine({ A: lambda("a", { Retry: retriers }) }))
        .findings.filter(({ rule }) => rule === "unbounded-backoff")
        .map(({ id }) => id);
    expect(ids(slow, other)).toStrictEqual(ids(other, slow));
    expect(ids(slow)).toStrictEqual(["unbounded-backoff/States/A#Slow"]);
  });

  it("are suppressed by rule, or by rule and state, and their reasons stay", () => {
    const definition = machine({ A: lambda("a", { Next: "B" }), B: lambda("b") });
    const suppress = [{ rule: "task-without-retry", state: "A", reason: "it is retried by its caller" }];
    const { findings, checks } = reviewed(definition, { workload: { suppress } });
    const left = findings.filter(({ rule }) => rule === "task-without-retry");
    expect(left.flatMap(({ states }) => states)).toStrictEqual(["B"]);
    expect(checks.suppressed).toStrictEqual([
      {
        id: "task-without-retry/States/A",
        rule: "task-without-retry",
        states: ["A"],
        reason: "it is retried by its caller",
      },
    ]);
  });

  it("say of a suppressed rule that does not exist which one was meant", () => {
    const suppress = [{ rule: "task-without-retri", reason: "a slip" }];
    const { diagnostics } = reviewed(machine({ A: lambda("a") }), { workload: { suppress } });
    const told = diagnostics.find(({ code }) => code === "unknown-rule-in-workload");
    expect(told?.hint).toContain("task-without-retry");
    expect(told?.at?.line).toBe(1);
  });

  it("go on when a rule throws, and name it", () => {
    const workflow = workflowOf(machine({ A: lambda("a") }));
    const { stateMachine, workload } = workflow;
    const context = { parseJsonata: null, taskDuration: null, childEnds: () => null };
    const priceList = priceListOf("us-east-1")!;
    const basis = { priceList, transitionRule: "start+entered", others: NO_OTHER_USAGE } as const;
    const estimates = estimateWorkflow({ stateMachine, workload, context, executions: null, basis })!;
    const eligibility = judgeExpress(estimates.profile, workload);
    const thrower: FindingRule = {
      ...findingRules[0]!,
      id: "thrower",
      judge: () => {
        throw new Error("a mistake of ours");
      },
    };
    const review = reviewWorkflow({
      workflow,
      estimates,
      eligibility,
      choice: chooseType({ declared: "STANDARD", estimates, eligibility, priceList }),
      startedTypes: new Map(),
      pricing: { context, basis, executions: null },
      rules: { opportunities: [], findings: [thrower, ...findingRules] },
    });
    expect(review.broken).toStrictEqual([{ rule: "thrower", error: "a mistake of ours" }]);
    expect(review.findings.map(({ rule }) => rule)).toContain("task-without-retry");
    expect([...review.passed, ...review.notApplicable].map(({ id }) => id)).not.toContain("thrower");
  });

  it("take names of any kind", () => {
    const names = ["__proto__", "constructor", "a/b~c", "| `x` |", "\u001b[31m", "é".repeat(80)];
    const states = Object.fromEntries(
      names.map((name, index) => [
        name,
        lambda("charge", {
          Next: names[index + 1] ?? "End",
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "Undo" }],
        }),
      ]),
    );
    const definition = machine({ ...states, End: { Type: "Pass", End: true }, Undo: lambda("refund") });
    const { checks, findings } = reviewed(definition, { type: "EXPRESS" });
    expect(checks.failed).toStrictEqual([]);
    expect(findings.flatMap(({ states: told }) => told)).toContain("__proto__");
  });

  it("judge a chain of many states without overflowing", () => {
    const count = 5000;
    const states = Object.fromEntries(
      Array.from({ length: count }, (_, n) => [
        `S${n}`,
        { Type: "Pass", Result: n, Next: n + 1 < count ? `S${n + 1}` : "End" },
      ]),
    );
    const { checks, opportunities } = reviewed(machine({ ...states, End: { Type: "Succeed" } }));
    expect(checks.failed).toStrictEqual([]);
    expect(opportunities.map(({ rule }) => rule)).toContain("pass-chain");
  });
});

describe("a saga", () => {
  it("that undoes everything has no gap", () => {
    const rules = reviewed(saga()).findings.map(({ rule }) => rule);
    expect(rules.filter((rule) => rule.includes("undo"))).toStrictEqual([]);
  });

  it.each([
    ["Ship", ["Charge", "Reserve"]],
    ["Charge", ["Reserve"]],
    ["Reserve", []],
  ])("with the Catcher of %s removed has that gap and no other", (name, stays) => {
    const found = reviewed(saga({ [name]: { Catch: [] } })).findings.filter(({ rule }) =>
      rule.includes("undo"),
    );
    expect(found.map(({ rule, states }) => [rule, ...states])).toStrictEqual(
      stays.length === 0 ? [] : [["incomplete-undo", name]],
    );
    if (stays.length > 0)
      expect(found[0]?.text).toContain(`${stays.join(", ")} ${stays.length === 1 ? "stays" : "stay"} done`);
  });

  /** A lock for the work, which is released at the end of it and when it fails. */
  const locking = (change: Readonly<Record<string, object>> = {}): object => {
    const states = {
      AcquireLock: lambda("acquire-lock", { Next: "RenewLock" }),
      RenewLock: lambda("renew-lock", {
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "ReleaseLockOnError" }],
        Next: "Work",
      }),
      Work: lambda("work", {
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "ReleaseLockOnError" }],
        Next: "ReleaseLock",
      }),
      ReleaseLock: lambda("release-lock", { Next: "Report" }),
      ReleaseLockOnError: lambda("release-lock", { Next: "Failed" }),
      Report: lambda("report"),
      Failed: { Type: "Fail" },
    };
    const changed = Object.entries(states).map(([name, state]) => [name, { ...state, ...change[name] }]);
    return machine(Object.fromEntries(changed) as object);
  };
  const gaps = (definition: object): readonly string[] =>
    reviewed(definition)
      .findings.filter(({ rule }) => rule === "incomplete-undo")
      .map(({ text }) => text);

  it.each<[string, Record<string, object>]>([
    ["as it is", {}],
    [
      "by a function of another name",
      { ReleaseLockOnError: lambda("unlock-after-error", { Next: "Failed" }) },
    ],
    [
      "together with something else",
      {
        ReleaseLock: {
          Type: "Parallel",
          Branches: [machine({ Release: lambda("release-lock") }), machine({ Log: lambda("log") })],
          Parameters: undefined,
          Resource: undefined,
          Next: "Report",
        },
      },
    ],
  ])("whose lock is released at the end of the work has no gap behind it: %s", (_, change) => {
    expect(gaps(locking(change)).filter((text) => text.startsWith("when Report fails"))).toStrictEqual([]);
  });

  it("tries no release again because it failed", () => {
    expect(gaps(locking())).toStrictEqual([]);
  });

  it("whose lock is released at the end has a gap before that, of the step that acquired it", () => {
    expect(gaps(locking({ Work: { Catch: [] } }))).toStrictEqual([
      "when Work fails, nothing catches it, and AcquireLock stays done: ReleaseLockOnError does not run",
    ]);
  });

  it("keeps steps apart from undos that happen to use the same verb", () => {
    const transfer = machine({
      DebitSender: lambda("debit-sender", { Next: "CreditReceiver" }),
      CreditReceiver: lambda("credit-receiver", {
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "CreditSender" }],
        Next: "Confirm",
      }),
      Confirm: lambda("confirm"),
      CreditSender: lambda("credit-sender", { Next: "Failed" }),
      Failed: { Type: "Fail" },
    });
    expect(gaps(transfer)).toStrictEqual([
      "when Confirm fails, nothing catches it, and DebitSender stays done: CreditSender does not run",
    ]);
  });

  it("takes a Catcher that leads back into the work for a second try", () => {
    const retry = { Ship: { Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.e", Next: "Ship" }] } };
    expect(reviewed(saga(retry)).findings.filter(({ rule }) => rule === "incomplete-undo")).toStrictEqual([]);
  });
});
