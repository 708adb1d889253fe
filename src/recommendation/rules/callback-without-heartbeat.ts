/** A Task that waits for a token or a worker without a heartbeat: when the worker dies in silence, nobody notices. */
import { placedOf } from "../placed-state.ts";
import type { TaskState } from "../../workflow/state-machine.ts";
import type { FindingRule } from "../rule.ts";
import { calleeOf, wordsOf } from "../task-effect.ts";

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
    const beating = tasks.filter(({ state }) => !asksPerson(state));
    if (beating.length === 0) return null;
    const has = (fields: object, name: string): boolean =>
      Object.hasOwn(fields, name) || Object.hasOwn(fields, `${name}Path`);
    return beating
      .filter(({ state }) => !has(state.fields, "HeartbeatSeconds"))
      .map(({ state }) => ({
        states: [state.name],
        pointer: state.pointer,
        severity: has(state.fields, "TimeoutSeconds") ? "info" : "warning",
        text: `${state.name} has no HeartbeatSeconds: a worker that dies in silence is noticed only ${has(state.fields, "TimeoutSeconds") ? "when the timeout ends the Task" : "after up to a year"}`,
        remedy: `Set "HeartbeatSeconds" and have the worker call SendTaskHeartbeat; where a person answers, set "TimeoutSeconds" and suppress this rule for the state.`,
      }));
  },
};

const PERSON =
  /^(approv\w*|aproval|human|manual\w*|review|reviewer|confirm|confirmation|signature|signoff|operator|moderator)$/;

/** Whoever answers by hand sends no heartbeats: a timeout is all there can be. */
function asksPerson(task: TaskState): boolean {
  return [...wordsOf(task.name), ...wordsOf(calleeOf(task))].some((word) => PERSON.test(word));
}
