/** A state overlay is what two sources say of one state together: the one above wins, figure by figure. */
import type { StateWorkload } from "./workload.ts";

/** Shares belong together: a Choice's branches and a Task's errors are replaced as a whole. */
export function overlayState(under: StateWorkload, over: StateWorkload): StateWorkload {
  return {
    choices: over.choices.size > 0 ? over.choices : under.choices,
    choicesAt: over.choices.size > 0 ? over.choicesAt : under.choicesAt,
    items: over.items ?? under.items,
    itemKB: over.itemKB ?? under.itemKB,
    batchItems: over.batchItems ?? under.batchItems,
    rounds: over.rounds ?? under.rounds,
    duration: over.duration ?? under.duration,
    errors: over.errors.size > 0 ? over.errors : under.errors,
    failureRate: over.failureRate ?? under.failureRate,
    seenVisits: over.errors.size > 0 || over.failureRate !== null ? over.seenVisits : under.seenVisits,
    lambda:
      over.lambda || under.lambda
        ? {
            memoryMB: over.lambda?.memoryMB ?? under.lambda?.memoryMB ?? null,
            architecture: over.lambda?.architecture ?? under.lambda?.architecture ?? null,
          }
        : null,
    idempotent: over.idempotent ?? under.idempotent,
  };
}
