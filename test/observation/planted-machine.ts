/** A planted machine has known shares, items, retries and durations, and makes the histories AWS would record of it. */
import { drawFrom } from "../../src/scenario/data/random-draw.ts";

/** Routes a third of the way, maps over lines with a Task that is retried, polls until it is let go. */
export const PLANTED_DEFINITION = {
  StartAt: "Route",
  States: {
    Route: {
      Type: "Choice",
      Choices: [
        { Variable: "$.review", BooleanEquals: true, Next: "Review" },
        { Variable: "$.bad", BooleanEquals: true, Next: "Reject" },
      ],
      Default: "Lines",
    },
    Review: { Type: "Pass", Next: "Lines" },
    Reject: { Type: "Fail", Error: "Bad" },
    Lines: {
      Type: "Map",
      ItemsPath: "$.lines",
      ItemProcessor: {
        ProcessorConfig: { Mode: "INLINE" },
        StartAt: "Charge",
        States: {
          Charge: {
            Type: "Task",
            Resource: "arn:aws:states:::lambda:invoke",
            Retry: [{ ErrorEquals: ["Busy"], MaxAttempts: 20, IntervalSeconds: 1, BackoffRate: 1 }],
            End: true,
          },
        },
      },
      Next: "Ready?",
    },
    "Ready?": {
      Type: "Choice",
      Choices: [{ Variable: "$.waiting", BooleanEquals: true, Next: "Pause" }],
      Default: "Done",
    },
    Pause: { Type: "Wait", Seconds: 5, Next: "Ready?" },
    Done: { Type: "Succeed" },
  },
} as const;

export const TRUTH = {
  review: 0.2,
  reject: 0.05,
  /** One more than a geometric number with this mean. */
  items: 4,
  busy: 0.15,
  /** Exponential above a floor. */
  chargeMs: 400,
  waiting: 0.6,
} as const;

/** Transitions of an execution, its start counted: 1 + Route + Review + Lines and what is in it + polling + Done, or Reject. */
export const TRUE_TRANSITIONS =
  1 +
  1 +
  TRUTH.review +
  TRUTH.reject +
  (1 - TRUTH.reject) *
    (1 + TRUTH.items / (1 - TRUTH.busy) + 1 / (1 - TRUTH.waiting) + TRUTH.waiting / (1 - TRUTH.waiting) + 1);

const FLOOR_MS = 100;

export interface PlantedExecution {
  readonly status: "SUCCEEDED" | "FAILED";
  readonly stopMs: number;
  readonly events: readonly PlantedEvent[];
}

export interface PlantedEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  /** Seconds since 1970, as on the wire. */
  readonly timestamp: number;
  readonly [details: string]: unknown;
}

/** The way an execution of this seed takes; needs no events. */
export function plantedRoute(seed: number): "Review" | "Reject" | "Lines" {
  const draw = drawFrom(mixed(seed)).unit();
  if (draw < TRUTH.review) return "Review";
  return draw < TRUTH.review + TRUTH.reject ? "Reject" : "Lines";
}

/** Neighbouring seeds give neighbouring first draws; MurmurHash3's finalizer sets them apart. */
function mixed(seed: number): number {
  let hash = seed | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}

export function plantedExecution(seed: number, startMs: number): PlantedExecution {
  const { unit } = drawFrom(mixed(seed));
  unit();
  const route = plantedRoute(seed);
  const events: PlantedEvent[] = [];
  let now = startMs;
  const add = (
    type: string,
    previousEventId: number,
    details: Readonly<Record<string, object>> = {},
  ): number => {
    events.push({ id: events.length + 1, previousEventId, type, timestamp: now / 1000, ...details });
    return events.length;
  };
  const enter = (type: string, name: string, previous: number): number =>
    add(`${type}StateEntered`, previous, {
      stateEnteredEventDetails: { name, input: '{"secret":"of the customer"}' },
    });
  const leave = (type: string, name: string, previous: number): number =>
    add(`${type}StateExited`, previous, {
      stateExitedEventDetails: { name, output: '{"secret":"of the customer"}' },
    });
  const pass = (type: string, name: string, previous: number): number =>
    leave(type, name, enter(type, name, previous));
  let last = add("ExecutionStarted", 0, {
    executionStartedEventDetails: {
      input: '{"secret":"of the customer"}',
      roleArn: "arn:aws:iam::111111111111:role/r",
    },
  });
  last = pass("Choice", "Route", last);
  if (route === "Reject") {
    last = enter("Fail", "Reject", last);
    add("ExecutionFailed", last, {
      executionFailedEventDetails: { error: "Bad", cause: "secret of the customer" },
    });
    return { status: "FAILED", stopMs: now, events };
  }
  if (route === "Review") last = pass("Pass", "Review", last);
  const map = enter("Map", "Lines", last);
  const stay = 1 - 1 / TRUTH.items;
  let items = 1;
  while (unit() < stay) items++;
  const started = add("MapStateStarted", map, { mapStateStartedEventDetails: { length: items } });
  let ended = started;
  for (let index = 0; index < items; index++) {
    let inner = add("MapIterationStarted", started, {
      mapIterationStartedEventDetails: { name: "Lines", index },
    });
    inner = enter("Task", "Charge", inner);
    for (;;) {
      inner = add("TaskScheduled", inner, {
        taskScheduledEventDetails: {
          resourceType: "lambda",
          resource: "invoke",
          region: "eu-west-1",
          parameters: "{}",
        },
      });
      inner = add("TaskStarted", inner, {
        taskStartedEventDetails: { resourceType: "lambda", resource: "invoke" },
      });
      now += Math.round(FLOOR_MS - Math.log(1 - unit()) * (TRUTH.chargeMs - FLOOR_MS));
      const busy = unit() < TRUTH.busy;
      inner = busy
        ? add("TaskFailed", inner, {
            taskFailedEventDetails: { resourceType: "lambda", resource: "invoke", error: "Busy" },
          })
        : add("TaskSucceeded", inner, {
            taskSucceededEventDetails: { resourceType: "lambda", resource: "invoke" },
          });
      if (!busy) break;
      now += 1000;
    }
    inner = leave("Task", "Charge", inner);
    ended = add("MapIterationSucceeded", inner, {
      mapIterationSucceededEventDetails: { name: "Lines", index },
    });
  }
  last = leave("Map", "Lines", add("MapStateSucceeded", ended));
  for (;;) {
    last = pass("Choice", "Ready?", last);
    if (unit() >= TRUTH.waiting) break;
    const entered = enter("Wait", "Pause", last);
    now += 5000;
    last = leave("Wait", "Pause", entered);
  }
  last = pass("Succeed", "Done", last);
  add("ExecutionSucceeded", last, {
    executionSucceededEventDetails: { output: '{"secret":"of the customer"}' },
  });
  return { status: "SUCCEEDED", stopMs: now, events };
}
