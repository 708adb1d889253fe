/** A workload is what a definition cannot know: how often it runs, which way, how long, how large. */
import type { Place } from "../../diagnostic.ts";
import type { Figure } from "../figure.ts";

export interface Workload {
  readonly executionsPerMonth: Figure | null;
  readonly peakPerSecond: Figure | null;
  /** Size of the data that flows between states, KB (1,000 bytes). */
  readonly payloadKB: Figure | null;
  /** CloudWatch Logs level; null = not declared. */
  readonly logLevel: LogLevel | null;
  /** True when logging is declared at a level that is not known before it is deployed: then nothing says that it is off. */
  readonly logLevelUnknown: boolean;
  readonly logExecutionData: boolean | null;
  readonly tracing: boolean | null;
  /** True when redrive or the 90-day execution history is needed: blocks Express. */
  readonly needsHistory: boolean;
  /** Rules that are to be heard of no more, each with the reason that somebody wrote down. */
  readonly suppressions: readonly Suppression[];
  /** By state name, or by JSON pointer (as in `State.pointer`) where a name occurs twice. */
  readonly states: ReadonlyMap<string, StateWorkload>;
}

export interface Suppression {
  readonly rule: string;
  /** Name of the state it is for; null = all of them. */
  readonly state: string | null;
  readonly reason: string;
  readonly at: Place;
}

export type LogLevel = "ALL" | "ERROR" | "FATAL" | "OFF";

export interface StateWorkload {
  /** Choice: share of each branch, by target state's name or by rule number ("0", "1", …, "default"). */
  readonly choices: ReadonlyMap<string, Figure>;
  /** Where the shares stand in a workload file; null for those that stand in none. */
  readonly choicesAt: Place | null;
  /** Map: items per execution of the Map state; each item's size. */
  readonly items: Figure | null;
  readonly itemKB: Figure | null;
  /** Map with an ItemBatcher that computes its limits: items of one batch. */
  readonly batchItems: Figure | null;
  /** Choice that closes a loop: how often it is entered per loop before it lets go. */
  readonly rounds: Figure | null;
  /** One attempt's duration. */
  readonly duration: DurationFigure | null;
  /** Share of attempts that fail, by error name; `failureRate` stands for any error only States.ALL and States.TaskFailed match. */
  readonly errors: ReadonlyMap<string, Figure>;
  readonly failureRate: Figure | null;
  /** Task, Map, Parallel: whole visits as they were seen, in place of shares of attempts; shares sum to 1. */
  readonly seenVisits: readonly SeenVisit[] | null;
  readonly lambda: {
    readonly memoryMB: Figure | null;
    readonly architecture: "x86_64" | "arm64" | null;
  } | null;
  /** The Task's work can be repeated without harm. */
  readonly idempotent: boolean | null;
}

/** How the attempts of one visit ended, in order: an error's name, or null for success. Tried on, the last repeats. */
export interface SeenVisit {
  readonly attempts: readonly (string | null)[];
  readonly share: number;
}

/** A constant (percentiles null), or a distribution given by its percentiles, each in milliseconds. */
export interface DurationFigure {
  readonly ms: Figure;
  /** Ascending pairs of [share 0–1, ms]; null = every attempt lasts `ms.value`. */
  readonly percentiles: readonly (readonly [share: number, ms: number])[] | null;
}

export const EMPTY_WORKLOAD: Workload = {
  executionsPerMonth: null,
  peakPerSecond: null,
  payloadKB: null,
  logLevel: null,
  logLevelUnknown: false,
  logExecutionData: null,
  tracing: null,
  needsHistory: false,
  suppressions: [],
  states: new Map(),
};

export const EMPTY_STATE_WORKLOAD: StateWorkload = {
  choices: new Map(),
  choicesAt: null,
  items: null,
  itemKB: null,
  batchItems: null,
  rounds: null,
  duration: null,
  errors: new Map(),
  failureRate: null,
  seenVisits: null,
  lambda: null,
  idempotent: null,
};

/** The workload of a state, by pointer first, then by name; undefined when nothing is said of it. */
export function workloadOfState(
  workload: Workload,
  state: { readonly name: string; readonly pointer: string },
): StateWorkload {
  return workload.states.get(state.pointer) ?? workload.states.get(state.name) ?? EMPTY_STATE_WORKLOAD;
}
