/** Builds histories as AWS numbers them: `[type, previousEventId, details]` per event, ids from 1 in the order given. */
export interface BuiltEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  readonly timestamp?: unknown;
  readonly [details: string]: unknown;
}

type Row = readonly [type: string, previous: number, details?: object];

/** Events a second apart from 2026-01-01T00:00:00Z. */
export function history(...rows: readonly Row[]): BuiltEvent[] {
  return rows.map(([type, previousEventId, details], index) => ({
    id: index + 1,
    previousEventId,
    type,
    timestamp: new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString(),
    ...(details === undefined ? {} : { [detailsKey(type)]: details }),
  }));
}

function detailsKey(type: string): string {
  if (type.endsWith("StateEntered")) return "stateEnteredEventDetails";
  if (type.endsWith("StateExited")) return "stateExitedEventDetails";
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}

/** Start, a Task that fails three times and works the fourth, a Choice, the state it leads to, end. */
export function retriedTaskThenChoice(): BuiltEvent[] {
  return history(
    ["ExecutionStarted", 0],
    ["TaskStateEntered", 0, { name: "Charge", input: '{"id":"ü"}', inputDetails: { truncated: false } }],
    ["TaskScheduled", 2],
    ["TaskStarted", 3],
    ["TaskFailed", 4, { error: "Card.Busy" }],
    ["TaskScheduled", 5],
    ["TaskStarted", 6],
    ["TaskTimedOut", 7],
    ["TaskScheduled", 8],
    ["TaskStarted", 9],
    ["TaskFailed", 10, { error: "Card.Busy" }],
    ["TaskScheduled", 11],
    ["TaskStarted", 12],
    ["TaskSucceeded", 13],
    ["TaskStateExited", 14, { name: "Charge", output: "{}" }],
    ["ChoiceStateEntered", 15, { name: "Big?", input: "{}" }],
    ["ChoiceStateExited", 16, { name: "Big?", output: "{}" }],
    ["SucceedStateEntered", 17, { name: "Done" }],
    ["SucceedStateExited", 18, { name: "Done" }],
    ["ExecutionSucceeded", 19],
  );
}

/** Two Map iterations whose events interleave: the first retries its Lambda, each takes another branch. */
export function interleavedMap(): BuiltEvent[] {
  return history(
    ["ExecutionStarted", 0],
    ["MapStateEntered", 0, { name: "Each" }],
    ["MapStateStarted", 2, { length: 2 }],
    ["MapIterationStarted", 3, { name: "Each", index: 0 }],
    ["MapIterationStarted", 3, { name: "Each", index: 1 }],
    ["TaskStateEntered", 4, { name: "Work" }],
    ["TaskStateEntered", 5, { name: "Work" }],
    ["LambdaFunctionScheduled", 6],
    ["LambdaFunctionScheduled", 7],
    ["LambdaFunctionFailed", 8, { error: "Oops" }],
    ["LambdaFunctionSucceeded", 9],
    ["LambdaFunctionScheduled", 10],
    ["TaskStateExited", 11, { name: "Work" }],
    ["LambdaFunctionSucceeded", 12],
    ["ChoiceStateEntered", 13, { name: "Pick" }],
    ["TaskStateExited", 14, { name: "Work" }],
    ["ChoiceStateExited", 15, { name: "Pick" }],
    ["ChoiceStateEntered", 16, { name: "Pick" }],
    ["PassStateEntered", 17, { name: "Left" }],
    ["ChoiceStateExited", 18, { name: "Pick" }],
    ["PassStateExited", 19, { name: "Left" }],
    ["PassStateEntered", 20, { name: "Right" }],
    ["MapIterationSucceeded", 21, { name: "Each", index: 1 }],
    ["PassStateExited", 22, { name: "Right" }],
    ["MapIterationSucceeded", 24, { name: "Each", index: 0 }],
    ["MapStateSucceeded", 25],
    ["MapStateExited", 25, { name: "Each" }],
    ["ExecutionSucceeded", 27],
  );
}
