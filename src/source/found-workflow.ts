/** A found workflow is a state machine as its source declares it, before its definition is read as Amazon States Language. */
import type { Diagnostic, Place } from "../diagnostic.ts";
import type { DeployedMachine } from "../workflow/fleet/deployed-machine.ts";
import type { JsonValue } from "../workflow/text/json-value.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import type { FoundIn, Locate, Surroundings } from "../workflow/workflow.ts";
import type { LogLevel } from "../workflow/workload/workload.ts";

export interface FoundWorkflow {
  /** Its literal name, or the address of the resource that declares it. */
  readonly name: string;
  readonly foundIn: FoundIn;
  /** Of the declaring resource. */
  readonly at: Place;
  /** Null when not written, or not known before it is deployed. */
  readonly type: WorkflowType | null;
  /** Null when it cannot be read without running something: `diagnostics` then say why and what to do. */
  readonly definition: FoundDefinition | null;
  /** Null when no logging is written; "unknown" when it is, at a level that is not known before it is deployed, or is none. */
  readonly logLevel: LogLevel | "unknown" | null;
  readonly logExecutionData: boolean | null;
  readonly tracing: boolean | null;
  /** Other names under which a workflow may start this one: ARN, resource address, placeholder. */
  readonly aliases: readonly string[];
  readonly schedules: readonly FoundSchedule[];
  /** Functions declared beside it, whether or not its Tasks call them. */
  readonly lambdas: readonly FoundLambda[];
  /** What was observed of it; absent for definitions that are not from AWS. */
  readonly deployed?: DeployedMachine;
  /** What its template says of it; absent where there is none, or it is not read. */
  readonly surroundings?: Surroundings;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Values unknown before deployment stand in a definition as readable placeholders, `${aws_lambda_function.worker.arn}`.
 * `place` maps a line and column of the text, from 1, to where that character was written.
 */
export type FoundDefinition =
  | {
      readonly kind: "value";
      readonly value: JsonValue;
      readonly locate: Locate;
      /** UTF-8 bytes as deployed; without it, those of the value as JSON. */
      readonly definitionBytes?: number;
    }
  | { readonly kind: "text"; readonly text: string; readonly place: (line: number, column: number) => Place };

/** A schedule that starts the workflow; the expression as written: `rate(5 minutes)`, `cron(0 12 * * ? *)`. */
export interface FoundSchedule {
  readonly expression: string;
  readonly enabled: boolean;
  readonly at: Place;
}

export interface FoundLambda {
  /** Every way a Task may name it, without `${` and `}`: function name, resource address, ARN. A Task calls it when its
   *  function is one of these, or a placeholder that begins with one of these and a dot. */
  readonly names: readonly string[];
  /** Null when not written or not known; AWS then takes 128 MB, x86_64 and 3 s. */
  readonly memoryMB: number | null;
  readonly architecture: "x86_64" | "arm64" | null;
  readonly timeoutSeconds: number | null;
  readonly at: Place;
}
