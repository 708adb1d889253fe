/** A loop that asks again and again whether a job is done, where the integration could wait for it, or the job could call back. */
import { exactFigure } from "../../workflow/figure.ts";
import { matchesError } from "../../workflow/definition/error-names.ts";
import { ownValue } from "../../workflow/text/json-value.ts";
import type { State, TaskState } from "../../workflow/state-machine.ts";
import type { Workload } from "../../workflow/workload/workload.ts";
import { withStateFigures } from "../changed-workload.ts";
import { effectiveShares } from "../effective-shares.ts";
import { startsJob } from "../awaited-job.ts";
import { type JobLoop, findJobLoops } from "../job-loop.ts";
import type { JsonPatch, PatchOperation } from "../json-patch.ts";
import type { Proposal } from "../recommendation.ts";
import type { OpportunityRule, Subject } from "../rule.ts";
import { pathFrom, redirect, removeState } from "../state-removal.ts";

export const pollingLoop: OpportunityRule = {
  id: "polling-loop",
  kind: "opportunity",
  title: "A loop that polls for the end of a job",
  passes: "no loop polls for the end of a job",
  propose: (subject) => {
    // Neither .sync nor a callback is to be had in an Express execution.
    const scopes = new Set(
      subject.states.filter(({ runsAs }) => runsAs === "STANDARD").map(({ scope }) => scope),
    );
    return scopes.size === 0
      ? null
      : [...scopes].flatMap(findJobLoops).flatMap((loop) => proposal(loop, subject));
  },
};

function proposal(loop: JobLoop, subject: Subject): readonly Proposal[] {
  if (loop.done === null) return [];
  const { starter, awaited } = loop;
  return awaited !== null && starter !== null && startsJob(starter, awaited)
    ? [syncProposal(loop, { starter, waiting: awaited.waiting, subject })]
    : callback(loop, subject);
}

interface Syncing {
  readonly starter: TaskState;
  readonly waiting: string;
  readonly subject: Subject;
}

function syncProposal(loop: JobLoop, { starter, waiting, subject }: Syncing): Proposal {
  const pathOf = pathFrom(subject.workflow.stateMachine.pointer);
  const at = pathOf(starter.pointer);
  const shaped = shapedAnswers([starter, loop.poll, loop.choice]);
  const partition = /^arn:([^:]*):/.exec(starter.resource.arn)?.[1] ?? "aws";
  const change: PatchOperation[] = [
    { op: "replace", path: `${at}/Resource`, value: `arn:${partition}:states:::${waiting}` },
    { op: "replace", path: `${at}/Next`, value: loop.done! },
    ...catchFailure(starter, { to: loop.failed, at }),
    ...[loop.wait, loop.poll, loop.choice].map((state) => removeState(state, pathOf)),
  ];
  return {
    states: [starter.name, loop.wait.name, loop.poll.name, loop.choice.name],
    pointer: loop.choice.pointer,
    advice: `let ${starter.name} wait for its job (${waiting}) in place of the loop: Step Functions then polls, and bills nothing for it`,
    effort: "low",
    conditions: [
      "the state machine's role may do what .sync needs: describe and stop the job, and manage EventBridge rules",
      `what follows reads from the output of ${starter.name}, now the description of the finished job, what it read from that of ${loop.poll.name}`,
      ...shaped.map(
        ({ name, fields }) =>
          `${fields.join(" and ")} of ${name} ${fields.length === 1 ? "is" : "are"} written anew for the description of the finished job`,
      ),
      "a failed job raises an error, which a Catch leads on",
    ],
    change,
    isMechanical: shaped.length === 0,
    keepsBehaviour: false,
    around: { workload: failing(loop, starter, subject) },
  };
}

const SHAPING = ["ResultSelector", "ResultPath", "OutputPath", "Output", "Assign"];

/** States that take an answer apart: of the start of a job, or of a question about it, which a finished job's description is not. */
function shapedAnswers(
  states: readonly State[],
): readonly { readonly name: string; readonly fields: readonly string[] }[] {
  return states.flatMap(({ name, fields }) => {
    const written = SHAPING.filter((field) => Object.hasOwn(fields, field));
    return written.length === 0 ? [] : [{ name, fields: written }];
  });
}

function catchFailure(
  starter: TaskState,
  { to, at }: { readonly to: string | null; readonly at: string },
): readonly PatchOperation[] {
  const caught = starter.catch.some(({ errorEquals }) => matchesError(errorEquals, "*"));
  if (to === null || caught) return [];
  const kept = starter.queryLanguage === "JSONata" ? {} : { ResultPath: "$.error" };
  const catcher = { ErrorEquals: ["States.TaskFailed"], ...kept, Next: to };
  const written = ownValue(starter.fields, "Catch");
  return Array.isArray(written)
    ? [{ op: "add", path: `${at}/Catch/-`, value: catcher }]
    : [{ op: "add", path: `${at}/Catch`, value: [catcher] }];
}

/** The poll becomes the one call that waits for a token; who does the work has to send it back. */
function callback(loop: JobLoop, subject: Subject): readonly Proposal[] {
  const { poll, wait, choice, scope } = loop;
  const pathOf = pathFrom(subject.workflow.stateMachine.pointer);
  const toPoll = redirect(scope, { from: wait.name, to: poll.name }, pathOf);
  if (toPoll === null || entersAtChoice(loop)) return [];
  const at = pathOf(poll.pointer);
  const own = (path: string): boolean => path.startsWith(`${pathOf(choice.pointer)}/`);
  const change: JsonPatch = [
    ...toPoll.filter(({ path }) => !own(path)),
    { op: "replace", path: `${at}/Resource`, value: "arn:aws:states:::lambda:invoke.waitForTaskToken" },
    { op: "replace", path: `${at}/Next`, value: loop.done! },
    ...catchFailure(poll, { to: loop.failed, at }),
    removeState(wait, pathOf),
    removeState(choice, pathOf),
  ];
  return [
    {
      states: [wait.name, poll.name, choice.name],
      pointer: choice.pointer,
      advice: `put one Task in place of the loop, which waits for a task token (.waitForTaskToken) that comes back when what ${poll.name} asks about is done: waiting is then free`,
      effort: "high",
      conditions: [
        "something can send the token back, for example an EventBridge rule on the end of the job, with a function; what that costs is not in the saving",
        "TimeoutSeconds or HeartbeatSeconds end the wait when nobody answers",
      ],
      change,
      isMechanical: false,
      keepsBehaviour: false,
      around: { workload: failing(loop, poll, subject) },
    },
  ];
}

function entersAtChoice({ entries, choice }: JobLoop): boolean {
  return entries.some(({ into }) => into === choice);
}

/** Executions fail as often as they left the loop for a failure, so that what follows costs what it did. */
function failing(loop: JobLoop, task: TaskState, { workflow, profile }: Subject): Workload {
  const { workload } = workflow;
  const { choice, failed } = loop;
  const members = [loop.wait.name, loop.poll.name, choice.name];
  const shares = [...(effectiveShares(profile).get(choice.pointer) ?? [])];
  const left = shares.filter(([to]) => !members.includes(to));
  const all = left.reduce((sum, [, { value }]) => sum + value, 0);
  const lost = left.reduce((sum, [to, { value }]) => sum + (to === failed ? value : 0), 0);
  if (all === 0 || lost === 0) return workload;
  const rate = exactFigure(lost / all, "inferred", `as often as ${choice.name} went to ${failed}`);
  return withStateFigures(workload, task, { failureRate: rate });
}
