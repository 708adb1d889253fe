/** What a program gets from the library is data. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import usEast1 from "../pricing/us-east-1.json" with { type: "json" };
import {
  type AnalysisReport,
  type PriceList,
  UserError,
  analyzeDefinition,
  diffAnalyses,
  estimateCost,
  traceExecution,
} from "../src/library.ts";

/** Where a value holds a field that is made when it is read. */
function gettersIn(value: unknown, at = "report"): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(Object.getOwnPropertyDescriptors(value)).flatMap(([key, { get, value: inner }]) =>
    get === undefined ? gettersIn(inner, `${at}.${key}`) : [`${at}.${key}`],
  );
}

test.each([undefined, null, 1, {}, { kind: "diff", schemaVersion: "1", workflows: [] }])(
  "what is no report is refused: %j",
  (given) => {
    expect(() =>
      diffAnalyses(given as unknown as AnalysisReport, given as unknown as AnalysisReport),
    ).toThrow(UserError);
  },
);

test("a report is plain data at any depth: to print, to copy, to change", () => {
  const report = analyzeDefinition(readFileSync("examples/order-processing.asl.json", "utf8"), {
    executions: "1M",
  });
  expect(report.findings.length).toBeGreaterThan(0);
  expect(report.paths.shown.length).toBeGreaterThan(0);
  expect(gettersIn(report)).toStrictEqual([]);
  const [finding] = report.findings;
  expect(Object.assign(finding!, { text: "mine" }).text).toBe("mine");
});

const definition = {
  StartAt: "A",
  States: {
    A: {
      Type: "Choice",
      Choices: [{ Variable: "$.x", IsPresent: true, Next: "B" }],
      Default: "C",
    },
    B: { Type: "Succeed" },
    C: { Type: "Pass", End: true },
  },
};

test("an estimate is that of the definition's type", () => {
  const options = { executions: "1M" } as const;
  const { estimates } = analyzeDefinition(definition, options);
  expect(estimateCost(definition, options)).toStrictEqual(estimates.STANDARD);
  expect(estimateCost(definition, { ...options, type: "EXPRESS" }).type).toBe("EXPRESS");
  expect(() => estimateCost("{}")).toThrow("not an Amazon States Language definition");
});

test("figures that nothing uses are told, as the command line tells them", () => {
  const workload = {
    type: "EXPRESS",
    states: { Nope: { duration: "3s" }, A: { choices: { Nada: "5%" } }, C: { items: 3 } },
  };
  const report = analyzeDefinition(definition, { workload });
  expect(report.type).toBe("EXPRESS");
  expect(report.diagnostics.map(({ code }) => code)).toEqual(
    expect.arrayContaining([
      "unknown-state-in-workload",
      "unknown-branch-in-workload",
      "unused-figure-in-workload",
    ]),
  );
});

test("options as they should be are taken", () => {
  for (const executions of [5, "1M", "50/s", { low: 1, likely: "2k", high: 3e3 }, undefined]) {
    const priceList = usEast1 as PriceList;
    const options = { name: "n", type: "EXPRESS", borrow: false, top: 1, priceList } as const;
    expect(analyzeDefinition(definition, { ...options, executions: executions! }).name).toBe("n");
  }
});

const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;

test.each<[unknown, string]>([
  [null, "The options are null: write an object"],
  [[], "The options are a list"],
  [{ type: "express" }, 'type: "express" is not known: write "STANDARD" or "EXPRESS"'],
  [{ type: null }, "type: null is not known"],
  [{ transitionRule: "all" }, 'transitionRule: "all" is not known: write "entered" or'],
  [{ executions: Number.NaN }, "executions: NaN is not understood: write 1M"],
  [{ executions: Infinity }, "executions: Infinity is without end"],
  [{ executions: -5 }, "executions: -5 is negative"],
  [{ executions: 5n }, "executions: 5n is not a number"],
  [{ executions: null }, "executions: null is not a number"],
  [{ top: 0 }, "top: 0 is no whole number above 0"],
  [{ top: "5" }, 'top: "5" is no whole number'],
  [{ borrow: "no" }, 'borrow: "no" is not understood: write true or false'],
  [{ name: 5 }, "name: 5 is not understood: write text"],
  [{ name: "" }, 'name: "" is not understood'],
  [{ region: 5 }, "region: 5 is not understood"],
  [{ workload: "1M" }, 'workload: "1M" stands where keys belong'],
  [{ workload: { states: { B: { rounds: 1n } } } }, 'workload: "rounds" is 1n: write what JSON can hold'],
  [{ workload: { payloadKB: Number.NaN } }, 'workload: "payloadKB" is NaN'],
  [{ workload: cyclic }, "workload: it holds itself"],
  [{ execution: 5 }, 'There is no option "execution". Did you mean "executions"?'],
  [{ type: "x", top: 1.5 }, "\ntop: 1.5 is no whole number"],
])("options %o are refused", (options, words) => {
  const analysing = () => analyzeDefinition(definition, options as object);
  expect(analysing).toThrow(expect.objectContaining({ name: "UserError", code: "wrong-option" }));
  expect(analysing).toThrow(words);
});

test.each([[{}], [[]], ["us-east-1"], [{ ...usEast1, prices: { StateTransition: 0.025 } }]])(
  "%o is no price list",
  (priceList) => {
    expect(() => analyzeDefinition(definition, { priceList: priceList as PriceList })).toThrow(
      expect.objectContaining({
        code: "invalid-price-list",
        message: expect.stringMatching(/^priceList is not/),
      }),
    );
  },
);

test.each<[unknown, string]>([
  [null, "The options are null"],
  [{ type: "express" }, 'type: "express" is not known'],
  [{ seed: "1" }, 'seed: "1" is no finite number'],
  [{ seed: Number.NaN }, "seed: NaN is no finite number"],
  [{ context: 5 }, "context: 5 stands where keys belong"],
  [{ results: [] }, "results: a list stands where keys belong"],
  [{ children: null }, "children: null stands where keys belong"],
  [{ imput: {} }, 'There is no option "imput". Did you mean "input"?'],
])("a trace with the options %o is refused", async (options, words) => {
  const tracing = traceExecution(definition, options as object);
  await expect(tracing).rejects.toMatchObject({
    name: "UserError",
    code: "wrong-option",
    message: expect.stringContaining(words),
  });
});

test("a trace takes its options", async () => {
  const options = {
    input: { x: 1 },
    results: {},
    context: {},
    seed: 1.5,
    children: {},
    type: "EXPRESS",
  } as const;
  expect((await traceExecution(definition, options)).entered.map(({ name }) => name)).toEqual(["A", "B"]);
});
