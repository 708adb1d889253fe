import fc from "fast-check";
import { expect, test } from "vitest";
import { buildAnalysis } from "../../src/report/build-analysis.ts";
import { discounted, randomWorkflow, workflowOf } from "../cost/random-workflow.ts";

test("a report for a glance says the same as one that is read whole, in whatever order it is read", () => {
  fc.assert(
    fc.property(randomWorkflow, fc.boolean(), (random, backwards) => {
      const input = {
        workflows: [workflowOf(random)],
        priceList: discounted(random),
        transitionRule: random.transitionRule,
        context: { parseJsonata: null, taskDuration: null },
        top: 3,
        diagnostics: [],
      };
      const whole = buildAnalysis(input).workflows[0]!;
      const glance = buildAnalysis({ ...input, atAGlance: true }).workflows[0]!;
      const keys = Object.keys(whole) as (keyof typeof whole)[];
      for (const key of backwards ? keys.toReversed() : keys) {
        expect(JSON.stringify(glance[key])).toBe(JSON.stringify(whole[key]));
      }
    }),
    { numRuns: 60 },
  );
});
