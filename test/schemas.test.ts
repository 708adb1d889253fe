/** The published schemas: `npm run schemas` writes them anew, and these tests hold them to the code. */
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import prettier from "prettier";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { fleetSchema } from "../src/workflow/fleet/fleet-schema.ts";
import { readScenarioFile } from "../src/workflow/workload/scenario-file-reader.ts";
import { scenarioFileSchema } from "../src/workflow/workload/scenario-file-schema.ts";
import { readWorkloadFile } from "../src/workflow/workload/whole-workload-file.ts";
import { workloadFileSchema } from "../src/workflow/workload/workload-file-schema.ts";
import { jsonSchemaOf } from "./json-schema-of.ts";

const published = jsonSchemaOf(workloadFileSchema, {
  id: "https://unpkg.com/stepfare/schemas/stepfare.schema.json",
  title: "stepfare.yml",
});

const publishedScenarios = jsonSchemaOf(scenarioFileSchema, {
  id: "https://unpkg.com/stepfare/schemas/scenarios.schema.json",
  title: "Scenario file",
});

const validate = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(
  published,
);

describe("stepfare.schema.json", () => {
  it("is up to date", async () => {
    const config = await prettier.resolveConfig("schemas/stepfare.schema.json");
    const text = await prettier.format(JSON.stringify(published), { ...config, parser: "json" });
    await expect(text).toMatchFileSnapshot("../schemas/stepfare.schema.json");
  });

  it("says of every key what it means", () => {
    const undescribed: string[] = [];
    const waiting: [string, unknown][] = [["", published]];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [path, schema] = next;
      if (typeof schema !== "object" || schema === null) continue;
      for (const [keyword, value] of Object.entries(schema)) {
        waiting.push([`${path}/${keyword}`, value]);
        if (keyword !== "properties" || "likely" in value) continue;
        for (const [key, property] of Object.entries(value as Record<string, object>)) {
          if (!("description" in property)) undescribed.push(`${path}/${key}`);
        }
      }
    }
    expect(undescribed).toStrictEqual([]);
  });

  it.each([
    "{}",
    "region: eu-west-1",
    "$schema: ./schemas/stepfare.schema.json",
    "prices: { discount: 9%, list: prices.json }",
    "defaults: { payloadKB: 3KB, logLevel: OFF }",
    "workflows: { a: { executionsPerMonth: 1_000_000 } }",
    "workflows: { a: { executionsPerMonth: { low: 1k, likely: 2k, high: 1M/month } } }",
    "workflows: { a: { executionsPerMonth: 50/s, states: } }",
    "workflows: { a: { schedule: cron(0 12 * * ? *) } }",
    "workflows: { a: { schedule: rate(1 day), type: EXPRESS, match: { file: '*.json' } } }",
    "workflows: { a: { states: { B: { duration: 300ms, choices: { C: 2%, 0: 0.5 } } } } }",
    "workflows: { a: { states: { B: { duration: { p50: 1s, p99.9: 1m30s } } } } }",
    "workflows: { a: { states: { B: { duration: { low: 1s, likely: 2s }, lambda: { memoryMB: 1GB } } } } }",
    "workflows: { a: { states: { B: { rounds: 2.5, errors: { States.ALL: .1 }, idempotent: false } } } }",
  ])("accepts what the reader accepts: %s", (text) => {
    expect(readWorkloadFile(text, "stepfare.yml").errors).toStrictEqual([]);
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([
    "regoin: us-east-1",
    "region: USA",
    "transitionRule: all",
    "prices: { discount: 0.09 }",
    "prices: { discount: 101% }",
    "workflows: []",
    "workflows: { a: [] }",
    "workflows: { a: { executionsPerMonth: -1 } }",
    "workflows: { a: { executionsPerMonth: lots } }",
    "workflows: { a: { executionsPerMonth: { low: 1, high: 2 } } }",
    "workflows: { a: { executionsPerMonth: 5/fortnight } }",
    "workflows: { a: { schedule: hourly } }",
    "workflows: { a: { tracing: yes } }",
    "workflows: { a: { logLevel: all } }",
    "workflows: { a: { states: { B: { duration: 300 } } } }",
    "workflows: { a: { states: { B: { duration: { p50: 1s, likely: 2s } } } } }",
    "workflows: { a: { states: { B: { duration: { p101: 1s } } } } }",
    "workflows: { a: { states: { B: { choices: { C: 2 } } } } }",
    "workflows: { a: { states: { B: { rounds: 0.5 } } } }",
    "workflows: { a: { states: { B: { lambda: { memoryMB: 0 } } } } }",
    "workflows: { a: { states: { B: { lamda: {} } } } }",
  ])("refuses what the reader refuses: %s", (text) => {
    expect(readWorkloadFile(text, "stepfare.yml").errors).not.toStrictEqual([]);
    expect(validate(parse(text))).toBe(false);
  });

  /** The schema knows no sums and no order of numbers, so it may accept more than the reader, never less. */
  it("accepts whatever the reader accepts", () => {
    const written = fc.oneof(
      fc.constantFrom(
        "1M",
        "2%",
        "300ms",
        "1h30m",
        "5/s",
        "8KB",
        "512MB",
        "ALL",
        "x",
        "rate(5 minutes)",
        " 1 ",
        "",
        null,
        true,
      ),
      fc.double(),
      fc.nat(3),
      fc.record({ low: fc.nat(2), likely: fc.nat(4), high: fc.nat(9) }, { requiredKeys: ["likely"] }),
      fc.record(
        { p50: fc.constant("1s"), p99: fc.constantFrom("2s", " 2s", "0", 0, "00") },
        { requiredKeys: [] },
      ),
    );
    const keys = [
      "choices",
      "items",
      "itemKB",
      "rounds",
      "duration",
      "errors",
      "failureRate",
      "lambda",
      "idempotent",
    ];
    const state = fc.dictionary(
      fc.constantFrom(...keys),
      fc.oneof(written, fc.dictionary(fc.string(), written)),
      {
        noNullPrototype: true,
      },
    );
    let accepted = 0;
    fc.assert(
      fc.property(state, (given) => {
        const file = { workflows: { w: { states: { S: given } } } };
        const text = JSON.stringify(file);
        if (readWorkloadFile(text, "stepfare.yml").errors.length > 0) return;
        accepted++;
        expect(validate(JSON.parse(text)), text + JSON.stringify(validate.errors)).toBe(true);
      }),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(50);
  });
});

describe("scenarios.schema.json", () => {
  const validateScenarios = new Ajv2020({
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
  }).compile(publishedScenarios);

  it("is up to date", async () => {
    const config = await prettier.resolveConfig("schemas/scenarios.schema.json");
    const text = await prettier.format(JSON.stringify(publishedScenarios), { ...config, parser: "json" });
    await expect(text).toMatchFileSnapshot("../schemas/scenarios.schema.json");
  });

  it.each([
    "scenarios: []",
    "scenarios: [{ name: a }]",
    "scenarios: [{ name: a, input: null, weight: 0, seed: -1 }]",
    "scenarios: [{ name: a, inputFile: in.json, resultsFile: out.json }]",
    "scenarios: [{ name: a, results: { T: { output: } } }]",
    "scenarios: [{ name: a, results: { T: [{ error: , cause: x, durationMs: 3 }, { output: [1] }] } }]",
    "scenarios: [{ name: a, results: { T: { output: 1, heartbeatsMs: [1, 2] } }, context: { Execution: {} } }]",
    "scenarios: [{ name: a, expect: { status: FAILED, error: Broken } }]",
  ])("accepts what the reader accepts: %s", (text) => {
    expect(readScenarioFile(text, "f.scenarios.yml").errors).toStrictEqual([]);
    expect(validateScenarios(parse(text)), JSON.stringify(validateScenarios.errors)).toBe(true);
  });

  it.each([
    "{}",
    "scenarios: {}",
    "scenarios: [{}]",
    "scenarios: [{ name: '' }]",
    "scenarios: [{ nmae: a }]",
    "scenarios: [{ name: a, weight: -1 }]",
    "scenarios: [{ name: a, results: [] }]",
    "scenarios: [{ name: a, results: { T: [] } }]",
    "scenarios: [{ name: a, results: { T: {} } }]",
    "scenarios: [{ name: a, results: { T: { output: 1, error: E } } }]",
    "scenarios: [{ name: a, results: { T: { output: 1, duration: 5 } } }]",
    "scenarios: [{ name: a, results: { T: { output: 1, durationMs: -5 } } }]",
    "scenarios: [{ name: a, expect: { status: DONE } }]",
    "scenarios: [{ name: a, context: 5 }]",
  ])("refuses what the reader refuses: %s", (text) => {
    expect(readScenarioFile(text, "f.scenarios.yml").errors).not.toStrictEqual([]);
    expect(validateScenarios(parse(text))).toBe(false);
  });
});

describe("fleet.schema.json", () => {
  const fleet = jsonSchemaOf(fleetSchema, {
    id: "https://unpkg.com/stepfare/schemas/fleet.schema.json",
    title: "fleet.json",
  });

  it("is up to date", async () => {
    const config = await prettier.resolveConfig("schemas/fleet.schema.json");
    const text = await prettier.format(JSON.stringify(fleet), { ...config, parser: "json" });
    await expect(text).toMatchFileSnapshot("../schemas/fleet.schema.json");
  });

  it("accepts a fleet without machines, and nothing of another kind or version", () => {
    const accepts = new Ajv2020({ strict: false }).compile(fleet);
    const empty = {
      schemaVersion: "1",
      kind: "fleet",
      month: "2026-10",
      period: { from: "2026-10-01T00:00:00.000Z", until: "2026-11-01T00:00:00.000Z", partial: false },
      collectedWith: { calls: 1, metrics: 0, cost: 0 },
      regions: [],
      diagnostics: [],
      machines: [],
    };
    expect(accepts(empty)).toBe(true);
    expect(accepts({ ...empty, schemaVersion: "0" })).toBe(false);
    expect(accepts({ ...empty, kind: "analysis" })).toBe(false);
    expect(accepts({ ...empty, machines: [{}] })).toBe(false);
  });
});
