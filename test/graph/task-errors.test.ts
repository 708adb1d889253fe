/** Errors of one attempt, and the time that a Wait or Task of its own figure takes. */
import { describe, expect, test } from "vitest";
import { meanOf } from "../../src/graph/distribution.ts";
import { profileExecution } from "../../src/graph/execution-profile.ts";
import { exactFigure } from "../../src/workflow/figure.ts";
import { type SaidOfState, contextOf, machineOf, profileOf, workloadOf } from "./run-of.ts";

const task = (more: object = {}) => ({ Type: "Task", Resource: "arn:aws:states:::lambda:invoke", ...more });
const end = { Type: "Succeed" };

const catching = [
  { ErrorEquals: ["A"], Next: "OnA" },
  { ErrorEquals: ["B"], Next: "OnB" },
];
const caught = {
  StartAt: "Do",
  States: {
    Do: task({ Catch: catching, Next: "Fine" }),
    ...{ OnA: end, OnB: end, Fine: end },
  },
};

function endsOf(errors: Record<string, number>, more: SaidOfState = {}) {
  const { states, run } = profileOf(caught, { Do: { errors, ...more } });
  const visits = Object.fromEntries(states.map(({ state, visits: count }) => [state.name, count]));
  const failed = run.outcomes.filter(({ error }) => error !== null).map(({ error, mass }) => [error, mass]);
  return { ...visits, failed };
}

describe("errors of an attempt", () => {
  test("go their own ways, and what is left succeeds", () => {
    expect(endsOf({ A: 0.25, B: 0.5 })).toMatchObject({ OnA: 0.25, OnB: 0.5, Fine: 0.25, failed: [] });
  });

  test("of more than all attempts are scaled to them", () => {
    const ends = endsOf({ A: 0.9, B: 0.6 });
    expect(ends).toMatchObject({ OnA: expect.closeTo(0.6, 12), OnB: expect.closeTo(0.4, 12), Fine: 0 });
  });

  test("without a name are any error, whether said so or as a failure rate", () => {
    const [named, rate] = [endsOf({ failureRate: 0.25 }), endsOf({}, { failureRate: 0.25 })];
    expect(named).toEqual(rate);
    expect(rate).toMatchObject({ Fine: 0.75, failed: [[expect.any(String), 0.25]] });
  });

  test("that time out last as long as the time-out, where there is one", () => {
    const lasting = (fields: object) =>
      meanOf(
        profileOf(
          { StartAt: "Do", States: { Do: task({ ...fields, End: true }) } },
          { Do: { ms: 100, errors: { "States.Timeout": 0.5 } } },
        ).durationMs,
      );
    expect(lasting({ TimeoutSeconds: 3 })).toBe(1550);
    expect(lasting({})).toBe(100);
  });

  test("that outlast their TimeoutSeconds time out, the others as often as they are said to", () => {
    const Do = {
      ...caught.States.Do,
      TimeoutSeconds: 3,
      Catch: [...catching, { ErrorEquals: ["States.Timeout"], Next: "Late" }],
    };
    const definition = { ...caught, States: { ...caught.States, Do, Late: end } };
    const percentiles = [
      [0.5, 1000],
      [0.9, 4000],
    ] as const;
    const sharesOf = (errors: Record<string, number>, basis: "declared" | "observed" = "declared") => {
      const states = new Map([
        [
          "Do",
          {
            ...workloadOf({ Do: { errors } }).states.get("Do")!,
            duration: { ms: exactFigure(1700, basis), percentiles },
          },
        ],
      ]);
      const context = contextOf({ ...workloadOf({}), states });
      const profile = profileExecution(machineOf(definition), context)!;
      const visits = new Map(profile.states.map(({ state, visits: count }) => [state.name, count] as const));
      return {
        late: visits.get("Late")!,
        a: visits.get("OnA")!,
        fine: visits.get("Fine")!,
        longest: profile.durationMs.values.at(-1)!,
      };
    };
    const alone = sharesOf({});
    // A log-normal of median 1 s with a tenth past 4 s has 15.5 % past 3 s (ln 3 ÷ (ln 4 ÷ 1.2816) = 1.0156); its atoms are 2.5 % each.
    expect(Math.abs(alone.late - 0.155)).toBeLessThan(0.0125);
    expect(alone.fine).toBeCloseTo(1 - alone.late, 12);
    expect(alone.longest).toBe(3000);
    const { late } = alone;
    expect(sharesOf({ A: 0.2 })).toMatchObject({
      late: expect.closeTo(late, 12),
      a: expect.closeTo(0.2 * (1 - late), 12),
    });
    expect(sharesOf({ A: 0.9, B: 0.9 })).toMatchObject({
      late: expect.closeTo(late, 12),
      a: expect.closeTo((1 - late) / 2, 12),
      fine: 0,
    });
    expect(sharesOf({ "States.Timeout": 0.1, A: 0.45 })).toMatchObject({
      late: expect.closeTo(late, 12),
      a: expect.closeTo((1 - late) / 2, 12),
    });
    expect(sharesOf({ "States.Timeout": 0.3, A: 0.2 })).toMatchObject({ late: 0.3, a: 0.2 });
    expect(sharesOf({}, "observed")).toMatchObject({ late: 0, fine: 1, longest: 3000 });
  });

  test("that miss a heartbeat come no sooner than it was due", () => {
    const lasting = (ms: number, fields: object) =>
      meanOf(
        profileOf(
          { StartAt: "Do", States: { Do: task({ ...fields, End: true }) } },
          { Do: { ms, errors: { "States.HeartbeatTimeout": 0.5 } } },
        ).durationMs,
      );
    expect(lasting(100, { HeartbeatSeconds: 60 })).toBe(30_050);
    expect(lasting(90_000, { HeartbeatSeconds: 60 })).toBe(90_000);
    expect(lasting(100, {})).toBe(100);
  });
});

describe("a duration", () => {
  const lastingOf = (state: object, duration: SaidOfState | null) => {
    const workload = workloadOf(duration === null ? {} : { Do: duration });
    const definition = { StartAt: "Do", States: { Do: { ...state, End: true } } };
    return meanOf(profileExecution(machineOf(definition), contextOf(workload))!.durationMs);
  };

  test.each([
    [task(), null, 500],
    [task({ Resource: "arn:aws:states:::glue:startJobRun.sync" }), null, 60_000],
    [{ Type: "Wait", SecondsPath: "$.s" }, null, 60_000],
    [{ Type: "Wait", SecondsPath: "$.s" }, { ms: 7000 }, 7000],
    [{ Type: "Wait", Seconds: 9 }, { ms: 7000 }, 9000],
    [task(), { ms: 70 }, 70],
  ])("of %j, said %j, is %d ms", (state, said, ms) => {
    expect(lastingOf(state, said)).toBe(ms);
  });

  test("of percentiles keeps its shape where it is moved, and is what it is moved to where it was nothing", () => {
    const percentiles = [
      [0.5, 100],
      [0.9, 400],
    ] as const;
    const lasting = (value: number, to: number) => {
      const said = { duration: { ms: exactFigure(value, "declared"), percentiles } };
      const states = new Map([["Do", { ...workloadOf({ Do: {} }).states.get("Do")!, ...said }]]);
      const context = contextOf({ ...workloadOf({}), states }, ({ id, figure }) =>
        id.endsWith(":duration") ? to : figure.value,
      );
      const machine = machineOf({ StartAt: "Do", States: { Do: task({ End: true }) } });
      return meanOf(profileExecution(machine, context)!.durationMs);
    };
    const mean = lasting(1, 1);
    expect(lasting(1, 2) / mean).toBeCloseTo(2, 2);
    expect(lasting(0, 5)).toBe(mean);
  });
});
