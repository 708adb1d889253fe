import { expect, test } from "vitest";
import { analyzeDefinition } from "../../src/library.ts";
import { MOST_PLANNED_STATES } from "../../src/recommendation/split/split-workflow.ts";

/** A chain of Tasks of so many states. */
function chain(states: number): string {
  const task = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };
  const named = Array.from({ length: states }, (_, at) => [
    `S${at}`,
    at === states - 1 ? { ...task, End: true } : { ...task, Next: `S${at + 1}` },
  ]);
  return JSON.stringify({ StartAt: "S0", States: Object.fromEntries(named) as object });
}

test("a workflow with too many states to plan a split for says so, and one with as many as are planned for does not", () => {
  const codes = (states: number): readonly string[] =>
    analyzeDefinition(chain(states)).diagnostics.map(({ code }) => code);
  expect(codes(MOST_PLANNED_STATES)).not.toContain("split-not-planned");
  expect(codes(MOST_PLANNED_STATES + 1)).toContain("split-not-planned");
});
