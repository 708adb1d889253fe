/**
 * Execution paths, counted exactly and listed likeliest first. The count is one pass of big-integer sums over the
 * step graph; the list is a best-first search over deviations: each popped prefix is completed in the best way, and
 * every other way along it becomes a prefix of its own. With exact completions as bound it builds no path that it
 * does not show: O(K × length × log) for K paths, ties or not.
 */
import FlatQueue from "flatqueue";
import { once } from "../once.ts";
import { type Step, type StepGraph, endsUncaught } from "./path-steps.ts";

export type PathKind = "ended" | "uncaught";

export interface ExecutionPath {
  readonly share: number;
  /** From the start; the last step leaves the scope. */
  readonly steps: readonly { readonly from: number; readonly step: Step }[];
}

export function countPaths(graph: StepGraph, kind: PathKind): bigint {
  const counts = new Map<number, bigint>();
  for (const node of graph.order.toReversed()) {
    let count = 0n;
    for (const step of graph.steps.get(node)!) {
      count += step.to >= 0 ? counts.get(step.to)! : BigInt(kindOf(step, graph) === kind);
    }
    counts.set(node, count);
  }
  return counts.get(0)!;
}

/** The K likeliest paths of a kind, equally likely ones as the definition has them; those of share 0 come last, the fewest improbable steps first. */
export function likeliestPaths(graph: StepGraph, kind: PathKind, k: number): readonly ExecutionPath[] {
  const bound = bestCompletions(graph, kind);
  const restOf = (step: Step): number =>
    step.to >= 0 ? bound.get(step.to)! : kindOf(step, graph) === kind ? 0 : Infinity;
  const queue = new FlatQueue<QueuedPrefix>();
  let pushed = 0;
  const push = (prefix: Prefix, least: number): void => {
    queue.push({ ...prefix, number: pushed++ }, least);
  };
  const found: { readonly cost: number; readonly path: ExecutionPath }[] = [];
  if (Number.isFinite(bound.get(0)!)) push({ node: 0, cost: 0, last: null }, bound.get(0)!);
  for (let left = k; left > 0 && queue.length > 0; left = k - found.length) {
    for (const prefix of nextAlike(queue).slice(0, left)) {
      let at: Prefix = prefix;
      while (at.node >= 0) {
        const ways = graph.steps.get(at.node)!.filter((step) => Number.isFinite(restOf(step)));
        const best = ways.reduce((a, b) => (costOf(b) + restOf(b) < costOf(a) + restOf(a) ? b : a));
        for (const step of ways) {
          if (step !== best) push(extended(at, step), at.cost + costOf(step) + restOf(step));
        }
        at = extended(at, best);
      }
      found.push({ cost: at.cost, path: unwind(at) });
    }
  }
  const placeOf = once(() => placesOfSteps(graph));
  return found
    .sort((one, other) =>
      Math.abs(one.cost - other.cost) > SAME
        ? one.cost - other.cost
        : asWritten(one.path, other.path, placeOf()),
    )
    .map(({ path }) => path);
}

/** Each step's place among the ways out of its state. */
function placesOfSteps({ steps }: StepGraph): ReadonlyMap<Step, number> {
  return new Map([...steps.values()].flatMap((ways) => ways.map((step, place) => [step, place] as const)));
}

/** By the first step that differs. */
function asWritten(
  { steps: one }: ExecutionPath,
  { steps: other }: ExecutionPath,
  placeOf: ReadonlyMap<Step, number>,
): number {
  const at = one.findIndex(({ step }, index) => step !== other[index]?.step);
  return at < 0 ? 0 : placeOf.get(one[at]!.step)! - placeOf.get(other[at]!.step)!;
}

/** Sums of logarithms that differ by less are of the same share. */
const SAME = 1e-9;

/** All prefixes whose best completions are equally likely, in the order they were found. */
function nextAlike(queue: FlatQueue<QueuedPrefix>): readonly QueuedPrefix[] {
  const least = queue.peekValue()!;
  const alike: QueuedPrefix[] = [];
  while (queue.length > 0 && queue.peekValue()! <= least + SAME) alike.push(queue.pop()!);
  return alike.sort((one, other) => one.number - other.number);
}

function extended({ node, cost, last }: Prefix, step: Step): Prefix {
  return { node: step.to, cost: cost + costOf(step), last: { from: node, step, before: last } };
}

interface Prefix {
  readonly node: number;
  readonly cost: number;
  readonly last: Trail | null;
}

interface QueuedPrefix extends Prefix {
  /** In the order of finding: the ways out of a state are found as they are written. */
  readonly number: number;
}

interface Trail {
  readonly from: number;
  readonly step: Step;
  readonly before: Trail | null;
}

/** Improbable steps weigh more than any number of likely ones. */
const IMPROBABLE = 1e6;

function costOf(step: Step): number {
  return step.share > 0 ? -Math.log(Math.min(1, step.share)) : IMPROBABLE;
}

/** Least cost from each node to an end of the kind: an exact, hence admissible, bound. */
function bestCompletions(graph: StepGraph, kind: PathKind): ReadonlyMap<number, number> {
  const best = new Map<number, number>();
  for (const node of graph.order.toReversed()) {
    let least = Infinity;
    for (const step of graph.steps.get(node)!) {
      const rest = step.to >= 0 ? best.get(step.to)! : kindOf(step, graph) === kind ? 0 : Infinity;
      least = Math.min(least, costOf(step) + rest);
    }
    best.set(node, least);
  }
  return best;
}

function kindOf(step: Step, graph: StepGraph): PathKind {
  return endsUncaught(step, graph.run) ? "uncaught" : "ended";
}

function unwind({ last }: Prefix): ExecutionPath {
  const steps: { from: number; step: Step }[] = [];
  let share = 1;
  for (let trail = last; trail !== null; trail = trail.before) {
    steps.push({ from: trail.from, step: trail.step });
    share *= trail.step.share;
  }
  return { share, steps: steps.reverse() };
}
