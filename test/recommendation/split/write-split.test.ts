/** Written splits: valid definitions that do the same as before, on the article's workflows and on every feature that crosses a cut. */
import { readFileSync } from "node:fs";
import aslValidator from "asl-validator";
import { describe, expect, test } from "vitest";
import type { WrittenSplit } from "../../../src/recommendation/split/write-split.ts";
import { readDefinition } from "../../../src/workflow/definition/read-definition.ts";
import { sourceOfValue } from "../../../src/workflow/text/source-text.ts";
import { machineOf } from "../../graph/run-of.ts";
import { compareSplit, everyCut, scenariosOf } from "./act-out-split.ts";
import { crossings } from "./crossings.ts";

const examples = ["order-processing", "order-saga", "nightly-transcoding", "card-payment"].map((name) => {
  const text = readFileSync(new URL(`../../../examples/${name}.asl.json`, import.meta.url), "utf8");
  return [name, JSON.parse(text) as object] as const;
});

function ownFaults(definition: object): readonly string[] {
  const { diagnostics } = readDefinition(sourceOfValue(definition));
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ code, message }) => `${code}: ${message}`);
}

/** By another's validation, which takes its time. */
function otherFaults(definition: object): readonly string[] {
  const { isValid, errorsText } = aslValidator(definition);
  return isValid ? [] : [errorsText()];
}

function definitionsOf({ parent, children }: WrittenSplit): readonly object[] {
  return [parent, ...children.map((child) => child.definition)];
}

function sizeOf({ children }: WrittenSplit): number {
  return JSON.stringify(children.map(({ definition }) => definition)).length;
}

describe.each([...examples, ...Object.entries(crossings)])("%s, cut anywhere", (name, definition) => {
  const stateMachine = machineOf(definition);
  const { splits } = everyCut(name, stateMachine);

  test("gives valid definitions", () => {
    expect(ownFaults(definition)).toEqual([]);
    for (const { written } of splits)
      for (const each of definitionsOf(written))
        expect(ownFaults(each), JSON.stringify(each, null, 1)).toEqual([]);
    const largest = splits.toSorted((a, b) => sizeOf(b.written) - sizeOf(a.written)).slice(0, 1);
    for (const { written } of largest)
      for (const each of definitionsOf(written))
        expect(otherFaults(each), JSON.stringify(each, null, 1)).toEqual([]);
  });

  test("does what it did", async () => {
    const scenarios = scenariosOf(stateMachine);
    let children = 0;
    for (const { label, written } of splits) {
      for (const scenario of scenarios) {
        const compared = await compareSplit(stateMachine, written, scenario);
        expect(
          compared.differences,
          `${label}, ${scenario.label}\n${JSON.stringify(written, null, 1)}`,
        ).toEqual([]);
        children += compared.children;
      }
    }
    if (splits.length > 0) expect(children).toBeGreaterThan(0);
  });
});
