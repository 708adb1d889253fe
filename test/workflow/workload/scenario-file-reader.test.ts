/** Scenario files as read: the values, and every error with its place. */
import { describe, expect, it } from "vitest";
import { readResultsFile, readScenarioFile } from "../../../src/workflow/workload/scenario-file-reader.ts";

const errorsOf = (text: string) =>
  readScenarioFile(text, "order.scenarios.yml").errors.map(
    ({ at, message, hint }) => `${at?.line}:${at?.column} ${message}${hint === null ? "" : `. ${hint}`}`,
  );

describe("a scenario file", () => {
  it("holds what each scenario says, and the defaults of what it does not", () => {
    const { scenarioFile } = readScenarioFile(
      "scenarios:\n  - name: fine\n    results: { Pay: { output: 1 } }\n  - { name: bad, weight: 2, inputFile: in.json, expect: { error: NoMoney } }\n",
      "order.scenarios.yml",
    );
    const [fine, bad] = scenarioFile!.scenarios;
    expect(fine).toMatchObject({
      name: "fine",
      input: { kind: "value", value: {} },
      results: { kind: "value", value: { Pay: { output: 1 } } },
      weight: 1,
      context: null,
      seed: 0,
      expect: { status: "SUCCEEDED", error: null },
      at: { file: "order.scenarios.yml", line: 2, column: 11 },
    });
    expect(fine!.locate("results", "Pay")).toMatchObject({ line: 3, column: 16 });
    expect(bad).toMatchObject({
      input: { kind: "file", path: "in.json", at: { line: 4 } },
      weight: 2,
      expect: { status: "FAILED", error: "NoMoney" },
    });
  });

  it("is also read as JSON, and null is an input like any other", () => {
    const { scenarioFile, errors } = readScenarioFile(
      '{"scenarios": [{"name": "a", "input": null}]}',
      "a.json",
    );
    expect(errors).toEqual([]);
    expect(scenarioFile!.scenarios[0]!.input).toEqual({ kind: "value", value: null });
  });

  it("keeps states with awkward names, and inputs that nest deep", () => {
    const deep = `${"[".repeat(300)}${"]".repeat(300)}`;
    const text = `{"scenarios": [{"name": "a", "input": ${deep}, "results": {"__proto__": {"output": {"__proto__": 1}}}}]}`;
    const { scenarioFile, errors } = readScenarioFile(text, "a.json");
    expect(errors).toEqual([]);
    const { results } = scenarioFile!.scenarios[0]!;
    expect(results.kind === "value" && Object.keys(results.value)).toEqual(["__proto__"]);
  });

  it("tells every error at once, each with its place and what to write", () => {
    const text = [
      "scenarios:",
      "  - name: a",
      "    wieght: 2",
      "    results:",
      "      Pay: [{ output: 1, duration: 5 }, {}]",
      "      Ship: { output: 1, error: E }",
      "  - name: a",
      "    weight: many",
      "    input: .nan",
      "    expect: { status: FAILD }",
    ].join("\n");
    expect(errorsOf(text)).toEqual([
      '3:5 "wieght" is no key here. Did you mean "weight"?',
      '5:26 "duration" is no key here. Did you mean "durationMs"?',
      "5:41 an outcome has either an output or an error: write one of them",
      "6:13 Ship: an outcome has either an output or an error: write one of them",
      '8:13 weight: "many" is no weight: write a number of 0 or more',
      "9:12 input: NaN is no JSON number",
      '10:23 status: "FAILD" is not known. Did you mean "FAILED"?',
    ]);
  });

  it.each([
    [
      "scenarios: [{ name: a }, { name: a }]",
      '1:28 "a" is the name of another scenario: write a different one',
    ],
    [
      "scenarios: [{ name: a, input: 1, inputFile: x }]",
      "1:34 inputFile stands beside input, which says the same: keep one of them",
    ],
    [
      "scenarios: [{ name: a, expect: { status: SUCCEEDED, error: E } }]",
      "1:53 error: an execution that succeeds ends with none: leave it out",
    ],
    [
      "scenarios: hello",
      '1:12 scenarios: "hello" stands where a list belongs: begin each of its lines with -',
    ],
    ["", "1:1 scenarios: it is missing"],
    ["scenarios: [", "1:13 this is not YAML"],
    ["just text", '1:1 "just text" stands where keys belong: write a group of key: value'],
  ])("refuses %j", (text, error) => {
    expect(errorsOf(text)[0]).toContain(error);
  });

  it("never throws, whatever it is given", () => {
    for (const text of ["\u0000", "[".repeat(100_000), "&a [*a]", "scenarios: &a [*a]", "- - -", "? : ?"]) {
      expect(readScenarioFile(text, "x.yml").scenarioFile).toBeNull();
    }
  });
});

describe("a file of results", () => {
  it("is held to the same format", () => {
    expect(readResultsFile("Pay: { output: 1 }", "r.yml").results).toEqual({ Pay: { output: 1 } });
    expect(readResultsFile("Pay: { outptu: 1 }", "r.yml").errors[0]).toMatchObject({
      at: { file: "r.yml", line: 1, column: 8 },
      message: expect.stringContaining('Did you mean "output"?') as string,
    });
    expect(readResultsFile("[]", "r.yml").results).toBeNull();
  });
});
