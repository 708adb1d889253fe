/** A state failure is a States error as its state reports it: the cause names the state and the event that entered it. */
import { logStep } from "./execution-thread.ts";
import type { Visit } from "./execution-thread.ts";
import type { StatesError } from "./states-error.ts";

/** Completes the cause, and notes the EvaluationFailed event that a failed query leaves. */
export function describeFailure(visit: Visit, failure: StatesError): StatesError {
  if (!failure.bare) return failure;
  if (failure.error === "States.QueryEvaluationError") {
    logStep(visit.thread, visit.compiled, { kind: "noted", events: 1, error: failure.error });
  }
  const place = `An error occurred while executing the state '${visit.compiled.state.name}' (entered at the event id #${visit.eventId}).`;
  return { ...failure, cause: `${place} ${failure.cause ?? ""}`, bare: false };
}
