/** A scope run follows states from StartAt until one ends the scope: a whole execution, a branch or an iteration. */
import type { JsonValue } from "../workflow/text/json-value.ts";
import { logStep } from "./execution-thread.ts";
import type { CompiledScope, Thread, Visit } from "./execution-thread.ts";
import type { Flow } from "./flow.ts";
import { describeFailure } from "./state-failure.ts";
import { caughtStatesError, raise, statesError } from "./states-error.ts";

export function* runScope(scope: CompiledScope, thread: Thread, input: JsonValue): Flow<JsonValue> {
  let data = input;
  let name: string | null = scope.startAt;
  while (name !== null) {
    const compiled = scope.states.get(name);
    if (compiled === undefined) {
      return raise(statesError("States.Runtime", `The state '${name}' does not exist.`));
    }
    thread.tick += 1;
    logStep(thread, compiled, { kind: "entered", events: 1 });
    const visit: Visit = {
      thread,
      compiled,
      input: data,
      eventId: thread.execution.log.events + 1,
      enteredMs: thread.ms,
      retryCount: 0,
      task: null,
    };
    try {
      const end = yield* compiled.act(visit);
      data = end.output;
      name = end.next;
    } catch (error) {
      const failure = caughtStatesError(error);
      if (failure === null) throw error;
      raise({ ...describeFailure(visit, failure), state: failure.state ?? name });
    }
  }
  return data;
}
