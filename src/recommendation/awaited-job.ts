/** An awaited job is one that an integration starts and, as .sync, waits for: what asks for its status, and when .sync lets go of it. */
import type { TaskState } from "../workflow/state-machine.ts";

export interface AwaitedJob {
  /** Calls that start it, in lower case. */
  readonly starts: readonly string[];
  /** Calls that ask for its status, in lower case. */
  readonly asks: readonly string[];
  /** The integration that waits. */
  readonly waiting: string;
  /** The status while it works, and the one at which .sync goes on. A failed job is another end: it raises an error. */
  readonly working: string;
  readonly ended: string;
}

/**
 * https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html; the statuses are those of each
 * service's own API reference, at the call that asks.
 */
const JOBS: readonly AwaitedJob[] = [
  job("glue:startJobRun", ["glue:getJobRun"], "RUNNING", "SUCCEEDED"),
  job("batch:submitJob", ["batch:describeJobs"], "RUNNING", "SUCCEEDED"),
  // https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html: until the task has stopped, not until it runs.
  job("ecs:runTask", ["ecs:describeTasks"], "RUNNING", "STOPPED"),
  job("athena:startQueryExecution", ["athena:getQueryExecution"], "RUNNING", "SUCCEEDED"),
  {
    ...job(
      "states:startExecution",
      ["states:describeExecution", "sfn:describeExecution"],
      "RUNNING",
      "SUCCEEDED",
    ),
    starts: ["states:startexecution", "sfn:startexecution"],
    waiting: "states:startExecution.sync:2",
  },
  job("codebuild:startBuild", ["codebuild:batchGetBuilds"], "IN_PROGRESS", "SUCCEEDED"),
  job("sagemaker:createTrainingJob", ["sagemaker:describeTrainingJob"], "InProgress", "Completed"),
  job("sagemaker:createTransformJob", ["sagemaker:describeTransformJob"], "InProgress", "Completed"),
  job("sagemaker:createProcessingJob", ["sagemaker:describeProcessingJob"], "InProgress", "Completed"),
  job("databrew:startJobRun", ["databrew:describeJobRun"], "RUNNING", "SUCCEEDED"),
  job("mediaconvert:createJob", ["mediaconvert:getJob"], "PROGRESSING", "COMPLETE"),
  {
    ...job(
      "emr-serverless:startJobRun",
      ["emr-serverless:getJobRun", "emrserverless:getJobRun"],
      "RUNNING",
      "SUCCESS",
    ),
    starts: ["emr-serverless:startjobrun", "emrserverless:startjobrun"],
  },
];

function job(start: string, asks: readonly string[], working: string, ended: string): AwaitedJob {
  return {
    starts: [start.toLowerCase()],
    asks: asks.map((ask) => ask.toLowerCase()),
    waiting: `${start}.sync`,
    working,
    ended,
  };
}

/** The job whose status the Task asks for. */
export function jobAskedFor(task: TaskState): AwaitedJob | null {
  return JOBS.find(({ asks }) => asks.includes(callOf(task))) ?? null;
}

export function startsJob(task: TaskState, { starts }: AwaitedJob): boolean {
  return task.resource.pattern === "REQUEST_RESPONSE" && starts.includes(callOf(task));
}

function callOf({ resource }: TaskState): string {
  return `${resource.service}:${resource.action}`.toLowerCase();
}
