/** A template that declares a state machine, but no alarm on what tells that its executions go wrong. */
import type { Workflow } from "../../workflow/workflow.ts";
import { type WantedAlarm, alarmText } from "../alarm-text.ts";
import type { FindingRule } from "../rule.ts";

export const missingAlarms: FindingRule = {
  id: "missing-alarms",
  kind: "finding",
  severity: "info",
  title: "No alarm on executions that go wrong",
  passes: "alarms watch failures, timeouts, throttling and the time executions take",
  judge: ({ workflow, states }) => {
    const { surroundings, stateMachine } = workflow;
    // A definition alone shows no alarms, and one whose metric is not known yet may be any of them.
    if (surroundings == null || surroundings.alarms.some(({ metric }) => metric === null)) return null;
    const labels = states.flatMap(({ state }) =>
      state.type === "Map" && state.mode === "DISTRIBUTED"
        ? [labelOf(state.fields["Label"], state.name)]
        : [],
    );
    const missing = wanted(labels).filter((alarm) => !isWatched(alarm, workflow));
    if (missing.length === 0) return [];
    return [
      {
        states: [],
        pointer: stateMachine.pointer,
        text: `no alarm in this template watches ${missing.map(wordsOf).join(", ")}`,
        remedy: "Add the alarms below, or suppress this rule with the place where they are.",
        adds: alarmText(missing, { machine: surroundings.resource, name: workflow.name }),
      },
    ];
  },
};

/** https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html */
function wanted(labels: readonly string[]): readonly WantedAlarm[] {
  return [
    { metric: "ExecutionsFailed", statistic: "Sum", label: null },
    { metric: "ExecutionsTimedOut", statistic: "Sum", label: null },
    { metric: "ExecutionThrottled", statistic: "Sum", label: null },
    { metric: "ExecutionTime", statistic: "p99", label: null },
    ...labels.map((label): WantedAlarm => ({ metric: "ExecutionsFailed", statistic: "Sum", label })),
  ];
}

function isWatched({ metric, label }: WantedAlarm, { surroundings }: Workflow): boolean {
  return (surroundings?.alarms ?? []).some((alarm) => alarm.metric === metric && alarm.label === label);
}

function wordsOf({ metric, statistic, label }: WantedAlarm): string {
  const p99 = statistic === "p99" ? " (p99)" : "";
  return label === null ? `${metric}${p99}` : `${metric} of the children of ${label}`;
}

/** Without a Label of its own, AWS makes one up from the state's name. */
function labelOf(label: unknown, name: string): string {
  return typeof label === "string" ? label : name.replaceAll(/[^A-Za-z0-9_-]/g, "").slice(0, 40);
}
