/** Reports what a split changes besides the cost: what AWS keeps of an execution, how failures and stops reach it, what it may send. */
import type { SplitWorkflow } from "../recommendation/split/split-workflow.ts";
import { payloadOf } from "../recommendation/split/split-plan.ts";
import { repeatabilityOf } from "../recommendation/task-effect.ts";
import { loggedGB } from "../usage/meter-neighbours.ts";
import { statesWithin } from "../workflow/state-identity.ts";
import type { State } from "../workflow/state-machine.ts";
import type { PriceList } from "../cost/price-list.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { Reason, SplitChild } from "./analysis-report.ts";
import type { SplitChange } from "./split-report.ts";

interface Changing {
  readonly workflow: Workflow;
  readonly split: SplitWorkflow;
  readonly children: readonly SplitChild[];
  readonly priceList: PriceList;
}

export function reportSplitChanges({
  workflow,
  split,
  children,
  priceList,
}: Changing): readonly SplitChange[] {
  const { cuts } = split.plan;
  const nested = cuts.some(
    ({ scope, runs }) => runs !== 1 || scope.run.graph.scope.pointer !== workflow.stateMachine.pointer,
  );
  const longest = Math.max(...children.map(({ p99Ms }) => p99Ms));
  const arns = split.written.children.map(({ arn }) => arn).join(", ");
  return [
    { topic: "no-history", text: historyText(workflow, split, priceList) },
    {
      topic: "at-most-once",
      text: "A child that has started is never started a second time by AWS, but a Retry around the call, or a redrive of the parent, runs all of it again from its first state: before, a redrive went on where it had failed.",
    },
    {
      topic: "runs-on",
      text: `A child that has started runs to its end: stopping the parent no longer stops what runs there${nested ? ", nor does a branch or an item that fails beside it" : ""}.`,
    },
    {
      topic: "five-minutes",
      text: `A child is ended after 5 minutes with States.Timeout; 99 % of calls take ${seconds(longest)} at most at these figures.`,
    },
    {
      topic: "payload",
      text: `A call's input and output come back in one response of 256 KiB at most, quotes in them escaped; data between states is taken to be ${payloadOf(workflow.workload)} KB${workflow.workload.payloadKB === null ? ", which nobody has declared" : ""}.`,
    },
    {
      topic: "unnamed-error",
      text: "A failure reaches the parent's Retry and Catch under its own name; one without a name becomes States.TaskFailed, and the history of the parent names the Task that called.",
    },
    {
      topic: "call-failure",
      text: "The call itself can fail, as Sfn.…: when it is throttled (it is tried again), or when the role may not make it.",
    },
    {
      topic: "permission",
      text: `The parent's role needs states:StartSyncExecution on ${arns}; a child's role needs what its Tasks call, and the delivery of logs (logs:CreateLogDelivery and its like).`,
    },
  ];
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${Number((ms / 1000).toPrecision(2))} s` : `${Math.round(ms / 1000)} s`;
}

/** What logging all of it would cost, per million executions. */
function historyText(
  { workload }: Workflow,
  { plan }: SplitWorkflow,
  { prices, currency }: PriceList,
): string {
  const logPrice = prices["Logs-Ingest-GB"]?.tiers[0]?.unitPrice ?? null;
  const all = { level: "ALL", executionData: workload.logExecutionData ?? true } as const;
  const events = plan.cuts.reduce((sum, { runs, use }) => {
    return sum + runs * (4 * use.entries + EVENTS_OF_A_TRANSITION * use.transitions);
  }, 0);
  const perMillion = logPrice === null ? null : loggedGB(events * 1e6, all, payloadOf(workload)) * logPrice;
  const level = workload.logLevel;
  const now =
    level === null || level === "OFF"
      ? "Turn logging on for it (the cost above counts level ERROR)"
      : `Its logs at level ${level} are in the cost above`;
  const cost =
    perMillion === null
      ? ""
      : `; level ALL with data would add about ${Number(perMillion.toPrecision(2))} ${currency} per million executions`;
  return `What runs in a child leaves no execution history and cannot be redriven: CloudWatch Logs are its only record. ${now}${cost}.`;
}

/** A Task's five events for its one transition, a Pass's two: between the two. */
const EVENTS_OF_A_TRANSITION = 4;

/** Tasks of a child that a Retry or a redrive would run twice, and nothing shows that they may. */
export function cautionsOf(states: readonly State[], { workload, locate }: Workflow): readonly Reason[] {
  const tasks = states.flatMap((state) => [
    ...statesWithin({ pointer: state.pointer, startAt: state.name, states: [state] }),
  ]);
  return tasks.flatMap((task): readonly Reason[] => {
    if (task.type !== "Task" || repeatabilityOf(task, workload) === "harmless") return [];
    const text =
      repeatabilityOf(task, workload) === "harmful"
        ? "declared not idempotent: a retry of the whole child, or a redrive, would run it again"
        : "a retry of the whole child, or a redrive, would run it again, and nothing shows that it may be repeated";
    return [{ code: "repeated-by-retry", state: task.name, text, at: locate(task.pointer) }];
  });
}
