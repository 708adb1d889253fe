/**
 * What a run of a chain spends, by how it ends: mass is carried along the arcs in topological order, with the
 * distribution of all it has spent on the way. Inside a loop it is carried round by round until less than
 * NEGLIGIBLE is left; what a very slow loop still holds after MAX_STEPS leaves by its exits after a further,
 * exponentially distributed stretch of the exact mean.
 */
import { type Distribution, fromAtoms, meanOf } from "./distribution.ts";
import type { MarkovChain, SolvedChain } from "./markov-chain.ts";
import { NOTHING_SPENT, type Spent, type SpentShare, inSequence, mixSpent } from "./spent.ts";

export interface Outcome {
  /** Null is success, else the name of the error that ended the run. */
  readonly error: string | null;
  readonly mass: number;
  readonly spent: Spent;
}

const NEGLIGIBLE = 1e-12;
const MAX_STEPS = 60_000;

/** Outcomes with positive mass; success first. */
export function spentByOutcome(solved: SolvedChain): readonly Outcome[] {
  const { chain, components, loops } = solved;
  const arrivals: SpentShare[][] = chain.arcs.map(() => []);
  const ended = new Map<string | null, SpentShare[]>();
  const arrive = (to: number, error: string | null, part: SpentShare): void => {
    if (to >= 0) return void arrivals[to]!.push(part);
    const parts = ended.get(error);
    if (parts === undefined) ended.set(error, [part]);
    else parts.push(part);
  };
  arrivals[0]!.push({ mass: 1, of: NOTHING_SPENT });
  components.members.forEach((members, component) => {
    if (loops[component] !== null) return carryRound(solved, { component, arrivals, arrive });
    const node = members[0]!;
    const arriving = mixSpent(arrivals[node]!);
    arrivals[node] = [];
    if (arriving !== null) leave(chain, node, arriving, arrive);
  });
  const outcomes = [...ended].map(([error, parts]): Outcome | null => {
    const all = mixSpent(parts);
    return all === null ? null : { error, mass: all.mass, spent: all.of };
  });
  return outcomes
    .filter((outcome) => outcome !== null)
    .sort((a, b) => Number(a.error !== null) - Number(b.error !== null));
}

type Arrive = (to: number, error: string | null, part: SpentShare) => void;

function leave(chain: MarkovChain, node: number, arriving: SpentShare, arrive: Arrive): void {
  for (const arc of chain.arcs[node]!) {
    if (arc.share <= 0) continue;
    arrive(arc.to, arc.error, { mass: arriving.mass * arc.share, of: inSequence(arriving.of, arc.spent) });
  }
}

interface Carrying {
  readonly component: number;
  readonly arrivals: SpentShare[][];
  readonly arrive: Arrive;
}

function carryRound(solved: SolvedChain, { component, arrivals, arrive }: Carrying): void {
  const { chain, components } = solved;
  const members = components.members[component]!;
  let inside = new Map<number, SpentShare[]>();
  for (const node of members) {
    if (arrivals[node]!.length > 0) inside.set(node, arrivals[node]!);
    arrivals[node] = [];
  }
  const entered = massOf(inside);
  for (let steps = 0; massOf(inside) > NEGLIGIBLE * entered;) {
    if (steps > MAX_STEPS || solved.endless.includes(members[0]!))
      return leaveSlowly(solved, { component, inside, arrive });
    const next = new Map<number, SpentShare[]>();
    for (const [node, parts] of inside) {
      const arriving = mixSpent(parts);
      if (arriving === null) continue;
      steps++;
      leave(chain, node, arriving, (to, error, part) => {
        if (to < 0 || components.of[to] !== component) return arrive(to, error, part);
        const known = next.get(to);
        if (known === undefined) next.set(to, [part]);
        else known.push(part);
      });
    }
    inside = next;
  }
}

function massOf(inside: ReadonlyMap<number, readonly SpentShare[]>): number {
  let mass = 0;
  for (const parts of inside.values()) for (const part of parts) mass += part.mass;
  return mass;
}

/** Sends what is left out through the exits in their exact shares, with the exact mean still to be spent. */
function leaveSlowly(
  solved: SolvedChain,
  {
    component,
    inside,
    arrive,
  }: { component: number; inside: ReadonlyMap<number, readonly SpentShare[]>; arrive: Arrive },
): void {
  const { chain, loops, components } = solved;
  const loop = loops[component]!;
  const held = mixSpent([...inside.values()].flat());
  if (held === null) return;
  const visits = loop.solution.visitsFrom(
    loop.members.map((node) => (inside.get(node) ?? []).reduce((sum, part) => sum + part.mass, 0)),
  );
  const spending = (metric: keyof Spent): number =>
    loop.members.reduce(
      (sum, node, i) =>
        sum +
        visits[i]! * chain.arcs[node]!.reduce((own, arc) => own + arc.share * meanOf(arc.spent[metric]), 0),
      0,
    ) / held.mass;
  const rest: Spent = {
    transitions: exponential(spending("transitions")),
    durationMs: exponential(spending("durationMs")),
    historyEvents: exponential(spending("historyEvents")),
  };
  const exits = loop.members.flatMap((node, i) =>
    chain.arcs[node]!.filter((arc) => arc.to < 0 || components.of[arc.to] !== component).map((arc) => ({
      arc,
      mass: visits[i]! * arc.share,
    })),
  );
  const out = exits.reduce((sum, exit) => sum + exit.mass, 0);
  const of = inSequence(held.of, rest);
  if (out <= 0) return arrive(-2, "States.Runtime", { mass: held.mass, of });
  for (const { arc, mass } of exits)
    if (mass > 0) arrive(arc.to, arc.error, { mass: (mass / out) * held.mass, of });
}

const EXPONENTIAL_ATOMS = 64;

/** Rényi: a sum of geometrically many like terms is nearly exponential when they are many. */
function exponential(mean: number): Distribution {
  const raw = Array.from(
    { length: EXPONENTIAL_ATOMS },
    (_, i) => -Math.log(1 - (i + 0.5) / EXPONENTIAL_ATOMS),
  );
  const scale = mean / (raw.reduce((sum, value) => sum + value, 0) / EXPONENTIAL_ATOMS);
  return fromAtoms(raw.map((value) => [Math.round(value * scale), 1]));
}
