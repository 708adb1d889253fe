import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { meanOf, quantileOf } from "../../src/graph/distribution.ts";
import { type ExecutionPath, countPaths, likeliestPaths } from "../../src/graph/execution-paths.ts";
import type { ExecutionProfile } from "../../src/graph/execution-profile.ts";
import { profilePath } from "../../src/graph/path-profile.ts";
import { buildStepGraph } from "../../src/graph/path-steps.ts";
import { worstCase } from "../../src/graph/worst-case.ts";
import { randomMachine } from "./random-machine.ts";
import { profileOf } from "./run-of.ts";

const acyclic = { depth: 0, loops: false, jitter: false, distributed: false, states: 7 };
const MANY = 3_000;

/** Every walk from the start to an end, by recursion over the state graph: its share, and whether nobody caught its end. */
function walksOf({
  run: { graph, unrolled, solved },
}: ExecutionProfile): { share: number; uncaught: boolean }[] {
  const walks: { share: number; uncaught: boolean }[] = [];
  const walk = (node: number, share: number): void => {
    const state = graph.nodes[unrolled.situations[node]!.state]!;
    for (const way of unrolled.situations[node]!.ways) {
      const along = solved.chain.arcs[node]!.filter((arc) => arc.edge === way.edge && arc.to === way.to);
      const onward = share * along.reduce((sum, arc) => sum + arc.share, 0);
      if (way.to >= 0) walk(way.to, onward);
      else walks.push({ share: onward, uncaught: way.edge.kind === "fail" && state.type !== "Fail" });
    }
  };
  walk(0, 1);
  return walks;
}

function allPaths(profile: ExecutionProfile): Record<"ended" | "uncaught", readonly ExecutionPath[]> {
  const graph = buildStepGraph(profile.run);
  return { ended: likeliestPaths(graph, "ended", MANY), uncaught: likeliestPaths(graph, "uncaught", MANY) };
}

describe("paths", () => {
  test("of a machine without loops are all its walks, the likeliest first", () => {
    fc.assert(
      fc.property(randomMachine(acyclic), ({ definition, said }) => {
        const profile = profileOf(definition, said);
        const graph = buildStepGraph(profile.run);
        const walks = walksOf(profile);
        const paths = allPaths(profile);
        for (const kind of ["ended", "uncaught"] as const) {
          const shares = walks
            .filter((walk) => walk.uncaught === (kind === "uncaught"))
            .map(({ share }) => share);
          expect(countPaths(graph, kind)).toBe(BigInt(shares.length));
          const expected = shares.sort((a, b) => b - a).slice(0, MANY);
          expect(paths[kind]).toHaveLength(expected.length);
          paths[kind].forEach((path, i) => expect(path.share).toBeCloseTo(expected[i]!, 12));
        }
      }),
      { numRuns: 150 },
    );
  });

  test("make up the whole: shares sum to 1, and shares times transitions, events and time to the means", () => {
    fc.assert(
      fc.property(randomMachine({ ...acyclic, loops: true, depth: 1, states: 5 }), ({ definition, said }) => {
        const profile = profileOf(definition, said);
        const graph = buildStepGraph(profile.run);
        const { ended, uncaught } = allPaths(profile);
        fc.pre(ended.length < MANY && uncaught.length < MANY);
        const profiles = [...ended, ...uncaught]
          .filter(({ share }) => share > 0)
          .map((path) => profilePath(graph, path));
        const sum = (of: (path: (typeof profiles)[number]) => number): number =>
          profiles.reduce((total, path) => total + path.share * of(path), 0);
        const near = (actual: number, expected: number): void =>
          expect(Math.abs(actual - expected)).toBeLessThan(1e-6 * (1 + expected));
        near(
          sum(() => 1),
          1,
        );
        near(
          sum((path) => path.transitions),
          meanOf(profile.transitions),
        );
        near(
          sum((path) => path.historyEvents),
          meanOf(profile.historyEvents),
        );
        near(
          sum((path) => meanOf(path.durationMs)),
          meanOf(profile.durationMs),
        );
      }),
      { numRuns: 150 },
    );
  });
});

test("what flows into every state flows out of it, the worst is no better than p99, nor p99 than p50", () => {
  fc.assert(
    fc.property(randomMachine({ ...acyclic, loops: true }), ({ definition, said }) => {
      const profile = profileOf(definition, said);
      const { chain, visits } = profile.run.solved;
      const inflow = chain.arcs.map((_, i) => (i === 0 ? 1 : 0));
      let ended = 0;
      chain.arcs.forEach((arcs, from) => {
        for (const { to, share } of arcs) {
          if (to >= 0) inflow[to]! += visits[from]! * share;
          else ended += visits[from]! * share;
        }
      });
      inflow.forEach((flow, i) => expect(Math.abs(flow - visits[i]!)).toBeLessThan(1e-9 * (1 + flow)));
      expect(ended).toBeCloseTo(1, 9);
      const [p50, p99] = [quantileOf(profile.transitions, 0.5), quantileOf(profile.transitions, 0.99)];
      expect(p99).toBeGreaterThanOrEqual(p50);
      expect(worstCase(profile.run).transitions ?? Infinity).toBeGreaterThanOrEqual(p99);
    }),
    { numRuns: 150 },
  );
});

test("transitions and events of the states add up to those of the execution", () => {
  const variety = { ...acyclic, loops: true, depth: 2, states: 4, distributed: true };
  fc.assert(
    fc.property(randomMachine(variety), ({ definition, said }) => {
      const profile = profileOf(definition, said);
      const children = profile.children.reduce((sum, { count }) => sum + count, 0);
      const billed = profile.states.filter(
        ({ childOf }) => childOf === null || childOf.executionType === "STANDARD",
      );
      const transitions = billed.reduce((sum, { visits, retries }) => sum + visits + retries, children);
      const own = profile.states.filter(({ childOf }) => childOf === null);
      const events = own.reduce((sum, { historyEvents }) => sum + historyEvents, 0);
      // Children of children are billed by the type of their own.
      fc.pre(!profile.children.some(({ state }) => !own.some((each) => each.state === state)));
      expect(meanOf(profile.transitions) / transitions).toBeCloseTo(1, 9);
      expect(meanOf(profile.historyEvents) / events).toBeCloseTo(1, 9);
    }),
    { numRuns: 150 },
  );
});

test("renaming and reordering states changes nothing", () => {
  fc.assert(
    fc.property(randomMachine({ ...acyclic, loops: true }), ({ definition, said }) => {
      const renamed = (name: string): string => `z${name}`;
      const text = JSON.stringify(definition, (key, value: unknown) =>
        typeof value === "string" && ["StartAt", "Next", "Default"].includes(key) ? renamed(value) : value,
      );
      const { StartAt, States } = JSON.parse(text) as typeof definition;
      const reordered = Object.fromEntries(
        Object.entries(States)
          .reverse()
          .map(([name, state]) => [renamed(name), state]),
      );
      const saidOf = Object.fromEntries(
        Object.entries(said).map(([name, of]) => {
          const choices = Object.entries(of.choices ?? {}).map(
            ([target, share]) => [renamed(target), share] as const,
          );
          return [renamed(name), { ...of, choices: Object.fromEntries(choices) }];
        }),
      );
      const before = profileOf(definition, said);
      const after = profileOf({ StartAt, States: reordered }, saidOf);
      for (const metric of ["transitions", "durationMs", "historyEvents"] as const) {
        expect(meanOf(after[metric]) / meanOf(before[metric]) || 1).toBeCloseTo(1, 9);
        expect(quantileOf(after[metric], 0.9)).toBeCloseTo(quantileOf(before[metric], 0.9), 6);
      }
    }),
    { numRuns: 100 },
  );
});

describe("a path that no figure makes happen", () => {
  const definition = {
    StartAt: "Work",
    States: {
      Work: {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        Retry: [{ ErrorEquals: ["A"], MaxAttempts: 3 }],
        Catch: [{ ErrorEquals: ["A"], Next: "Caught" }],
        Next: "Done",
      },
      Done: { Type: "Pass", End: true },
      Caught: { Type: "Pass", End: true },
    },
  };

  test.each([
    ["fails each time succeeds at once", 1, [5, 2]],
    ["never fails is caught with its retries spent", 0, [2, 5]],
  ])("of a Task that %s", (_, failing, transitions) => {
    const profile = profileOf(definition, { Work: { errors: { A: failing } } });
    const graph = buildStepGraph(profile.run);
    const paths = likeliestPaths(graph, "ended", MANY).map((path) => profilePath(graph, path));
    expect(paths.map(({ share }) => share)).toEqual([1, 0]);
    expect(paths.map((path) => path.transitions)).toEqual(transitions);
    // Four attempts of half a second, and 1, 2 and 4 s between them.
    const ms = paths.map((path) => meanOf(path.durationMs));
    expect(ms).toEqual(transitions.map((count) => (count === 5 ? 9_000 : 500)));
  });
});
