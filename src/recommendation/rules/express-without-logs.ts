/** An Express workflow without logs: it keeps no history, so a failure leaves no trace. */
import type { FindingRule } from "../rule.ts";

export const expressWithoutLogs: FindingRule = {
  id: "express-without-logs",
  kind: "finding",
  severity: "warning",
  title: "An Express workflow without logs",
  passes: "the Express workflow logs its failures",
  judge: ({ type, workflow }) => {
    const { workload, surroundings, stateMachine } = workflow;
    if (type !== "EXPRESS") return null;
    const isOff =
      workload.logLevel === "OFF" || (workload.logLevel === null && surroundings?.writesLogging === false);
    if (!isOff) return workload.logLevel === null ? null : [];
    return [
      {
        states: [],
        pointer: stateMachine.pointer,
        text: "nothing is logged, and Express keeps no execution history: a failure leaves no trace",
        remedy: "Set the logging configuration to level ERROR, with a log group whose retention is limited.",
        adds: {
          cloudformation: [
            "LoggingConfiguration: # Logging in AWS::Serverless::StateMachine",
            "  Level: ERROR",
            "  IncludeExecutionData: false",
            "  Destinations:",
            "    - CloudWatchLogsLogGroup:",
            "        LogGroupArn: !GetAtt ExecutionLogs.Arn",
          ].join("\n"),
          terraform: [
            "logging_configuration {",
            '  level                  = "ERROR"',
            "  include_execution_data = false",
            '  log_destination        = "${aws_cloudwatch_log_group.executions.arn}:*"',
            "}",
          ].join("\n"),
        },
      },
    ];
  },
};
