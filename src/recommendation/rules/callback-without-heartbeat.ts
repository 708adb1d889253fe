/** A Task that waits for a token or a worker without a heartbeat: when the worker dies in silence, nobody notices. */
import { placedOf } from "../placed-state.ts";
import type { FindingRule } from "../rule.ts";

export const callbackWithoutHeartbeat: FindingRule = {
  id: "callback-without-heartbeat",
  kind: "finding",
  severity: "warning",
  title: "A callback without a heartbeat",
  passes: "every callback and activity has a heartbeat",
  judge: ({ states }) => {
    const tasks = placedOf(states, "Task").filter(
      ({ state: { resource } }) => resource.pattern === "WAIT_FOR_TASK_TOKEN" || resource.kind === "activity",
    );
    if (tasks.length === 0) return null;
    const has = (fields: object, name: string): boolean =>
      Object.hasOwn(fields, name) || Object.hasOwn(fields, `${name}Path`);
    return tasks
      .filter(({ state }) => !has(state.fields, "HeartbeatSeconds"))
      .map(({ state }) => ({
        states: [state.name],
        pointer: state.pointer,
        severity: has(state.fields, "TimeoutSeconds") ? "info" : "warning",
        text: `${state.name} has no HeartbeatSeconds: a worker that dies in silence is noticed only ${has(state.fields, "TimeoutSeconds") ? "when the timeout ends the Task" : "after up to a year"}`,
        remedy: `Set "HeartbeatSeconds" and have the worker call SendTaskHeartbeat; where a person answers, "TimeoutSeconds" has to do.`,
      }));
  },
};
