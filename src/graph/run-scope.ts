/** Runs a scope in expectation, bottom-up and at one standpoint: states first, then the chain of them. */
import type { Place } from "../diagnostic.ts";
import type { Figure } from "../workflow/figure.ts";
import type { Scope } from "../workflow/state-machine.ts";
import { type Workload, workloadOfState } from "../workflow/workload/workload.ts";
import { atLikely } from "./assumption.ts";
import { type ChoiceShares, declaresShares, sharesOfChoice } from "./choice-shares.ts";
import { keepRun } from "./kept-run.ts";
import { stayingEdges } from "./loop-choice.ts";
import { solveChain } from "./markov-chain.ts";
import type { KeptScope, RunContext, RunProblem, ScopeRun } from "./run-context.ts";
import { chainOf } from "./situation-chain.ts";
import { type SituationGraph, unroll } from "./situation-graph.ts";
import { spentByOutcome } from "./spent-by-outcome.ts";
import { type StateGraph, buildStateGraph } from "./state-graph.ts";
import { visitState } from "./state-visit.ts";
import { keptIn } from "../once.ts";

/** Null when the scope's StartAt names no state. */
export function runScope(scope: Scope, context: RunContext): ScopeRun | null {
  const kept = keptGraph(scope, context);
  const { graph } = kept;
  if (graph === null) return null;
  return keepRun(kept.runs, context, (asking) => runGraph(graph, kept, asking));
}

function runGraph(graph: StateGraph, kept: KeptScope, context: RunContext): ScopeRun {
  const inner = (part: Scope): ScopeRun | null => runScope(part, context);
  const stateVisits = graph.nodes.map((state, index) =>
    visitState(state, graph.edges[index]!, { context, inner }),
  );
  const rounds = declaredRounds(graph, context);
  const unrolled = unrolledGraph(kept, { graph, rounds, context });
  const choiceShares = sharesOfChoices({ graph, rounds, unrolled }, context);
  const chain = chainOf({ graph, unrolled, stateVisits, choiceShares, rounds });
  const solved = solveChain(chain);
  const visits = graph.nodes.map(() => 0);
  unrolled.situations.forEach(({ state }, i) => (visits[state]! += solved.visits[i]!));
  return {
    graph,
    workload: context.workload,
    unrolled,
    solved,
    visits,
    stateVisits,
    choiceShares,
    rounds,
    outcomes: spentByOutcome(solved),
    problems: problemsOf({ graph, unrolled, solved, choiceShares, rounds }, context.workload),
  };
}

function keptGraph(scope: Scope, context: RunContext): KeptScope {
  return keptIn(context.kept, scope.pointer, () => ({
    graph: buildStateGraph(scope),
    unrolled: new Map(),
    runs: [],
  }));
}

function unrolledGraph(
  kept: Pick<KeptScope, "unrolled">,
  { graph, rounds, context }: { graph: StateGraph; rounds: ReadonlyMap<number, number>; context: RunContext },
): SituationGraph {
  return keptIn(kept.unrolled, JSON.stringify([...rounds]), () => {
    const { workload, parseJsonata } = context;
    return unroll({ graph, rounds, declared: declaredChoices(graph, workload), parseJsonata });
  });
}

function declaredChoices(graph: StateGraph, workload: Workload): ReadonlySet<number> {
  const declared = new Set<number>();
  graph.nodes.forEach((state, i) => {
    if (state.type === "Choice" && declaresShares(graph.edges[i]!, graph, workloadOfState(workload, state)))
      declared.add(i);
  });
  return declared;
}

function sharesOfChoices(
  { graph, rounds, unrolled }: Pick<ScopeRun, "graph" | "rounds" | "unrolled">,
  context: RunContext,
): ReadonlyMap<number, ChoiceShares> {
  const shares = new Map<number, ChoiceShares>();
  const open = new Set(unrolled.situations.flatMap(({ state, ways }) => (ways.length > 1 ? [state] : [])));
  graph.nodes.forEach((state, index) => {
    if (state.type !== "Choice") return;
    // What constants decide in each situation, no share does.
    const isSettled = unrolled.inferred.has(index) && !open.has(index);
    const edges = graph.edges[index]!;
    // Declared rounds decide between two ways, whatever their shares.
    const isDecided =
      rounds.has(index) && edges.length === 2 && stayingEdges(edges, unrolled.components) !== null;
    const said = workloadOfState(context.workload, state);
    const stand = isDecided || isSettled ? atLikely : context.stand;
    const choice = sharesOfChoice(graph, index, { said, stand });
    shares.set(index, isDecided && said.rounds !== null ? resting(choice, said.rounds) : choice);
  });
  return shares;
}

/** Shares that follow from rounds come from where the rounds do. */
function resting(choice: ChoiceShares, { basis, note }: Figure): ChoiceShares {
  return { ...choice, figures: choice.figures.map((figure) => ({ ...figure, basis, note })) };
}

function declaredRounds(graph: StateGraph, context: RunContext): ReadonlyMap<number, number> {
  const rounds = new Map<number, number>();
  graph.nodes.forEach((state, index) => {
    const figure = workloadOfState(context.workload, state).rounds;
    if (figure === null || state.type !== "Choice") return;
    const assumption = {
      id: `${state.pointer}:rounds`,
      key: `states.${state.name}.rounds`,
      text: `rounds of the loop that ${state.name} closes`,
      figure,
      unit: "count" as const,
    };
    rounds.set(index, Math.max(1, context.stand(assumption)));
  });
  return rounds;
}

type Run = Pick<ScopeRun, "graph" | "unrolled" | "solved" | "choiceShares" | "rounds">;

function problemsOf(
  { graph, unrolled, solved, choiceShares, rounds }: Run,
  workload: Workload,
): readonly RunProblem[] {
  const problems: RunProblem[] = [];
  const add = (
    index: number,
    code: RunProblem["code"],
    message: string,
    declaredAt: Place | null = null,
  ): void => {
    const { name, pointer } = graph.nodes[index]!;
    problems.push({ code, pointer, state: name, message, declaredAt });
  };
  for (const [index, { problem }] of choiceShares) {
    if (problem === null) continue;
    add(index, "choice-shares", problem, workloadOfState(workload, graph.nodes[index]!).choicesAt);
  }
  const endless = new Set(solved.endless.map((node) => unrolled.situations[node]!.state));
  const [first] = endless;
  if (first !== undefined) {
    const names = [...endless].map((index) => graph.nodes[index]!.name).join(", ");
    add(
      first,
      "endless-loop",
      `nothing leaves the loop of ${names}: an execution runs until AWS ends it at 25,000 history events; priced as 6,250 states, four events each`,
    );
  }
  for (const index of rounds.keys()) {
    if (stayingEdges(graph.edges[index]!, unrolled.components) === null)
      add(
        index,
        "rounds-without-loop",
        "its rounds are declared, but it closes no loop: it must lead both back and out",
      );
  }
  if (!unrolled.complete)
    add(
      graph.start,
      "constants-not-followed",
      "constants and declared rounds unroll to too many situations: shares are used in their place",
    );
  return problems;
}
