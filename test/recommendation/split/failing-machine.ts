/** Machines whose failures are undone in a Parallel that leads to no end: cuts inside of it meet cuts that take it along. */
import fc from "fast-check";
import type { RandomMachine } from "../../graph/random-machine.ts";

/** Failures that lead to a Parallel and to no end, from several places: what is cut inside of it, and what takes it along. */
export const failingMachine: fc.Arbitrary<RandomMachine> = fc
  .record({
    kinds: fc.array(fc.constantFrom("Pass", "Task", "Token", "Task"), { minLength: 1, maxLength: 5 }),
    branches: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 2 }),
    failure: fc.constantFrom(0.2, 0.5),
    ends: fc.boolean(),
  })
  .map(({ kinds, branches, failure, ends }) => {
    const token = "arn:aws:states:::lambda:invoke.waitForTaskToken";
    const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Undo" }];
    const States = kinds.map((kind, at): [string, object] => {
      const Next = at + 1 < kinds.length ? `S${at + 1}` : ends ? "End" : "Undo";
      if (kind === "Pass") return [`S${at}`, { Type: "Pass", Next }];
      const Resource = kind === "Token" ? token : "arn:aws:states:::lambda:invoke";
      return [`S${at}`, { Type: "Task", Resource, Catch, Next }];
    });
    const Branches = branches.map((count, branch) => ({
      StartAt: `B${branch}.0`,
      States: Object.fromEntries(
        Array.from({ length: count }, (_, at) => {
          const way = at + 1 < count ? { Next: `B${branch}.${at + 1}` } : { End: true };
          return [`B${branch}.${at}`, { Type: "Pass", ...way }];
        }),
      ),
    }));
    const Undo = { Type: "Parallel", Branches, Next: "Failed" };
    const Failed = { Type: "Fail", Error: "A" };
    const said = Object.fromEntries(States.map(([name]) => [name, { ms: 90, errors: { A: failure } }]));
    const all = {
      ...Object.fromEntries(States),
      Undo,
      Failed,
      ...(ends ? { End: { Type: "Succeed" } } : {}),
    };
    return { definition: { StartAt: "S0", States: all }, said };
  });
