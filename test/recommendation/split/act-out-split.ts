/** Acts out a workflow before and after a split, on many scenarios, and tells where they differ. */
import { profileExecution } from "../../../src/graph/execution-profile.ts";
import { regionsOf, sumOver } from "../../../src/graph/region/single-exit-regions.ts";
import { plausibleData } from "../../../src/recommendation/plausible-data.ts";
import { readCutData } from "../../../src/recommendation/split/cut-data.ts";
import { useOf } from "../../../src/recommendation/split/region-use.ts";
import { flowsOfScopes } from "../../../src/recommendation/split/scope-flow.ts";
import type { PlannedCut } from "../../../src/recommendation/split/split-plan.ts";
import { type WrittenSplit, writeSplit } from "../../../src/recommendation/split/write-split.ts";
import { writtenDefinition } from "../../../src/recommendation/changed-workflow.ts";
import { compileDefinition } from "../../../src/scenario/compiled-definition.ts";
import type { TaskCall } from "../../../src/scenario/execution-thread.ts";
import { type ActingOptions, type ExecutionTrace, actOut } from "../../../src/scenario/execution-trace.ts";
import { type StateMachine, type TaskState } from "../../../src/workflow/state-machine.ts";
import { statesWithin } from "../../../src/workflow/state-identity.ts";
import { type JsonObject, type JsonValue, isJsonObject } from "../../../src/workflow/text/json-value.ts";
import { EMPTY_WORKLOAD } from "../../../src/workflow/workload/workload.ts";
import { contextOf } from "../../graph/run-of.ts";

export interface NamedSplit {
  readonly label: string;
  readonly written: WrittenSplit;
}

/** Every region that may be cut, each alone, whatever it costs; and what kept the others. */
export function everyCut(name: string, stateMachine: StateMachine) {
  const profile = profileExecution(stateMachine, contextOf(EMPTY_WORKLOAD));
  const data = readCutData(stateMachine);
  const splits: NamedSplit[] = [];
  const refused: string[] = [];
  if (profile === null) return { splits, refused };
  for (const scope of flowsOfScopes(profile.run)) {
    for (const entry of scope.family.tree.preorder) {
      for (const region of regionsOf(entry, scope.family)) {
        if (sumOver(region, scope.sums.blocked) > 0) continue;
        const crossing = data.read(scope, region);
        if ("blocker" in crossing) {
          refused.push(crossing.blocker);
          continue;
        }
        const cut: PlannedCut = {
          ...{ scope, region, runs: scope.runs, use: useOf(region, scope), billedMs: 0, saving: 0 },
          ...{ data: crossing, memoryMB: 64 },
        };
        const plan = { cuts: [cut], contextVariable: data.contextVariable };
        const written = writeSplit({ name, stateMachine, plan });
        splits.push({ label: written.children[0]!.task, written });
      }
    }
  }
  return { splits, refused };
}

export interface PlayedScenario {
  readonly label: string;
  readonly options: ActingOptions;
}

/** Success, and each Task failing with each error that anybody speaks of and one that nobody does, on data that leads each way. */
export function scenariosOf(stateMachine: StateMachine): readonly PlayedScenario[] {
  const tasks = statesWithin(stateMachine).filter((state) => state.type === "Task");
  const inputs = inputsFor(stateMachine);
  const spoken = new Set(
    statesWithin(stateMachine).flatMap((state) =>
      "catch" in state ? [...state.catch, ...state.retry].flatMap(({ errorEquals }) => errorEquals) : [],
    ),
  );
  const errors = ["Nobody.Knows", "States.Timeout", ...spoken].filter((error) => error !== "States.ALL");
  return inputs.flatMap((input, at) => {
    const options = { input, results: resultsFor(tasks, input), context: CONTEXT, seed: at };
    const success = { label: `success ${at}`, options };
    const echo = { label: `echo ${at}`, options: { ...options, results: {} } };
    const failing = tasks.flatMap((task) =>
      errors.slice(0, 4).map((error) => ({
        label: `${task.name} fails with ${error} ${at}`,
        options: {
          ...options,
          results: {
            ...options.results,
            [task.name]: { error, cause: `of ${task.name}`, durationMs: msOf(task) },
          },
        },
      })),
    );
    return [success, echo, ...(at < 2 ? failing : [])];
  });
}

const CONTEXT = {
  Execution: {
    Id: "arn:parent:1",
    Name: "parent-1",
    StartTime: "2026-02-03T04:05:06.000Z",
    Input: { from: "parent" },
  },
  StateMachine: { Id: "arn:machine", Name: "machine" },
};

/** Each Task takes a time of its own, so that all calls have their places in time. */
function msOf({ name }: { readonly name: string }): number {
  return 101 + ([...name].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 7919, 7) % 4001);
}

function resultsFor(tasks: readonly TaskState[], data: JsonValue) {
  return Object.fromEntries(
    tasks.map((task) => [task.name, { output: withName(data, task.name), durationMs: msOf(task) }]),
  );
}

function withName(data: JsonValue, name: string): JsonValue {
  return isJsonObject(data) ? { ...data, by: name } : data;
}

/** Made-up data, and the same with what each Choice tests in the place where it tests it. */
function inputsFor(stateMachine: StateMachine): readonly JsonValue[] {
  const base = plausibleData(stateMachine);
  const set: JsonObject[] = [base];
  for (const state of statesWithin(stateMachine)) {
    if (state.type !== "Choice") continue;
    for (const { fields } of state.choices) {
      for (const [path, value] of testedIn(fields)) set.push(withValue(base, path, value));
    }
  }
  return [...new Map(set.map((value) => [JSON.stringify(value), value])).values()].slice(0, 6);
}

function testedIn(rule: JsonObject): readonly (readonly [readonly string[], JsonValue])[] {
  const condition = rule["Condition"];
  if (typeof condition === "string") {
    const tests = condition.matchAll(
      /\$states\.input\.([\w.]+)\s*(?:=|!=|>|<)=?\s*('[^']*'|"[^"]*"|[\d.]+|true|false)/g,
    );
    return [...tests].map(([, path = "", literal = ""]) => [
      path.split("."),
      /^['"]/.test(literal) ? literal.slice(1, -1) : (JSON.parse(literal) as JsonValue),
    ]);
  }
  const parts = [
    rule,
    ...["And", "Or"].flatMap((key) => (rule[key] as readonly JsonObject[] | undefined) ?? []),
  ];
  return parts.flatMap((part) => {
    const variable = part["Variable"];
    const operand = Object.entries(part).find(([key]) => /Equals$|Than/.test(key));
    if (typeof variable !== "string" || !variable.startsWith("$.") || operand === undefined) return [];
    const value = operand[1];
    const met =
      typeof value === "number" && operand[0].includes("Than")
        ? value + (operand[0].includes("Greater") ? 1 : -1)
        : value;
    return [[variable.slice(2).split("."), met]];
  });
}

function withValue(base: JsonObject, [name = "", ...rest]: readonly string[], value: JsonValue): JsonObject {
  const below = base[name];
  return {
    ...base,
    [name]: rest.length === 0 ? value : withValue(isJsonObject(below) ? below : {}, rest, value),
  };
}

interface Played {
  readonly trace: ExecutionTrace;
  readonly calls: readonly TaskCall[];
}

async function play(definition: unknown, options: ActingOptions): Promise<Played> {
  const calls: TaskCall[] = [];
  const { trace } = await actOut(compileDefinition(definition), {
    ...options,
    observe: (call) => calls.push(call),
  });
  return { trace, calls: calls.sort((a, b) => a.atMs - b.atMs || (a.state < b.state ? -1 : 1)) };
}

export interface Compared {
  readonly status: ExecutionTrace["status"];
  /** Empty when both did the same. */
  readonly differences: readonly string[];
  readonly children: number;
}

/** Output, error, and each Task's attempts with what each was given, at the same moments. */
export async function compareSplit(
  stateMachine: StateMachine,
  { parent, children }: WrittenSplit,
  { options }: PlayedScenario,
): Promise<Compared> {
  const before = await play(writtenDefinition(stateMachine), options);
  // An endless loop ends at another limit in a child.
  if (/maximum number of history events/.test(before.trace.error?.cause ?? ""))
    return { status: before.trace.status, differences: [], children: 0 };
  const machines = Object.fromEntries(children.map(({ arn, definition }) => [arn, definition]));
  const after = await play(parent, { ...options, children: machines });
  const [one, other] = [before, after].map(({ trace }) => endOf(trace));
  const differences = [
    ...(one === other ? [] : [`ends ${other} instead of ${one}`]),
    ...(before.trace.durationMs === after.trace.durationMs
      ? []
      : [`lasts ${after.trace.durationMs} ms instead of ${before.trace.durationMs}`]),
    ...differentCalls(before, after),
  ];
  return { status: before.trace.status, differences, children: after.trace.children.express };
}

/** AWS's words for a failure number the event, and quote the expression, which reads the parent's context object from a variable. */
function endOf({ status, error, output }: ExecutionTrace): string {
  const cause = (error?.cause ?? "")
    .replaceAll(/event id #\d+/g, "event id #")
    .replaceAll(/\$parentContext\d*\.|\$\$\.|\$states\.context\./g, "$$$$.");
  return JSON.stringify([
    status,
    error === null ? null : [error.error ?? "States.TaskFailed", cause],
    output,
  ]);
}

function differentCalls(before: Played, after: Played): readonly string[] {
  const texts = (calls: readonly TaskCall[]): readonly string[] => calls.map((call) => JSON.stringify(call));
  const [was, is] = [texts(before.calls), texts(after.calls)];
  const at = was.findIndex((call, index) => call !== is[index]);
  if (at === -1 && was.length === is.length) return [];
  const place = at === -1 ? was.length : at;
  return [`call ${place} is ${is[place] ?? "none"} instead of ${was[place] ?? "none"}`];
}
