/**
 * State elimination solves a Markov chain's linear systems exactly and without subtraction, so that a loop that
 * is left once in 10^12 rounds keeps its digits (Grassmann, Taksar, Heyman, 1985). Sparse, least degree first.
 *
 * Cost: O(n) for a simple loop, O(n³) at worst for n densely connected states.
 */

/** One strongly connected component: row i holds the shares of the edges that stay inside, `leaving[i]` the share that leaves. */
export interface Component {
  readonly inside: readonly ReadonlyMap<number, number>[];
  readonly leaving: readonly number[];
}

export interface Eliminated {
  /** Expected visits of each state, given the expected arrivals from outside at each. */
  visitsFrom(arrivals: readonly number[]): number[];
  /** For each state, the expected reward collected from there on, given the reward of one visit at each. */
  rewardsOf(rewards: readonly number[]): number[];
}

interface Step {
  readonly state: number;
  readonly stay: number;
  readonly into: readonly (readonly [number, number])[];
  readonly out: readonly (readonly [number, number])[];
}

/** Null when some states can never leave the component. */
export function eliminate({ inside, leaving }: Component): Eliminated | null {
  const edges = inside.reduce((sum, row) => sum + row.size, 0);
  const dense = inside.length > 8 && 8 * edges > inside.length ** 2;
  const steps = dense ? denseSteps({ inside, leaving }) : sparseSteps({ inside, leaving });
  if (steps === null) return null;
  return {
    visitsFrom: (arrivals) => solveVisits(steps, arrivals),
    rewardsOf: (rewards) => solveRewards(steps, rewards),
  };
}

function sparseSteps({ inside, leaving }: Component): Step[] | null {
  const rows = inside.map((row) => new Map(row));
  const columns = rows.map(() => new Map<number, number>());
  rows.forEach((row, from) => row.forEach((share, to) => columns[to]!.set(from, share)));
  const exits = [...leaving];
  const steps: Step[] = [];
  for (const state of leastDegreeFirst(rows, columns)) {
    const step = eliminateOne(state, { rows, columns, exits });
    if (step === null) return null;
    steps.push(step);
  }
  return steps;
}

/** The same on a full matrix, an order of magnitude faster where most states lead to most others. */
function denseSteps({ inside, leaving }: Component): Step[] | null {
  const n = inside.length;
  const matrix = inside.map((row) => Float64Array.from({ length: n }, (_, to) => row.get(to) ?? 0));
  const exits = Float64Array.from(leaving);
  const steps: Step[] = [];
  for (let state = n - 1; state >= 0; state--) {
    const row = matrix[state]!;
    let away = exits[state]!;
    for (let to = 0; to < state; to++) away += row[to]!;
    if (!(away > 0)) return null;
    const others = Array.from({ length: state }, (_, other) => other);
    const into = others.filter((from) => matrix[from]![state]! > 0);
    const out = others.filter((to) => row[to]! > 0);
    steps.push({
      state,
      stay: 1 / away,
      into: into.map((from) => [from, matrix[from]![state]!] as const),
      out: out.map((to) => [to, row[to]!] as const),
    });
    for (const from of into) {
      const through = matrix[from]![state]! / away;
      exits[from]! += through * exits[state]!;
      for (let to = 0; to < state; to++) matrix[from]![to]! += through * row[to]!;
    }
  }
  return steps;
}

interface Rest {
  readonly rows: Map<number, number>[];
  readonly columns: Map<number, number>[];
  readonly exits: number[];
}

function eliminateOne(state: number, { rows, columns, exits }: Rest): Step | null {
  const out = [...rows[state]!].filter(([to]) => to !== state);
  const into = [...columns[state]!].filter(([from]) => from !== state);
  const away = out.reduce((sum, [, share]) => sum + share, exits[state]!);
  if (!(away > 0)) return null;
  for (const [from, share] of into) {
    const through = share / away;
    rows[from]!.delete(state);
    exits[from]! += through * exits[state]!;
    for (const [to, onward] of out) {
      const sum = (rows[from]!.get(to) ?? 0) + through * onward;
      rows[from]!.set(to, sum);
      columns[to]!.set(from, sum);
    }
  }
  for (const [to] of out) columns[to]!.delete(state);
  return { state, stay: 1 / away, into, out };
}

/** A static order by degree: good enough for the sparse loops that state machines have. */
function leastDegreeFirst(
  rows: readonly Map<number, number>[],
  columns: readonly Map<number, number>[],
): number[] {
  const degree = rows.map((row, i) => row.size * columns[i]!.size);
  return rows.map((_, i) => i).sort((a, b) => degree[a]! - degree[b]!);
}

/** In one list: what arrives at each state until it is eliminated, then its visits. */
function solveVisits(steps: readonly Step[], arrivals: readonly number[]): number[] {
  const visits = [...arrivals];
  for (const { state, stay, out } of steps) {
    for (const [to, share] of out) visits[to]! += visits[state]! * stay * share;
  }
  for (const { state, stay, into } of steps.toReversed()) {
    const arriving = into.reduce((sum, [from, share]) => sum + visits[from]! * share, visits[state]!);
    visits[state] = arriving * stay;
  }
  return visits;
}

/** In one list: what a visit of each state collects until it is eliminated, then all from there on. */
function solveRewards(steps: readonly Step[], rewards: readonly number[]): number[] {
  const collected = [...rewards];
  for (const { state, stay, into } of steps) {
    for (const [from, share] of into) collected[from]! += share * stay * collected[state]!;
  }
  for (const { state, stay, out } of steps.toReversed()) {
    const onward = out.reduce((sum, [to, share]) => sum + share * collected[to]!, collected[state]!);
    collected[state] = onward * stay;
  }
  return collected;
}
