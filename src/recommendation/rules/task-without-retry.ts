/** A Task without Retry: the first blip of a service or a function fails it. */
import { placedOf } from "../placed-state.ts";
import type { FindingRule } from "../rule.ts";
import { repeatabilityOf } from "../task-effect.ts";

export const taskWithoutRetry: FindingRule = {
  id: "task-without-retry",
  kind: "finding",
  severity: "info",
  title: "A Task without Retry",
  passes: "every Task is retried when its service has a blip",
  judge: ({ states, workflow, sagas }) => {
    const undos = new Set(sagas.flatMap(({ steps }) => steps.flatMap((step) => step.undos)));
    const tasks = placedOf(states, "Task").filter(
      ({ state }) =>
        ["lambda", "optimized", "sdk"].includes(state.resource.kind) &&
        state.resource.pattern === "REQUEST_RESPONSE" &&
        repeatabilityOf(state, workflow.workload) !== "harmful" &&
        !undos.has(state),
    );
    if (tasks.length === 0) return null;
    return tasks
      .filter(
        ({ state, within }) => state.retry.length === 0 && within.every(({ retry }) => retry.length === 0),
      )
      .map(({ state }) => ({
        states: [state.name],
        pointer: state.pointer,
        text: `${state.name} has no Retry: the first throttling or network fault of what it calls fails it`,
        remedy:
          state.resource.service === "lambda"
            ? `Retry Lambda.ServiceException, Lambda.AWSLambdaException, Lambda.SdkClientException and Lambda.TooManyRequestsException, with "BackoffRate", "MaxDelaySeconds" and "JitterStrategy": "FULL".`
            : `Retry the service's throttling errors, with "BackoffRate", "MaxDelaySeconds" and "JitterStrategy": "FULL".`,
      }));
  },
};
