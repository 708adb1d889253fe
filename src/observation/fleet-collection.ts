/** A fleet collection is what may be asked of AWS about what runs there, and what comes back. */
import type { Fleet } from "../workflow/fleet/fleet.ts";
import type { EarlierDefinitions } from "./earlier-definitions.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";

/** The way to AWS; nothing is ever written there. */
export interface AwsDoor {
  /** Throws a UserError with exit code 3 when nothing at all could be read. */
  collectFleet(request: CollectionRequest, hooks: CollectionHooks): Promise<CollectedFleet>;
  /** Lists machines and says what collecting them would take; only free calls are made. */
  planCollection(
    request: CollectionRequest,
    hooks: Pick<CollectionHooks, "nowMs" | "earlier">,
  ): Promise<CollectionPlan>;
  /** IAM actions of exactly the calls that the request makes. */
  leastPolicy(request: CollectionRequest): object;
  /** ValidateStateMachineDefinition of each definition, in their order. */
  validateDefinitions(
    definitions: readonly DefinitionToValidate[],
    place: Pick<CollectionRequest, "profile" | "regions" | "rate">,
  ): Promise<readonly DefinitionVerdict[]>;
}

export interface CollectionRequest {
  /** "all" = those enabled in each account; null = the one that the environment or profile names. */
  readonly regions: readonly string[] | "all" | null;
  readonly profile: string | null;
  /** Roles to take in other accounts; empty = the caller's own account. */
  readonly roles: readonly string[];
  /** Name of a role to take in every active account of the organization. */
  readonly organizationRole: string | null;
  readonly select: MachineSelection;
  readonly period: CollectionPeriod;
  /** Executions sampled of each Standard machine; 0 = none. */
  readonly histories: number;
  /** Most calls for samples, over all machines. */
  readonly sampleCalls: number;
  /** Sample Express machines from their logs. */
  readonly logs: boolean;
  readonly keepPayloads: boolean;
  /** Aliases and versions too: two calls more per machine. */
  readonly versions: boolean;
  /** How much of AWS's default request quotas may be used: 0.5 leaves half to others, 10 where AWS raised them. */
  readonly rate: number;
}

export interface MachineSelection {
  /** Globs, any of which matches; empty = all. */
  readonly names: readonly string[];
  readonly arns: readonly string[];
  /** All of them must be there; a value of null stands for any. */
  readonly tags: readonly { readonly key: string; readonly value: string | null }[];
}

/** Instants in milliseconds since 1970, on full hours, UTC. */
export interface CollectionPeriod {
  /** `2026-10`; null for another period. */
  readonly month: string | null;
  readonly fromMs: number;
  readonly untilMs: number;
  /** The month is not over. */
  readonly partial: boolean;
}

export interface CollectionHooks {
  /** File that remembers what was read, so that a broken run goes on where it ended. */
  readonly journal: string;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Forgets what an earlier run remembered. */
  readonly fresh: boolean;
  readonly progress: (text: string) => void;
  /** Definitions that are not read again when their revision is the same. */
  readonly earlier: EarlierDefinitions;
}

export interface CollectedFleet {
  readonly fleet: Fleet;
  /** Of this very run, attempts that failed included. */
  readonly calls: readonly CallCount[];
  /** Parts that an earlier run had read. */
  readonly resumed: number;
  /** What could not be read is worth another run; the journal stays. */
  readonly unfinished: boolean;
  /** Removes the journal once the fleet is written, unless it is of use to another run. */
  finish(): Promise<void>;
}

export interface CallCount {
  /** IAM action, such as `states:DescribeStateMachine`. */
  readonly action: string;
  readonly calls: number;
}

export interface CollectionPlan {
  readonly machines: number;
  readonly calls: readonly CallCount[];
  readonly metrics: number;
  /** USD at list price. */
  readonly cost: number;
  /** At the quotas' pace. */
  readonly seconds: number;
  readonly messages: readonly string[];
}

export interface DefinitionToValidate {
  readonly definition: string;
  readonly type: WorkflowType;
}

/** What AWS says of a definition; `failure` says why it could not be asked. */
export interface DefinitionVerdict {
  readonly diagnostics: readonly {
    readonly code: string;
    readonly severity: "error" | "warning";
    readonly message: string;
    /** JSON pointer, or a path such as `/States/A/Next`; null when AWS names none. */
    readonly location: string | null;
  }[];
  readonly failure: string | null;
}
