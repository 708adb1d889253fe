/** Child executions are what Distributed Maps start: executions of their own, counted apart from their parent. */
import type { LoggedStep } from "../execution-log.ts";
import { tallyOf, tallySteps } from "../visit-tally.ts";
import type { GrowingTally } from "../visit-tally.ts";

export interface ChildExecutions {
  standard: number;
  express: number;
  failed: number;
  /** Start + entered + retries of every STANDARD child; 1, its start, of every EXPRESS child. */
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
    const billedMs = Math.max(100, Math.ceil(child.durationMs / 100) * 100);
    children.expressBilledMs += billedMs;
    tallyOf(children.tally, child.map).childBilledMs += billedMs;
  } else {
    const counted = child.steps.filter((step) => step.kind === "entered" || step.kind === "retried");
    children.standard += 1;
    children.transitions += 1 + counted.length;
  }
  tallySteps(children.tally, child.steps);
  for (const { kind, name } of child.steps) {
    if (kind === "entered") children.entered.set(name, (children.entered.get(name) ?? 0) + 1);
  }
}
