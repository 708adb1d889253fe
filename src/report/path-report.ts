/** Reports the ways through a workflow: its likeliest paths, its failures, and each Choice's branches. */
import type { CostEstimate } from "../cost/cost-estimate.ts";
import { expectationOf, meanOf } from "../graph/distribution.ts";
import { type ExecutionPath, type PathKind, countPaths, likeliestPaths } from "../graph/execution-paths.ts";
import type { ExecutionProfile } from "../graph/execution-profile.ts";
import { type PathProfile, profilePath } from "../graph/path-profile.ts";
import { type StepGraph, buildStepGraph } from "../graph/path-steps.ts";
import { rewardsToGo } from "../graph/rewards-to-go.ts";
import type { ScopeRun } from "../graph/run-context.ts";
import type { State } from "../workflow/state-machine.ts";
import { billedMs, gbSeconds } from "../usage/express-billing.ts";
import type { BranchReport, PathReport, PathSummary } from "./analysis-report.ts";
import { contentId } from "../workflow/content-id.ts";
import { lazyFields, once } from "../once.ts";

/** What a visit of a state adds through child executions of Distributed Maps in it, at list price. */
interface ChildCost {
  /** Billed as Express: requests and GB-seconds. Comes on top of the transitions, whichever type the parent has. */
  readonly express: number | null;
  /** The transitions that the children add. */
  readonly transitions: number | null;
}

export interface PathPricing {
  /** Transitions that the start rule adds. */
  readonly ruleTransitions: number;
  readonly transitionPrice: number | null;
  readonly express: CostEstimate;
}

/** The `top` likeliest paths, and as many failure paths. */
export function reportPaths(profile: ExecutionProfile, top: number, pricing: PathPricing): PathSummary {
  const graph = buildStepGraph(profile.run);
  const children = once(() => childCosts(profile, pricing.express));
  const list = (kind: PathKind): readonly PathReport[] =>
    likeliestPaths(graph, kind, top).map((path) => reportPath(graph, path, { pricing, children }));
  const shown = list("ended");
  const failurePaths = list("uncaught");
  const shownShare = [...shown, ...failurePaths].reduce((sum, { share }) => sum + share, 0);
  return {
    count: countPaths(graph, "ended").toString(),
    failureCount: countPaths(graph, "uncaught").toString(),
    shownShare: Math.min(1, shownShare),
    failurePaths,
    shown,
  };
}

interface PathReporting {
  readonly pricing: PathPricing;
  readonly children: () => ReadonlyMap<State, ChildCost>;
}

/** Of a path that nobody looks at, its share alone is known. */
function reportPath(graph: StepGraph, path: ExecutionPath, { pricing, children }: PathReporting): PathReport {
  const { ruleTransitions, transitionPrice, express } = pricing;
  const profiled = once(() => profilePath(graph, path));
  const transitions = (): number => profiled().transitions + ruleTransitions;
  const ofChildren = (cost: keyof ChildCost): number | null => {
    const { states, visits } = profiled();
    return sumOf(states.map((state, i) => scaled(children().get(state)?.[cost], visits[i]!)));
  };
  return lazyFields<PathReport>({
    id: () => pathId(graph, path),
    share: () => path.share,
    states: () => profiled().states.map(({ name }) => name),
    rounds: () => Object.fromEntries(profiled().rounds),
    items: () => Object.fromEntries(profiled().items),
    caught: () => caughtOn(graph, path),
    transitions,
    historyEvents: () => profiled().historyEvents + 2,
    durationMs: () => meanOf(profiled().durationMs),
    standardCost: () => sumOf([scaled(transitionPrice, transitions()), ofChildren("express")]),
    expressCost: () =>
      sumOf([expressCost(profiled(), express), ofChildren("express"), ofChildren("transitions")]),
  });
}

/** By every step of it: two ways between the same states, such as a next and a Catcher, are two paths. */
function pathId({ run }: StepGraph, { steps }: ExecutionPath): string {
  const nameOf = (node: number): string => run.graph.nodes[node]?.name ?? String(node);
  return contentId(
    steps.flatMap(({ from, step: { edge } }) => {
      const entered = nameOf(run.unrolled.situations[from]!.state);
      return [entered, edge.kind, nameOf(edge.from), nameOf(edge.to)];
    }),
  );
}

function caughtOn({ run }: StepGraph, { steps }: ExecutionPath): readonly string[] {
  const edges = steps.map(({ step }) => step.edge).filter(({ kind }) => kind === "catch");
  return edges.map(({ from }) => run.graph.nodes[from]!.name);
}

/** By state of the top level, per visit; states without child executions have none. */
function childCosts(
  { children, states }: ExecutionProfile,
  { perExecution }: CostEstimate,
): ReadonlyMap<State, ChildCost> {
  const costs = new Map<State, ChildCost>();
  if (children.length === 0) return costs;
  const visits = states.filter(({ visits: count }) => count > 0);
  for (const { state, visits: count } of visits) {
    const maps = children.map((child) => child.state).filter((map) => isIn(map, state));
    if (maps.length === 0) continue;
    // As Express the workflow's own states bill nothing, so every item of a state is one of a child.
    const inside = states.filter(({ childOf }) => childOf !== null && maps.includes(childOf));
    const names = new Set([...maps, ...inside.map((profiled) => profiled.state)].map(({ name }) => name));
    const own = perExecution.filter((item) => item.state !== null && names.has(item.state));
    const cost = (transitions: boolean): number | null =>
      sumOf(
        own
          .filter(({ usageType }) => (usageType === "StateTransition") === transitions)
          .map((item) => scaled(item.cost, 1 / count)),
      );
    costs.set(state, { express: cost(false), transitions: cost(true) });
  }
  return costs;
}

function isIn(inner: State, outer: State): boolean {
  return inner.pointer === outer.pointer || inner.pointer.startsWith(`${outer.pointer}/`);
}

function scaled(cost: number | null | undefined, by: number): number | null {
  return cost === undefined ? 0 : cost === null ? null : cost * by;
}

function sumOf(costs: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const cost of costs) {
    if (cost === null) return null;
    sum += cost;
  }
  return sum;
}

/** The request, and each duration the path can take rounded by itself. */
function expressCost({ durationMs }: PathProfile, { perExecution, metered }: CostEstimate): number | null {
  const price = (usageType: string): number | null =>
    perExecution.find((item) => item.usageType === usageType && item.state === null)?.unitPrice ?? null;
  const [request, second] = [price("StepFunctions-Request"), price("StepFunctions-GB-Second")];
  if (request === null || second === null) return null;
  return request + second * gbSeconds(expectationOf(durationMs, billedMs), metered.billedMemoryMB);
}

/** Every Choice of the workflow, nested ones too: share of each way out, and what follows on it to the end of its scope. */
export function reportBranches(run: ScopeRun, transitionPrice: number | null): readonly BranchReport[] {
  const own = branchesOf(run, transitionPrice);
  const inner = run.stateVisits.flatMap(({ inside }) => inside?.runs ?? []);
  return [...own, ...inner.flatMap((part) => (part === null ? [] : reportBranches(part, transitionPrice)))];
}

function branchesOf(
  { graph, unrolled, solved, choiceShares }: ScopeRun,
  transitionPrice: number | null,
): readonly BranchReport[] {
  if (choiceShares.size === 0) return [];
  const rewards = solved.chain.arcs.map((arcs) =>
    arcs.reduce((sum, arc) => sum + arc.share * meanOf(arc.spent.transitions), 0),
  );
  const toGo = rewardsToGo(solved, rewards);
  const flows = new Map<object, { flow: number; ahead: number; unlikely: number }>();
  const visits = graph.nodes.map(() => 0);
  unrolled.situations.forEach(({ state }, node) => {
    if (!choiceShares.has(state)) return;
    visits[state]! += solved.visits[node]!;
    for (const arc of solved.chain.arcs[node]!) {
      const known = flows.get(arc.edge) ?? { flow: 0, ahead: 0, unlikely: 0 };
      const flow = solved.visits[node]! * arc.share;
      const ahead = arc.to < 0 ? 0 : toGo[arc.to]!;
      known.flow += flow;
      known.ahead += flow * ahead;
      known.unlikely = Math.max(known.unlikely, ahead);
      flows.set(arc.edge, known);
    }
  });
  return [...choiceShares].flatMap(([state, { figures }]) =>
    graph.edges[state]!.flatMap((edge, i) => {
      const { flow, ahead, unlikely } = flows.get(edge) ?? { flow: 0, ahead: 0, unlikely: 0 };
      const transitions = flow > 0 ? ahead / flow : unlikely;
      return edge.rules.slice(0, 1).map((rule): BranchReport => ({
        state: graph.nodes[state]!.name,
        rule: edge.rules.length > 1 ? edge.rules.join(",") : rule,
        to: graph.nodes[edge.to]!.name,
        share: visits[state]! > 0 ? flow / visits[state]! : 0,
        basis: unrolled.inferred.has(state) ? "inferred" : figures[i]!.basis,
        transitions,
        standardCost: transitionPrice === null ? null : transitions * transitionPrice,
      }));
    }),
  );
}
