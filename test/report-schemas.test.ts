/** The published schemas of reports, made from the very types of the reports: `npm run schemas` writes them anew, and these tests hold real reports to them. */
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import prettier from "prettier";
import { type Config, createGenerator } from "ts-json-schema-generator";
import { describe, expect, test } from "vitest";
import { runAnalyze } from "../src/commands/analyze.ts";
import { runCapacity } from "../src/commands/capacity.ts";
import { runDiff } from "../src/commands/diff.ts";
import { runShowPrices } from "../src/commands/prices.ts";
import { runReconcile } from "../src/commands/reconcile.ts";
import { runReport } from "../src/commands/report.ts";
import { runReview } from "../src/commands/review.ts";
import { runSplit } from "../src/commands/split.ts";
import { runTrace } from "../src/commands/trace.ts";
import { billOf, billedSum, transitions } from "./commands/bill-rows.ts";
import { fleet, machine } from "./commands/fleet-fixture.ts";
import { type FakeShell, fakeShell } from "./fake-shell.ts";

const TYPES = {
  analysis: "AnalysisReport",
  capacity: "CapacityReport",
  diff: "DiffReport",
  "fleet-report": "MonthlyReport",
  prices: "PriceListReport",
  reconciliation: "ReconciliationReport",
  review: "ReviewReport",
  split: "SplitReport",
  trace: "TraceReport",
} as const;

type Kind = keyof typeof TYPES;
const KINDS = Object.keys(TYPES) as Kind[];

const config: Config = {
  path: "src/report/**/*-report.ts",
  tsconfig: "tsconfig.json",
  type: "*",
  skipTypeCheck: true,
  expose: "export",
  topRef: false,
  additionalProperties: false,
};
const generator = createGenerator(config);

type Json = Readonly<Record<string, unknown>>;

/** Nothing but what the type says. */
const strict = new Map(KINDS.map((kind) => [kind, schemaOf(kind)] as const));

function schemaOf(kind: Kind): Json {
  const { $schema, ...made } = generator.createSchema(TYPES[kind]) as Json;
  const id = `https://unpkg.com/stepfare/schemas/${kind}.schema.json`;
  const whole: Json = { $schema, $id: id, title: `stepfare's report of kind ${kind}`, ...made };
  return withoutUnused(changed(whole, dropPictures));
}

/** Made for formats that draw; in no JSON. */
function dropPictures(key: string): boolean {
  return key !== "pictures";
}

/** Fields may be added: whoever reads a report must bear them. */
function published(kind: Kind): Json {
  return changed(strict.get(kind)!, (key, value) => key !== "additionalProperties" || value !== false);
}

function changed(schema: Json, isKept: (key: string, value: unknown) => boolean): Json {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) => (isKept(key, value) ? value : undefined)),
  ) as Json;
}

/** Again and again, since what is left out may have been the only one to name others. */
function withoutUnused(schema: Json): Json {
  const { definitions = {}, ...rest } = schema as { definitions?: Json };
  const used = (name: string): boolean =>
    JSON.stringify([rest, Object.entries(definitions).filter(([own]) => own !== name)]).includes(
      `"#/definitions/${encodeURIComponent(name)}"`,
    );
  const kept = Object.fromEntries(Object.entries(definitions).filter(([name]) => used(name)));
  const next = { ...rest, ...(Object.keys(kept).length === 0 ? {} : { definitions: kept }) };
  return Object.keys(kept).length === Object.keys(definitions).length ? next : withoutUnused(next);
}

test.each(KINDS)("the schema of the report of kind %s is up to date", async (kind) => {
  const file = `schemas/${kind}.schema.json`;
  const text = await prettier.format(JSON.stringify(published(kind)), {
    ...(await prettier.resolveConfig(file)),
    parser: "json",
  });
  await expect(text).toMatchFileSnapshot(`../${file}`);
});

const example = (name: string): string => readFileSync(`examples/${name}`, "utf8");
const files = {
  "order-saga.asl.json": example("order-saga.asl.json"),
  "order-saga.scenarios.yml": example("order-saga.scenarios.yml"),
  "order-processing.asl.json": example("order-processing.asl.json"),
  "nightly-transcoding.asl.json": example("nightly-transcoding.asl.json"),
  "stepfare.yml": example("stepfare.yml"),
  "before/order-saga.asl.json": example("order-saga.asl.json").replace('"End": true', '"Next": "Gone"'),
  "before/order-processing.asl.json": example("order-processing.asl.json").replace("10000", "9000"),
  "before/removed.asl.json": example("card-payment.asl.json"),
  "9.json": fleet([machine("A", 500_000), machine("Gone", 10)], { month: "2026-09" }),
  "10.json": fleet(
    [
      machine("A", 1_000_000),
      machine("Dark", 1, { metrics: null }),
      machine("Bare", 9, { definition: null }),
    ],
    { period: { from: "2026-10-01T00:00:00.000Z", until: "2026-10-20T00:00:00.000Z", partial: true } },
  ),
};
const bill = billOf([transitions("A", 3_100_000), billedSum({ lineType: "Tax", cost: 1 })]);
const json = { format: "json" } as const;

/** Reports of each kind, from what a user would ask. */
const RUNS: Readonly<Record<Kind, readonly ((shell: FakeShell) => Promise<unknown>)[]>> = {
  analysis: [
    (shell) => runAnalyze(shell, { paths: ["order-saga.asl.json", "order-processing.asl.json"], ...json }),
    (shell) => runAnalyze(shell, { paths: ["10.json"], ...json }),
  ],
  capacity: [
    (shell) =>
      runCapacity(shell, {
        definition: "order-saga.asl.json",
        rate: "50/s",
        peak: "90/s",
        storm: "50",
        ...json,
      }),
    (shell) => runCapacity(shell, { definition: "nightly-transcoding.asl.json", window: "6h", ...json }),
  ],
  diff: [(shell) => runDiff(shell, { paths: ["."], base: "before", ...json })],
  "fleet-report": [
    (shell) => runReport(shell, { fleets: ["9.json", "10.json"], bill: ["cur"], ...json }),
    (shell) => runReport(shell, { fleets: ["9.json"], ...json }),
  ],
  prices: [(shell) => runShowPrices(shell, json)],
  reconciliation: [(shell) => runReconcile(shell, { fleets: ["10.json"], bill: ["cur"], ...json })],
  review: [(shell) => runReview(shell, { paths: ["order-saga.asl.json"], injectFaults: true, ...json })],
  split: [(shell) => runSplit(shell, { definition: "order-processing.asl.json", ...json })],
  trace: [(shell) => runTrace(shell, { definition: "order-saga.asl.json", ...json })],
};

describe("what is written is what the schema says, and nothing else", () => {
  test.each(KINDS)("of kind %s", async (kind) => {
    const accepts = new Ajv({ strict: false, allErrors: true }).compile(strict.get(kind)!);
    for (const run of RUNS[kind]) {
      const shell = fakeShell({ files, bill });
      await run(shell);
      const report = JSON.parse(shell.stdout.text) as Json;
      accepts(report);
      expect(accepts.errors ?? []).toEqual([]);
      expect(report["kind"]).toBe(kind);
      // And it is no schema that takes anything.
      expect(accepts({ ...report, schemaVersion: "0" })).toBe(false);
      expect(accepts({ ...report, unheardOf: 1 })).toBe(false);
    }
  });
});
