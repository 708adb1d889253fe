/** A Lambda function that, by its name, only passes a call on to a service that Step Functions can call itself. */
import type { UsageType } from "../../usage/usage-line.ts";
import { callsLambda } from "../../usage/meter-neighbours.ts";
import type { TaskState } from "../../workflow/state-machine.ts";
import { placedOf } from "../placed-state.ts";
import type { Proposal } from "../recommendation.ts";
import type { OpportunityRule, Subject } from "../rule.ts";
import { pathFrom } from "../state-removal.ts";
import { calleeOf, wordsOf } from "../task-effect.ts";

export const passThroughLambda: OpportunityRule = {
  id: "pass-through-lambda",
  kind: "opportunity",
  title: "A Lambda function that seems to pass a call on",
  passes: "no function's name says that it only passes a call on to another service",
  propose: (subject) => {
    const lambdas = placedOf(subject.states, "Task").filter(
      ({ state }) => callsLambda(state.resource) && state.resource.pattern === "REQUEST_RESPONSE",
    );
    return lambdas.length === 0
      ? null
      : lambdas.flatMap(({ state, visits }) => proposal(state, visits, subject));
  },
};

interface Integration {
  readonly verbs: readonly string[];
  /** All words of one of these must be there. */
  readonly things: readonly (readonly string[])[];
  readonly action: string;
}

const DYNAMO = [["dynamodb"], ["dynamo"], ["ddb"]];
const SEND = ["send", "publish", "post", "push", "emit", "put", "enqueue", "notify"];

const INTEGRATIONS: readonly Integration[] = [
  {
    verbs: ["put", "write", "save", "store", "insert", "add", "record", "persist"],
    things: DYNAMO,
    action: "dynamodb:putItem",
  },
  { verbs: ["get", "read", "fetch", "load"], things: DYNAMO, action: "dynamodb:getItem" },
  { verbs: ["update"], things: DYNAMO, action: "dynamodb:updateItem" },
  { verbs: ["delete", "remove"], things: DYNAMO, action: "dynamodb:deleteItem" },
  { verbs: SEND, things: [["sqs"], ["queue"]], action: "sqs:sendMessage" },
  { verbs: SEND, things: [["sns"]], action: "sns:publish" },
  {
    verbs: SEND,
    things: [["eventbridge"], ["event", "bridge"], ["event", "bus"]],
    action: "events:putEvents",
  },
  { verbs: ["start", "run", "trigger"], things: [["glue", "job"]], action: "glue:startJobRun" },
  {
    verbs: ["start", "run", "trigger", "execute"],
    things: [
      ["step", "function"],
      ["step", "functions"],
      ["state", "machine"],
    ],
    action: "states:startExecution",
  },
  { verbs: ["start", "run", "execute"], things: [["athena", "query"]], action: "athena:startQueryExecution" },
  {
    verbs: ["copy"],
    things: [
      ["s3", "object"],
      ["s3", "file"],
    ],
    action: "aws-sdk:s3:copyObject",
  },
  {
    verbs: ["delete", "remove"],
    things: [
      ["s3", "object"],
      ["s3", "file"],
    ],
    action: "aws-sdk:s3:deleteObject",
  },
  {
    verbs: ["list"],
    things: [
      ["s3", "objects"],
      ["s3", "files"],
    ],
    action: "aws-sdk:s3:listObjectsV2",
  },
  { verbs: ["submit"], things: [["batch", "job"]], action: "batch:submitJob" },
];

/** Words of a function that does more than pass a call on. */
const WORK = new Set([
  ...[
    "and",
    "process",
    "validate",
    "transform",
    "calculate",
    "compute",
    "enrich",
    "convert",
    "parse",
    "merge",
    "generate",
  ],
  ...[
    "check",
    "build",
    "format",
    "stream",
    "batch",
    "bulk",
    "report",
    "all",
    "if",
    "or",
    "until",
    "wait",
    "from",
  ],
]);

/** The target's units are billed today as well, out of the function. */
const TARGETS: readonly UsageType[] = [
  ...(["DynamoDB-Read", "DynamoDB-Write", "SQS-Request", "SQS-FIFO-Request"] as const),
  ...(["SNS-Publish", "EventBridge-Event", "S3-Put", "S3-Get"] as const),
];

function integrationOf(task: TaskState): Integration | null {
  const words = wordsOf(calleeOf(task));
  const named = words.filter((word) => word !== "lambda" && word !== "function" && word !== "fn");
  // A long name says that there is more to it, and a function with a version in its name is no exception.
  if (named.length < 2 || named.length > 5 || named.some((word) => WORK.has(word))) return null;
  return (
    INTEGRATIONS.find(
      ({ verbs, things }) =>
        verbs.some((verb) => words.includes(verb)) &&
        things.some((thing) => thing.every((word) => words.includes(word))),
    ) ?? null
  );
}

function proposal(task: TaskState, visits: number, { workflow }: Subject): readonly Proposal[] {
  const integration = integrationOf(task);
  if (integration === null || visits === 0) return [];
  const { action } = integration;
  const at = pathFrom(workflow.stateMachine.pointer)(task.pointer);
  return [
    {
      states: [task.name],
      pointer: task.pointer,
      advice: `${calleeOf(task)} seems to do one call: let Step Functions make it (arn:aws:states:::${action}), without a function to pay for, to keep warm and to maintain`,
      effort: "medium",
      conditions: [
        "the function does nothing besides this call",
        `what reads the result of ${task.name} takes the service's own answer in place of the function's`,
        "the state machine's role may make the call",
      ],
      change: [{ op: "replace", path: `${at}/Resource`, value: `arn:aws:states:::${action}` }],
      isMechanical: false,
      keepsBehaviour: true,
      paidEitherWay: TARGETS,
    },
  ];
}
