/**
 * What a run of a chain spends, by how it ends: mass is carried along the arcs in topological order, with the
 * distribution of all it has spent on the way.
 *
 * A loop is taken apart at one of its nodes, the hub: an excursion from the hub either returns to it or leaves the
 * loop, so all the rounds together are a geometric sum of returns, taken by doubling. O(log rounds) convolutions for
 * each level of nested loops; past DEEPEST levels or MOST_ARCS arcs the rounds are taken as exponential, with the exact mean.
 */
import { type Distribution, ZERO, fromAtoms, meanOf } from "./distribution.ts";
import { type Arc, type Loop, type MarkovChain, type SolvedChain, solveLoop } from "./markov-chain.ts";
import { geometricSum } from "./geometric-sum.ts";
import { NOTHING_SPENT, type Spent, type SpentShare, inSequence, mixSpent } from "./spent.ts";
import { FAILED } from "./state-graph.ts";
import { stronglyConnected } from "./strongly-connected.ts";

export interface Outcome {
  /** Null is success, else the name of the error that ended the run. */
  readonly error: string | null;
  readonly mass: number;
  readonly spent: Spent;
}

const DEEPEST = 3;
/** Each level goes twice through what is inside it: densely connected loops are not taken apart to the end. */
const MOST_ARCS = 100_000;

/** Outcomes with positive mass; success first. */
export function spentByOutcome(solved: SolvedChain): readonly Outcome[] {
  const ended = new Map<string | null, SpentShare[]>();
  const arrivals = new Map([[0, [{ mass: 1, of: NOTHING_SPENT }]]]);
  const components = solved.components.members;
  const loops = components.map((_, i) => solved.loops[i] !== null);
  const leave: Leave = (_to, error, part) => append(ended, error, part);
  flow({ solved, components, loops, arrivals, leave, depth: 0 });
  const outcomes = [...ended].map(([error, parts]): Outcome | null => {
    const all = mixSpent(parts);
    return all === null ? null : { error, mass: all.mass, spent: all.of };
  });
  return outcomes
    .filter((outcome) => outcome !== null)
    .sort((a, b) => Number(a.error !== null) - Number(b.error !== null));
}

type Leave = (to: number, error: string | null, part: SpentShare) => void;

/** Part of the chain through which mass flows: components in topological order, with what arrives at their nodes. */
interface Flow {
  readonly solved: SolvedChain;
  readonly components: readonly (readonly number[])[];
  readonly loops: readonly boolean[];
  readonly arrivals: Map<number, SpentShare[]>;
  /** Takes what leaves the part. */
  readonly leave: Leave;
  readonly depth: number;
}

function flow(part: Flow): void {
  const within = new Set(part.components.flat());
  const onward: Leave = (to, error, share) =>
    within.has(to) ? append(part.arrivals, to, share) : part.leave(to, error, share);
  part.components.forEach((members, i) => {
    if (part.loops[i]) return flowThroughLoop(members, part, onward);
    const arriving = mixSpent(part.arrivals.get(members[0]!) ?? []);
    if (arriving !== null) spread(part.solved.chain.arcs[members[0]!]!, arriving, onward);
  });
}

function spread(arcs: readonly Arc[], { mass, of }: SpentShare, onward: Leave): void {
  for (const arc of arcs) {
    if (arc.share > 0) onward(arc.to, arc.error, { mass: mass * arc.share, of: inSequence(of, arc.spent) });
  }
}

function flowThroughLoop(members: readonly number[], { solved, arrivals, depth }: Flow, onward: Leave): void {
  const entered = members.filter((node) => (arrivals.get(node)?.length ?? 0) > 0);
  if (entered.length === 0) return;
  const arriving = new Map(entered.map((node) => [node, arrivals.get(node)!]));
  const arcs = members.reduce((sum, node) => sum + solved.chain.arcs[node]!.length, 0);
  const known = depth === 0 ? solved.loops[solved.components.of[members[0]!]!]! : null;
  if (known?.endless || depth > DEEPEST || arcs * 2 ** depth > MOST_ARCS) {
    return leaveAtOnce(known ?? solveLoop(solved.chain, members), { chain: solved.chain, arriving, onward });
  }
  const hub = entered.reduce((a, b) => (massOf(arriving.get(b)!) > massOf(arriving.get(a)!) ? b : a));
  const atHub = [...arriving.get(hub)!];
  arriving.delete(hub);
  const around = partWithout(hub, members, solved.chain);
  if (arriving.size > 0) {
    const leave: Leave = (to, error, share) =>
      to === hub ? void atHub.push(share) : onward(to, error, share);
    flow({ solved, ...around, arrivals: arriving, leave, depth: depth + 1 });
  }
  const arrived = mixSpent(atHub);
  if (arrived === null) return;
  const { returns, exits } = excursion(hub, { solved, around, depth });
  const leaving = exits.reduce((sum, exit) => sum + exit.share.mass, 0);
  const staying = returns === null ? arrived.of : inSequence(arrived.of, geometricSum(returns, leaving).of);
  // Scaled by the exits themselves: 1 less the return's mass would lose the digits of a slow loop.
  for (const { to, error, share } of exits) {
    onward(to, error, { mass: (arrived.mass * share.mass) / leaving, of: inSequence(staying, share.of) });
  }
}

interface Excursion {
  readonly returns: SpentShare | null;
  readonly exits: readonly {
    readonly to: number;
    readonly error: string | null;
    readonly share: SpentShare;
  }[];
}

/** One round from the hub, with mass 1: what comes back to it, and what leaves the loop. */
function excursion(
  hub: number,
  { solved, around, depth }: { solved: SolvedChain; around: Around; depth: number },
): Excursion {
  const returns: SpentShare[] = [];
  const exits = new Map<string, { to: number; error: string | null; parts: SpentShare[] }>();
  const within = new Set(around.components.flat());
  const arrivals = new Map<number, SpentShare[]>();
  const leave: Leave = (to, error, share) => {
    if (to === hub) return void returns.push(share);
    const key = `${to} ${error ?? ""}`;
    const known = exits.get(key) ?? { to, error, parts: [] };
    known.parts.push(share);
    exits.set(key, known);
  };
  spread(solved.chain.arcs[hub]!, { mass: 1, of: NOTHING_SPENT }, (to, error, share) =>
    within.has(to) ? append(arrivals, to, share) : leave(to, error, share),
  );
  flow({ solved, ...around, arrivals, leave, depth: depth + 1 });
  return {
    returns: mixSpent(returns),
    exits: [...exits.values()].map(({ to, error, parts }) => ({ to, error, share: mixSpent(parts)! })),
  };
}

interface Around {
  readonly components: readonly (readonly number[])[];
  readonly loops: readonly boolean[];
}

/** The loop less its hub, condensed again. */
function partWithout(hub: number, members: readonly number[], chain: MarkovChain): Around {
  const rest = members.filter((node) => node !== hub);
  const position = new Map(rest.map((node, i) => [node, i]));
  const successors = rest.map((node) => chain.arcs[node]!.flatMap((arc) => position.get(arc.to) ?? []));
  const { members: components } = stronglyConnected(successors);
  return {
    components: components.map((component) => component.map((i) => rest[i]!)),
    loops: components.map(
      (component) => component.length > 1 || successors[component[0]!]!.includes(component[0]!),
    ),
  };
}

function append<Key>(into: Map<Key, SpentShare[]>, key: Key, part: SpentShare): void {
  const parts = into.get(key);
  if (parts === undefined) into.set(key, [part]);
  else parts.push(part);
}

function massOf(parts: readonly SpentShare[]): number {
  return parts.reduce((sum, part) => sum + part.mass, 0);
}

interface Leaving {
  readonly chain: MarkovChain;
  readonly arriving: ReadonlyMap<number, readonly SpentShare[]>;
  readonly onward: Leave;
}

/** Sends all that arrives out through the loop's exits in their exact shares, after an exponential stretch of the exact mean. */
function leaveAtOnce({ members, position, solution }: Loop, { chain, arriving, onward }: Leaving): void {
  const held = mixSpent([...arriving.values()].flat());
  if (held === null) return;
  const visits = solution.visitsFrom(members.map((node) => massOf(arriving.get(node) ?? [])));
  const meanSpent = (metric: keyof Spent): number => {
    const ofVisit = (node: number): number =>
      chain.arcs[node]!.reduce((sum, arc) => sum + arc.share * meanOf(arc.spent[metric]), 0);
    return members.reduce((sum, node, i) => sum + visits[i]! * ofVisit(node), 0) / held.mass;
  };
  const rest: Spent = {
    transitions: exponential(meanSpent("transitions")),
    durationMs: exponential(meanSpent("durationMs")),
    historyEvents: exponential(meanSpent("historyEvents")),
  };
  const of = inSequence(held.of, rest);
  let kept = held.mass;
  members.forEach((node, i) => {
    for (const { to, share, error } of chain.arcs[node]!) {
      const mass = visits[i]! * share;
      if (position.has(to) || mass <= 0) continue;
      onward(to, error, { mass, of });
      kept -= mass;
    }
  });
  // What an endless loop keeps, AWS ends at the limit of history.
  if (kept > ENDED_BY_LIMIT * held.mass) onward(FAILED, "States.Runtime", { mass: kept, of });
}

const EXPONENTIAL_ATOMS = 64;
/** Less than this is rounding. */
const ENDED_BY_LIMIT = 1e-9;

/** Rényi: a sum of geometrically many like terms is nearly exponential when they are many. Whole numbers, of the exact mean. */
function exponential(mean: number): Distribution {
  if (mean === 0) return ZERO;
  const raw = Array.from(
    { length: EXPONENTIAL_ATOMS },
    (_, i) => -Math.log(1 - (i + 0.5) / EXPONENTIAL_ATOMS),
  );
  const scale = mean / (raw.reduce((sum, value) => sum + value, 0) / EXPONENTIAL_ATOMS);
  return fromAtoms(
    raw.flatMap((value): [number, number][] => {
      const whole = Math.floor(value * scale);
      const part = value * scale - whole;
      return [
        [whole, 1 - part],
        [whole + 1, part],
      ];
    }),
  );
}
