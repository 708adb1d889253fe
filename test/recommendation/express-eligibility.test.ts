/** What keeps a workflow from being an Express one, through the report. */
import { describe, expect, test } from "vitest";
import { analyzeDefinition } from "../../src/library.ts";

const TASK = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };

/** Tasks enough to be worth a change, and a Wait among them. */
function waiting(wait: object, before: object = {}): object {
  return {
    StartAt: "Set",
    States: {
      Set: { Type: "Pass", ...before, Next: "A" },
      A: { ...TASK, ResultPath: null, Next: "B" },
      B: { ...TASK, ResultPath: null, Next: "C" },
      C: { ...TASK, ResultPath: null, Next: "W" },
      W: { Type: "Wait", ...wait, Next: "D" },
      D: { ...TASK, End: true },
    },
  };
}

const blockers = (...given: Parameters<typeof analyzeDefinition>): string[] =>
  analyzeDefinition(...given).eligibility.EXPRESS.blockers.map(({ code }) => code);

describe("a Wait whose length an execution alone knows", () => {
  test.each([
    ["SecondsPath", { SecondsPath: "$.delay" }],
    ["TimestampPath", { TimestampPath: "$.at" }],
    ["a Timestamp", { Timestamp: "2099-01-01T00:00:00Z" }],
    ["JSONata", { QueryLanguage: "JSONata", Seconds: "{% $states.input.delay %}" }],
  ])("blocks Express, but for what somebody said: %s", (_, wait) => {
    const definition = waiting(wait);
    const { recommendation, eligibility } = analyzeDefinition(definition, { executions: "1M" });
    expect(eligibility.EXPRESS.blockers).toMatchObject([{ code: "open-wait", state: "W" }]);
    expect(recommendation.type).not.toBe("EXPRESS");
    const said = { executions: "1M", workload: { states: { W: { duration: "30s" } } } };
    expect(analyzeDefinition(definition, said).recommendation.type).toBe("EXPRESS");
  });

  test("leaves the verdict open, where it alone is in the way", () => {
    const one = { ...TASK, End: true };
    const definition = {
      StartAt: "W",
      States: { W: { Type: "Wait", SecondsPath: "$.s", Next: "A" }, A: one },
    };
    const { recommendation } = analyzeDefinition(definition, { executions: "1M" });
    expect(recommendation).toMatchObject({ type: "STANDARD", confidence: "low" });
  });

  test("stays in the parent of a split", () => {
    const { split } = analyzeDefinition(waiting({ SecondsPath: "$.delay" }), { executions: "1M" });
    expect(split!.children.flatMap(({ states }) => states)).toContain("A");
    expect(split!.children.flatMap(({ states }) => states)).not.toContain("W");
  });

  test("is none where the definition itself sets it, or the workflow runs as Express", () => {
    const set = { Result: { delay: 20 } };
    expect(blockers(waiting({ SecondsPath: "$.delay" }, set))).toEqual([]);
    expect(blockers(waiting({ SecondsPath: "$.delay" }), { type: "EXPRESS" })).toEqual([]);
    expect(blockers(waiting({ Seconds: 20 }))).toEqual([]);
    expect(blockers(waiting({ Seconds: 301 }))).toEqual(["long-wait"]);
  });
});
