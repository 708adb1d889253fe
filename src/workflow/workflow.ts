/** A workflow is what is priced: a state machine with a name, a type, a workload and the place it was found. */
import type { Diagnostic, Place } from "../diagnostic.ts";
import type { StateMachine, WorkflowType } from "./state-machine.ts";
import type { Workload } from "./workload.ts";

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
  /** What was learned while finding and reading it. */
  readonly diagnostics: readonly Diagnostic[];
}

export type Locate = (pointer: string) => Place;
