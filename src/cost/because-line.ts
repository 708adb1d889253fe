/** A because line is one reason of a cost change: what was done, and how much of the difference is due to it. */
import type { ChangeCause } from "./change-ledger.ts";

export interface BecauseLine {
  readonly text: string;
  /** The state it is about; null = the workflow as a whole. */
  readonly state: string | null;
  /** Per execution. */
  readonly transitions: number;
  /** Null = not known, because a price is not. */
  readonly cost: number | null;
  readonly cause: ChangeCause["kind"];
  /** All states whose visits it moves. */
  readonly states: readonly string[];
}
