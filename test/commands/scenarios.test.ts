/** Scenario files through the commands: found, acted out, priced, and told apart when they no longer run. */
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli.ts";
import type { AnalysisReport, WorkflowReport } from "../../src/report/analysis-report.ts";
import { fakeShell } from "../fake-shell.ts";

const ORDER = JSON.stringify({
  StartAt: "Check",
  States: {
    Check: {
      Type: "Choice",
      Choices: [{ Variable: "$.total", NumericGreaterThan: 100, Next: "Review" }],
      Default: "Pay",
    },
    Review: { Type: "Pass", Next: "Pay" },
    Pay: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      ResultPath: null,
      Retry: [{ ErrorEquals: ["Busy"], IntervalSeconds: 2, MaxAttempts: 3 }],
      Next: "PackAll",
    },
    PackAll: {
      Type: "Map",
      ItemsPath: "$.items",
      ItemProcessor: { StartAt: "Pack", States: { Pack: { Type: "Pass", End: true } } },
      End: true,
    },
  },
});

const SCENARIOS = `scenarios:
  - name: small
    weight: 3
    input: { total: 5, items: [1, 2] }
    results: { Pay: { output: 1, durationMs: 300 } }
  - name: large
    input: { total: 500, items: [1, 2, 3, 4] }
    results: { Pay: [{ error: Busy, durationMs: 100 }, { output: 1, durationMs: 300 }] }
`;

async function run(argv: readonly string[], files: Readonly<Record<string, string>>) {
  const shell = fakeShell({ files });
  const exitCode = await main(argv, shell);
  return { exitCode, out: shell.stdout.text, err: shell.stderr.text };
}

async function analyze(files: Readonly<Record<string, string>>, ...more: string[]) {
  const { exitCode, out, err } = await run(["analyze", "order.asl.json", "--format", "json", ...more], files);
  expect({ exitCode, err: exitCode === 0 ? "" : err }).toEqual({ exitCode: 0, err: "" });
  return (JSON.parse(out) as AnalysisReport).workflows[0]!;
}

const visits = ({ states }: WorkflowReport) =>
  Object.fromEntries(states.map((each) => [each.name, each.visits]));
const failures = ({ diagnostics }: WorkflowReport) =>
  diagnostics
    .filter(({ code }) => code === "scenario-failed")
    .map(({ message, at }) => `${at?.line}: ${message}`);

describe("scenarios beside a definition", () => {
  const files = { "order.asl.json": ORDER, "order.scenarios.yml": SCENARIOS };

  test("give the visits of the analysis, as inferred figures with the file as source", async () => {
    const report = await analyze(files);
    expect(visits(report)).toEqual({ Check: 1, Review: 0.25, Pay: 1, PackAll: 1, Pack: 2.5 });
    expect(report.transitions).toMatchObject({ mean: 1 + 5.75 + 0.25, retries: 0.25 });
    expect(report.branches.map(({ to, share, basis }) => [to, share, basis])).toEqual([
      ["Review", 0.25, "inferred"],
      ["Pay", 0.75, "inferred"],
    ]);
    const notes = report.recommendation.assumptions.map(({ figure }) => figure.note);
    expect(notes).toContain("order.scenarios.yml, 2 scenarios");
  });

  test("are paths of their own, at the price of just what they did", async () => {
    const { scenarios } = await analyze(files);
    expect(scenarios).toMatchObject([
      {
        name: "small",
        weight: 3,
        status: "SUCCEEDED",
        passed: true,
        transitions: 6,
        retries: 0,
        durationMs: 300,
      },
      { name: "large", weight: 1, transitions: 1 + 8 + 1, retries: 1, durationMs: 2_400, historyEvents: 34 },
    ]);
    expect(scenarios[1]!.states).toEqual(["Check", "Review", "Pay", "PackAll", "Pack"]);
    expect(scenarios[1]!.visits).toEqual([1, 1, 1, 1, 4]);
    expect(scenarios[0]!.standardCost).toBeCloseTo(6 * 0.000025, 12);
    // A request, and 2.4 s at 64 MB.
    expect(scenarios[1]!.expressCost).toBeCloseTo(0.000001 + 2.4 * (64 / 1024) * 0.00001667, 12);
    expect(scenarios[1]!.at).toMatchObject({ file: "order.scenarios.yml", line: 6 });
  });

  test("follow the run's transition rule", async () => {
    const { scenarios } = await analyze(files, "--transition-rule", "entered");
    expect(scenarios.map(({ transitions }) => transitions)).toEqual([5, 9]);
  });

  test("leave what stepfare.yml declares alone", async () => {
    const declared =
      "workflows: { order: { states: { Check: { choices: { Review: 0.5 } }, Pay: { duration: 7s } } } }";
    const report = await analyze({ ...files, "stepfare.yml": declared });
    expect(visits(report)).toMatchObject({ Review: 0.5, Pack: 2.5 });
    expect(report.branches[0]!.basis).toBe("declared");
  });

  test("say what happens, not what cannot: the worst case stays the definition's", async () => {
    const counted = {
      StartAt: "Zero",
      States: {
        Zero: { Type: "Pass", Result: 0, ResultPath: "$.n", Next: "Poll" },
        Poll: {
          Type: "Task",
          Resource: "arn:aws:states:::lambda:invoke",
          ResultPath: "$.done",
          Next: "Done?",
        },
        "Done?": {
          Type: "Choice",
          Choices: [{ Variable: "$.done", BooleanEquals: true, Next: "End" }],
          Default: "Count",
        },
        Count: { Type: "Pass", Parameters: { "n.$": "States.MathAdd($.n, 1)" }, Next: "Enough?" },
        "Enough?": {
          Type: "Choice",
          Choices: [{ Variable: "$.n", NumericGreaterThanEquals: 5, Next: "End" }],
          Default: "Poll",
        },
        End: { Type: "Succeed" },
      },
    };
    const scenarios =
      "scenarios: [{ name: second, results: { Poll: [{ output: false }, { output: true }] } }]";
    const definition = { "order.asl.json": JSON.stringify(counted) };
    const alone = await analyze(definition);
    const report = await analyze({ ...definition, "order.scenarios.yml": scenarios });
    expect(visits(report)).toMatchObject({ Poll: 2, Count: 1, End: 1 });
    expect(report.transitions.worst).toBe(alone.transitions.worst);
    expect(report.transitions.worst).not.toBeNull();
  });

  test("stand in every format", async () => {
    for (const format of ["table", "markdown"]) {
      const { out } = await run(["analyze", "order.asl.json", "--format", format], files);
      expect(out).toContain("Scenarios");
      expect(out).toContain("Pack ×4");
    }
  });

  test("may be named in stepfare.yml, by path or glob", async () => {
    const { "order.scenarios.yml": text } = files;
    for (const named of ["cases/order.yml", "cases/*.yml"]) {
      const report = await analyze({
        "order.asl.json": ORDER,
        "cases/order.yml": text,
        "stepfare.yml": `workflows: { order: { scenarios: "${named}" } }`,
      });
      expect(report.scenarios.map(({ name }) => name)).toEqual(["small", "large"]);
    }
    const { exitCode, err } = await run(["analyze", "order.asl.json"], {
      "order.asl.json": ORDER,
      "stepfare.yml": "workflows: { order: { scenarios: gone.yml } }",
    });
    expect(exitCode).toBe(2);
    expect(err).toContain('stepfare.yml:1:34: no file matches "gone.yml"');
  });

  test("take input and results from files of their own", async () => {
    const report = await analyze({
      "order.asl.json": ORDER,
      "order.scenarios.json": JSON.stringify({
        scenarios: [{ name: "a", inputFile: "in/order.json", resultsFile: "in/results.yml" }],
      }),
      "in/order.json": '{"total": 500, "items": []}',
      "in/results.yml": "Pay: { output: 1 }",
    });
    expect(visits(report)).toMatchObject({ Review: 1, Pack: 0 });
  });

  test("are not taken for definitions that cannot be read", async () => {
    const { err, out } = await run(
      ["analyze", "order.asl.json", "order.scenarios.yml", "--format", "json"],
      files,
    );
    expect(err).toBe("");
    expect((JSON.parse(out) as AnalysisReport).diagnostics).toEqual([]);
  });
});

describe("a scenario that no longer runs", () => {
  const broken = async (scenario: string) => {
    const report = await analyze({
      "order.asl.json": JSON.stringify(JSON.parse(ORDER), null, 1),
      "order.scenarios.yml": `${SCENARIOS}  - ${scenario}\n`,
    });
    // What does not run is shown, and its figures are not used.
    expect(report.scenarios).toHaveLength(3);
    expect(report.scenarios[2]!.passed).toBe(false);
    expect(visits(report)["Pack"]).toBe(2.5);
    return failures(report);
  };

  test("because its results name a state that is not there", async () => {
    const results =
      "{ name: x, input: { total: 1, items: [] }, results: { Pay: { output: 1 }, Pyment: { output: 1 } } }";
    expect(await broken(results)).toEqual([
      '9: scenario "x" (order.scenarios.yml:9:79): there are results for "Pyment", but no state has this name',
    ]);
  });

  test("because a Task is entered that its results say nothing of", async () => {
    const [first] = await broken("{ name: x, input: { total: 1, items: [] } }");
    expect(first).toContain('"Pay" is entered, but the results say nothing of it');
    expect(first).toMatch(/^1\d: /);
  });

  test("because its input does not match any more", async () => {
    const [first] = await broken("{ name: x, input: { total: 1 }, results: { Pay: { output: 1 } } }");
    expect(first).toContain('it ends FAILED in "PackAll" with States.Runtime');
    expect(first).toContain("order.scenarios.yml:9:13");
    expect(Number.parseInt(first!, 10)).toBeGreaterThan(20);
  });

  test("because it ends otherwise than it should", async () => {
    const input = "input: { total: 1, items: [] }";
    const lost = "results: { Pay: { error: NoMoney } }";
    expect((await broken(`{ name: x, ${input}, ${lost} }`))[0]).toContain("and should end SUCCEEDED");
    const [other] = await broken(`{ name: x, ${input}, ${lost}, expect: { error: Broken } }`);
    expect(other).toContain("with NoMoney, and should end FAILED with Broken");
    const fine = "results: { Pay: { output: 1 } }";
    expect((await broken(`{ name: x, ${input}, ${fine}, expect: { status: FAILED } }`))[0]).toContain(
      "it ends SUCCEEDED, and should end FAILED",
    );
  });

  test("a failure that is expected is none", async () => {
    const report = await analyze({
      "order.asl.json": ORDER,
      "order.scenarios.yml":
        "scenarios: [{ name: x, input: { total: 1 }, results: { Pay: { error: NoMoney } }, expect: { error: NoMoney } }]",
    });
    expect(failures(report)).toEqual([]);
    expect(report.scenarios).toMatchObject([{ status: "FAILED", error: "NoMoney", passed: true }]);
    expect(visits(report)).toMatchObject({ Pay: 1, PackAll: 0 });
  });

  test("because it runs for ever", async () => {
    const loop = { StartAt: "A", States: { A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "A" } } };
    const report = await analyze({
      "order.asl.json": JSON.stringify(loop),
      "order.scenarios.yml": "scenarios: [{ name: for ever }]",
    });
    expect(report.scenarios).toMatchObject([{ status: "FAILED", historyEvents: 25_000, passed: false }]);
    expect(failures(report)[0]).toContain("maximum number of history events (25000)");
  });
});

describe("a scenario file that cannot be read", () => {
  test("ends the run with every error of every file", async () => {
    const { exitCode, out, err } = await run(["analyze", "."], {
      "order.asl.json": ORDER,
      "order.scenarios.yml": "scenarios: [{ nmae: a, wieght: 2 }]",
      "other.asl.json": ORDER,
      "other.scenarios.yml":
        "scenarios: [{ name: a, inputFile: gone.json }, { name: b, inputFile: bad.json }]",
      "bad.json": '{\n "a": nope }',
    });
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
    expect(err).toContain('order.scenarios.yml:1:15: "nmae" is no key here. Did you mean "name"?');
    expect(err).toContain('order.scenarios.yml:1:24: "wieght" is no key here. Did you mean "weight"?');
    expect(err).toContain("other.scenarios.yml:1:24: ");
    expect(err).toContain("gone.json");
    expect(err).toMatch(/bad\.json:2:7: /);
  });

  test("two for one definition are one too many", async () => {
    const { exitCode, err } = await run(["analyze", "order.asl.json"], {
      "order.asl.json": ORDER,
      "order.scenarios.yml": SCENARIOS,
      "order.scenarios.json": "{}",
    });
    expect(exitCode).toBe(2);
    expect(err).toContain("order.scenarios.yml and order.scenarios.json are both for order.asl.json.");
  });
});

describe("trace --scenario", () => {
  const files = { "order.asl.json": ORDER, "order.scenarios.yml": SCENARIOS };

  test("acts one of them out", async () => {
    const { exitCode, out, err } = await run(["trace", "order.asl.json", "--scenario", "large"], files);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    expect(out).toContain("order: SUCCEEDED after 2.4 s");
    expect(out).toContain("1 retry = 10 state transitions");
  });

  test("says what is there when the name is not", async () => {
    const { exitCode, err } = await run(["trace", "order.asl.json", "--scenario", "lrage"], files);
    expect(exitCode).toBe(2);
    expect(err).toContain('There is no scenario "lrage".\n  Did you mean "large"?');
  });

  test("stands alone", async () => {
    const given = ["trace", "order.asl.json", "--scenario", "large", "--input", "x.json"];
    expect((await run(given, files)).err).toContain("--input stands beside --scenario");
    const none = await run(["trace", "order.asl.json", "--scenario", "large"], { "order.asl.json": ORDER });
    expect(none.err).toContain("There is no scenario file for order.asl.json.");
  });

  test("tells when it ends otherwise than it should", async () => {
    const scenarios = "scenarios: [{ name: a, input: { total: 1 }, results: { Pay: { error: E } } }]";
    const { exitCode, err } = await run(["trace", "order.asl.json", "--scenario", "a"], {
      "order.asl.json": ORDER,
      "order.scenarios.yml": scenarios,
    });
    expect(exitCode).toBe(0);
    expect(err).toContain(
      'error: order.scenarios.yml:1:21: it ends FAILED in "Pay" with E, and should end SUCCEEDED',
    );
  });
});

describe("the examples", () => {
  test.each(["order-saga", "card-payment"])("%s: every scenario runs as its file says", async (name) => {
    const entries = [`${name}.asl.json`, `${name}.scenarios.yml`].map(
      async (file) =>
        [file, await readFile(new URL(`../../examples/${file}`, import.meta.url), "utf8")] as const,
    );
    const files = Object.fromEntries(await Promise.all(entries));
    const { out, exitCode } = await run(["analyze", `${name}.asl.json`, "--format", "json"], files);
    expect(exitCode).toBe(0);
    const [report] = (JSON.parse(out) as AnalysisReport).workflows;
    expect(failures(report!)).toEqual([]);
    expect(report!.scenarios.length).toBeGreaterThanOrEqual(3);
    expect(report!.scenarios.every(({ passed, standardCost }) => passed && standardCost! > 0)).toBe(true);
    expect(new Set(report!.scenarios.map(({ status }) => status))).toEqual(new Set(["SUCCEEDED", "FAILED"]));
  });
});
