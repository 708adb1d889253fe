import { describe, expect, test } from "vitest";
import type { Standpoint } from "../../src/graph/assumption.ts";
import { meanOf, quantileOf } from "../../src/graph/distribution.ts";
import { countPaths, likeliestPaths } from "../../src/graph/execution-paths.ts";
import { profilePath } from "../../src/graph/path-profile.ts";
import { buildStepGraph } from "../../src/graph/path-steps.ts";
import { worstCase } from "../../src/graph/worst-case.ts";
import { profileOf } from "./run-of.ts";

const task = (more: object) => ({ Type: "Task", Resource: "arn:aws:states:::lambda:invoke", ...more });

describe("the order workflow", () => {
  const definition = {
    StartAt: "RouteByValue",
    States: {
      RouteByValue: {
        Type: "Choice",
        Choices: [{ Variable: "$.order.totalUsd", NumericGreaterThan: 10000, Next: "ManualReview" }],
        Default: "ProcessLineItems",
      },
      ManualReview: task({
        Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
        Next: "ProcessLineItems",
      }),
      ProcessLineItems: {
        Type: "Map",
        MaxConcurrency: 5,
        ItemProcessor: { StartAt: "Fulfil", States: { Fulfil: task({ End: true }) } },
        End: true,
      },
    },
  };
  const profile = profileOf(definition, {
    RouteByValue: { choices: { ManualReview: 0.02 } },
    ProcessLineItems: { items: 4 },
  });

  test("enters 6.02 states per execution", () => {
    expect(meanOf(profile.transitions)).toBeCloseTo(6.02, 12);
    const visits = new Map(profile.states.map(({ state, visits }) => [state.name, visits]));
    expect(visits.get("ManualReview")).toBeCloseTo(0.02, 12);
    expect(visits.get("Fulfil")).toBeCloseTo(4, 12);
  });

  test("has two paths that end, each with its share and transitions", () => {
    const graph = buildStepGraph(profile.run);
    expect(countPaths(graph, "ended")).toBe(2n);
    const paths = likeliestPaths(graph, "ended", 10).map((path) => profilePath(graph, path));
    expect(
      paths.map((path) => [path.share, path.transitions, path.states.map((state) => state.name)]),
    ).toEqual([
      [0.98, 6, ["RouteByValue", "ProcessLineItems"]],
      [0.02, 7, ["RouteByValue", "ManualReview", "ProcessLineItems"]],
    ]);
  });

  test("at worst enters seven states", () => {
    expect(worstCase(profile.run).transitions).toBe(7);
  });
});

describe("loops", () => {
  const loop = (condition: object, more: object = {}) => ({
    StartAt: "Wait",
    States: {
      Wait: { Type: "Wait", Seconds: 10, Next: "Check" },
      Check: task({ ResultPath: "$.status", Next: "Done", ...more }),
      Done: { Type: "Choice", Choices: [{ ...condition, Next: "End" }], Default: "Wait" },
      End: { Type: "Succeed" },
    },
  });
  const polling = loop({ Variable: "$.status", StringEquals: "DONE" });

  test("with a share are geometric", () => {
    const profile = profileOf(polling, { Done: { choices: { End: 0.1 } } });
    expect(meanOf(profile.transitions)).toBeCloseTo(31, 6);
    expect(quantileOf(profile.transitions, 0.5)).toBe(3 * 7 + 1);
    expect(worstCase(profile.run)).toMatchObject({
      transitions: null,
      unboundedBy: ["Wait", "Check", "Done"],
    });
  });

  test("with declared rounds rest on no share of staying or leaving", () => {
    const asked: string[] = [];
    const stand: Standpoint = (assumption) => {
      asked.push(assumption.id);
      return assumption.figure.value;
    };
    profileOf(polling, { Done: { rounds: 11 } }, stand);
    expect(asked.filter((id) => id.includes("Done"))).toEqual(["/States/Done:rounds"]);
    asked.length = 0;
    profileOf(polling, {}, stand);
    expect(asked.filter((id) => id.includes("Done"))).toHaveLength(2);
  });

  test("with declared rounds where no loop closes rest on the shares, whose ranges count", () => {
    const forks = {
      StartAt: "Which",
      States: {
        Which: {
          Type: "Choice",
          Choices: [{ Variable: "$.a", IsPresent: true, Next: "Left" }],
          Default: "Right",
        },
        Left: { Type: "Pass", Next: "Right" },
        Right: { Type: "Succeed" },
      },
    };
    const asked: string[] = [];
    const stand: Standpoint = (assumption) => {
      asked.push(assumption.id);
      return assumption.figure.value;
    };
    const { run } = profileOf(forks, { Which: { rounds: 3 } }, stand);
    expect(asked).toContain("/States/Which:choices:Left");
    expect(run.problems.map(({ code }) => code)).toEqual(["rounds-without-loop"]);
  });

  test("with declared rounds take them exactly", () => {
    const profile = profileOf(polling, { Done: { rounds: 11 } });
    expect([...profile.transitions.values]).toEqual([34]);
    expect(worstCase(profile.run).transitions).toBe(34);
    const graph = buildStepGraph(profile.run);
    const [path] = likeliestPaths(graph, "ended", 5).map((each) => profilePath(graph, each));
    expect(path!.rounds.get("Wait")).toBeCloseTo(11, 9);
    expect(path!.transitions).toBeCloseTo(34, 9);
  });

  test("with a counter compared with a constant unroll to their number of rounds", () => {
    const counted = {
      StartAt: "Init",
      States: {
        Init: { Type: "Pass", Result: { count: 0 }, ResultPath: "$.loop", Next: "Work" },
        Work: task({ ResultPath: null, Next: "Count" }),
        Count: {
          Type: "Pass",
          Parameters: { "count.$": "States.MathAdd($.loop.count, 1)" },
          ResultPath: "$.loop",
          Next: "More",
        },
        More: {
          Type: "Choice",
          Choices: [{ Variable: "$.loop.count", NumericLessThan: 5, Next: "Work" }],
          Default: "End",
        },
        End: { Type: "Succeed" },
      },
    };
    const profile = profileOf(counted);
    expect([...profile.transitions.values]).toEqual([1 + 5 * 3 + 1]);
    expect(worstCase(profile.run).transitions).toBe(17);
    expect(countPaths(buildStepGraph(profile.run), "ended")).toBe(1n);
  });

  test("that nothing leaves are a problem, priced up to AWS's limit", () => {
    const profile = profileOf(polling, { Done: { choices: { End: 0 } } });
    expect(profile.problems.map((problem) => problem.code)).toEqual(["endless-loop"]);
    expect(Number.isFinite(meanOf(profile.transitions))).toBe(true);
  });
});

test("a retry ladder with f = 0.1 and six retries takes 1.111111 attempts and fails once in ten million", () => {
  const profile = profileOf(
    {
      StartAt: "T",
      States: { T: task({ Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 6 }], End: true }) },
    },
    { T: { failureRate: 0.1 } },
  );
  expect(profile.states[0]!.retries).toBeCloseTo(0.111111, 12);
  expect(profile.run.outcomes.find((outcome) => outcome.error !== null)!.mass).toBeCloseTo(1e-7, 15);
});

test("2^200 paths are counted at once", () => {
  const States: Record<string, object> = {};
  for (let i = 0; i < 200; i++) {
    States[`C${i}`] = {
      Type: "Choice",
      Choices: [{ Variable: "$.x", IsPresent: true, Next: `A${i}` }],
      Default: `B${i}`,
    };
    States[`A${i}`] = { Type: "Pass", Next: `C${i + 1}` };
    States[`B${i}`] = { Type: "Pass", Next: `C${i + 1}` };
  }
  States["C200"] = { Type: "Succeed" };
  const profile = profileOf({ StartAt: "C0", States });
  const graph = buildStepGraph(profile.run);
  expect(countPaths(graph, "ended")).toBe(2n ** 200n);
  expect(likeliestPaths(graph, "ended", 20)).toHaveLength(20);
});

test("a chain of 10,000 states does not overflow", () => {
  const States: Record<string, object> = {};
  for (let i = 0; i < 10_000; i++) States[`S${i}`] = { Type: "Pass", Next: `S${i + 1}` };
  States["S10000"] = { Type: "Succeed" };
  const profile = profileOf({ StartAt: "S0", States });
  expect(meanOf(profile.transitions)).toBe(10_001);
  expect(worstCase(profile.run).transitions).toBe(10_001);
});

test("the events of all states are those of the execution, Maps inside Maps and retries too", () => {
  const inner = {
    Type: "Map",
    ItemProcessor: { StartAt: "Do", States: { Do: task({ End: true, Retry: [{ ErrorEquals: ["A"] }] }) } },
    End: true,
  };
  const outer = {
    Type: "Map",
    ItemProcessor: { StartAt: "Inner", States: { Inner: inner } },
    Next: "Both",
  };
  const both = {
    Type: "Parallel",
    Branches: [{ StartAt: "Rest", States: { Rest: { Type: "Wait", Seconds: 1, End: true } } }],
    End: true,
  };
  const profile = profileOf(
    { StartAt: "Outer", States: { Outer: outer, Both: both } },
    {
      Outer: { items: 3 },
      Inner: { items: 4 },
    },
  );
  // A Map has four events of its own and two around each item; a Task five; a Parallel four; a Wait two.
  expect(meanOf(profile.historyEvents)).toBeCloseTo(4 + 3 * (2 + 4 + 4 * (2 + 5)) + 4 + 2, 9);
  const summed = profile.states.reduce((sum, { historyEvents }) => sum + historyEvents, 0);
  expect(summed).toBeCloseTo(meanOf(profile.historyEvents), 9);
});

describe("a loop of very many rounds", () => {
  const loop = {
    StartAt: "Work",
    States: {
      Work: task({ Next: "Again" }),
      Again: {
        Type: "Choice",
        Choices: [{ Variable: "$.more", BooleanEquals: true, Next: "Work" }],
        Default: "Done",
      },
      Done: { Type: "Succeed" },
    },
  };

  test.each([2_000, 50_000])(
    "of %i rounds on average lasts as an exponential does, its mean exact",
    (rounds) => {
      const { durationMs } = profileOf(loop, {
        Work: { ms: 1_000 },
        Again: { choices: { Work: 1 - 1 / rounds } },
      });
      const mean = rounds * 1_000;
      expect(meanOf(durationMs) / mean).toBeCloseTo(1, 9);
      expect(durationMs.values[0]).toBeGreaterThanOrEqual(0);
      // 64 atoms stand for it: a quantile may be off by half of one's share.
      for (const [share, quantile] of [
        [0.25, Math.log(4 / 3)],
        [0.5, Math.log(2)],
        [0.9, Math.log(10)],
      ] as const)
        expect(Math.abs(quantileOf(durationMs, share) / mean / quantile - 1), `at ${share}`).toBeLessThan(
          0.04,
        );
    },
  );
});

test("a Choice that leads to no state there is ends where it stands", () => {
  const Choices = [{ Variable: "$.x", IsPresent: true, Next: "Gone" }];
  const { transitions, run } = profileOf(
    { StartAt: "Lost", States: { Lost: { Type: "Choice", Choices } } },
    {},
  );
  expect(meanOf(transitions)).toBe(1);
  expect(run.outcomes).toMatchObject([{ error: null, mass: 1 }]);
});

test("the worst case of a Task leaves the events of every attempt", () => {
  const worst = (more: object) => {
    const Do = task({ Retry: [{ ErrorEquals: ["A"], MaxAttempts: 2 }], End: true, ...more });
    return worstCase(profileOf({ StartAt: "Do", States: { Do } }, {}).run).historyEvents;
  };
  // Entered and exited; scheduled, started and failed or succeeded, three times; a job is submitted besides.
  expect(worst({})).toBe(2 + 3 * 3);
  expect(worst({ Resource: "arn:aws:states:::glue:startJobRun.sync" })).toBe(2 + 3 * 4);
});
