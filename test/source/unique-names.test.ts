import fc from "fast-check";
import { expect, test } from "vitest";
import { uniqueNames } from "../../src/source/unique-names.ts";

const part = fc.constantFrom("a", "b", "statemachine", "src", "__proto__", "..");
const item = fc.record({
  name: fc.constantFrom("Flow", "a/Flow", "b/Flow", "constructor", "Flow (2)"),
  file: fc.array(part, { maxLength: 4 }).map((parts) => [...parts, "t.yaml"].join("/")),
});

test("no two are the same, and one that nobody shares is left alone", () => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 12 }), (items) => {
      const names = uniqueNames(items);
      expect(new Set(names).size).toBe(items.length);
      const alone = items.every(({ name }) => items.filter((other) => other.name === name).length === 1);
      if (alone) expect(names).toEqual(items.map(({ name }) => name));
    }),
  );
});

test("a name is qualified by as few folders as it takes, those that say nothing passed over", () => {
  const at = (file: string): { name: string; file: string } => ({ name: "Flow", file });
  expect(
    uniqueNames([at("shop/statemachine/t.yaml"), at("bank/statemachine/t.yaml"), at("x/bank/t.yaml")]),
  ).toEqual(["shop/Flow", "bank/statemachine/Flow", "x/bank/Flow"]);
  expect(uniqueNames([at("one/a.yaml"), at("one/b.yaml"), at("one/b.yaml")])).toEqual([
    "one/a.yaml/Flow",
    "one/b.yaml/Flow",
    "one/b.yaml/Flow (2)",
  ]);
});

test("ten thousand of one name take no longer than they need", () => {
  const started = performance.now();
  expect(
    new Set(uniqueNames(Array.from({ length: 10_000 }, () => ({ name: "Flow", file: "t.yaml" })))).size,
  ).toBe(10_000);
  expect(performance.now() - started).toBeLessThan(5_000);
});
