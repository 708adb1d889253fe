/** A task function is the Lambda function that a Task calls, as the template or the configuration beside it declares it. */
import { isJsonObject, ownValue } from "../workflow/text/json-value.ts";
import type { Scope, State, StateMachine, TaskState } from "../workflow/state-machine.ts";
import type { FoundLambda } from "./found-workflow.ts";

/** Every Task of a machine, however deep in branches and processors. */
export function tasksOf(machine: StateMachine): readonly TaskState[] {
  const tasks: TaskState[] = [];
  const open: Scope[] = [machine];
  for (let scope = open.pop(); scope !== undefined; scope = open.pop()) {
    for (const state of scope.states) {
      if (state.type === "Task") tasks.push(state);
      else if (state.type === "Parallel") open.push(...state.branches);
      else if (state.type === "Map") open.push(state.processor);
    }
  }
  return tasks;
}

/** The machine with those Tasks known for Lambda's whose placeholder stands for a declared function. */
export function withFunctions<S extends Scope>(scope: S, lambdas: readonly FoundLambda[]): S {
  return { ...scope, states: scope.states.map((state) => recogniseFunction(state, lambdas)) };
}

/** As deep as the reader of definitions lets branches nest. */
function recogniseFunction(state: State, lambdas: readonly FoundLambda[]): State {
  if (state.type === "Parallel") {
    return { ...state, branches: state.branches.map((branch) => withFunctions(branch, lambdas)) };
  }
  if (state.type === "Map") return { ...state, processor: withFunctions(state.processor, lambdas) };
  if (state.type !== "Task" || state.resource.kind !== "unknown") return state;
  if (functionOf(state, lambdas) === null) return state;
  return { ...state, resource: { ...state.resource, kind: "lambda", service: "lambda", action: "invoke" } };
}

/** The declared function that the Task calls; null when it calls none, or another one. */
export function functionOf(task: TaskState, lambdas: readonly FoundLambda[]): FoundLambda | null {
  const called = calledName(task);
  return called === null
    ? null
    : (lambdas.find((lambda) => lambda.names.some((name) => isNamed(called, name))) ?? null);
}

/** Function, version and alias as written; null when computed at run time. */
function calledName(task: TaskState): string | null {
  const { resource, fields } = task;
  // A placeholder alone, `${Charge.Arn}`, does not tell what it stands for.
  if (resource.kind === "lambda" || resource.kind === "unknown") return resource.arn;
  if (resource.service !== "lambda") return null;
  const parameters = ownValue(fields, "Parameters") ?? ownValue(fields, "Arguments");
  const name = isJsonObject(parameters) ? ownValue(parameters, "FunctionName") : undefined;
  return typeof name === "string" && !name.startsWith("{%") ? name : null;
}

/** `Name`, `Name:live`, `${Name}`, `${Name.Arn}:live`, or an ARN that ends in one of these. */
function isNamed(called: string, name: string): boolean {
  const own =
    /^arn:(?:\$\{[^{}]*\}|(?!\$\{[^{}]*\})[^:])*:lambda:.*?:function:(.+)$/s.exec(called)?.[1] ?? called;
  const placeholder = /^\$\{([^{}]*)\}(?::[^:]*)?$/.exec(own)?.[1];
  if (placeholder !== undefined) return placeholder === name || placeholder.startsWith(`${name}.`);
  return own === name || called === name || own.startsWith(`${name}:`);
}
