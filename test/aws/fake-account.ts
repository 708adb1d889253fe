/** A fake account holds state machines, their metrics and their executions, as the local AWS server serves them. */

export interface FakeMachine {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly type: "STANDARD" | "EXPRESS";
  readonly definition: string;
  readonly loggingConfiguration?: object;
  readonly tracing?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
  readonly aliases?: readonly string[];
  readonly createdMs?: number;
  /** Null: never updated. */
  readonly revisionId?: string | null;
  /** A metric's statistic between two instants; null = no data point. */
  readonly metric?: FakeMetric;
  /** Whether CloudWatch counts its transitions apart. */
  readonly transitionsApart?: boolean;
  readonly executions?: readonly FakeExecution[];
}

export type FakeMetric = (metric: string, statistic: string, span: Span) => number | null;

export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface FakeExecution {
  readonly name: string;
  readonly status: "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";
  readonly startMs: number;
  readonly stopMs: number;
  /** As GetExecutionHistory gives them; timestamps in seconds. Made when asked for. */
  readonly events: () => readonly object[];
}

export interface FakeMapRun {
  readonly arn: string;
  readonly executionArn: string;
  readonly items: number;
  readonly children: readonly FakeExecution[];
}

export function machineArn({
  account,
  region,
  name,
}: Pick<FakeMachine, "account" | "region" | "name">): string {
  return `arn:aws:states:${region}:${account}:stateMachine:${name}`;
}

export function executionArn(machine: FakeMachine, execution: FakeExecution): string {
  return `arn:aws:states:${machine.region}:${machine.account}:execution:${machine.name}:${execution.name}`;
}

const DAY_MS = 86_400_000;

/** So many executions a day, of which a share fails, each lasting so long: what the service would count. */
export function steadyMetrics(perDay: number, { failing = 0, ms = 1500, transitions = 4 } = {}) {
  const perExecution = new Map([
    ["ExecutionsStarted", 1],
    ["ExecutionsSucceeded", 1 - failing],
    ["ExecutionsFailed", failing],
    ["ConsumedCapacity", transitions],
    ["ExpressExecutionBilledDuration", Math.ceil(ms / 100) * 100],
  ]);
  const levels = new Map([
    ["ExecutionTime", ms],
    ["ExpressExecutionBilledMemory", 64],
  ]);
  return (metric: string, statistic: string, { fromMs, untilMs }: Span): number | null => {
    const executions = perDay * ((untilMs - fromMs) / DAY_MS);
    if (executions === 0) return null;
    const level = levels.get(metric);
    if (level !== undefined) {
      return statistic === "Sum" ? level * executions : statistic === "SampleCount" ? executions : level;
    }
    const count = (perExecution.get(metric) ?? 0) * executions;
    if (count === 0) return null;
    // The service publishes each start twice, once with 0.
    return statistic === "SampleCount" ? count * (metric === "ExecutionsStarted" ? 2 : 1) : count;
  };
}
