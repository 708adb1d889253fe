import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readHistory } from "../../src/observation/read-history.ts";
import type { ObservedHistory, ObservedState } from "../../src/observation/read-history.ts";
import { history, interleavedMap, retriedTaskThenChoice } from "./history-builder.ts";
import type { BuiltEvent } from "./history-builder.ts";

function stateNamed(read: ObservedHistory, name: string): ObservedState {
  const state = read.states.find((candidate) => candidate.name === name);
  if (state === undefined) throw new Error(`no state ${name}`);
  return state;
}

describe("a Task with retries, then a Choice", () => {
  const read = readHistory(retriedTaskThenChoice());

  test("transitions are the start, each state entered, and each retry", () => {
    expect(read).toMatchObject({ start: 1, entered: 3, retries: 3, redrives: 0, transitions: 7 });
    expect(read).toMatchObject({
      historyEvents: 20,
      status: "SUCCEEDED",
      complete: true,
      durationMs: 19_000,
    });
  });

  test("attempts, errors, durations and payloads belong to the Task", () => {
    expect(stateNamed(read, "Charge")).toMatchObject({
      type: "Task",
      entered: 1,
      exited: 1,
      retries: 3,
      historyEvents: 14,
      durationsMs: [13_000],
      attemptDurationsMs: [2000, 2000, 2000, 2000],
      errors: [
        { error: "Card.Busy", count: 2 },
        { error: "States.Timeout", count: 1 },
      ],
      inputBytes: [11],
      outputBytes: [2],
      next: [{ to: "Big?", count: 1 }],
    });
  });

  test("the branch taken is the state that followed the Choice", () => {
    expect(stateNamed(read, "Big?").next).toEqual([{ to: "Done", count: 1 }]);
    expect(stateNamed(read, "Done").next).toEqual([]);
  });
});

describe("a Map whose iterations interleave", () => {
  const read = readHistory(interleavedMap());

  test("each event finds its own iteration", () => {
    expect(stateNamed(read, "Work")).toMatchObject({ entered: 2, exited: 2, retries: 1 });
    expect(stateNamed(read, "Work").attemptDurationsMs).toEqual([2000, 2000, 2000]);
    expect(stateNamed(read, "Pick").next).toEqual([
      { to: "Left", count: 1 },
      { to: "Right", count: 1 },
    ]);
  });

  test("the Map has its items, and its own events only", () => {
    expect(stateNamed(read, "Each")).toMatchObject({
      items: [2],
      distributed: false,
      historyEvents: 8,
      next: [],
    });
    expect(read).toMatchObject({ entered: 7, retries: 1, transitions: 9, complete: true });
  });
});

describe("retries of containers", () => {
  test("a Map that starts again is retried, and holds the items of its last attempt", () => {
    const read = readHistory(
      history(
        ["ExecutionStarted", 0],
        ["MapStateEntered", 0, { name: "Each" }],
        ["MapStateStarted", 2, { length: 1 }],
        ["MapIterationStarted", 3, { name: "Each", index: 0 }],
        ["FailStateEntered", 4, { name: "No" }],
        ["MapIterationFailed", 5, { name: "Each", index: 0 }],
        ["MapStateStarted", 5, { length: 1 }],
        ["MapIterationStarted", 7, { name: "Each", index: 0 }],
        ["FailStateEntered", 8, { name: "No" }],
        ["MapIterationFailed", 9, { name: "Each", index: 0 }],
        ["MapStateFailed", 9],
        ["ExecutionFailed", 11],
      ),
    );
    expect(read).toMatchObject({ entered: 3, retries: 1, transitions: 5, status: "FAILED" });
    expect(stateNamed(read, "Each")).toMatchObject({ retries: 1, items: [1], exited: 0 });
  });

  test("an outer Map that starts again is not its inner Map", () => {
    const read = readHistory(
      history(
        ["ExecutionStarted", 0],
        ["MapStateEntered", 0, { name: "Outer" }],
        ["MapStateStarted", 2, { length: 1 }],
        ["MapIterationStarted", 3, { name: "Outer", index: 0 }],
        ["MapStateEntered", 4, { name: "Inner" }],
        ["MapStateStarted", 5, { length: 4 }],
        ["MapStateFailed", 6],
        ["MapIterationFailed", 7, { name: "Outer", index: 0 }],
        ["MapStateStarted", 7, { length: 1 }],
      ),
    );
    expect(stateNamed(read, "Outer").retries).toBe(1);
    expect(stateNamed(read, "Inner")).toMatchObject({ retries: 0, items: [4] });
    expect(read).toMatchObject({ status: null, complete: false, durationMs: null });
  });

  test("a Parallel that starts again is retried; the state after it is not inside it", () => {
    const read = readHistory(
      history(
        ["ExecutionStarted", 0],
        ["ParallelStateEntered", 0, { name: "Both" }],
        ["ParallelStateStarted", 2],
        ["FailStateEntered", 3, { name: "No" }],
        ["ParallelStateStarted", 4],
        ["PassStateEntered", 5, { name: "A" }],
        ["PassStateEntered", 5, { name: "B" }],
        ["PassStateExited", 6, { name: "A" }],
        ["PassStateExited", 7, { name: "B" }],
        ["ParallelStateSucceeded", 9],
        ["ParallelStateExited", 9, { name: "Both" }],
        ["PassStateEntered", 11, { name: "After" }],
        ["PassStateExited", 12, { name: "After" }],
        ["ExecutionSucceeded", 13],
      ),
    );
    expect(read).toMatchObject({ entered: 5, retries: 1, transitions: 7, complete: true });
    expect(stateNamed(read, "Both").next).toEqual([{ to: "After", count: 1 }]);
    expect(stateNamed(read, "B").next).toEqual([]);
  });
});

test("a Distributed Map that reads its own items has no known number of items", () => {
  const rows = (length: number): BuiltEvent[] =>
    history(
      ["ExecutionStarted", 0],
      ["MapStateEntered", 0, { name: "Rows" }],
      ["MapStateStarted", 2, { length }],
      ["MapRunStarted", 3, { mapRunArn: "arn" }],
      ["MapRunSucceeded", 4],
      ["MapStateSucceeded", 5],
      ["MapStateExited", 5, { name: "Rows" }],
      ["ExecutionSucceeded", 7],
    );
  expect(stateNamed(readHistory(rows(0)), "Rows")).toMatchObject({
    items: [],
    distributed: true,
    historyEvents: 6,
  });
  expect(stateNamed(readHistory(rows(9)), "Rows").items).toEqual([9]);
});

test("an empty inline Map has zero items, which is known", () => {
  const events = history(["MapStateEntered", 0, { name: "Each" }], ["MapStateStarted", 1, { length: 0 }]);
  expect(stateNamed(readHistory(events), "Each").items).toEqual([0]);
});

test("a redrive is a transition, and what runs again counts as a retry", () => {
  const read = readHistory(
    history(
      ["ExecutionStarted", 0],
      ["TaskStateEntered", 0, { name: "Charge" }],
      ["TaskScheduled", 2],
      ["TaskFailed", 3, { error: "Down" }],
      ["ExecutionFailed", 4],
      ["ExecutionRedriven", 5, { redriveCount: 1 }],
      ["TaskScheduled", 6],
      ["TaskSucceeded", 7],
      ["TaskStateExited", 8, { name: "Charge" }],
      ["ExecutionSucceeded", 9],
    ),
  );
  expect(read).toMatchObject({ entered: 1, retries: 1, redrives: 1, transitions: 4, status: "SUCCEEDED" });
});

test("an expression that fails belongs to the state that it names, even when its link skips that state", () => {
  const read = readHistory(
    history(
      ["ExecutionStarted", 0],
      ["MapStateEntered", 0, { name: "Each" }],
      ["EvaluationFailed", 0, { state: "Each", error: "States.QueryEvaluationError" }],
      ["MapStateFailed", 3],
      ["MapStateExited", 4, { name: "Each" }],
      ["PassStateEntered", 5, { name: "Mend" }],
    ),
  );
  expect(read.states.map((state) => state.name)).toEqual(["Each", "Mend"]);
  expect(stateNamed(read, "Each")).toMatchObject({
    exited: 1,
    errors: [{ error: "States.QueryEvaluationError", count: 1 }],
    next: [{ to: "Mend", count: 1 }],
  });
});

describe("input as people have it", () => {
  const events = retriedTaskThenChoice();
  const read = readHistory(events);

  test("pages, reversed pages and copies read as one history", () => {
    const pages = [{ events: events.slice(0, 9), nextToken: "t" }, { events: events.slice(9) }];
    expect(readHistory({ events })).toEqual(read);
    expect(readHistory(pages)).toEqual(read);
    expect(readHistory({ events: events.toReversed() })).toEqual(read);
    expect(readHistory([...events, ...events])).toEqual({ ...read, duplicates: events.length });
  });

  test("a page that promises more is not the whole history", () => {
    expect(readHistory({ events, nextToken: "t" }).complete).toBe(false);
  });

  test("dates, seconds and placeholders for times", () => {
    const timed = (timestamp: (event: BuiltEvent) => unknown): ObservedHistory =>
      readHistory(events.map((event) => ({ ...event, timestamp: timestamp(event) })));
    const ms = (event: BuiltEvent): number => Date.parse(String(event.timestamp));
    expect(timed((event) => new Date(ms(event)))).toEqual(read);
    expect(timed((event) => ms(event) / 1000)).toEqual(read);
    expect(timed(() => "timestamp")).toMatchObject({ durationMs: null, transitions: read.transitions });
    expect(
      stateNamed(
        timed(() => "timestamp"),
        "Charge",
      ),
    ).toMatchObject({ durationsMs: [], attemptDurationsMs: [] });
  });

  test("a payload cut short has no known size", () => {
    const cut = { name: "Charge", input: "{}", inputDetails: { truncated: true } };
    expect(stateNamed(readHistory(history(["TaskStateEntered", 0, cut])), "Charge").inputBytes).toEqual([]);
  });

  test.each([[null], [undefined], ["text"], [42], [[]], [{}], [[null, 1, "x", { id: 1 }]]])(
    "nothing usable in %j is not an execution",
    (input) => {
      expect(readHistory(input)).toMatchObject({
        transitions: 0,
        entered: 0,
        historyEvents: 0,
        complete: false,
      });
    },
  );

  test("unknown event types and names that JavaScript knows are kept as they are", () => {
    const read = readHistory(
      history(
        ["ExecutionStarted", 0],
        ["NovelStateEntered", 0, { name: "__proto__" }],
        ["SomethingNew", 2],
        ["NovelStateExited", 3, { name: "__proto__" }],
        ["PassStateEntered", 4, { name: "constructor" }],
      ),
    );
    expect(read).toMatchObject({ entered: 2, historyEvents: 5 });
    expect(stateNamed(read, "__proto__").next).toEqual([{ to: "constructor", count: 1 }]);
  });
});

describe("laws", () => {
  const whole = [retriedTaskThenChoice(), interleavedMap()];

  test("order does not matter", () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(...whole)
          .chain((events) => fc.shuffledSubarray(events, { minLength: events.length })),
        (shuffled) => {
          const sorted = [...shuffled].sort((a, b) => a.id - b.id);
          expect(readHistory(shuffled)).toEqual(readHistory(sorted));
        },
      ),
    );
  });

  test("whatever is cut out, the rest is read, never counts more, and is not called complete", () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(...whole)
          .chain((events) =>
            fc.tuple(fc.constant(events), fc.subarray(events, { maxLength: events.length - 1 })),
          ),
        ([events, rest]) => {
          const [all, part] = [readHistory(events), readHistory(rest)];
          expect(part.complete).toBe(false);
          expect(part.historyEvents).toBe(rest.length);
          expect(part.entered).toBe(rest.filter((event) => event.type.endsWith("StateEntered")).length);
          expect(part.retries).toBeLessThanOrEqual(all.retries);
        },
      ),
    );
  });

  test("any JSON at all is survived", () => {
    const event = fc.record(
      {
        id: fc.oneof(fc.integer({ min: -1, max: 9 }), fc.jsonValue()),
        previousEventId: fc.integer({ min: -1, max: 9 }),
        type: fc.constantFrom(
          "TaskStateEntered",
          "MapStateStarted",
          "TaskScheduled",
          "MapStateExited",
          "MapIterationStarted",
          "x",
        ),
        stateEnteredEventDetails: fc.oneof(fc.record({ name: fc.string() }), fc.jsonValue()),
      },
      { requiredKeys: ["type"] },
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(event, fc.jsonValue())), (events) => {
        const read = readHistory(events);
        expect(read.transitions).toBe(read.start + read.entered + read.retries + read.redrives);
      }),
    );
  });
});
