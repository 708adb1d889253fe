/** What a program gets from the library is data. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { analyzeDefinition } from "../src/library.ts";

/** Where a value holds a field that is made when it is read. */
function gettersIn(value: unknown, at = "report"): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(Object.getOwnPropertyDescriptors(value)).flatMap(([key, { get, value: inner }]) =>
    get === undefined ? gettersIn(inner, `${at}.${key}`) : [`${at}.${key}`],
  );
}

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
