/**
 * How a Distributed Map acts: each item or batch is a child execution of its own, with its own history; the run fails
 * when more fail than is tolerated.
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
import FlatQueue from "flatqueue";
import { ownValue } from "../../workflow/text/json-value.ts";
import type { JsonObject, JsonValue } from "../../workflow/text/json-value.ts";
import type { MapState } from "../../workflow/state-machine.ts";
import { countChild } from "./child-executions.ts";
import { openLog } from "../execution-log.ts";
import { runExecution } from "../execution-run.ts";
import type { ExecutionEnd } from "../execution-run.ts";
import { logStep, passTime } from "../execution-thread.ts";
import type { CompiledScope, Execution, StateAction, Thread, Visit } from "../execution-thread.ts";
import { watchFailures } from "./failure-tolerance.ts";
import type { Tolerance } from "./failure-tolerance.ts";
import type { Flow } from "../flow.ts";
import { guardAction } from "../action/guarded-action.ts";
import { compileBatches } from "./item-batches.ts";
import type { ChildInput } from "./item-batches.ts";
import { shownText } from "../data/json-text.ts";
import { compileItemInput, mapContext } from "./map-items.ts";
import { compileNumber, PERCENTAGE } from "../data/numeric-field.ts";
import { compileGivenItems } from "./given-items.ts";
import { compileStateData } from "../data/state-data.ts";
import { errorOutput, raise, statesError } from "../states-error.ts";
import { tallyOf } from "../visit-tally.ts";

/** Child executions that run at once. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MAX_CHILDREN = 10_000;

const EXCEEDED = statesError(
  "States.ExceedToleratedFailureThreshold",
  "The specified tolerated failure threshold was exceeded",
);

export function compileDistributedMap(state: MapState, processor: CompiledScope): StateAction {
  const data = compileStateData(state);
  const itemsOf = compileGivenItems(state);
  const inputOf = compileItemInput(state);
  const batchesOf = compileBatches(state);
  const maxConcurrency = compileNumber(state, state.fields, "MaxConcurrency");
  const count = compileNumber(state, state.fields, "ToleratedFailureCount");
  const percentage = compileNumber(state, state.fields, "ToleratedFailurePercentage", PERCENTAGE);
  return guardAction(state, data, function* (visit) {
    const selected = data.select(visit);
    const limit = maxConcurrency === null ? 0 : ((yield* maxConcurrency(visit, selected)) ?? 0);
    const items = yield* itemsOf(visit, selected);
    logStep(visit.thread, visit.compiled, { kind: "noted", events: 1 });
    const tolerance = {
      count: count === null ? null : yield* count(visit, selected),
      percentage: percentage === null ? null : yield* percentage(visit, selected),
    };
    logStep(visit.thread, visit.compiled, { kind: "noted", events: 1 });
    const values: JsonValue[] = [];
    for (let index = 0; index < items.length; index++) {
      const iteration = { ...visit.thread, index, map: mapContext(items, index) };
      values.push(yield* inputOf(visit, selected, iteration));
    }
    const inputs = yield* batchesOf(visit, values);
    const concurrency = Math.min(limit === 0 ? MAX_CHILDREN : limit, MAX_CHILDREN);
    const outputs = yield* runChildren(visit, processor, { inputs, concurrency, tolerance });
    logStep(visit.thread, visit.compiled, { kind: "noted", events: 2 });
    return Object.hasOwn(state.fields, "ResultWriter") ? writtenResult(state.fields) : outputs;
  });
}

interface ChildPlan {
  readonly inputs: readonly ChildInput[];
  readonly concurrency: number;
  readonly tolerance: Tolerance;
}

function* runChildren(visit: Visit, processor: CompiledScope, plan: ChildPlan): Flow<JsonValue[]> {
  const { inputs, tolerance } = plan;
  const total = inputs.reduce((sum, input) => sum + input.items, 0);
  const slots = openSlots(plan.concurrency, inputs.length);
  const watch = watchFailures(tolerance, total);
  const tally = tallyOf(visit.thread.execution.children.tally, visit.compiled.state.pointer);
  tally.items += total;
  const outputs: JsonValue[] = [];
  let lastMs = 0;
  for (const [index, input] of inputs.entries()) {
    const startMs = slots.take();
    if (startMs >= (watch.exceededAt() ?? Infinity) && index > 0) break;
    tally.iterations += 1;
    const end = yield* runChild(visit, processor, { index, input: input.value, startMs });
    const endMs = startMs + end.durationMs;
    slots.give(endMs);
    lastMs = Math.max(lastMs, endMs);
    if (end.status !== "SUCCEEDED") watch.fail(endMs, input.items);
    outputs.push(end.failure === null ? end.output : errorOutput(end.failure));
  }
  const exceeded = watch.exceededAt();
  passTime(visit.thread, exceeded ?? lastMs);
  if (exceeded === null) return outputs;
  logStep(visit.thread, visit.compiled, { kind: "noted", events: 1, error: EXCEEDED.error });
  return raise(EXCEEDED);
}

interface Slots {
  /** When the next child may start. */
  readonly take: () => number;
  /** A child's end frees its place. */
  readonly give: (ms: number) => void;
}

/** Places for children, of which at most `concurrency` are taken at a time. */
function openSlots(concurrency: number, children: number): Slots {
  let unused = Math.min(concurrency, children);
  const ends = new FlatQueue<null>();
  return {
    take: () => {
      if (unused > 0) {
        unused -= 1;
        return 0;
      }
      const ms = ends.peekValue() ?? 0;
      ends.pop();
      return ms;
    },
    give: (ms) => ends.push(null, ms),
  };
}

interface Child {
  readonly index: number;
  readonly input: JsonValue;
  readonly startMs: number;
}

function* runChild(visit: Visit, processor: CompiledScope, child: Child): Flow<ExecutionEnd> {
  const parent = visit.thread.execution;
  const state = visit.compiled.state as MapState;
  const execution: Execution = {
    ...parent,
    type: state.executionType,
    log: openLog(state.executionType),
    context: childContext(visit.thread, child),
    startedAtMs: parent.startedAtMs + visit.thread.ms + child.startMs,
  };
  const end = yield* runExecution(execution, processor, { input: child.input, timeoutSeconds: null });
  countChild(parent.children, {
    map: state.pointer,
    type: execution.type,
    succeeded: end.status === "SUCCEEDED",
    durationMs: end.durationMs,
    steps: execution.log.steps,
  });
  return end;
}

function childContext(thread: Thread, { index, input }: Child): JsonObject {
  const execution = (thread.execution.context["Execution"] ?? {}) as JsonObject;
  return {
    ...thread.execution.context,
    Execution: {
      ...execution,
      Id: `${shownText(execution["Id"] ?? "")}:${index}`,
      Name: String(index),
      Input: input,
    },
  };
}

/** What a Map hands on when ResultWriter takes its results away. */
function writtenResult(fields: JsonObject): JsonValue {
  const writer = (ownValue(fields, "ResultWriter") ?? {}) as JsonObject;
  const given = ownValue(writer, "Arguments") ?? ownValue(writer, "Parameters") ?? {};
  const { Bucket = null, Prefix = "" } = given as {
    readonly Bucket?: JsonValue;
    readonly Prefix?: JsonValue;
  };
  return {
    MapRunArn: "arn:aws:states:us-east-1:123456789012:mapRun:trace:run",
    ResultWriterDetails: { Bucket, Key: `${shownText(Prefix)}/run/manifest.json` },
  };
}
