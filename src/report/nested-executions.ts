/**
 * Nested executions are workflows of one input set that start each other: who starts whom, how often, and so how
 * often each runs and how long a Task that waits for its child takes.
 */
import { atLikely } from "../graph/assumption.ts";
import { mix } from "../graph/distribution.ts";
import { type ExecutionProfile, profileExecution } from "../graph/execution-profile.ts";
import type { ChildEnds, RunContext } from "../graph/run-context.ts";
import { DURATION_ONLY } from "../graph/spent.ts";
import { type Figure, exactFigure } from "../workflow/figure.ts";
import { startTarget, startsExecution, startsSynchronously, waitsBy } from "../workflow/execution-start.ts";
import { innerScopes } from "../workflow/state-identity.ts";
import type { Scope, State, TaskState } from "../workflow/state-machine.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { WaitingCaller } from "../recommendation/waiting-caller.ts";
import { nameWorkflows } from "./named-workflows.ts";

export interface NestedStart {
  readonly task: TaskState;
  /** Starts per execution of the parent. */
  readonly starts: number;
  /** As written in the Task; what it names. */
  readonly target: string;
  /** Null when no workflow of the set answers to the target. */
  readonly child: Workflow | null;
}

export interface NestedExecutions {
  /** What the workflow's profile is made of, kept so that others of the same workflow need not make it again. */
  keptOf(workflow: Workflow): RunContext["kept"];
  /** Null when the workflow's StartAt names no state. */
  profileOf(workflow: Workflow): ExecutionProfile | null;
  startsOf(workflow: Workflow): readonly NestedStart[];
  /** Whether any of its Tasks starts an execution; quick. */
  starts(workflow: Workflow): boolean;
  /** Declared, or inferred from the workflows of the set that start it; null = not known. */
  executionsOf(workflow: Workflow): Figure | null;
  /** How the child ends that a Task of this parent starts and waits for; null where that is no workflow of the set. */
  childEndsIn(parent: Workflow): RunContext["childEnds"];
  /** Tasks of the set that start it and wait for its end. */
  callersOf(workflow: Workflow): readonly WaitingCaller[];
  /** Workflows that start themselves, directly or through others. */
  recursive(workflow: Workflow): boolean;
}

export interface NestingContext extends Pick<RunContext, "parseJsonata" | "taskDuration"> {
  /** What each profile is going to be asked for; absent = its duration. */
  readonly measure?: (workflow: Workflow) => RunContext["measure"];
  /** Profiles of workflows that start no others, kept between sets that hold the same ones. */
  readonly keptProfiles?: Map<Workflow, ExecutionProfile | null>;
}

export function nestExecutions(workflows: readonly Workflow[], context: NestingContext): NestedExecutions {
  const findNamed = nameWorkflows(workflows);
  const profiles = new Map<Workflow, ExecutionProfile | null>();
  const executions = new Map<Workflow, Figure | null>();
  const ancestors = new Set<Workflow>();
  const kept = new Map<Workflow, RunContext["kept"]>();

  const childOf = (task: TaskState, parent: Workflow): Workflow | null => {
    const target = startTarget(task);
    return target === null || target === "" ? null : findNamed(target, parent);
  };
  const childEndsIn =
    (parent: Workflow) =>
    (task: TaskState): ChildEnds | null => {
      const child = waitsBy(task) !== null ? childOf(task, parent) : null;
      if (child === null || ancestors.has(child)) return null;
      const profile = profileOf(child);
      return profile === null ? null : endsFor(task, profile);
    };
  // How long a workflow that starts others takes depends on who asks: of those nothing is kept.
  const keptOf = (workflow: Workflow): RunContext["kept"] => {
    const known = kept.get(workflow) ?? new Map();
    if (!nesting.has(workflow)) kept.set(workflow, known);
    return known;
  };
  const profileOf = (workflow: Workflow): ExecutionProfile | null => {
    const elsewhere = nesting.has(workflow) ? undefined : context.keptProfiles;
    const known = profiles.get(workflow) ?? elsewhere?.get(workflow);
    if (known !== undefined) return known;
    ancestors.add(workflow);
    const { stateMachine, workload } = workflow;
    const profile = profileExecution(stateMachine, {
      ...context,
      workload,
      childEnds: childEndsIn(workflow),
      stand: atLikely,
      measure: context.measure?.(workflow) ?? DURATION_ONLY,
      kept: keptOf(workflow),
    });
    ancestors.delete(workflow);
    profiles.set(workflow, profile);
    elsewhere?.set(workflow, profile);
    return profile;
  };
  const startsOf = (workflow: Workflow): readonly NestedStart[] =>
    (profileOf(workflow)?.states ?? []).flatMap(({ state, visits, retries }) => {
      const target = state.type === "Task" ? startTarget(state) : null;
      if (state.type !== "Task" || target === null) return [];
      return [{ task: state, starts: visits + retries, target, child: childOf(state, workflow) }];
    });
  const parents = new Map<Workflow, Parent[]>();
  const nesting = new Set(workflows.filter(({ stateMachine }) => mentionsStart(stateMachine)));
  for (const parent of nesting) {
    for (const { child, starts, task } of startsOf(parent)) {
      if (child !== null) parents.set(child, [...(parents.get(child) ?? []), { parent, starts, task }]);
    }
  }
  const executionsOf = (workflow: Workflow): Figure | null => {
    const declared = workflow.workload.executionsPerMonth;
    if (declared !== null) return declared;
    const known = executions.get(workflow);
    if (known !== undefined) return known;
    executions.set(workflow, null);
    const figure = inferredFrom(parents.get(workflow) ?? [], executionsOf);
    executions.set(workflow, figure);
    return figure;
  };
  const recursive = (workflow: Workflow): boolean => {
    const seen = new Set<Workflow>();
    const pending = [workflow];
    for (const each of pending) {
      for (const { child } of nesting.has(each) ? startsOf(each) : []) {
        if (child === workflow) return true;
        if (child === null || seen.has(child)) continue;
        seen.add(child);
        pending.push(child);
      }
    }
    return false;
  };
  return {
    keptOf,
    profileOf,
    startsOf,
    starts: (workflow) => nesting.has(workflow),
    executionsOf,
    childEndsIn,
    callersOf: (workflow) => (parents.get(workflow) ?? []).flatMap(waitingCaller),
    recursive,
  };
}

interface Parent {
  readonly parent: Workflow;
  readonly task: TaskState;
  /** Per execution of the parent. */
  readonly starts: number;
}

function waitingCaller({ parent, task }: Parent): readonly WaitingCaller[] {
  const by = waitsBy(task);
  if (by === null) return [];
  return [
    {
      workflow: parent.name,
      state: task.name,
      waitsBy: by,
      get at() {
        return parent.locate(task.pointer);
      },
    },
  ];
}

/** Starts that parents make, as a figure; null as soon as one parent's own executions are not known. */
function inferredFrom(
  parents: readonly { readonly parent: Workflow; readonly starts: number }[],
  executionsOf: (workflow: Workflow) => Figure | null,
): Figure | null {
  if (parents.length === 0) return null;
  let figure: Figure = exactFigure(
    0,
    "inferred",
    `started by ${parents.map(({ parent }) => parent.name).join(", ")}`,
  );
  for (const { parent, starts } of parents) {
    const own = executionsOf(parent);
    if (own === null) return null;
    figure = {
      ...figure,
      value: figure.value + own.value * starts,
      low: figure.low + own.low * starts,
      high: figure.high + own.high * starts,
    };
  }
  return figure;
}

/**
 * A .sync Task fails when its child does; a synchronous call succeeds and tells in its Status.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html
 */
function endsFor(task: TaskState, { run, durationMs }: ExecutionProfile): ChildEnds {
  if (startsSynchronously(task)) return { succeeded: { mass: 1, of: durationMs }, failed: null };
  const ends = run.outcomes.map(({ error, mass, spent }) => ({ error, mass, of: spent.durationMs }));
  return {
    succeeded: mix(ends.filter(({ error }) => error === null)),
    failed: mix(ends.filter(({ error }) => error !== null)),
  };
}

/** Looks at resources alone, so that a large fleet is quick to go through. */
export function mentionsStart(stateMachine: Scope): boolean {
  return holds(stateMachine, (state) => state.type === "Task" && startsExecution(state));
}

/** Whether what it costs depends on how long it takes. */
export function isBilledByTime({ type, stateMachine }: Workflow): boolean {
  if (type === "EXPRESS") return true;
  return holds(stateMachine, (state) => state.type === "Map" && state.mode === "DISTRIBUTED");
}

function holds(scope: Scope, isIt: (state: State) => boolean): boolean {
  const scopes = [scope];
  for (const { states } of scopes) {
    for (const state of states) {
      if (isIt(state)) return true;
      scopes.push(...innerScopes(state));
    }
  }
  return false;
}
