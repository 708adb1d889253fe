/**
 * The longest walk is the most that can be gathered along a graph with loops before a budget is spent, an upper bound.
 *
 * Let `rate` be the most gained for what is spent around any cycle. Weighed as gain less rate × spent no cycle gains, so
 * the heaviest walk is finite, and no walk gathers more than rate × budget + the heaviest (Lagrange). For one loop that is
 * less than a round more than the best. Rates are found by policy iteration (Howard; Cochet-Terrasson and others, 1998),
 * whose values, as potentials, prove the rate: O(arcs) a step, and few steps.
 */
import { stronglyConnected } from "./strongly-connected.ts";

/** One way to visit a node. */
export interface WalkVisit {
  readonly gained: number;
  readonly spent: number;
  /** Spent when all is gained: the budget may end within a visit. At most `spent`. */
  readonly spentBefore: number;
}

export interface Walking {
  /** By node, all of which node 0 leads to; walks start at node 0, and may end anywhere. */
  readonly successors: readonly (readonly number[])[];
  /** The ways to visit each node, at least one. */
  readonly visits: readonly (readonly WalkVisit[])[];
  /** What is spent elsewhere gains as much. */
  readonly leastRate: number;
}

/** No walk that spends a budget gathers more than rate × budget + heaviest. */
export interface WalkBound {
  readonly rate: number;
  readonly heaviest: number;
}

const MOST_STEPS = 1_000;
/** Rounding, beside values of the size of 1. */
const NOTHING = 1e-9;

/** Null where a cycle gains and spends nothing, or no rate was found. */
export function longestWalk({ successors, visits, leastRate }: Walking): WalkBound | null {
  if (successors.length === 0) return { rate: leastRate, heaviest: 0 };
  const components = stronglyConnected(successors);
  const cycles = components.members.map((members, component) => {
    const inside = members.map((node) => successors[node]!.filter((to) => components.of[to] === component));
    if (inside[0]!.length === 0) return null;
    return bestRate({ members, inside, visits });
  });
  if (cycles.includes("unbounded")) return null;
  const loops = cycles.map((cycle) => (cycle === "unbounded" ? null : cycle));
  const rate = Math.max(leastRate, ...loops.map((loop) => loop?.rate ?? 0));
  const heaviest = new Float64Array(successors.length);
  components.members.toReversed().forEach((members, back) => {
    const component = components.members.length - 1 - back;
    const ended = members.map((node) => {
      const onward = successors[node]!.map((to) => (components.of[to] === component ? 0 : heaviest[to]!));
      return Math.max(
        ...visits[node]!.flatMap(({ gained, spent, spentBefore }) => [
          gained - rate * spentBefore,
          gained - rate * spent + Math.max(0, ...onward),
        ]),
      );
    });
    const loop = loops[component] ?? null;
    const values = members.map((node) => loop?.values.get(node) ?? 0);
    // From any node of a loop to any other no way weighs more than the difference of their potentials.
    const most = Math.max(...ended.map((end, i) => end - values[i]!));
    members.forEach((node, i) => (heaviest[node] = values[i]! + most));
  });
  return { rate, heaviest: heaviest[0]! };
}

interface Loop {
  readonly members: readonly number[];
  /** By member: successors that are members. */
  readonly inside: readonly (readonly number[])[];
  readonly visits: Walking["visits"];
}

interface Rate {
  readonly rate: number;
  /** By node: at least a visit's gain less rate × spent, and the value of any successor in the loop. */
  readonly values: ReadonlyMap<number, number>;
}

interface Choice {
  readonly visit: WalkVisit;
  readonly to: number;
}

function bestRate(loop: Loop): Rate | "unbounded" {
  const { members, inside, visits } = loop;
  const policy = new Map(
    members.map((node, i): [number, Choice] => [node, { visit: visits[node]![0]!, to: inside[i]![0]! }]),
  );
  for (let step = 0; step < MOST_STEPS; step++) {
    const cycle = bestCycle(policy);
    if (cycle.rate === Infinity) return "unbounded";
    const values = valuesBy(policy, loop, cycle);
    if (!improve(policy, loop, { rate: cycle.rate, values })) return { rate: cycle.rate, values };
  }
  return "unbounded";
}

interface Cycle {
  readonly rate: number;
  readonly node: number;
}

/** Each node has one choice: its cycles do not meet. */
function bestCycle(policy: ReadonlyMap<number, Choice>): Cycle {
  const seenFrom = new Map<number, number>();
  let best: Cycle = { rate: -1, node: -1 };
  for (const start of policy.keys()) {
    let node = start;
    while (!seenFrom.has(node)) {
      seenFrom.set(node, start);
      node = policy.get(node)!.to;
    }
    if (seenFrom.get(node) !== start) continue;
    const rate = rateOfCycle(policy, node);
    if (rate > best.rate) best = { rate, node };
  }
  return best;
}

function rateOfCycle(policy: ReadonlyMap<number, Choice>, anchor: number): number {
  let [gained, spent, node] = [0, 0, anchor];
  do {
    const { visit, to } = policy.get(node)!;
    gained += visit.gained;
    spent += visit.spent;
    node = to;
  } while (node !== anchor);
  return gained === 0 ? 0 : gained / spent;
}

/** Values back from the cycle; what the policy does not lead there is led there by its first arc that is found. */
function valuesBy(
  policy: Map<number, Choice>,
  { members, inside }: Loop,
  { rate, node: anchor }: Cycle,
): Map<number, number> {
  const before = new Map<number, number[]>();
  members.forEach((node, i) => {
    for (const to of inside[i]!) {
      const known = before.get(to);
      if (known === undefined) before.set(to, [node]);
      else known.push(node);
    }
  });
  const values = new Map([[anchor, 0]]);
  const reach = (isWay: (node: number, to: number) => boolean): void => {
    const pending = [...values.keys()];
    for (let at = 0; at < pending.length; at++) {
      const to = pending[at]!;
      for (const node of before.get(to)!) {
        if (values.has(node) || !isWay(node, to)) continue;
        const { visit } = policy.get(node)!;
        policy.set(node, { visit, to });
        values.set(node, visit.gained - rate * visit.spent + values.get(to)!);
        pending.push(node);
      }
    }
  };
  reach((node, to) => policy.get(node)!.to === to);
  reach(() => true);
  return values;
}

function improve(
  policy: Map<number, Choice>,
  { members, inside, visits }: Loop,
  { rate, values }: Rate,
): boolean {
  let improved = false;
  members.forEach((node, i) => {
    let best = values.get(node)!;
    for (const to of inside[i]!) {
      for (const visit of visits[node]!) {
        const value = visit.gained - rate * visit.spent + values.get(to)!;
        if (value <= best + NOTHING * Math.max(1, Math.abs(best))) continue;
        best = value;
        policy.set(node, { visit, to });
        improved = true;
      }
    }
  });
  return improved;
}
