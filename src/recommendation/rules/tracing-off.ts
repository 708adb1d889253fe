/** X-Ray is off: which Task adds the tail of the latency, nobody can see from end to end. */
import type { FindingRule } from "../rule.ts";

export const tracingOff: FindingRule = {
  id: "tracing-off",
  kind: "finding",
  severity: "info",
  title: "X-Ray tracing is off",
  passes: "X-Ray traces executions and what they call",
  judge: ({ workflow }) => {
    const { workload, surroundings, stateMachine } = workflow;
    if (workload.tracing === true) return [];
    const isOff = workload.tracing === false || surroundings?.writesTracing === false;
    // A plain definition says nothing of tracing.
    if (!isOff) return null;
    return [
      {
        states: [],
        pointer: stateMachine.pointer,
        text: "X-Ray tracing is off: no trace shows which Task, or which service behind it, takes the time",
        remedy: "Turn tracing on, at least where executions call several services; X-Ray bills by the trace.",
        adds: {
          cloudformation: "TracingConfiguration: # Tracing in AWS::Serverless::StateMachine\n  Enabled: true",
          terraform: "tracing_configuration {\n  enabled = true\n}",
        },
      },
    ];
  },
};
