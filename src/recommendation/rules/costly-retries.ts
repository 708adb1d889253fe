/** Retries that make up a good part of the bill: a ladder on a Task that often fails, or one that repeats all of a Map or Parallel. */
import { matchesError } from "../../workflow/definition/error-names.ts";
import { pointerTo } from "../../workflow/text/json-value.ts";
import type { MapState, ParallelState, Scope, TaskState } from "../../workflow/state-machine.ts";
import { freeName } from "../free-name.ts";
import type { JsonPatch, PatchOperation } from "../json-patch.ts";
import type { PlacedState } from "../placed-state.ts";
import type { Proposal } from "../recommendation.ts";
import type { OpportunityRule, Subject } from "../rule.ts";
import { statesWithin, tasksInside } from "../saga.ts";
import { type PathOf, pathFrom } from "../state-removal.ts";

export const costlyRetries: OpportunityRule = {
  id: "costly-retries",
  kind: "opportunity",
  title: "Retries that cost a good part of the whole",
  passes: "retries are expected to cost little",
  propose: (subject) => {
    const retried = subject.states.filter(
      (placed): placed is PlacedState<Retried> => "retry" in placed.state && placed.state.retry.length > 0,
    );
    return retried.length === 0 ? null : proposals(retried, subject);
  },
};

type Retried = TaskState | MapState | ParallelState;

/** Share of all transitions from which retries are worth a word. */
const WORTH_A_WORD = 0.05;
/** What AWS does when a Retrier does not say. */
const USUAL_ATTEMPTS = 3;

function proposals(retried: readonly PlacedState<Retried>[], subject: Subject): readonly Proposal[] {
  const { profile } = subject;
  const all = profile.states.reduce((sum, { visits, retries }) => sum + visits + retries, 0);
  const retriesOf = new Map(profile.states.map(({ state, retries }) => [state.pointer, retries]));
  return retried.flatMap(({ state, scope }) => {
    const retries = retriesOf.get(state.pointer) ?? 0;
    const repeated = state.type === "Task" ? 1 : 1 + tasksInside(state).length;
    if (retries === 0 || retries * repeated < WORTH_A_WORD * all) return [];
    return state.type === "Task" ? shorter(state, { subject, scope }) : moved(state, subject);
  });
}

interface Placed {
  readonly subject: Subject;
  readonly scope: Scope;
}

function shorter(task: TaskState, { subject: { workflow }, scope }: Placed): readonly Proposal[] {
  const pathOf = pathFrom(workflow.stateMachine.pointer);
  const long = task.retry.filter(({ maxAttempts }) => maxAttempts > USUAL_ATTEMPTS);
  if (long.length === 0) return [];
  return [
    {
      states: [task.name],
      pointer: long[0]!.pointer,
      advice: `end the ladder after ${USUAL_ATTEMPTS} retries, and mend what makes it fail so often: at its failure rate each further rung is used`,
      effort: "low",
      conditions: [
        "more executions may fail or take the Catcher then (what they skip is not in the saving); the waits between may have been what helps: then make them longer instead",
      ],
      change: long.map((retrier) => ({
        op: "add" as const,
        path: pathOf(pointerTo(retrier.pointer, "MaxAttempts")),
        value: USUAL_ATTEMPTS,
      })),
      goingOn: goOn(task, scope, pathOf),
      isMechanical: true,
      keepsBehaviour: false,
    },
  ];
}

/** Whatever the Task fails with, the execution goes on as after its success. */
function goOn(task: TaskState, scope: Scope, pathOf: PathOf): JsonPatch {
  const at = (field: string): string => pathOf(pointerTo(task.pointer, field));
  const caught = (next: string): PatchOperation => ({
    op: "add",
    path: at("Catch"),
    value: [{ ErrorEquals: ["States.ALL"], Next: next }],
  });
  if (task.next !== null) return [caught(task.next)];
  const end = freeName(
    `${task.name} is over`,
    scope.states.map(({ name }) => name),
  );
  return [
    { op: "add", path: pathOf(pointerTo(scope.pointer, "States", end)), value: { Type: "Succeed" } },
    { op: "remove", path: at("End") },
    { op: "add", path: at("Next"), value: end },
    caught(end),
  ];
}

/**
 * From the whole to the Tasks in it: only what failed is repeated then. Not where that would leave something unrepeated: a
 * Task's failure after its own Retry, or an error that a Fail state raises.
 */
function moved(state: MapState | ParallelState, { workflow }: Subject): readonly Proposal[] {
  const pathOf = pathFrom(workflow.stateMachine.pointer);
  const inside = statesWithin(state);
  const tasks = inside.filter((each) => each.type === "Task");
  const isLost = inside.some((each) =>
    each.type === "Fail"
      ? each.error === null || state.retry.some(({ errorEquals }) => matchesError(errorEquals, each.error!))
      : each !== state && "retry" in each && each.retry.length > 0,
  );
  const retriers = state.fields["Retry"];
  if (tasks.length === 0 || isLost || retriers === undefined) return [];
  if (state.type === "Map" && state.mode === "DISTRIBUTED") return [];
  const change: PatchOperation[] = [
    ...tasks.map((task) => ({ op: "add" as const, path: `${pathOf(task.pointer)}/Retry`, value: retriers })),
    { op: "remove", path: `${pathOf(state.pointer)}/Retry` },
  ];
  return [
    {
      states: [state.name, ...tasks.map(({ name }) => name)],
      pointer: state.retry[0]!.pointer,
      advice: `move the Retry from ${state.name} to the Tasks inside: here it repeats all of them for one that fails`,
      effort: "low",
      conditions: ["the Tasks inside may be repeated one by one"],
      change,
      isMechanical: true,
      keepsBehaviour: false,
    },
  ];
}
