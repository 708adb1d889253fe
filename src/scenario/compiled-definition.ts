/**
 * A compiled definition is a state machine whose paths, templates and expressions are parsed once, ready to be acted out
 * many times. The last few are kept, by the definition's text.
 */
import type { Diagnostic } from "../diagnostic.ts";
import { UserError } from "../user-error.ts";
import { readDefinition } from "../workflow/definition/read-definition.ts";
import { readSourceText } from "../workflow/text/source-text.ts";
import type { Scope, State, StateMachine } from "../workflow/state-machine.ts";
import { compileChoice } from "./action/choice-action.ts";
import { compileDistributedMap } from "./map/distributed-map.ts";
import type { CompiledScope, CompiledState, StateAction } from "./execution-thread.ts";
import { compileInlineMap } from "./map/inline-map.ts";
import { writeJson } from "./data/json-text.ts";
import { compileParallel } from "./action/parallel-action.ts";
import { compileFail, compilePass, compileSucceed } from "./action/plain-actions.ts";
import { compileTask } from "./action/task-action.ts";
import { compileWait } from "./action/wait-action.ts";
import { keptIn } from "../once.ts";

export interface CompiledDefinition {
  readonly stateMachine: StateMachine;
  readonly scope: CompiledScope;
  /** All states, nested ones too. */
  readonly states: readonly State[];
  readonly diagnostics: readonly Diagnostic[];
}

const KEPT = 32;
const cache = new Map<string, CompiledDefinition>();

/** `definition` is ASL as text (JSON, also with comments) or as a value. Throws a UserError when it is no state machine. */
export function compileDefinition(definition: unknown): CompiledDefinition {
  const text = typeof definition === "string" ? definition : writeJson(definition);
  if (text === undefined) throw notADefinition("It is no JSON value.", null);
  const known = cache.get(text);
  if (known !== undefined) return known;
  const compiled = compileText(text);
  if (cache.size >= KEPT) cache.delete(cache.keys().next().value as string);
  cache.set(text, compiled);
  return compiled;
}

function compileText(text: string): CompiledDefinition {
  const { stateMachine, diagnostics } = readDefinition(readSourceText(text, "definition"));
  if (stateMachine === null) {
    const [first] = diagnostics;
    throw notADefinition(first?.message ?? "It has no states.", first?.hint ?? null);
  }
  return { ...compileStateMachine(stateMachine), diagnostics };
}

const machines = new WeakMap<StateMachine, CompiledDefinition>();

/** The same of a definition that was read before; what is wrong with it has been said then. */
export function compileStateMachine(stateMachine: StateMachine): CompiledDefinition {
  return keptIn(machines, stateMachine, () => {
    const states: State[] = [];
    const scope = compileScope(stateMachine, states);
    return { stateMachine, scope, states, diagnostics: [] };
  });
}

function notADefinition(reason: string, hint: string | null): UserError {
  return new UserError(
    "not-a-definition",
    `This is not an Amazon States Language definition. ${reason}`,
    hint,
  );
}

function compileScope(scope: Scope, seen: State[]): CompiledScope {
  const states = new Map<string, CompiledState>();
  for (const state of scope.states) {
    seen.push(state);
    states.set(state.name, { state, act: compileState(state, seen) });
  }
  return { startAt: scope.startAt, states };
}

function compileState(state: State, seen: State[]): StateAction {
  switch (state.type) {
    case "Pass":
      return compilePass(state);
    case "Task":
      return compileTask(state);
    case "Choice":
      return compileChoice(state);
    case "Wait":
      return compileWait(state);
    case "Succeed":
      return compileSucceed(state);
    case "Fail":
      return compileFail(state);
    case "Parallel": {
      const branches = state.branches.map((branch) => compileScope(branch, seen));
      return compileParallel(state, branches);
    }
    case "Map": {
      const processor = compileScope(state.processor, seen);
      return state.mode === "DISTRIBUTED"
        ? compileDistributedMap(state, processor)
        : compileInlineMap(state, processor);
    }
  }
}
