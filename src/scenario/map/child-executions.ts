/** Child executions are what Distributed Maps and synchronous Tasks start: executions of their own, counted apart from their parent. */
import type { LoggedStep } from "../execution-log.ts";
import { tallyOf, tallySteps } from "../visit-tally.ts";
import type { GrowingTally } from "../visit-tally.ts";

export interface ChildExecutions {
  standard: number;
  express: number;
  failed: number;
  /** Start + entered + retries of every STANDARD child; 1, its start, of every EXPRESS child of a Map. */
  transitions: number;
  /** Virtual time of all EXPRESS children together, each rounded up to AWS's 100 ms. */
  expressBilledMs: number;
  /** States entered in children, by name. */
  readonly entered: Map<string, number>;
  /** What they did, and how many each Map started. */
  readonly tally: GrowingTally;
}

export function noChildren(): ChildExecutions {
  return {
    standard: 0,
    express: 0,
    failed: 0,
    transitions: 0,
    expressBilledMs: 0,
    entered: new Map(),
    tally: new Map(),
  };
}

/** One child that has ended. */
export interface EndedChild {
  /** Pointer of the Map that started it. */
  readonly map: string;
  readonly type: "STANDARD" | "EXPRESS";
  readonly succeeded: boolean;
  readonly durationMs: number;
  readonly steps: readonly LoggedStep[];
}

export function countChild(children: ChildExecutions, child: EndedChild): void {
  if (!child.succeeded) children.failed += 1;
  if (child.type === "EXPRESS") {
    children.express += 1;
    children.transitions += 1;
    const billedMs = billedMsOf(child.durationMs);
    children.expressBilledMs += billedMs;
    tallyOf(children.tally, child.map).childBilledMs += billedMs;
  } else {
    const counted = child.steps.filter((step) => step.kind === "entered" || step.kind === "retried");
    children.standard += 1;
    children.transitions += 1 + counted.length;
  }
  tallySteps(children.tally, child.steps);
  countEntered(children, child.steps);
}

/** One that a Task started and waited for: its start is no transition, and its states' pointers are no Map's. */
export function countSyncChild(
  children: ChildExecutions,
  { succeeded, durationMs, steps }: Pick<EndedChild, "succeeded" | "durationMs" | "steps">,
): void {
  if (!succeeded) children.failed += 1;
  children.express += 1;
  children.expressBilledMs += billedMsOf(durationMs);
  countEntered(children, steps);
}

function billedMsOf(durationMs: number): number {
  return Math.max(100, Math.ceil(durationMs / 100) * 100);
}

function countEntered(children: ChildExecutions, steps: readonly LoggedStep[]): void {
  for (const { kind, name } of steps) {
    if (kind === "entered") children.entered.set(name, (children.entered.get(name) ?? 0) + 1);
  }
}
