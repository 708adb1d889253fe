/**
 * A written split is the parent's definition with its cuts made, and each child's. A cut leaves a Task that starts
 * the child and waits for it, and a Choice on the child's Status: StartSyncExecution succeeds as a call even when the
 * child failed, so the failure is raised again by a Fail state, with the child's error name and cause.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html
 */
import type { QueryLanguage, Scope, State, StateMachine } from "../../workflow/state-machine.ts";
import { statesWithin } from "../../workflow/state-identity.ts";
import { type JsonObject, type JsonValue, isJsonObject } from "../../workflow/text/json-value.ts";
import { pointerTokens } from "../../workflow/text/text-position.ts";
import { writtenDefinition } from "../changed-workflow.ts";
import { statesOf } from "./cut-data.ts";
import { type NameSource, machineName, openNames } from "./split-names.ts";
import type { PlannedCut, SplitPlan } from "./split-plan.ts";
import { inJsonata, redirected, writeChild } from "./write-child.ts";

export interface WrittenSplit {
  readonly parent: JsonObject;
  readonly children: readonly WrittenChild[];
}

export interface WrittenChild {
  readonly cut: PlannedCut;
  /** Of the state machine. */
  readonly name: string;
  readonly definition: JsonObject;
  /** Stands for its ARN in the parent. */
  readonly arn: string;
  /** Of the parent's Task that starts it. */
  readonly task: string;
  /** Names of the region's states, and of the states that its failures lead to and it takes along. */
  readonly states: readonly string[];
  readonly copied: readonly string[];
}

export interface SplitWriting {
  readonly name: string;
  readonly stateMachine: StateMachine;
  readonly plan: Pick<SplitPlan, "cuts" | "contextVariable">;
}

export function writeSplit({ name, stateMachine, plan }: SplitWriting): WrittenSplit {
  const stateNames = openNames(statesWithin(stateMachine).map((state) => state.name));
  const machineNames = openNames([name]);
  const partition = partitionOf(stateMachine);
  const cuts = plan.cuts.map((cut): PlacedCut => {
    const { scope, region } = cut;
    const states = statesOf(scope, region);
    const exit = region.exit === scope.flow.end ? null : scope.run.graph.nodes[region.exit]!.name;
    const members = states.filter((state) => !scope.flow.doomed[scope.run.graph.indexOf.get(state.name)!]);
    const label = labelOf(members, exit);
    const child = machineName([name, members[0]!.name], machineNames);
    return {
      cut,
      states,
      members,
      exit,
      child,
      label,
      arn: arnPlaceholder(child),
      language: languageOf(scope.run.graph.scope),
      task: stateNames.take(`Run ${label}`),
      check: stateNames.take(`Check ${label}`),
      partition,
    };
  });
  let parent = writtenDefinition(stateMachine);
  for (const [pointer, inScope] of byScope(cuts)) {
    const path = pointerTokens(pointer.slice(stateMachine.pointer.length));
    parent = changedAt(parent, path, (scope) => cutScope(scope, inScope, stateNames)) as JsonObject;
  }
  return {
    parent,
    children: cuts.map((cut) => childOf(cut, { name, contextVariable: plan.contextVariable })),
  };
}

interface PlacedCut {
  readonly cut: PlannedCut;
  /** Members, the entry first, then the doomed states taken along. */
  readonly states: readonly State[];
  readonly members: readonly State[];
  readonly exit: string | null;
  readonly child: string;
  readonly label: string;
  readonly arn: string;
  readonly language: QueryLanguage;
  readonly task: string;
  readonly check: string;
  readonly partition: string;
}

function childOf(
  { cut, states, members, exit, child, label, arn, language, task }: PlacedCut,
  { name, contextVariable }: { readonly name: string; readonly contextVariable: string },
): WrittenChild {
  const inside = new Set(members.map((state) => state.name));
  const definition = writeChild({
    comment: `${label} of ${name}, as an Express workflow`,
    states,
    exit,
    language,
    data: cut.data,
    contextVariable,
    mapAround: cut.scope.mapAround,
  });
  const copied = states.flatMap((state) => (inside.has(state.name) ? [] : [state.name]));
  return { cut, name: child, definition, arn, task, states: [...inside], copied };
}

/** Cuts by the pointer of their scope. */
function byScope(cuts: readonly PlacedCut[]): ReadonlyMap<string, readonly PlacedCut[]> {
  const scopes = new Map<string, PlacedCut[]>();
  for (const cut of cuts) {
    const { pointer } = cut.cut.scope.run.graph.scope;
    scopes.set(pointer, [...(scopes.get(pointer) ?? []), cut]);
  }
  return scopes;
}

/** `A to C`, by the states where it is entered and left. */
function labelOf(members: readonly State[], exit: string | null): string {
  const [first] = members;
  const last = members.findLast((state) => state !== first && leadsTo(state, exit)) ?? members.at(-1)!;
  return first === last ? first.name : `${first!.name} to ${last.name}`;
}

function leadsTo(state: State, exit: string | null): boolean {
  if (state.type === "Succeed") return exit === null;
  return "next" in state && state.next === exit;
}

/** `${OrderValidateArn}`: what templates replace. */
function arnPlaceholder(child: string): string {
  const words = child.split(/[-_]+/).filter((word) => word !== "");
  return `\${${words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("")}Arn}`;
}

/** The scope's states name theirs when it is another. */
function languageOf({ states }: Scope): QueryLanguage {
  return states.find(({ fields }) => !Object.hasOwn(fields, "QueryLanguage"))?.queryLanguage ?? "JSONPath";
}

/** As its own Tasks write it: `aws`, `aws-cn`, `${AWS::Partition}`. */
function partitionOf(machine: Scope): string {
  for (const state of statesWithin(machine)) {
    const partition =
      state.type === "Task" ? /^arn:([^:]+|\$\{[^}]+\}):states:::/.exec(state.resource.arn)?.[1] : null;
    if (partition != null) return partition;
  }
  return "aws";
}

function changedAt(
  value: JsonValue,
  path: readonly string[],
  change: (scope: JsonObject) => JsonObject,
): JsonValue {
  const [key, ...rest] = path;
  if (key === undefined) return change(value as JsonObject);
  if (Array.isArray(value))
    return (value as readonly JsonValue[]).map((each, at) =>
      String(at) === key ? changedAt(each, rest, change) : each,
    );
  const object = value as JsonObject;
  return Object.fromEntries(
    Object.entries(object).map(([name, each]) => [name, name === key ? changedAt(each, rest, change) : each]),
  );
}

function cutScope(scope: JsonObject, cuts: readonly PlacedCut[], names: NameSource): JsonObject {
  const written = scope["States"] as JsonObject;
  const taskOf = new Map(cuts.map(({ members, task }) => [members[0]!.name, task]));
  const nameOf = (name: string): string => taskOf.get(name) ?? name;
  const cutOf = new Map(cuts.flatMap((cut) => cut.members.map((state) => [state.name, cut] as const)));
  const failed = names.take("Child Failed");
  const done = cuts.some(({ exit }) => exit === null) ? names.take("Child Succeeded") : null;
  const { language } = cuts[0]!;
  const startAt = scope["StartAt"] as string;
  const states = Object.entries(written).flatMap(
    ([name, fields]): readonly (readonly [string, JsonValue])[] => {
      const cut = cutOf.get(name);
      if (cut === undefined) return [[name, isJsonObject(fields) ? redirected(fields, nameOf) : fields]];
      if (name !== cut.members[0]!.name) return [];
      const next = cut.exit === null ? done! : nameOf(cut.exit);
      return [
        [cut.task, taskState(cut)],
        [cut.check, checkState(cut, { next, failed })],
      ];
    },
  );
  const all = Object.fromEntries([
    ...states,
    ...(done === null ? [] : [[done, { Type: "Succeed" }] as const]),
    [failed, failState(language)],
  ]);
  const start = nameOf(startAt);
  const after = reachable(start, all);
  const kept = Object.entries(all).filter(([name]) => after.has(name));
  return { ...scope, StartAt: start, States: Object.fromEntries(kept) };
}

/** A failed call that did not start the child, such as a throttled one, may be made again; a child that started is never started twice. */
const CALL_RETRY = {
  ErrorEquals: ["Sfn.SfnException"],
  IntervalSeconds: 1,
  MaxAttempts: 4,
  BackoffRate: 2,
  JitterStrategy: "FULL",
};

function taskState({ cut, arn, check, label, language, partition }: PlacedCut): JsonObject {
  const { given, context } = cut.data;
  const variables = Object.fromEntries(given.map((name) => [name, `{% $${name} %}`]));
  const input = {
    input: "{% $states.input %}",
    ...(given.length === 0 ? {} : { variables }),
    ...(context.length === 0 ? {} : { context: `{% ${contextObject(context)} %}` }),
  };
  return {
    Type: "Task",
    ...inJsonata(language),
    Comment: `${label}, as an Express workflow`,
    Resource: `arn:${partition}:states:::aws-sdk:sfn:startSyncExecution`,
    Arguments: { StateMachineArn: arn, Input: input },
    Retry: [CALL_RETRY],
    Next: check,
  };
}

/** Parts that are not there are left out, as they are from the context object. */
function contextObject(parts: readonly string[]): string {
  const members = new Map<string, string[]>();
  for (const part of parts) {
    const [root = "", member] = part.split(".");
    const known = members.get(root) ?? [];
    members.set(root, member === undefined ? [""] : known[0] === "" ? known : [...known, member]);
  }
  const written = [...members].map(([root, names]) => {
    const from = `$states.context.${root}`;
    if (names[0] === "") return `'${root}': ${from}`;
    return `'${root}': {${names.map((name) => `'${name}': ${from}.${name}`).join(", ")}}`;
  });
  return `{${written.join(", ")}}`;
}

function checkState(
  { cut, language }: PlacedCut,
  { next, failed }: { readonly next: string; readonly failed: string },
): JsonObject {
  const { returned } = cut.data;
  const result = "$parse($states.input.Output)";
  const assign = Object.fromEntries(returned.map((name) => [name, `{% ${result}.variables.${name} %}`]));
  const rule = {
    Condition: "{% $states.input.Status = 'SUCCEEDED' %}",
    ...(returned.length === 0 ? {} : { Assign: assign }),
    Output: `{% ${result}${returned.length === 0 ? "" : ".output"} %}`,
    Next: next,
  };
  return { Type: "Choice", ...inJsonata(language), Choices: [rule], Default: failed };
}

/** The child's error under its own name, so that Retry and Catch around it work as before. */
function failState(language: QueryLanguage): JsonObject {
  const otherwise = "$states.input.Status = 'TIMED_OUT' ? 'States.Timeout' : 'States.TaskFailed'";
  return {
    Type: "Fail",
    ...inJsonata(language),
    Error: `{% $exists($states.input.Error) ? $states.input.Error : ${otherwise} %}`,
    Cause: "{% $exists($states.input.Cause) ? $states.input.Cause : '' %}",
  };
}

function reachable(start: string, states: JsonObject): ReadonlySet<string> {
  const seen = new Set([start]);
  for (const name of seen) {
    const fields = Object.hasOwn(states, name) ? states[name] : null;
    if (isJsonObject(fields))
      redirected(fields, (to) => {
        seen.add(to);
        return to;
      });
  }
  return seen;
}
