/**
 * A States error is a failure with a name and a cause, as a state reports it and Retry and Catch match it.
 * Names: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-error-representation
 */
import { ANY_ERROR } from "../workflow/definition/error-names.ts";
import type { JsonObject } from "../workflow/text/json-value.ts";

export interface StatesError {
  /** Null when a task failed without naming an error: only States.ALL and States.TaskFailed match it. */
  readonly error: string | null;
  readonly cause: string | null;
  /** A further name it answers to: a missed heartbeat is reported as States.Timeout. */
  readonly alias: string | null;
  /** The field whose expression failed; null when no expression did. */
  readonly location: string | null;
  /** The innermost state that failed; null until its scope has seen the failure. */
  readonly state: string | null;
  /** The cause still lacks the sentence that names the state. */
  readonly bare: boolean;
}

interface RaisedError extends Error {
  readonly statesError: StatesError;
}

/** Ends a branch that is cut off by a failing sibling, a timeout or the history limit; never caught by a Catch. */
export const HALT = Object.freeze(new Error("this branch of the execution was cut off"));

export function statesError(error: string | null, cause: string | null): StatesError {
  return { error, cause, alias: null, location: null, state: null, bare: false };
}

/** Without a stack, whose recording would cost more than all else a failing attempt does. */
export function raise(failure: StatesError): never {
  const error = Object.create(Error.prototype) as Error;
  throw Object.assign(error, { message: `${failure.error}: ${failure.cause}`, statesError: failure });
}

/** Raises an error of the interpreter's own, whose cause AWS opens with the state's name. */
export function raiseRuntime(cause: string, error = "States.Runtime"): never {
  raise({ error, cause, alias: null, location: null, state: null, bare: true });
}

/** The States error that was thrown; null for anything else, which must be thrown on. */
export function caughtStatesError(thrown: unknown): StatesError | null {
  if (!(thrown instanceof Error) || !Object.hasOwn(thrown, "statesError")) return null;
  return (thrown as RaisedError).statesError;
}

/** The name that a Retrier's or Catcher's ErrorEquals is held against. */
export function matchedName({ error, alias }: StatesError): string {
  return alias ?? error ?? ANY_ERROR;
}

/** What a Catcher hands on. */
export function errorOutput(failure: StatesError): JsonObject {
  return { Error: failure.error, Cause: failure.cause };
}
