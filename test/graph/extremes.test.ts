import { describe, expect, test } from "vitest";
import { meanOf, quantileOf } from "../../src/graph/distribution.ts";
import { countPaths, likeliestPaths } from "../../src/graph/execution-paths.ts";
import type { ExecutionProfile } from "../../src/graph/execution-profile.ts";
import { profilePath } from "../../src/graph/path-profile.ts";
import { buildStepGraph } from "../../src/graph/path-steps.ts";
import { worstCase } from "../../src/graph/worst-case.ts";
import { type SaidOfState, profileOf } from "./run-of.ts";

const task = (more: object = {}) => ({ Type: "Task", Resource: "arn:aws:states:::lambda:invoke", ...more });
const rule = (Next: string, more: object = {}) => ({ Variable: "$.x", IsPresent: true, Next, ...more });

/** No NaN, nothing negative, nothing infinite, shares that sum to 1; everything that the room can say is asked for. */
function expectSound(profile: ExecutionProfile): void {
  for (const { values, shares } of [profile.transitions, profile.durationMs, profile.historyEvents]) {
    expect(values.length).toBeGreaterThan(0);
    expect(values.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
    expect(shares.every((share) => share >= 0 && share <= 1 + 1e-9)).toBe(true);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
  }
  expect(profile.run.outcomes.reduce((sum, { mass }) => sum + mass, 0)).toBeCloseTo(1, 6);
  for (const { visits, retries, historyEvents } of profile.states) {
    for (const value of [visits, retries, historyEvents])
      expect(Number.isFinite(value) && value >= 0).toBe(true);
  }
  const graph = buildStepGraph(profile.run);
  for (const kind of ["ended", "uncaught"] as const) {
    expect(countPaths(graph, kind)).toBeGreaterThanOrEqual(0n);
    for (const path of likeliestPaths(graph, kind, 10)) {
      const { transitions, historyEvents, share, durationMs } = profilePath(graph, path);
      for (const value of [transitions, historyEvents, share, meanOf(durationMs)]) {
        expect(Number.isFinite(value) && value >= 0).toBe(true);
      }
    }
  }
  const { transitions } = worstCase(profile.run);
  if (transitions !== null) expect(transitions).toBeGreaterThanOrEqual(quantileOf(profile.transitions, 0.99));
}

/** Of this process alone, so that a busy machine slows nothing down. */
function cpuMs(): number {
  return process.cpuUsage().user / 1000;
}

/** Twelve loops within each other and 200 states all connected: no workflow has them, and none may hang. */
const SLOW_MS = 8_000;

function within(ms: number, definition: unknown, said: Record<string, SaidOfState> = {}): ExecutionProfile {
  const from = cpuMs();
  const profile = profileOf(definition, said);
  expectSound(profile);
  const took = cpuMs() - from;
  expect(took).toBeLessThan(ms);
  return profile;
}

const polling = (share: number, more: object = {}) => ({
  definition: {
    StartAt: "Wait",
    States: {
      Wait: { Type: "Wait", Seconds: 10, Next: "Check" },
      Check: task({ Next: "Done", ...more }),
      Done: { Type: "Choice", Choices: [rule("End")], Default: "Wait" },
      End: { Type: "Succeed" },
    },
  },
  said: { Done: { choices: { End: share } } },
});

describe("slow loops", () => {
  for (const share of [0.5, 1e-3, 1e-6, 1e-9, 1e-12, 1e-17]) {
    test(`left with share ${share} keep their mean`, () => {
      const { definition, said } = polling(share);
      const profile = within(2_000, definition, said);
      expect(meanOf(profile.transitions) / (3 / share + 1)).toBeCloseTo(1, 6);
      expect(quantileOf(profile.transitions, 0.99) / ((3 * Math.log(100)) / share)).toBeLessThan(
        share > 0.1 ? 2 : 1.02,
      );
    });
  }

  test("within loops", () => {
    const States: Record<string, object> = { End: { Type: "Succeed" } };
    const said: Record<string, SaidOfState> = {};
    for (let i = 0; i < 12; i++) {
      States[`P${i}`] = task({ Next: i === 11 ? "C11" : `P${i + 1}` });
      States[`C${i}`] = { Type: "Choice", Choices: [rule(`P${i}`)], Default: i === 0 ? "End" : `C${i - 1}` };
      said[`C${i}`] = { choices: { [`P${i}`]: 0.5 } };
    }
    const profile = within(SLOW_MS, { StartAt: "P0", States }, said);
    const visits = profile.states.reduce((sum, state) => sum + state.visits, 0);
    expect(meanOf(profile.transitions) / visits).toBeCloseTo(1, 6);
  });

  test("with every one of 120 states leading to every other", () => {
    const n = 120;
    const States: Record<string, object> = { End: { Type: "Succeed" } };
    const said: Record<string, SaidOfState> = {};
    for (let i = 0; i < n; i++) {
      const others = Array.from({ length: n }, (_, j) => `C${j}`);
      States[`C${i}`] = { Type: "Choice", Choices: others.map((name) => rule(name)), Default: "End" };
      said[`C${i}`] = {
        choices: Object.fromEntries(others.map((name, j) => [name, ((j + i) % 7) / (4 * n)])),
      };
    }
    const profile = within(SLOW_MS, { StartAt: "C0", States }, said);
    const visits = profile.states.reduce((sum, state) => sum + state.visits, 0);
    expect(meanOf(profile.transitions) / visits).toBeCloseTo(1, 6);
  });
});

describe("retries", () => {
  const retried = (Retry: object[]) => ({
    StartAt: "T",
    States: { T: task({ Retry, Next: "End" }), End: { Type: "Succeed" } },
  });
  const all = { ErrorEquals: ["States.ALL"] };

  test("without end and without success take all of their attempts", () => {
    const profile = within(
      2_000,
      retried([{ ...all, MaxAttempts: 99_999_999, IntervalSeconds: 99_999_999 }]),
      { T: { failureRate: 1 } },
    );
    expect(profile.states[0]!.retries).toBeCloseTo(99_999_999, 0);
  });

  for (const failureRate of [0.5, 0.99, 0.999, 0.9999, 0.999999]) {
    for (const JitterStrategy of ["NONE", "FULL"]) {
      test(`at failure rate ${failureRate}, jitter ${JitterStrategy}, keep their mean`, () => {
        const Retry = [
          { ...all, MaxAttempts: 99_999_999, IntervalSeconds: 1, MaxDelaySeconds: 60, JitterStrategy },
        ];
        const profile = within(2_000, retried(Retry), { T: { failureRate } });
        expect(profile.states[0]!.retries * (1 - failureRate)).toBeCloseTo(failureRate, 6);
        expect(meanOf(profile.transitions) * (1 - failureRate)).toBeCloseTo(2 - failureRate, 6);
      });
    }
  }

  test("of several Retriers without end, at f = 1", () => {
    const Retry = ["A", "B", "C"].map((name) => ({
      ErrorEquals: [name],
      MaxAttempts: 99_999_999,
      JitterStrategy: "FULL",
    }));
    within(SLOW_MS, retried(Retry), { T: { errors: { A: 0.4, B: 0.3, C: 0.3 } } });
  });

  test("of a backoff that grows past every number", () => {
    within(2_000, retried([{ ...all, MaxAttempts: 3_000, BackoffRate: 1e300 }]), { T: { failureRate: 1 } });
  });
});

describe("Maps", () => {
  const map = (items: number, more: object = {}, mode: object = {}) => ({
    definition: {
      StartAt: "M",
      States: {
        M: {
          Type: "Map",
          ...more,
          ItemProcessor: {
            ...mode,
            StartAt: "T",
            States: {
              T: task({ Retry: [{ ErrorEquals: ["States.ALL"], JitterStrategy: "FULL" }], End: true }),
            },
          },
          End: true,
        },
      },
    },
    said: { M: { items }, T: { failureRate: 0.01, ms: 1234 } },
  });
  const distributed = (ExecutionType: string) => ({
    ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType },
  });
  for (const items of [0, 0.5, 1, 1e6, 123_456.7]) {
    test(`over ${items} items inline`, () => {
      const { definition, said } = map(items);
      within(2_000, definition, said);
    });
  }
  for (const items of [0, 0.5, 1e8, 12_345_678.9]) {
    for (const type of ["STANDARD", "EXPRESS"]) {
      test(`over ${items} items in ${type} children`, () => {
        const { definition, said } = map(items, { ToleratedFailurePercentage: 5 }, distributed(type));
        within(2_000, definition, said);
      });
    }
  }

  test("over a processor that cannot be read", () => {
    for (const mode of [{}, distributed("STANDARD"), distributed("EXPRESS")]) {
      const ItemProcessor = { ...mode, StartAt: "Gone", States: {} };
      within(2_000, { StartAt: "M", States: { M: { Type: "Map", ItemProcessor, End: true } } });
      within(2_000, { StartAt: "M", States: { M: { Type: "Map", End: true } } });
    }
  });

  test("over a processor whose states lead nowhere", () => {
    for (const mode of [{}, distributed("STANDARD"), distributed("EXPRESS")]) {
      for (const state of [
        { Type: "Pass", Next: "Gone" },
        task({ Next: "Gone" }),
        { Type: "Choice", Choices: [] },
        { Type: "Choice", Choices: [rule("Gone")] },
      ]) {
        within(2_000, {
          StartAt: "M",
          States: {
            M: { Type: "Map", ItemProcessor: { ...mode, StartAt: "S", States: { S: state } }, End: true },
          },
        });
      }
    }
  });
});

test("a loop without bound counts for the worst case only where it can run", () => {
  const { definition } = polling(0.5);
  const map = { Type: "Map", ItemProcessor: definition, End: true };
  expect(
    worstCase(profileOf({ StartAt: "M", States: { M: map } }, { M: { items: 0 } }).run).transitions,
  ).toBe(1);
  expect(
    worstCase(profileOf({ StartAt: "M", States: { M: map } }, { M: { items: 1 } }).run).transitions,
  ).toBe(null);
  const States = { P: { Type: "Pass", End: true }, M: map };
  expect(worstCase(profileOf({ StartAt: "P", States }).run).transitions).toBe(1);
});

describe("odd definitions", () => {
  test("whose states lead nowhere", () => {
    const caught = task({ Catch: [{ ErrorEquals: ["States.ALL"], Next: "Gone" }], End: true });
    for (const S of [
      { Type: "Pass", Next: "Gone" },
      task({ Next: "Gone" }),
      { Type: "Choice", Choices: [] },
      { Type: "Choice", Choices: [rule("Gone")] },
      caught,
    ]) {
      const profile = within(2_000, { StartAt: "S", States: { S } }, { S: { failureRate: 0.5 } });
      expect(meanOf(profile.transitions)).toBe(1);
    }
  });

  test("with a Choice of one rule and no Default, whatever its share", () => {
    const definition = {
      StartAt: "C",
      States: { C: { Type: "Choice", Choices: [rule("E")] }, E: { Type: "Succeed" } },
    };
    for (const share of [0, 0.3, 1]) within(2_000, definition, { C: { choices: { E: share } } });
    within(2_000, definition);
  });

  test("with shares of 0 everywhere", () => {
    const definition = {
      StartAt: "C",
      States: {
        C: { Type: "Choice", Choices: [rule("E"), rule("F")] },
        E: { Type: "Succeed" },
        F: { Type: "Fail" },
      },
    };
    within(2_000, definition, { C: { choices: { E: 0, F: 0 } } });
  });

  test("with an empty Parallel", () => {
    within(2_000, { StartAt: "P", States: { P: { Type: "Parallel", Branches: [], End: true } } });
    within(2_000, {
      StartAt: "P",
      States: { P: { Type: "Parallel", Branches: [{ StartAt: "x", States: {} }], End: true } },
    });
  });

  test("whose StartAt is missing", () => {
    expect(profileOf({ StartAt: "Gone", States: { P: { Type: "Pass", End: true } } })).toBe(null);
  });

  test("where a loop holds only some of what enters it", () => {
    const States = {
      A: { Type: "Choice", Choices: [rule("B")], Default: "End" },
      B: { Type: "Choice", Choices: [rule("A")], Default: "B" },
      End: { Type: "Succeed" },
    };
    const profile = within(
      2_000,
      { StartAt: "A", States },
      { A: { choices: { B: 0.5 } }, B: { choices: { A: 0 } } },
    );
    expect(profile.run.outcomes.find(({ error }) => error === null)!.mass).toBeCloseTo(0.5, 2);
  });

  test("named as objects' own members are", () => {
    const names = ["__proto__", "constructor", "toString", "a|b`c", "\u{1F600}".repeat(40)];
    const States = Object.fromEntries(
      names.map((name, i) => [
        name,
        { Type: "Pass", ...(i + 1 < names.length ? { Next: names[i + 1] } : { End: true }) },
      ]),
    );
    expect(meanOf(within(2_000, { StartAt: "__proto__", States: States }).transitions)).toBe(5);
  });
});

describe("large machines", () => {
  const mixed = (n: number, catching = false) => {
    const States: Record<string, object> = { [`S${n}`]: { Type: "Succeed" }, Oops: { Type: "Fail" } };
    for (let i = 0; i < n; i++) {
      const Catch = catching ? { Catch: [{ ErrorEquals: ["States.ALL"], Next: "Oops" }] } : {};
      States[`S${i}`] =
        i % 4 === 0 && i + 2 <= n
          ? { Type: "Choice", Choices: [rule(`S${i + 2}`)], Default: `S${i + 1}` }
          : task({ Next: `S${i + 1}`, ...Catch });
    }
    return { StartAt: "S0", States };
  };

  test("ten times as many states take about ten times as long, far from a hundred times", () => {
    const said = { S5: { failureRate: 0.1 }, S1: { ms: 777 } };
    const timed = (n: number): number => {
      const definition = mixed(n, true);
      const from = cpuMs();
      const { run } = profileOf(definition, said);
      worstCase(run);
      return cpuMs() - from;
    };
    timed(500);
    const small = Math.min(timed(500), timed(500), timed(500));
    const large = Math.min(timed(5_000), timed(5_000));
    // The bench measures the ratio; here other tests run beside this one, so only a square would be caught.
    expect(large).toBeLessThan(40 * small + 100);
  }, 120_000);

  test("20,000 states in a row, all caught by one, do not overflow", () => {
    const States: Record<string, object> = { End: { Type: "Succeed" }, Oops: { Type: "Fail" } };
    const said: Record<string, SaidOfState> = {};
    const n = 20_000;
    for (let i = 0; i < n; i++) {
      States[`S${i}`] = task({
        Next: i + 1 < n ? `S${i + 1}` : "End",
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "Oops" }],
      });
      said[`S${i}`] = { ms: 1 };
      if (i % 2 === 0) said[`S${i}`] = { ms: 1, failureRate: 1e-7 };
    }
    const { run } = profileOf({ StartAt: "S0", States }, said);
    expect(worstCase(run).transitions).toBe(n + 1);
  }, 120_000);
});
