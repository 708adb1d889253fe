/**
 * Simulates one execution by drawing: a plain interpreter of the definition and of what is said of it, written
 * apart from the graph room's arithmetic so that both can be held against each other. It shares one of the room's stated
 * bounds: all branches and items run to their end. Items of a Map start as soon as there is room, which the room bounds.
 */
import { ANY_ERROR, matchesError } from "../../src/workflow/definition/error-names.ts";
import type {
  Catcher,
  ChoiceState,
  MapState,
  ParallelState,
  Retrier,
  Scope,
  State,
  TaskState,
} from "../../src/workflow/state-machine.ts";
import type { SaidOfState } from "./run-of.ts";

export interface Simulated {
  readonly error: string | null;
  readonly transitions: number;
  readonly events: number;
  readonly ms: number;
}

export interface Simulation {
  readonly said: Readonly<Record<string, SaidOfState>>;
  readonly draw: () => number;
  /** Visits by state name, added up over all executions. */
  readonly visits: Map<string, number>;
  /** Whether an item has had to wait for its start: how long a Map takes is then bounded, and not known. */
  waited: boolean;
}

/** Mulberry32: a small seeded generator, uniform on [0, 1). */
export function drawFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Thousands of executions walk the same scope. */
const byName = new WeakMap<Scope, ReadonlyMap<string, State>>();

function statesOf(scope: Scope): ReadonlyMap<string, State> {
  const known = byName.get(scope);
  if (known !== undefined) return known;
  const states = new Map(scope.states.map((state) => [state.name, state]));
  byName.set(scope, states);
  return states;
}

export function simulate(scope: Scope, simulation: Simulation): Simulated {
  const states = statesOf(scope);
  const spent = { transitions: 0, events: 0, ms: 0 };
  for (let name: string | null = scope.startAt; name !== null;) {
    const state: State = states.get(name)!;
    simulation.visits.set(name, (simulation.visits.get(name) ?? 0) + 1);
    const visit = enter(state, simulation);
    spent.transitions += visit.transitions;
    spent.events += visit.events;
    spent.ms += visit.ms;
    if (visit.error !== null) return { ...spent, error: visit.error };
    name = visit.next;
  }
  return { ...spent, error: null };
}

interface Visited extends Simulated {
  readonly next: string | null;
}

function enter(state: State, simulation: Simulation): Visited {
  const plain = { error: null, transitions: 1, events: 2, ms: 0 };
  switch (state.type) {
    case "Pass":
      return { ...plain, next: state.next };
    case "Wait":
      return { ...plain, ms: (state.seconds ?? 0) * 1000, next: state.next };
    case "Succeed":
      return { ...plain, next: null };
    case "Fail":
      return { ...plain, events: 1, error: state.error ?? ANY_ERROR, next: null };
    case "Choice":
      return { ...plain, next: choose(state, simulation) };
    case "Task":
      return retried(state, { closing: 0, attempt: () => attemptTask(state, simulation) }, simulation);
    case "Parallel":
      return retried(state, { closing: 1, attempt: () => attemptParallel(state, simulation) }, simulation);
    case "Map":
      return retried(state, { closing: 1, attempt: () => attemptMap(state, simulation) }, simulation);
  }
}

function choose(state: ChoiceState, { said, draw }: Simulation): string | null {
  let left = draw();
  for (const [target, share] of Object.entries(said[state.name]?.choices ?? {})) {
    left -= share;
    if (left < 0) return target;
  }
  return state.default;
}

interface Retried {
  readonly next: string | null;
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

interface Attempting {
  readonly closing: number;
  readonly attempt: () => Simulated;
}

function retried(state: Retried, { closing, attempt }: Attempting, { draw }: Simulation): Visited {
  const used = state.retry.map(() => 0);
  const spent = { transitions: 1, events: 1 + closing, ms: 0 };
  for (;;) {
    const { error, transitions, events, ms } = attempt();
    spent.transitions += transitions;
    spent.events += events;
    spent.ms += ms;
    if (error === null) return { ...spent, events: spent.events + 1, error, next: state.next };
    const retrier = state.retry.findIndex(({ errorEquals }) => matchesError(errorEquals, error));
    const { maxAttempts, ...delay } = state.retry[retrier] ?? { maxAttempts: 0 };
    if (retrier >= 0 && used[retrier]! < maxAttempts) {
      spent.transitions++;
      spent.ms += delayMs(delay as Retrier, used[retrier]!, draw);
      used[retrier]!++;
      continue;
    }
    const catcher = state.catch.find(({ errorEquals }) => matchesError(errorEquals, error));
    if (catcher === undefined) return { ...spent, error, next: null };
    return { ...spent, events: spent.events + 1, error: null, next: catcher.next };
  }
}

function delayMs(retrier: Retrier, used: number, draw: () => number): number {
  const grown = retrier.intervalSeconds * retrier.backoffRate ** used;
  const most = 1000 * Math.min(grown, retrier.maxDelaySeconds ?? Infinity);
  return retrier.jitterStrategy === "FULL" ? draw() * most : most;
}

function attemptTask(state: TaskState, { said, draw }: Simulation): Simulated {
  const { errors = {}, failureRate = 0, ms = 500 } = said[state.name] ?? {};
  const events = state.resource.pattern === "REQUEST_RESPONSE" ? 3 : 4;
  const mostMs = (state.timeoutSeconds ?? Infinity) * 1000;
  if (ms > mostMs) return { error: "States.Timeout", transitions: 0, events, ms: mostMs };
  let left = draw();
  for (const [error, share] of [...Object.entries(errors), [ANY_ERROR, failureRate] as const]) {
    left -= share;
    if (left >= 0) continue;
    const timedOut = error === "States.Timeout" && state.timeoutSeconds !== null;
    return { error, transitions: 0, events, ms: timedOut ? state.timeoutSeconds * 1000 : ms };
  }
  return { error: null, transitions: 0, events, ms };
}

function attemptParallel(state: ParallelState, simulation: Simulation): Simulated {
  const branches = state.branches.map((branch) => simulate(branch, simulation));
  return together(branches, { ms: Math.max(0, ...branches.map(({ ms }) => ms)), draw: simulation.draw });
}

function together(runs: readonly Simulated[], { ms, draw }: { ms: number; draw: () => number }): Simulated {
  const failed = runs.filter(({ error }) => error !== null);
  return {
    error: failed.length === 0 ? null : failed[Math.floor(draw() * failed.length)]!.error,
    transitions: runs.reduce((sum, run) => sum + run.transitions, 0),
    events: 1 + runs.reduce((sum, run) => sum + run.events, 0),
    ms,
  };
}

function attemptMap(state: MapState, simulation: Simulation): Simulated {
  const items = simulation.said[state.name]?.items ?? 0;
  const whole = Math.floor(items) + (simulation.draw() < items % 1 ? 1 : 0);
  return state.mode === "INLINE"
    ? attemptInline(state, whole, simulation)
    : attemptDistributed(state, whole, simulation);
}

function attemptInline(state: MapState, items: number, simulation: Simulation): Simulated {
  const runs = Array.from({ length: items }, () => simulate(state.processor, simulation));
  const ms = scheduled(runs, { width: Math.min(state.maxConcurrency ?? 40, 40), dispatchMs: 0 }, simulation);
  return together(
    runs.map((run) => ({ ...run, events: run.events + 2 })),
    { ms, draw: simulation.draw },
  );
}

/** From the first start to the last end: each starts in the slot that is free first, and a dispatch after the one before. */
function scheduled(
  runs: readonly Simulated[],
  { width, dispatchMs }: { readonly width: number; readonly dispatchMs: number },
  simulation: Simulation,
): number {
  const freeAt = Array.from({ length: Math.min(width, runs.length) }, () => 0);
  let dispatchAt = 0;
  for (const { ms } of runs) {
    const slot = freeAt.indexOf(Math.min(...freeAt));
    const start = Math.max(freeAt[slot]!, dispatchAt);
    simulation.waited ||= start > 0;
    dispatchAt = start + dispatchMs;
    freeAt[slot] = start + ms;
  }
  return Math.max(0, ...freeAt);
}

function attemptDistributed(state: MapState, items: number, simulation: Simulation): Simulated {
  const size = state.itemBatcher?.maxItemsPerBatch ?? 1;
  const children = Math.ceil(items / size);
  const runs = Array.from({ length: children }, () => simulate(state.processor, simulation));
  // All items of a batch fail with its child; the last batch holds what is left.
  const failed = runs.reduce(
    (sum, { error }, i) => sum + (error === null ? 0 : Math.min(size, items - i * size)),
    0,
  );
  const percentage = state.toleratedFailurePercentage ?? (state.toleratedFailureCount === null ? 0 : 100);
  const tolerated = Math.min(state.toleratedFailureCount ?? Infinity, (percentage / 100) * items);
  const width = state.maxConcurrency ?? 10_000;
  const dispatchMs = state.executionType === "EXPRESS" ? 1 : 10;
  const billed = state.executionType === "EXPRESS" ? 0 : 1;
  return {
    error: failed > tolerated ? "States.ExceedToleratedFailureThreshold" : null,
    transitions: runs.reduce((sum, run) => sum + 1 + billed * run.transitions, 0),
    events: 3,
    ms: scheduled(runs, { width, dispatchMs }, simulation),
  };
}
