/**
 * A state machine is an Amazon States Language definition as written: states, their order and their places,
 * read leniently so that a definition with errors still yields all that can be understood of it.
 * Language: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
 */
import type { JsonObject } from "./text/json-value.ts";

export type WorkflowType = "STANDARD" | "EXPRESS";
export type QueryLanguage = "JSONPath" | "JSONata";

/** States that run together from one StartAt: a machine's top level, a Parallel branch, or a Map's processor. */
export interface Scope {
  readonly pointer: string;
  readonly startAt: string;
  /** In the order written; names are unique within a scope. */
  readonly states: readonly State[];
}

export interface StateMachine extends Scope {
  readonly comment: string | null;
  readonly queryLanguage: QueryLanguage;
  readonly timeoutSeconds: number | null;
  /** UTF-8 bytes of the definition as AWS would receive it; feeds Express memory and the 1 MB limit. */
  readonly definitionBytes: number;
}

export type State =
  PassState | TaskState | ChoiceState | WaitState | SucceedState | FailState | ParallelState | MapState;

interface StateFields {
  readonly name: string;
  readonly pointer: string;
  readonly queryLanguage: QueryLanguage;
  /** The state's JSON as written, for payload templates and expressions. */
  readonly fields: JsonObject;
}

export interface PassState extends StateFields {
  readonly type: "Pass";
  /** The following state's name; null ends the scope. */
  readonly next: string | null;
}

export interface TaskState extends StateFields {
  readonly type: "Task";
  readonly next: string | null;
  readonly resource: TaskResource;
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
  /** Literal TimeoutSeconds and HeartbeatSeconds; null when absent or computed at run time. */
  readonly timeoutSeconds: number | null;
  readonly heartbeatSeconds: number | null;
}

export interface ChoiceState extends StateFields {
  readonly type: "Choice";
  readonly choices: readonly ChoiceRule[];
  readonly default: string | null;
}

export interface ChoiceRule {
  readonly pointer: string;
  readonly next: string;
  /** The rule as written: data tests (JSONPath) or `Condition` (JSONata). */
  readonly fields: JsonObject;
}

export interface WaitState extends StateFields {
  readonly type: "Wait";
  readonly next: string | null;
  /** Literal Seconds; null for Timestamp, paths and expressions. */
  readonly seconds: number | null;
}

export interface SucceedState extends StateFields {
  readonly type: "Succeed";
}

export interface FailState extends StateFields {
  readonly type: "Fail";
  /** Literal Error; null when absent or computed at run time. */
  readonly error: string | null;
}

export interface ParallelState extends StateFields {
  readonly type: "Parallel";
  readonly next: string | null;
  readonly branches: readonly Scope[];
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

export interface MapState extends StateFields {
  readonly type: "Map";
  readonly next: string | null;
  /** `ItemProcessor`, or the older `Iterator`. */
  readonly processor: Scope;
  readonly mode: "INLINE" | "DISTRIBUTED";
  /** Type of a Distributed Map's child executions; STANDARD when not written. */
  readonly executionType: WorkflowType;
  /** Literal MaxConcurrency; null when absent, zero (no limit) or computed at run time. */
  readonly maxConcurrency: number | null;
  readonly itemBatcher: ItemBatcher | null;
  /** Literal tolerances; null when absent or computed. */
  readonly toleratedFailurePercentage: number | null;
  readonly toleratedFailureCount: number | null;
  /** `Resource` of ItemReader and ResultWriter, e.g. `arn:aws:states:::s3:getObject`. */
  readonly itemReader: string | null;
  readonly resultWriter: string | null;
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

/** Literal limits of a batch; null when absent or computed at run time. */
export interface ItemBatcher {
  readonly maxItemsPerBatch: number | null;
  readonly maxInputBytesPerBatch: number | null;
}

export interface Retrier {
  readonly pointer: string;
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number | null;
  readonly jitterStrategy: "FULL" | "NONE";
}

export interface Catcher {
  readonly pointer: string;
  readonly errorEquals: readonly string[];
  readonly next: string;
}

/** What a Task calls, taken apart from its `Resource`. */
export interface TaskResource {
  /** As written; placeholders of unresolved template parts stay readable. */
  readonly arn: string;
  readonly kind: "lambda" | "activity" | "optimized" | "sdk" | "unknown";
  /** `lambda`, `dynamodb`, `states`, `sfn`, …: lower case; "" when unknown. */
  readonly service: string;
  /** `invoke`, `putItem`, `startExecution`, …; "" when unknown. */
  readonly action: string;
  readonly pattern: "REQUEST_RESPONSE" | "RUN_JOB" | "WAIT_FOR_TASK_TOKEN";
  /** The suffix as written: "", ".sync", ".sync:2" or ".waitForTaskToken". */
  readonly suffix: string;
}
