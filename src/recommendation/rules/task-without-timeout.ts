/** A Task that waits for someone outside without a timeout: it can hang until the execution's own limit, a year on Standard. */
import type { Severity } from "../../diagnostic.ts";
import type { TaskState } from "../../workflow/state-machine.ts";
import { placedOf } from "../placed-state.ts";
import type { FindingRule } from "../rule.ts";

export const taskWithoutTimeout: FindingRule = {
  id: "task-without-timeout",
  kind: "finding",
  severity: "warning",
  title: "A Task without a timeout",
  passes: "every Task that waits for something outside has a timeout",
  judge: ({ states, workflow }) => {
    // An Express execution ends after five minutes, whatever its Tasks say.
    const tasks = placedOf(states, "Task").filter(
      ({ state, runsAs }) => runsAs === "STANDARD" && canHang(state),
    );
    if (tasks.length === 0) return null;
    const { timeoutSeconds } = workflow.stateMachine;
    return tasks
      .filter(({ state }) => !hasTimeout(state))
      .map(({ state }) => ({
        states: [state.name],
        pointer: state.pointer,
        severity: severityOf(state, timeoutSeconds),
        text:
          timeoutSeconds === null
            ? `${state.name} has no TimeoutSeconds: when ${partnerOf(state)} never answers, the execution waits for up to a year`
            : `${state.name} has no TimeoutSeconds: when ${partnerOf(state)} never answers, only the whole execution's timeout of ${timeoutSeconds} s ends it, and no Catcher takes over`,
        remedy: `Set "TimeoutSeconds" to what the slowest good answer takes, and catch States.Timeout.`,
      }));
  },
};

function hasTimeout({ fields }: TaskState): boolean {
  return ["TimeoutSeconds", "TimeoutSecondsPath"].some((key) => Object.hasOwn(fields, key));
}

/** AWS's own APIs answer or fail within seconds. */
function canHang({ resource }: TaskState): boolean {
  return resource.pattern !== "REQUEST_RESPONSE" || resource.kind === "activity" || isFunction(resource);
}

function isFunction({ service, kind }: TaskState["resource"]): boolean {
  return kind === "lambda" || service === "lambda";
}

/** A function ends after 15 minutes at most, so that its Task seldom hangs. */
function severityOf({ resource }: TaskState, machineTimeout: number | null): Severity {
  const bounded = resource.pattern === "REQUEST_RESPONSE" && isFunction(resource);
  return bounded || machineTimeout !== null ? "info" : "warning";
}

function partnerOf({ resource }: TaskState): string {
  if (resource.kind === "activity") return "the activity's worker";
  if (resource.pattern === "WAIT_FOR_TASK_TOKEN") return "whoever holds the task token";
  return resource.pattern === "RUN_JOB" ? "the job" : "the function";
}
