/** A workflow is what is priced: a state machine with a name, a type, a workload and the place it was found. */
import type { Diagnostic, Place } from "../diagnostic.ts";
import type { DeployedMachine } from "./fleet/deployed-machine.ts";
import type { StateMachine, WorkflowType } from "./state-machine.ts";
import type { Workload } from "./workload/workload.ts";

export type FoundIn = "asl" | "sam" | "cloudformation" | "cdk" | "terraform" | "serverless" | "aws";

export interface Workflow {
  readonly name: string;
  /** Null when neither the definition's surroundings nor the user say: then priced as STANDARD, AWS's default. */
  readonly type: WorkflowType | null;
  readonly stateMachine: StateMachine;
  readonly workload: Workload;
  readonly at: Place;
  readonly foundIn: FoundIn;
  /** ARN or other names under which another workflow may start this one. */
  readonly aliases: readonly string[];
  /** Turns a pointer of this state machine into a place in the file; falls back to the nearest known ancestor. */
  readonly locate: Locate;
  /** What the template around it says; absent where there is none, or it cannot show it. */
  readonly surroundings?: Surroundings | null;
  /** What was observed of it, or of its deployed twin; absent where nothing was. */
  readonly deployed?: DeployedMachine;
  /** What was learned while finding and reading it. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What stands beside a definition in the template that declares it. */
export interface Surroundings {
  /** The machine's own name there: a logical id, or a resource's address. */
  readonly resource: string;
  /** Whether logging and tracing are written at all: AWS leaves them off where they are not. */
  readonly writesLogging: boolean;
  readonly writesTracing: boolean;
  readonly alarms: readonly AlarmedMetric[];
}

export interface AlarmedMetric {
  /** Of the namespace AWS/States, such as `ExecutionsFailed`; null = not known before it is deployed. */
  readonly metric: string | null;
  /** Of the Map Run whose children it watches; null = the machine's own executions. */
  readonly label: string | null;
}

export type Locate = (pointer: string) => Place;
