/** A changed workflow is a workflow with a patch applied to its definition, read anew as any definition is. */
import { utf8Length } from "../workflow/text/decode-text.ts";
import type { JsonObject } from "../workflow/text/json-value.ts";
import { readDefinitionValue } from "../workflow/definition/read-definition.ts";
import type {
  MapState,
  ParallelState,
  Scope,
  State,
  StateMachine,
  TaskResource,
} from "../workflow/state-machine.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { applyPatch } from "./json-patch.ts";
import type { Proposal } from "./recommendation.ts";

/** The definition's JSON, from the machine that was read of it. */
export function writtenDefinition(machine: StateMachine): JsonObject {
  const { comment, queryLanguage, timeoutSeconds, startAt, states } = machine;
  return {
    ...(comment === null ? {} : { Comment: comment }),
    ...(queryLanguage === "JSONata" ? { QueryLanguage: queryLanguage } : {}),
    StartAt: startAt,
    ...(timeoutSeconds === null ? {} : { TimeoutSeconds: timeoutSeconds }),
    States: Object.fromEntries(states.map(({ name, fields }) => [name, fields])),
  };
}

/** Throws when the patch does not fit the definition: a rule that makes such a patch is mistaken. */
export function changeWorkflow(
  workflow: Workflow,
  { change, around = {} }: Pick<Proposal, "change" | "around">,
): Workflow {
  if (change.length === 0) return { ...workflow, ...around };
  const { stateMachine: machine } = workflow;
  const before = writtenDefinition(machine);
  const after = applyPatch(before, change);
  const bytes = (value: unknown): number => utf8Length(JSON.stringify(value));
  const { stateMachine, diagnostics } = readDefinitionValue(after, {
    locate: workflow.locate,
    pointer: machine.pointer,
    definitionBytes: machine.definitionBytes + bytes(after) - bytes(before),
  });
  if (stateMachine === null) throw new Error("the patched definition is no state machine");
  return {
    ...workflow,
    stateMachine: knowResources(stateMachine, resourcesOf(machine)),
    diagnostics,
    ...around,
  };
}

/** A placeholder that stands for a function declared beside the machine was recognised once, and is still that function. */
function resourcesOf(machine: Scope): ReadonlyMap<string, TaskResource> {
  const known = new Map<string, TaskResource>();
  const open: Scope[] = [machine];
  for (let scope = open.pop(); scope !== undefined; scope = open.pop()) {
    for (const state of scope.states) {
      if (state.type === "Task") known.set(state.resource.arn, state.resource);
      else if (state.type === "Map" || state.type === "Parallel") open.push(...scopesIn(state));
    }
  }
  return known;
}

/** As deep as the reader lets definitions nest. */
function knowResources<S extends Scope>(scope: S, known: ReadonlyMap<string, TaskResource>): S {
  const stateOf = (state: State): State => {
    switch (state.type) {
      case "Task":
        return { ...state, resource: known.get(state.resource.arn) ?? state.resource };
      case "Map":
        return { ...state, processor: knowResources(state.processor, known) };
      case "Parallel":
        return { ...state, branches: state.branches.map((branch) => knowResources(branch, known)) };
      default:
        return state;
    }
  };
  return { ...scope, states: scope.states.map(stateOf) };
}

function scopesIn(state: MapState | ParallelState): readonly Scope[] {
  return state.type === "Map" ? [state.processor] : state.branches;
}
