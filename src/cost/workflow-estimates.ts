/**
 * Workflow estimates are both types' costs with their ranges: the same estimate at several standpoints, one figure
 * moved at a time to rank the assumptions, all moved together to their dear and their cheap ends for the range.
 *
 * Exact for each figure alone. The range is exact where costs rise or fall in each figure throughout; it is the
 * widest that figures moved by their own direction give. Work is bounded: at most EVALUATED_STATES state visits are
 * computed; figures beyond that move together as one.
 */
import { type Assumption, type Standpoint, atLikely } from "../graph/assumption.ts";
import { type ExecutionProfile, profileExecution } from "../graph/execution-profile.ts";
import type { RunContext } from "../graph/run-context.ts";
import { COUNTS_ONLY, DURATION_ONLY, EVERYTHING, WHAT_IS_BILLED } from "../graph/spent.ts";
import { keptIn, lazyFields, once } from "../once.ts";
import type { MeasuredExecution } from "../usage/measured-execution.ts";
import { PAYLOAD_KB } from "../workflow/default-figures.ts";
import type { StateMachine, WorkflowType } from "../workflow/state-machine.ts";
import type { Workload } from "../workflow/workload/workload.ts";
import {
  type CostBasis,
  type CostEstimate,
  type EstimateInput,
  estimateCost,
  priceExecution,
} from "./cost-estimate.ts";

/** The figure that no execution depends on, only what Express bills for it. */
const PAYLOAD = "payloadKB";

const EVALUATED_STATES = 8_000;
const MOST_MOVED_ALONE = 60;

/** Ranges, and what moves them, are worked out when they are read. */
export interface WorkflowEstimates {
  /** At the likely figures, with all that is measured. */
  readonly profile: ExecutionProfile;
  readonly byType: Readonly<Record<WorkflowType, RangedEstimate>>;
  /** Without what AWS counted, which says nothing of a changed definition: what one is compared with. */
  readonly expected: Readonly<Record<WorkflowType, CostEstimate>>;
  /** All figures in use. */
  readonly assumptions: readonly Assumption[];
  /** Figures with a range, the one that moves the result most first. */
  readonly moved: readonly MovedAssumption[];
  /** How many figures were moved together, for want of time. */
  readonly movedTogether: number;
  /** At the ends of each type's range, for pricing something else there; worked out when asked for. */
  readonly corners: () => readonly EstimateInput[];
  /** At the likely figures; of its profile's distributions that of history events cannot be relied on: enough for what it costs. */
  readonly likely: EstimateInput;
}

export interface RangedEstimate<Type extends string = WorkflowType> {
  readonly likely: CostEstimate<Type>;
  readonly lowPerExecution: number | null;
  readonly highPerExecution: number | null;
}

/** Cost per execution of each type with one figure at its low and its high end. */
export interface MovedAssumption {
  readonly assumption: Assumption;
  readonly low: Readonly<Record<WorkflowType, number | null>>;
  readonly high: Readonly<Record<WorkflowType, number | null>>;
}

export interface Estimating {
  readonly stateMachine: StateMachine;
  readonly workload: Workload;
  readonly context: Pick<RunContext, "parseJsonata" | "childEnds" | "taskDuration">;
  /** What profiles of it in this context are made of, where some were made already. */
  readonly kept?: RunContext["kept"];
  readonly executions: number | null;
  readonly basis: CostBasis;
  /** What AWS counted of the deployed machine; absent or null = nothing is known. */
  readonly measured?: MeasuredExecution | null;
  /** Of many workflows told in one table, few are asked for more than their costs: the rest is then measured apart. */
  readonly atAGlance?: boolean;
}

/** Null when StartAt names no state. */
export function estimateWorkflow(estimating: Estimating): WorkflowEstimates | null {
  const { basis, atAGlance = false } = estimating;
  const used = new Map<string, Assumption>();
  const evaluate = evaluatorOf(estimating);
  const likely = evaluate(
    (assumption) => {
      used.set(assumption.id, assumption);
      return atLikely(assumption);
    },
    atAGlance ? WHAT_IS_BILLED : EVERYTHING,
  );
  if (likely === null) return null;
  const ranged = [...used.values()].filter(({ figure }) => figure.low < figure.high);
  const most = Math.min(
    MOST_MOVED_ALONE,
    Math.max(3, Math.floor(EVALUATED_STATES / (2 * likely.profile.states.length))),
  );
  const alone = once(() => mostPromising(ranged, likely.profile).slice(0, most));
  const moved = once(() =>
    moveEach(alone(), { likely, evaluate, basis }).sort((a, b) => spreadOf(b) - spreadOf(a)),
  );
  const others = once(() => {
    const apart = new Set(alone());
    return new Set(ranged.filter((assumption) => !apart.has(assumption)).map(({ id }) => id));
  });
  const estimateAs = (type: WorkflowType): RangedEstimate =>
    withRange(estimateCost(type, likely, basis), { moved, others, evaluate, basis });
  const byType = { STANDARD: estimateAs("STANDARD"), EXPRESS: estimateAs("EXPRESS") };
  return lazyFields<WorkflowEstimates>({
    profile: () => (atAGlance ? evaluate(atLikely, EVERYTHING)!.profile : likely.profile),
    byType: () => byType,
    expected: () => expectedOf(likely, byType, basis),
    assumptions: () => [...used.values()],
    moved,
    movedTogether: () => Math.max(0, ranged.length - most),
    corners: () => () => cornersOf({ moved: moved(), others: others(), evaluate }),
    likely: () => likely,
  });
}

interface Corners {
  readonly moved: readonly MovedAssumption[];
  readonly others: ReadonlySet<string>;
}

/** Each type's dear and cheap end, by the way its cost moves with each figure; ends that are the same are one object. */
function cornersOf({ evaluate, ...corners }: Corners & Pick<Ranging, "evaluate">): readonly EstimateInput[] {
  const known = new Map<string, EstimateInput | null>();
  return [...standpointsOf("STANDARD", corners), ...standpointsOf("EXPRESS", corners)].flatMap(
    ({ id, stand }) => keptIn(known, id, () => evaluate(stand, DURATION_ONLY)) ?? [],
  );
}

interface Corner {
  /** Of all that stand alike. */
  readonly id: string;
  readonly stand: Standpoint;
}

/** Where all figures stand that make a type dear, or cheap; those moved together at either end. */
function standpointsOf(type: WorkflowType, { moved, others }: Corners): readonly Corner[] {
  const rises = new Map(
    moved.map(({ assumption, low, high }) => [assumption.id, (high[type] ?? 0) - (low[type] ?? 0)]),
  );
  const ends = others.size === 0 ? (["low"] as const) : (["low", "high"] as const);
  return [false, true].flatMap((dear) =>
    ends.map((otherEnd) => {
      const stand: Standpoint = ({ id, figure }) => {
        if (others.has(id)) return figure[otherEnd];
        const rise = rises.get(id);
        if (rise === undefined || rise === 0) return figure.value;
        return rise > 0 === dear ? figure.high : figure.low;
      };
      return { id: `${otherEnd} ${moved.map(({ assumption }) => stand(assumption)).join(" ")}`, stand };
    }),
  );
}

/** The same estimate at its likely figures alone, without ranges: what a changed workflow is compared by. */
export function estimateLikely(estimating: Estimating): Readonly<Record<WorkflowType, CostEstimate>> | null {
  const input = evaluatorOf(estimating)(atLikely);
  if (input === null) return null;
  const { basis } = estimating;
  return { STANDARD: estimateCost("STANDARD", input, basis), EXPRESS: estimateCost("EXPRESS", input, basis) };
}

function expectedOf(
  input: EstimateInput,
  { STANDARD, EXPRESS }: WorkflowEstimates["byType"],
  basis: CostBasis,
): WorkflowEstimates["expected"] {
  if (input.measured == null) return { STANDARD: STANDARD.likely, EXPRESS: EXPRESS.likely };
  const alone = { ...input, measured: null };
  return { STANDARD: estimateCost("STANDARD", alone, basis), EXPRESS: estimateCost("EXPRESS", alone, basis) };
}

/** How far the dearer type's cost moves. */
function spreadOf({ low, high }: MovedAssumption): number {
  const spread = (type: WorkflowType): number => Math.abs((high[type] ?? 0) - (low[type] ?? 0));
  return Math.max(spread("STANDARD"), spread("EXPRESS"));
}

type Evaluate = (stand: Standpoint, measure?: RunContext["measure"]) => EstimateInput | null;

function evaluatorOf({ stateMachine, workload, context, executions, measured, kept }: Estimating): Evaluate {
  const runs = kept ?? new Map();
  return (stand, measure = DURATION_ONLY) => {
    const profile = profileExecution(stateMachine, { ...context, workload, stand, measure, kept: runs });
    if (profile === null) return null;
    const payloadKB = stand({
      id: PAYLOAD,
      key: "payloadKB",
      text: "size of the data that flows between states, KB",
      figure: workload.payloadKB ?? PAYLOAD_KB,
      unit: "KB",
    });
    const { definitionBytes } = stateMachine;
    return { profile, workload, definitionBytes, payloadKB, executions, measured: measured ?? null };
  };
}

interface Moving {
  readonly likely: EstimateInput;
  readonly evaluate: Evaluate;
  readonly basis: CostBasis;
}

/** Of two branches, one's share at its low end is the other's at its high end: they are moved once. */
function moveEach(alone: readonly Assumption[], moving: Moving): MovedAssumption[] {
  const moved = new Map<string, MovedAssumption>();
  for (const assumption of alone) {
    const mirrored = alone.find((other) => moved.has(other.id) && isMirrored(assumption, other, alone));
    const mirror = mirrored === undefined ? undefined : moved.get(mirrored.id);
    moved.set(
      assumption.id,
      mirror === undefined ? move(assumption, moving) : { assumption, low: mirror.high, high: mirror.low },
    );
  }
  return [...moved.values()];
}

function isMirrored(one: Assumption, other: Assumption, all: readonly Assumption[]): boolean {
  if (one.unit !== "share" || other.unit !== "share" || one === other) return false;
  const [choice, itself] = [choiceOf(one), choiceOf(other)];
  if (choice === null || choice !== itself) return false;
  const whole = [one.figure.low + other.figure.high, one.figure.high + other.figure.low];
  return (
    whole.every((sum) => Math.abs(sum - 1) < 1e-12) &&
    all.filter((assumption) => choiceOf(assumption) === choice).length === 2
  );
}

/** Pointer of the Choice whose share it is. */
function choiceOf({ id }: Assumption): string | null {
  const at = id.indexOf(":choices:");
  return at < 0 ? null : id.slice(0, at);
}

function move(assumption: Assumption, { likely, evaluate, basis }: Moving): MovedAssumption {
  const at = (end: "low" | "high"): Readonly<Record<WorkflowType, number | null>> => {
    const input =
      assumption.id === PAYLOAD
        ? { ...likely, payloadKB: assumption.figure[end] }
        : evaluate((other) => (other.id === assumption.id ? other.figure[end] : other.figure.value));
    const cost = (type: WorkflowType): number | null =>
      input === null ? null : priceExecution(type, input, basis);
    return { STANDARD: cost("STANDARD"), EXPRESS: cost("EXPRESS") };
  };
  return { assumption, low: at("low"), high: at("high") };
}

interface Ranging extends Omit<Moving, "likely"> {
  readonly moved: () => readonly MovedAssumption[];
  readonly others: () => ReadonlySet<string>;
}

function withRange(likely: CostEstimate, ranging: Ranging): RangedEstimate {
  const range = once(() => rangeOf(likely, ranging));
  return lazyFields<RangedEstimate>({
    likely: () => likely,
    lowPerExecution: () => range().lowPerExecution,
    highPerExecution: () => range().highPerExecution,
  });
}

function rangeOf(likely: CostEstimate, ranging: Ranging): Omit<RangedEstimate, "likely"> {
  const { type } = likely;
  const { evaluate, basis } = ranging;
  const [moved, others] = [ranging.moved(), ranging.others()];
  const distinct = new Map(standpointsOf(type, { moved, others }).map(({ id, stand }) => [id, stand]));
  // Transitions are counted without the time they take; only an Express execution or child is billed by time.
  const timed = likely.metered.lines.some(({ usageType }) => usageType === "StepFunctions-GB-Second");
  const corner = (stand: Standpoint): number | null => {
    const input = evaluate(stand, timed ? DURATION_ONLY : COUNTS_ONLY);
    return input === null ? null : priceExecution(type, input, basis);
  };
  const costs = [likely.costPerExecution, ...[...distinct.values()].map(corner)];
  const known = costs.filter((cost) => cost !== null);
  if (likely.costPerExecution === null || known.length === 0)
    return { lowPerExecution: null, highPerExecution: null };
  return { lowPerExecution: Math.min(...known), highPerExecution: Math.max(...known) };
}

/** Shared defaults first, then figures of the states most visited: a guess at what matters, used only where not all can be moved alone. */
function mostPromising(ranged: readonly Assumption[], profile: ExecutionProfile): readonly Assumption[] {
  const visits = new Map(profile.states.map(({ state, visits: count }) => [state.pointer, count]));
  const weight = ({ id, figure }: Assumption): number => {
    const pointer = id.slice(0, id.lastIndexOf(":"));
    const spread = (figure.high - figure.low) / Math.max(figure.value, 1e-9);
    return visits.has(pointer)
      ? visits.get(pointer)! * spread
      : visits.has(pointer.slice(0, pointer.lastIndexOf(":")))
        ? visits.get(pointer.slice(0, pointer.lastIndexOf(":")))! * spread
        : Infinity;
  };
  return [...ranged].sort((a, b) => weight(b) - weight(a));
}
