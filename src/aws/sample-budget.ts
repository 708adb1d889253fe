/** The sample budget divides the calls a run may make for samples over the machines, the busiest first. */
import type { CollectionRequest } from "../observation/fleet-collection.ts";
import { END_STATUSES } from "../workflow/fleet/fleet.ts";
import type { Tally } from "./collect-journal.ts";

/** Calls a sample takes besides its histories: a list for each way to end. */
const LISTS_PER_MACHINE = END_STATUSES.length;

type Limits = Pick<CollectionRequest, "histories" | "sampleCalls">;

/** At most these calls, when every machine has executions enough and no history is longer than a page. */
export function mostSampleCalls(
  machines: number,
  limits: Limits,
): { readonly lists: number; readonly histories: number } {
  const sampled = Math.min(machines, affordableMachines(limits));
  return { lists: sampled * LISTS_PER_MACHINE, histories: sampled * limits.histories };
}

export function affordableMachines({ histories, sampleCalls }: Limits): number {
  return histories === 0 ? 0 : Math.floor(sampleCalls / (LISTS_PER_MACHINE + histories));
}

/** Calls each of so many sampled machines may make: what is left over helps long lists and long histories. */
export function callsPerMachine(machines: number, { sampleCalls }: Limits): number {
  return machines === 0 ? 0 : Math.floor(sampleCalls / machines);
}

/** Calls that may still be made. */
export interface CallAllowance {
  /** Takes one; false when none is left. */
  take(): boolean;
  answered(): void;
}

export function allowanceOf(calls: number, tally: Tally): CallAllowance {
  let left = calls;
  return {
    take: () => left-- > 0,
    answered: () => void tally.calls++,
  };
}
