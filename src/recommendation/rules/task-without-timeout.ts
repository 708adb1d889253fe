/** A Task that waits for someone outside without a timeout: it can hang until the execution's own limit, a year on Standard. */
import type { Severity } from "../../diagnostic.ts";
import { waitsForWork } from "../../workflow/definition/task-resource.ts";
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
        text: `${state.name} has no TimeoutSeconds: ${consequenceOf(state, timeoutSeconds)}`,
        remedy: `Set "TimeoutSeconds" to what the slowest good answer takes, and catch States.Timeout.`,
      }));
  },
};

function hasTimeout({ fields }: TaskState): boolean {
  return ["TimeoutSeconds", "TimeoutSecondsPath"].some((key) => Object.hasOwn(fields, key));
}

/** AWS's own APIs answer or fail within seconds. */
function canHang({ resource }: TaskState): boolean {
  return waitsForWork(resource) || isFunction(resource);
}

function isFunction({ service, kind }: TaskState["resource"]): boolean {
  return kind === "lambda" || service === "lambda";
}

function severityOf(task: TaskState, machineTimeout: number | null): Severity {
  return isBounded(task) || machineTimeout !== null ? "info" : "warning";
}

/** A function ends after 15 minutes at most, so that its Task cannot hang for long. */
function isBounded({ resource }: TaskState): boolean {
  return resource.pattern === "REQUEST_RESPONSE" && isFunction(resource);
}

/** A function's own timeout. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const FUNCTION_SECONDS = 900;

function consequenceOf(task: TaskState, machineTimeout: number | null): string {
  if (isBounded(task) && (machineTimeout === null || machineTimeout > FUNCTION_SECONDS))
    return "a call that hangs holds the execution for as long as the function's own timeout lets it, up to 15 minutes";
  const never = `when ${silenceOf(task)}`;
  return machineTimeout === null
    ? `${never}, the execution waits for up to a year`
    : `${never}, only the whole execution's timeout of ${machineTimeout} s ends it, and no Catcher takes over`;
}

function silenceOf({ resource }: TaskState): string {
  if (resource.kind === "activity") return "the activity's worker never answers";
  if (resource.pattern === "WAIT_FOR_TASK_TOKEN") return "whoever holds the task token never answers";
  return resource.pattern === "RUN_JOB" ? "the job never ends" : "the function hangs";
}
