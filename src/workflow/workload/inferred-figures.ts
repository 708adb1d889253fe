/** Inferred figures are what a workflow's scenarios say of it: they stand where nobody has declared or observed any. */
import type { Figure } from "../figure.ts";
import { innerScopes, statesWithin } from "../state-identity.ts";
import type { Scope, State } from "../state-machine.ts";
import { EMPTY_STATE_WORKLOAD, workloadOfState } from "./workload.ts";
import type { StateWorkload, Workload } from "./workload.ts";
import { overlayState } from "./state-overlay.ts";

/** `inferred` goes by pointers. What is said of a state by name stays under its name, unless another state has it too. */
export function layOverInferred(inferred: Workload, said: Workload, stateMachine: Scope): Workload {
  const states = statesWithin(stateMachine);
  const named = new Map<string, number>();
  for (const { name } of states) named.set(name, (named.get(name) ?? 0) + 1);
  const figures = new Map(said.states);
  for (const state of states) {
    const under = inferred.states.get(state.pointer);
    if (under === undefined) continue;
    const over = workloadOfState(said, state);
    const isAlone = named.get(state.name) === 1 && !said.states.has(state.pointer);
    figures.set(isAlone ? state.name : state.pointer, layState(state, { under, over, said }));
  }
  return { ...said, states: figures };
}

interface Layers {
  readonly under: StateWorkload;
  readonly over: StateWorkload;
  readonly said: Workload;
}

function layState(state: State, { under, over, said }: Layers): StateWorkload {
  const failures = over.errors.size > 0 || over.failureRate !== null;
  const kept = {
    ...under,
    errors: failures ? EMPTY_STATE_WORKLOAD.errors : under.errors,
    seenVisits: isDecidedInside(state, said) ? null : under.seenVisits,
  };
  return overlayState(kept, over);
}

/** Whether anybody has said what happens inside a Map or Parallel: then how its visits end follows from that. */
function isDecidedInside(state: State, said: Workload): boolean {
  return innerScopes(state)
    .flatMap((scope) => statesWithin(scope))
    .some((inner) => {
      const { choices, errors, failureRate } = workloadOfState(said, inner);
      return choices.size > 0 || errors.size > 0 || failureRate !== null;
    });
}

/** A workload without the figures that say which ways were taken: for asking which could be. The same where there are none. */
export function withoutInferred(workload: Workload): Workload {
  if (![...workload.states.values()].some(saysWhatWasTaken)) return workload;
  const states = [...workload.states].map(([key, state]): [string, StateWorkload] => [
    key,
    {
      ...state,
      choices: isAllInferred(state.choices) ? EMPTY_STATE_WORKLOAD.choices : state.choices,
      errors: isAllInferred(state.errors) ? EMPTY_STATE_WORKLOAD.errors : state.errors,
      seenVisits: null,
    },
  ]);
  return { ...workload, states: new Map(states) };
}

function saysWhatWasTaken({ choices, errors, seenVisits }: StateWorkload): boolean {
  return seenVisits !== null || isAllInferred(choices) || isAllInferred(errors);
}

function isAllInferred(figures: ReadonlyMap<string, Figure>): boolean {
  return figures.size > 0 && [...figures.values()].every(isInferred);
}

function isInferred({ basis }: Figure): boolean {
  return basis === "inferred";
}
