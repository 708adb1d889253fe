import fc from "fast-check";
import { expect, test } from "vitest";
import { matchMachines } from "../../src/report/matched-machines.ts";

function machine(name: string, file: string, contents: readonly string[], definition = contents.join()) {
  return {
    name,
    file,
    at: { file, line: 1, column: 1, pointer: "" },
    contentIds: { definition, figures: "" },
    priced: {
      states: contents.map((content, i) => ({
        name: `${content} ${i}`,
        pointer: `/States/${content} ${i}`,
        type: "Task",
        ids: [content, content, content] as const,
        visits: 1,
        retries: 0,
        isBilled: true,
        iterations: null,
        childExecutions: 0,
      })),
    },
  };
}

type Machine = ReturnType<typeof machine>;

const names = (before: readonly Machine[], after: readonly Machine[]) =>
  matchMachines(before, after).map((pair) => [pair.before?.name ?? null, pair.after?.name ?? null]);

test.each([
  ["by name, though it moved", machine("a", "x", ["1"]), machine("a", "y", ["2"])],
  ["by place, though it is called otherwise", machine("a", "x", ["1"]), machine("b", "x", ["2"])],
  ["by definition, though name and place are others", machine("a", "x", ["1"]), machine("b", "y", ["1"])],
  [
    "by its states, though something was added",
    machine("a", "x", ["1", "2", "3"]),
    machine("b", "y", ["1", "2", "3", "4"]),
  ],
])("%s", (_, before, after) => {
  expect(names([before], [after])).toEqual([[before.name, after.name]]);
});

test("two that have little in common are one added and one removed", () => {
  expect(names([machine("a", "x", ["1", "2", "3"])], [machine("b", "y", ["1", "8", "9"])])).toEqual([
    [null, "b"],
    ["a", null],
  ]);
});

test("the one most alike is the one", () => {
  const after = [machine("c", "z", ["1", "2", "9"]), machine("b", "y", ["1", "2", "3", "4"])];
  expect(names([machine("a", "x", ["1", "2", "3"])], after)).toEqual([
    ["a", "b"],
    [null, "c"],
  ]);
});

test("swapping the sides swaps each pair and nothing else", () => {
  const side = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("a", "b", "c", "d", "e"),
      file: fc.nat(3),
      contents: fc.array(fc.constantFrom("1", "2", "3"), { minLength: 1, maxLength: 4 }),
    }),
    { selector: ({ name }) => name },
  );
  const toMachines = (drawn: readonly { name: string; file: number; contents: readonly string[] }[]) =>
    drawn.map(({ name, file, contents }) => machine(name, `${file}`, contents));
  fc.assert(
    fc.property(side, side, (before, after) => {
      const [olds, news] = [toMachines(before), toMachines(after)];
      const there = names(olds, news).map(([a, b]) => `${a} ${b}`);
      const back = names(news, olds).map(([a, b]) => `${b} ${a}`);
      expect(back.toSorted()).toEqual(there.toSorted());
    }),
    { numRuns: 500 },
  );
});
