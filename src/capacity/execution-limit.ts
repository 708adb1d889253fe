/** An execution limit is one thing that AWS bounds, how much of it an execution takes, and what that means. */
import { decimalText } from "../decimal-text.ts";
import type { ExecutionProfile } from "../graph/execution-profile.ts";
import type { ScopeRun } from "../graph/run-context.ts";
import type { StateMachine, WorkflowType } from "../workflow/state-machine.ts";
import type { DurationContext } from "./longest-duration.ts";
import type { Runaway } from "./runaway.ts";

export interface ExecutionLimit {
  readonly code: string;
  /** In the limit's own unit: events, bytes, items, milliseconds. Null = not known. */
  readonly mean: number | null;
  readonly p99: number | null;
  /** Null = not known, or nothing bounds it. */
  readonly worst: number | null;
  readonly limit: number;
  /** Share of the limit at the mean. */
  readonly reachedAt: number | null;
  readonly text: string;
}

export interface LimitedExecution extends DurationContext {
  readonly profile: ExecutionProfile;
  /** The same at the bounds of its figures (`atBound`). */
  readonly bound: ScopeRun;
  /** What AWS ends, where nothing else bounds it. */
  readonly runaway: Runaway | null;
  readonly stateMachine: StateMachine;
  readonly type: WorkflowType;
}

/** `60,000`, `3.5`. */
export function countText(count: number): string {
  return decimalText(count, { maximumFractionDigits: 1 });
}

/** `2%`, `0.013%`. */
export function percentText(share: number): string {
  return share > 0.9999 && share < 1
    ? "over 99.99%"
    : `${decimalText(share * 100, { maximumSignificantDigits: 2 })}%`;
}
