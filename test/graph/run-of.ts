/** Reads a definition literal and profiles it, for tests of the graph room. */
import { type Standpoint, atLikely } from "../../src/graph/assumption.ts";
import { type ExecutionProfile, profileExecution } from "../../src/graph/execution-profile.ts";
import type { RunContext } from "../../src/graph/run-context.ts";
import { EVERYTHING } from "../../src/graph/spent.ts";
import { exactFigure } from "../../src/workflow/figure.ts";
import type { JsonValue } from "../../src/workflow/text/json-value.ts";
import { parseStateMachine } from "../../src/workflow/definition/parse-state-machine.ts";
import type { StateMachine } from "../../src/workflow/state-machine.ts";
import {
  EMPTY_STATE_WORKLOAD,
  EMPTY_WORKLOAD,
  type StateWorkload,
  type Workload,
} from "../../src/workflow/workload/workload.ts";

export interface SaidOfState {
  readonly choices?: Readonly<Record<string, number>>;
  readonly items?: number;
  readonly rounds?: number;
  readonly ms?: number;
  readonly errors?: Readonly<Record<string, number>>;
  readonly failureRate?: number;
}

export function machineOf(definition: unknown): StateMachine {
  const { stateMachine } = parseStateMachine(definition as JsonValue, { definitionBytes: 0 });
  if (stateMachine === null) throw new Error("the definition has no states");
  return stateMachine;
}

export function workloadOf(said: Readonly<Record<string, SaidOfState>>): Workload {
  return {
    ...EMPTY_WORKLOAD,
    states: new Map(Object.entries(said).map(([name, of]) => [name, stateWorkload(of)])),
  };
}

function stateWorkload(said: SaidOfState): StateWorkload {
  const declared = (value: number) => exactFigure(value, "declared");
  const map = (values: Readonly<Record<string, number>> = {}) =>
    new Map(Object.entries(values).map(([key, value]) => [key, declared(value)] as const));
  return {
    ...EMPTY_STATE_WORKLOAD,
    choices: map(said.choices),
    errors: map(said.errors),
    items: said.items === undefined ? null : declared(said.items),
    rounds: said.rounds === undefined ? null : declared(said.rounds),
    failureRate: said.failureRate === undefined ? null : declared(said.failureRate),
    duration: said.ms === undefined ? null : { ms: declared(said.ms), percentiles: null },
  };
}

export function contextOf(workload: Workload, stand: Standpoint = atLikely): RunContext {
  return {
    workload,
    stand,
    measure: EVERYTHING,
    parseJsonata: null,
    taskDuration: null,
    childEnds: () => null,
    kept: new Map(),
  };
}

export function profileOf(
  definition: unknown,
  said: Readonly<Record<string, SaidOfState>> = {},
  stand?: Standpoint,
): ExecutionProfile {
  return profileExecution(machineOf(definition), contextOf(workloadOf(said), stand))!;
}
