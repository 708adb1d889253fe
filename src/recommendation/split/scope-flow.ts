/** A scope flow is one scope of a workflow, ready to be cut: its regions, and what each would take along into a child. */
import { type FlowFigures, figuresOfFlow } from "../../graph/region/flow-figures.ts";
import { type FlowGraph, buildFlowGraph, reachedFrom, reversed } from "../../graph/region/flow-graph.ts";
import { type RegionTimes, timeRegions } from "../../graph/region/region-time.ts";
import type { StateGraph } from "../../graph/state-graph.ts";
import { type RegionFamily, findRegions, sumsDominated } from "../../graph/region/single-exit-regions.ts";
import { errorEventsOf } from "../../graph/error-events.ts";
import type { ScopeRun } from "../../graph/run-context.ts";
import type { MapState, State } from "../../workflow/state-machine.ts";
import { statesWithin } from "../../workflow/state-identity.ts";
import type { Workload } from "../../workflow/workload/workload.ts";
import { utf8Length } from "../../workflow/text/decode-text.ts";
import { type ExpressReason, blockersOfState } from "../express-eligibility.ts";
import { keptIn } from "../../once.ts";
import { listTooLarge } from "./response-size.ts";

export interface ScopeFlow {
  readonly run: ScopeRun;
  readonly flow: FlowGraph;
  readonly family: RegionFamily;
  readonly figures: FlowFigures;
  /** Runs of the scope per execution of the workflow. */
  readonly runs: number;
  /** A Map lies around it: its states may read the item at hand. */
  readonly mapAround: boolean;
  /** The Distributed Map in whose child executions it runs; null = in the execution itself. */
  readonly childOf: MapState | null;
  /** What keeps a state, what runs inside it, or a failure it leads to, out of an Express child. By node. */
  readonly blockers: readonly (readonly ExpressReason[])[];
  /** By node, over all that it dominates; per run of the scope. */
  readonly sums: Readonly<Record<RegionSum, Float64Array>>;
  readonly times: () => RegionTimes;
  /** Scopes inside a node's state, doomed ones too, with their runs per visit of the state. */
  readonly inner: ReadonlyMap<number, readonly InnerScope[]>;
}

export type RegionSum =
  "transitions" | "durationMs" | "failures" | "errorEvents" | "parallelSteps" | "bytes" | "blocked";

export interface InnerScope {
  readonly scope: ScopeFlow;
  readonly perVisit: number;
}

interface Around extends Pick<ScopeFlow, "runs" | "mapAround" | "childOf"> {
  readonly run: ScopeRun;
  /** Null when nothing can be cut out of it. */
  readonly shape: ScopeShape | null;
  /** The nearest scope around it that something can be cut out of; null = none. */
  readonly into: Into | null;
}

interface Into {
  readonly parent: Around;
  readonly node: number;
  readonly perVisit: number;
}

/** A plan and its estimate look at the same run, whose regions take long to time. */
const knownFlows = new WeakMap<ScopeRun, readonly ScopeFlow[]>();

/** Scopes that run in Standard executions, the inner before those around them. Empty when nothing can start. */
export function flowsOfScopes(run: ScopeRun): readonly ScopeFlow[] {
  return keptIn(knownFlows, run, () => makeFlows(run));
}

function makeFlows(run: ScopeRun): readonly ScopeFlow[] {
  const all: Around[] = [
    { run, shape: shapeOf(run.graph), runs: 1, mapAround: false, childOf: null, into: null },
  ];
  // Grows while it is walked: the scopes inside follow those that hold them.
  for (const around of all) all.push(...scopesInside(around));
  const inner = new Map<Around, Map<number, InnerScope[]>>();
  const inside = new Map<Around, InsideVisits>();
  const flows: ScopeFlow[] = [];
  for (const around of all.toReversed()) {
    const ofVisit = visitsInside(around.run, inside.get(around) ?? new Map<number, PerVisit>());
    if (around.into !== null) {
      const { parent, node, perVisit } = around.into;
      const total = (values: readonly number[]): number =>
        perVisit * values.reduce((sum, value, at) => sum + value * around.run.visits[at]!, 0);
      const known = inside.get(parent) ?? new Map<number, PerVisit>();
      const { errorEvents, steps } = known.get(node) ?? { errorEvents: 0, steps: 0 };
      const added = {
        errorEvents: errorEvents + total(ofVisit.errorEvents),
        steps: steps + total(ofVisit.steps),
      };
      inside.set(parent, known.set(node, added));
    }
    if (around.shape === null) continue;
    const scope = flowOf(around, around.shape, { ofVisit, inner: inner.get(around) ?? new Map() });
    flows.push(scope);
    if (around.into === null) continue;
    const { parent, node, perVisit } = around.into;
    const beside = inner.get(parent) ?? new Map<number, InnerScope[]>();
    inner.set(parent, beside.set(node, [...(beside.get(node) ?? []), { scope, perVisit }]));
  }
  return flows;
}

/** Children that are Express executions already have nothing to gain. */
function scopesInside(parent: Around): readonly Around[] {
  const { run } = parent;
  return run.stateVisits.flatMap(({ attempts, inside }, node): readonly Around[] => {
    if (inside === null || inside.childType === "EXPRESS") return [];
    const state = run.graph.nodes[node]!;
    const perVisit = attempts * inside.times;
    return inside.runs.flatMap((each): readonly Around[] => {
      if (each === null) return [];
      return [
        {
          run: each,
          shape: shapeOf(each.graph),
          runs: parent.runs * run.visits[node]! * perVisit,
          mapAround: parent.mapAround || state.type === "Map",
          childOf: inside.childType !== null && state.type === "Map" ? state : parent.childOf,
          into: parent.shape === null ? further(parent, node, perVisit) : { parent, node, perVisit },
        },
      ];
    });
  });
}

/** Through a scope that nothing can be cut out of, to the one around it. */
function further({ run, into }: Around, node: number, perVisit: number): Into | null {
  return into === null ? null : { ...into, perVisit: into.perVisit * run.visits[node]! * perVisit };
}

/** What no figure changes of a scope, whose runs at several standpoints share it. */
interface ScopeShape extends Pick<ScopeFlow, "flow" | "family"> {
  readonly bytes: Float64Array;
}

const knownShapes = new WeakMap<StateGraph, ScopeShape | null>();

/** Null when nothing can be cut out of it. */
function shapeOf(graph: StateGraph): ScopeShape | null {
  return keptIn(knownShapes, graph, () => {
    const flow = buildFlowGraph(graph);
    return flow === null ? null : { flow, ...regionsOf(graph, flow) };
  });
}

function regionsOf(graph: StateGraph, flow: FlowGraph): Omit<ScopeShape, "flow"> {
  const family = findRegions(flow);
  const bytes = graph.nodes.map(({ name, fields }) => utf8Length(name + JSON.stringify(fields)));
  return { family, bytes: sumsDominated(bytes, family.tree) };
}

interface Inside extends Pick<ScopeFlow, "inner"> {
  readonly ofVisit: OfVisit;
}

function flowOf(around: Around, shape: ScopeShape, { ofVisit, inner }: Inside): ScopeFlow {
  const { run } = around;
  const { flow, family, bytes } = shape;
  const figures = figuresOfFlow(run, flow, family);
  const blockers = blockersByNode(run, flow);
  const sum = (values: ArrayLike<number>): Float64Array => sumsDominated(values, family.tree);
  let times: RegionTimes | null = null;
  return {
    ...around,
    flow,
    family,
    figures,
    blockers,
    inner,
    sums: {
      transitions: sum(figures.transitions),
      durationMs: sum(figures.durationMs),
      failures: sum(figures.failures),
      errorEvents: sum(figures.spread(ofVisit.errorEvents)),
      parallelSteps: sum(figures.spread(ofVisit.steps)),
      bytes,
      blocked: sum(blockers.map(({ length }) => length)),
    },
    times: () => (times ??= timeRegions({ run, flow, family, figures })),
  };
}

interface PerVisit {
  /** What tells of a failure in the logs. */
  readonly errorEvents: number;
  readonly steps: number;
}

/** What one visit of a node adds in the scopes inside of it, those that never succeed among them. */
type InsideVisits = Map<number, PerVisit>;

/** By node. */
interface OfVisit {
  readonly errorEvents: readonly number[];
  /** Map iterations and Parallel branches: AWS adds memory for each. */
  readonly steps: readonly number[];
}

function visitsInside(run: ScopeRun, inside: InsideVisits): OfVisit {
  return {
    errorEvents: run.stateVisits.map(
      (visit, node) => errorEventsOf(run.graph.nodes[node]!, visit) + (inside.get(node)?.errorEvents ?? 0),
    ),
    steps: run.stateVisits.map(({ attempts, inside: within }, node) => {
      if (within === null || within.childType !== null) return 0;
      return attempts * within.times * within.runs.length + (inside.get(node)?.steps ?? 0);
    }),
  };
}

/** A state's own, and those of the first blocked state that its failures lead to. */
function blockersByNode(
  { graph, workload }: ScopeRun,
  flow: FlowGraph,
): readonly (readonly ExpressReason[])[] {
  const own = graph.nodes.map((state) => blockersInside(state, workload));
  if (own.every(({ length }) => length === 0)) return own;
  const targets = graph.edges.map((edges) => edges.flatMap(({ to }) => (to >= 0 ? [to] : [])));
  const doomed = own.flatMap((reasons, node) => (reasons.length > 0 && flow.doomed[node] ? [node] : []));
  if (doomed.length === 0) return own;
  const back = reversed(targets);
  const leads = new Map<number, readonly ExpressReason[]>();
  for (const node of doomed) for (const from of reachedWithin(node, back, flow)) leads.set(from, own[node]!);
  return own.map((reasons, node) => {
    const next = targets[node]!.find((to) => leads.has(to));
    return reasons.length > 0 || next === undefined || flow.doomed[node] ? reasons : leads.get(next)!;
  });
}

/** Doomed nodes from which a way leads to a doomed one. */
function reachedWithin(
  node: number,
  back: readonly (readonly number[])[],
  { doomed }: FlowGraph,
): ReadonlySet<number> {
  return reachedFrom(
    node,
    back.map((from) => from.filter((each) => doomed[each])),
  );
}

function blockersInside(state: State, workload: Workload): readonly ExpressReason[] {
  const inside =
    state.type === "Map" || state.type === "Parallel" ? statesWithin(scopeAround(state)) : [state];
  return [
    ...listTooLarge(state, workload),
    ...inside.flatMap((each) => blockersOfState({ state: each, visits: 1 }, workload)),
  ];
}

function scopeAround(state: State): {
  readonly pointer: string;
  readonly startAt: string;
  readonly states: readonly State[];
} {
  return { pointer: state.pointer, startAt: state.name, states: [state] };
}
