/**
 * A scope run is one run of a scope (a machine's top level, a branch, a Map's processor) in expectation: visits,
 * retries and outcomes, with the runs inside its Parallel and Map states.
 */
import type { Place } from "../diagnostic.ts";
import type { TaskState } from "../workflow/state-machine.ts";
import type { DurationFigure, Workload } from "../workflow/workload/workload.ts";
import type { Assumption, Standpoint } from "./assumption.ts";
import type { ChoiceShares } from "./choice-shares.ts";
import type { ParseJsonata } from "./constant-expression.ts";
import type { Weighted } from "./distribution.ts";
import type { EdgeArc, SolvedChain } from "./markov-chain.ts";
import type { SituationGraph } from "./situation-graph.ts";
import type { Outcome } from "./spent-by-outcome.ts";
import type { Spent } from "./spent.ts";
import type { Edge, StateGraph } from "./state-graph.ts";

export interface RunContext {
  readonly workload: Workload;
  readonly stand: Standpoint;
  /** Which distributions to carry along; the others are not to be relied on. Visits and retries do not depend on it. */
  readonly measure: ReadonlySet<keyof Spent>;
  readonly parseJsonata: ParseJsonata | null;
  /** One attempt of each Task that answers at once and whose duration nobody declares; null = the default. */
  readonly taskDuration: DurationFigure | null;
  /** Of the execution that a Task starts and waits for, when its machine is known. */
  readonly childEnds: (task: TaskState) => ChildEnds | null;
  /** What stays the same between standpoints, by scope; filled as it goes. */
  readonly kept: Map<string, KeptScope>;
}

/** How long the executions take that a Task starts and waits for, ms: of those that its attempts succeed by, and fail by; the masses sum to 1. */
export interface ChildEnds {
  readonly succeeded: Weighted | null;
  readonly failed: Weighted | null;
}

export interface KeptScope {
  readonly graph: StateGraph | null;
  readonly unrolled: Map<string, SituationGraph>;
  readonly runs: KeptRun[];
}

/** A scope's run at one standpoint, see kept-run.ts. */
export interface KeptRun {
  readonly run: ScopeRun;
  readonly measure: ReadonlySet<keyof Spent>;
  /** Each figure that the run asked for, and what it was told. */
  readonly asked: ReadonlyMap<string, { readonly assumption: Assumption; readonly answer: number }>;
}

export interface ScopeRun {
  readonly graph: StateGraph;
  /** What was said, seen and worked out of its states. */
  readonly workload: Workload;
  readonly unrolled: SituationGraph;
  readonly solved: SolvedChain<EdgeArc>;
  /** By state, per run of the scope. */
  readonly visits: readonly number[];
  readonly stateVisits: readonly StateVisit[];
  readonly choiceShares: ReadonlyMap<number, ChoiceShares>;
  /** Rounds after which a counted Choice lets go, by state. */
  readonly rounds: ReadonlyMap<number, number>;
  readonly outcomes: readonly Outcome[];
  readonly problems: readonly RunProblem[];
}

export interface RunProblem {
  readonly code: "choice-shares" | "endless-loop" | "rounds-without-loop" | "constants-not-followed";
  readonly pointer: string;
  readonly state: string;
  readonly message: string;
  /** Where the figures that cannot be are declared; null where the definition itself is the place. */
  readonly declaredAt: Place | null;
}

export interface StateVisit {
  /** Positive shares, and share 0 for edges that no figure makes happen; all of one visit sum to 1. */
  readonly ends: readonly VisitEndOnEdge[];
  /** Expected attempts, 1 without retries. */
  readonly attempts: number;
  readonly inside: Inside | null;
}

export interface VisitEndOnEdge {
  readonly edge: Edge;
  readonly share: number;
  readonly error: string | null;
  readonly retries: number;
  readonly spent: Spent;
}

/** What runs inside a Parallel or Map: per attempt, each of `runs` runs `times`. */
export interface Inside {
  readonly runs: readonly (ScopeRun | null)[];
  readonly times: number;
  /** Items of a Map (before batching); null for a Parallel. */
  readonly items: number | null;
  /** Type of the child executions of a Distributed Map; null when it all runs inside this execution. */
  readonly childType: "STANDARD" | "EXPRESS" | null;
}
