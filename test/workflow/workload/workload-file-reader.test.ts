import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../../../src/user-error.ts";
import { parseWorkloadFile, readWorkloadFile } from "../../../src/workflow/workload/whole-workload-file.ts";
import { errorLine } from "../../../src/workflow/workload/workload-file-reader.ts";
import type { WorkloadEntry } from "../../../src/workflow/workload/workload-file.ts";

const COMPLETE = `# what the definitions cannot know
region: eu-west-1
transitionRule: start+entered+end
prices: { discount: 9%, list: prices.json }
defaults:
  logLevel: ERROR
workflows:
  order-processing:
    match: { file: "flows/*.asl.json", arn: "arn:aws:states:*:stateMachine:orders" }
    type: EXPRESS
    executionsPerMonth: { low: 500k, likely: 1_000_000, high: 3M }
    peakPerSecond: 50
    payloadKB: 8
    logLevel: ALL
    logExecutionData: true
    tracing: false
    needsHistory: true
    states:
      RouteByValue: { choices: { ManualReview: 0.02, 1: 3%, default: 0.9 } }
      ProcessLineItems: { items: 4, itemKB: 2 }
      Poll: { rounds: 11 }
      Fulfil:
        duration: { p50: 300ms, p99: 2s }
        errors: { Lambda.TooManyRequestsException: 0.008 }
        failureRate: 1%
        lambda: { memoryMB: 512, architecture: arm64 }
        idempotent: true
      /States/Outer/Branches/0/States/Twin:
        duration: 1.5s
`;

function only(text: string): WorkloadEntry {
  const [entry, ...others] = parseWorkloadFile(text, "stepfare.yml").workflows;
  if (!entry || others.length > 0) throw new Error("expected one entry");
  return entry;
}

function errorsOf(text: string): string[] {
  return readWorkloadFile(text, "stepfare.yml").errors.map(errorLine);
}

function declared(value: number, note: string) {
  return { value, low: value, high: value, basis: "declared", note: `stepfare.yml:${note}` };
}

describe("a complete file", () => {
  const file = parseWorkloadFile(COMPLETE, "stepfare.yml");
  const entry = only(COMPLETE);

  it("carries the settings of the run", () => {
    expect(file).toMatchObject({
      file: "stepfare.yml",
      region: "eu-west-1",
      transitionRule: "start+entered+end",
      prices: { discountPercent: 9, list: "prices.json" },
      defaults: { workload: { logLevel: "ERROR" } },
      diagnostics: [],
    });
  });

  it("says whom an entry is for, and where it stands", () => {
    expect(entry).toMatchObject({
      selector: {
        name: "order-processing",
        file: "flows/*.asl.json",
        arn: "arn:aws:states:*:stateMachine:orders",
      },
      type: "EXPRESS",
      at: { file: "stepfare.yml", line: 8, column: 3, pointer: "/workflows/order-processing" },
    });
  });

  it("turns each number into a declared figure that knows its place", () => {
    expect(entry.workload).toMatchObject({
      executionsPerMonth: {
        value: 1_000_000,
        low: 500_000,
        high: 3_000_000,
        basis: "declared",
        note: "stepfare.yml:11:25",
      },
      peakPerSecond: declared(50, "12:20"),
      payloadKB: declared(8, "13:16"),
      logLevel: "ALL",
      logExecutionData: true,
      tracing: false,
      needsHistory: true,
    });
  });

  it("reads what is said of states", () => {
    const { states } = entry.workload;
    expect(
      [...(states.get("RouteByValue")?.choices ?? [])].map(([key, { value }]) => `${key} ${value}`).sort(),
    ).toStrictEqual(["1 0.03", "ManualReview 0.02", "default 0.9"]);
    expect(states.get("ProcessLineItems")).toMatchObject({
      items: declared(4, "20:34"),
      itemKB: declared(2, "20:45"),
    });
    expect(states.get("Poll")?.rounds?.value).toBe(11);
    expect(states.get("Fulfil")).toMatchObject({
      duration: {
        ms: { value: expect.closeTo(417.87, 1), low: expect.closeTo(417.87, 1) },
        percentiles: [
          [0.5, 300],
          [0.99, 2000],
        ],
      },
      failureRate: declared(0.01, "25:22"),
      lambda: { memoryMB: declared(512, "26:29"), architecture: "arm64" },
      idempotent: true,
    });
    expect(states.get("Fulfil")?.errors.get("Lambda.TooManyRequestsException")?.value).toBe(0.008);
    expect(states.get("/States/Outer/Branches/0/States/Twin")?.duration?.ms.value).toBe(1500);
  });

  it("keeps the places of state keys and branches", () => {
    expect(entry.stateKeys[0]).toMatchObject({
      key: "RouteByValue",
      at: { line: 19, column: 7 },
      figures: [{ key: "choices", at: { line: 19, column: 23 } }],
    });
    expect(entry.stateKeys[0]?.choices.find(({ key }) => key === "ManualReview")?.at).toMatchObject({
      line: 19,
      column: 34,
    });
  });
});

describe("what may be left out", () => {
  it.each([
    "",
    "# nothing",
    "{}",
    "workflows:",
    "workflows:\n  a:\n",
    "workflows: { a: { states: { B: } } }",
    "region:\n",
  ])("reads %j", (text) => {
    expect(errorsOf(text)).toStrictEqual([]);
  });

  it("reads the four ways to say how often", () => {
    const executions = (text: string) =>
      only(`workflows: { a: { ${text} } }`).workload.executionsPerMonth?.value;
    expect(executions("executionsPerMonth: 50/s")).toBe(131_400_000);
    expect(executions("perSecond: 50")).toBe(131_400_000);
    expect(executions("perDay: 24")).toBeCloseTo(730);
    expect(executions("schedule: rate(5 minutes)")).toBe(8760);
    expect(executions("payloadKB: 1")).toBeUndefined();
  });

  it("keeps names that an object's prototype has", () => {
    const entry = only(
      "workflows: { __proto__: { states: { __proto__: { items: 3 }, constructor: { items: 4 } } } }",
    );
    expect(entry.selector.name).toBe("__proto__");
    expect(entry.workload.states.get("__proto__")?.items?.value).toBe(3);
    expect(entry.workload.states.get("constructor")?.items?.value).toBe(4);
  });

  it("takes keys as they are written, whatever YAML makes of such a value", () => {
    const entry = only(
      "workflows: { 007: { states: { null: { items: 1 }, true: { items: 2 }, 1_0: { items: 3 } } } }",
    );
    expect(entry.selector.name).toBe("007");
    expect([...entry.workload.states.keys()]).toStrictEqual(["null", "true", "1_0"]);
  });

  it("follows anchors, aliases and merges", () => {
    const text = "workflows:\n  a: &a { perDay: 24, payloadKB: 3 }\n  b: *a\n  c: { <<: *a, payloadKB: 5 }\n";
    const { workflows } = parseWorkloadFile(text, "stepfare.yml");
    expect(workflows.map(({ workload }) => workload.payloadKB?.value)).toStrictEqual([3, 3, 5]);
    expect(
      workflows.map(({ workload }) => Math.round(workload.executionsPerMonth?.value ?? 0)),
    ).toStrictEqual([730, 730, 730]);
  });

  it("gives an alias the anchor before it, even where the name is used again", () => {
    const text =
      "workflows:\n  a: { payloadKB: &x 1 }\n  b: &b { payloadKB: *x }\n  c: { payloadKB: &x 2 }\n  d: *b\n";
    const sizes = parseWorkloadFile(text, "stepfare.yml").workflows.map(
      ({ workload }) => workload.payloadKB?.value,
    );
    expect(sizes).toStrictEqual([1, 1, 2, 1]);
  });
});

describe("errors", () => {
  it("come all at once, in their order, each with its place and what to write instead", () => {
    const text = `regoin: us-east-1
region: USA
prices: { discount: 0.09 }
workflows:
  a: [1]
  b:
    executionsPerMonth: lots
    logLevel: all
    tracing: yes
    type: lambda
    states:
      X: { choices: { A: 2 }, duration: 300, lamda: 3 }
      "Y\\nZ": 5
`;
    expect(errorsOf(text)).toStrictEqual([
      'stepfare.yml:1:1: "regoin" is no key here. Did you mean "region"?',
      'stepfare.yml:2:9: region: "USA" is no AWS region: write a name such as us-east-1',
      "stepfare.yml:3:21: discount: 0.09 is no percentage from 0% to 100%: write it with its sign, such as 9%",
      "stepfare.yml:5:6: a: a list stands where keys belong: write a group of key: value",
      'stepfare.yml:7:25: executionsPerMonth: "lots" is not understood: write 1M, 1000000/month, 1200/day, 3/h, 10/min or 50/s',
      'stepfare.yml:8:15: logLevel: "all" is not known. Did you mean "ALL"?',
      'stepfare.yml:9:14: tracing: "yes" is neither true nor false: write true or false',
      'stepfare.yml:10:11: type: "lambda" is not known: write STANDARD or EXPRESS',
      "stepfare.yml:12:26: A: 2 is more than the whole: a share lies between 0 and 1; write 2% if you mean percent",
      "stepfare.yml:12:41: duration: 300 has no unit: write 300ms or 300s",
      'stepfare.yml:12:46: "lamda" is no key here. Did you mean "lambda"?',
      'stepfare.yml:13:15: "Y\\nZ": 5 stands where keys belong: write a group of key: value',
    ]);
  });

  it.each([
    ["a: 1\na: 2\n", "stepfare.yml:2:1: this key stands twice in its group. Keep one of them."],
    ["\tregion: x", "stepfare.yml:1:1: a tab cannot indent in YAML. Write spaces."],
    ["a: &x { b: *x }", 'stepfare.yml:1:12: the alias "x" holds itself. Write the value itself.'],
    ["a: *x", 'stepfare.yml:1:4: the alias "x" has no anchor before it. Write the value itself.'],
    ["--- {}\n--- {}\n", /2:1: the file holds more than one YAML document/],
    ["? [a]\n: 2", "stepfare.yml:1:3: a key must be text. Write a name before the colon."],
    ["[".repeat(20_000), /nests too deeply/],
    ["a: {".repeat(40) + "}".repeat(40), /nests more than 32 levels deep/],
    ["- 1", "stepfare.yml:1:1: a list stands where keys belong: write a group of key: value"],
    ["just words", 'stepfare.yml:1:1: "just words" stands where keys belong: write a group of key: value'],
    [
      "workflows: { a: { perDay: 3, perSecond: 5 } }",
      "stepfare.yml:1:19: perDay stands beside perSecond, which says the same: keep one of them",
    ],
    [
      "workflows: { a: { states: { C: { choices: { A: 0.7, B: 40% } } } } }",
      "stepfare.yml:1:34: choices: the shares add up to 1.1: write shares of at most 1 together",
    ],
    [
      "workflows: { a: { states: { T: { errors: { X: 1 }, failureRate: 2% } } } }",
      "stepfare.yml:1:34: errors: the shares add up to 1.02: write shares of at most 1 together, failureRate included",
    ],
    ["workflows: { a: { states: { L: { rounds: 0.5 } } } }", /rounds: 0.5 is less than one round/],
    ["workflows: { a: { states: { __proto__: { items: -1 } } } }", /1:49: items: -1 is negative/],
    ["workflows: { a: { payloadKB: .nan } }", /1:30: payloadKB: NaN is not understood/],
    ["workflows: { a: { payloadKB: .inf } }", /1:30: payloadKB: Infinity is without end/],
  ])("refuses %j", (text, line) => {
    const errors = errorsOf(text);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(line);
  });

  it("refuses an alias bomb quickly", () => {
    const ten = (what: string) => `[${Array.from({ length: 10 }, () => what).join(", ")}]`;
    const bomb = "abcdefghi"
      .split("")
      .map((name, index, names) => `${name}: &${name} ${ten(index === 0 ? "x" : `*${names[index - 1]}`)}`);
    const started = performance.now();
    expect(errorsOf(bomb.join("\n"))[0]).toMatch(/stands for more than 500000 values/);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it("are one UserError with a line for each", () => {
    const error = (() => {
      try {
        return parseWorkloadFile("regoin: x\nworkflow: y\n", "deep/stepfare.yml");
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ code: "invalid-workload-file", exitCode: 2 });
    expect((error as UserError).message.split("\n")).toStrictEqual([
      'deep/stepfare.yml:1:1: "regoin" is no key here. Did you mean "region"?',
      'deep/stepfare.yml:2:1: "workflow" is no key here. Did you mean "workflows"?',
    ]);
  });
});

describe("whatever it is given", () => {
  const key = fc.constantFrom(
    ...[
      "region",
      "workflows",
      "defaults",
      "prices",
      "a",
      "__proto__",
      "states",
      "choices",
      "duration",
      "items",
      "perDay",
      "match",
      "errors",
      "lambda",
      "<<",
    ],
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "medium", withCrossShrink: true },
      fc.oneof(
        fc.string(),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.constantFrom("1M", "2%", "300ms", "ALL"),
      ),
      fc.dictionary(key, tie("value"), { noNullPrototype: true }),
      fc.array(tie("value"), { maxLength: 3 }),
    ),
  }));

  function expectPlaced(text: string): void {
    const lines = text.split(/\r\n|\n/);
    const { workloadFile, errors } = readWorkloadFile(text, "stepfare.yml");
    expect(workloadFile === null).toBe(errors.length > 0);
    for (const { message, at, severity } of errors) {
      expect(severity).toBe("error");
      expect(message).not.toMatch(/\n|undefined|\[object/);
      expect(at?.line).toBeGreaterThanOrEqual(1);
      expect(at?.line).toBeLessThanOrEqual(lines.length);
      expect(at?.column).toBeGreaterThanOrEqual(1);
    }
  }

  it("never throws on JSON, and places every error", () => {
    fc.assert(fc.property(value, (json) => expectPlaced(JSON.stringify(json))));
  });

  it("never throws on JSON below states, and places every error", () => {
    fc.assert(
      fc.property(fc.dictionary(key, value), (states) =>
        expectPlaced(JSON.stringify({ workflows: { w: { states } } }, null, 1)),
      ),
    );
  });

  it("never throws on text that looks like YAML", () => {
    const scrap = fc.constantFrom(
      ..."&a *a : - ? ! | > [ ] { } , # \n".split(" "),
      "\n",
      "\n  ",
      "  ",
      "region",
      "workflows:",
      "a",
      "<<",
      '"',
      "---",
      "\t",
      "1M",
    );
    fc.assert(fc.property(fc.array(scrap, { maxLength: 40 }), (scraps) => expectPlaced(scraps.join(""))));
    fc.assert(fc.property(fc.string(), (text) => expectPlaced(text)));
  });

  it("reads back every share, count and size that is written", () => {
    const figures = fc.record({
      items: fc.nat(),
      itemKB: fc.nat(),
      failureRate: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const name = fc.string({ minLength: 1, unit: "grapheme" });
    fc.assert(
      fc.property(fc.dictionary(name, figures), (states) => {
        const entry = only(JSON.stringify({ workflows: { w: { states } } }));
        expect([...entry.workload.states.keys()].sort()).toStrictEqual(Object.keys(states).sort());
        for (const [state, given] of Object.entries(states)) {
          const read = entry.workload.states.get(state);
          expect(read?.items?.value).toBe(given.items);
          expect(read?.itemKB?.value).toBe(given.itemKB);
          expect(read?.failureRate?.value).toBe(given.failureRate === 0 ? 0 : given.failureRate);
        }
      }),
    );
  });
});
