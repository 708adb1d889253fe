/** Alarm text is what a template needs to watch a state machine, in CloudFormation's YAML and in Terraform's language. */
import type { TemplateText } from "./rule.ts";

export interface WantedAlarm {
  /** Of the namespace AWS/States. */
  readonly metric: string;
  readonly statistic: "Sum" | "p99";
  /** Of a Distributed Map, whose children it watches; null = the machine's own executions. */
  readonly label: string | null;
}

export interface Watched {
  /** The resource's name in its template. */
  readonly machine: string;
  readonly name: string;
}

export function alarmText(alarms: readonly WantedAlarm[], watched: Watched): TemplateText {
  return {
    cloudformation: alarms.map((alarm) => cloudFormationAlarm(alarm, watched)).join("\n"),
    terraform: alarms.map((alarm) => terraformAlarm(alarm, watched)).join("\n\n"),
  };
}

/** Children report under the machine's ARN with the Map's label behind it. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-examine-map-run.html */
function cloudFormationAlarm(alarm: WantedAlarm, { machine }: Watched): string {
  const id = word(machine);
  const arn = alarm.label === null ? `!Ref ${id}` : `!Sub "\${${id}}/${alarm.label}"`;
  const statistic = alarm.statistic === "p99" ? "ExtendedStatistic: p99" : "Statistic: Sum";
  return [
    `${id}${word(alarm.label ?? "")}${alarm.metric}Alarm:`,
    "  Type: AWS::CloudWatch::Alarm",
    "  Properties:",
    "    Namespace: AWS/States",
    `    MetricName: ${alarm.metric}`,
    `    Dimensions: [{ Name: StateMachineArn, Value: ${arn} }]`,
    `    ${statistic}`,
    "    Period: 300",
    "    EvaluationPeriods: 1",
    `    Threshold: ${threshold(alarm)}`,
    "    ComparisonOperator: GreaterThanOrEqualToThreshold",
    "    TreatMissingData: notBreaching",
    "    AlarmActions: [] # the topic that wakes somebody",
  ].join("\n");
}

function terraformAlarm(alarm: WantedAlarm, { machine, name }: Watched): string {
  const address = terraformAddress(machine);
  const resource = address.split(".").at(-1) ?? address;
  const label = alarm.label === null ? "" : `/${alarm.label}`;
  const title = [name, alarm.label, alarm.metric].filter((part) => part !== null).join("-");
  const statistic =
    alarm.statistic === "p99" ? '  extended_statistic  = "p99"' : '  statistic           = "Sum"';
  const arn = label === "" ? `${address}.arn` : `"\${${address}.arn}${label}"`;
  return [
    `resource "aws_cloudwatch_metric_alarm" "${snake(`${resource}_${alarm.label ?? ""}_${alarm.metric}`)}" {`,
    `  alarm_name          = ${JSON.stringify(title)}`,
    '  namespace           = "AWS/States"',
    `  metric_name         = "${alarm.metric}"`,
    `  dimensions          = { StateMachineArn = ${arn} }`,
    statistic,
    "  period              = 300",
    "  evaluation_periods  = 1",
    `  threshold           = ${threshold(alarm)}`,
    '  comparison_operator = "GreaterThanOrEqualToThreshold"',
    '  treat_missing_data  = "notBreaching"',
    "  alarm_actions       = [] # the topic that wakes somebody",
    "}",
  ].join("\n");
}

/** Any failure; for the time of executions, in milliseconds, a value that only its owner knows. */
function threshold({ statistic }: WantedAlarm): string {
  return statistic === "p99" ? "60000 # ms: what your callers can wait for" : "1";
}

function terraformAddress(machine: string): string {
  const [, address] = /(aws_sfn_state_machine\.[\w-]+)/.exec(machine) ?? [];
  return address ?? `aws_sfn_state_machine.${snake(machine)}`;
}

/** Names come from strangers: letters and digits are left. */
function word(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]/g, "");
}

function snake(text: string): string {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .replaceAll(/^_+|(?<!_)_+$/g, "")
    .toLowerCase();
}
