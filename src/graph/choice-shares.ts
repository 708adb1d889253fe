/**
 * Choice shares say how often each way out of a Choice is taken: declared by target or rule number, the rest to
 * Default; undeclared Choices divide equally over their rules. Rules that share a target share its figure.
 */
import { defaultShare } from "../workflow/default-figures.ts";
import { type Figure, exactFigure } from "../workflow/figure.ts";
import type { ChoiceState } from "../workflow/state-machine.ts";
import type { StateWorkload } from "../workflow/workload/workload.ts";
import type { Assumption, Standpoint } from "./assumption.ts";
import type { Edge, StateGraph } from "./state-graph.ts";

export interface ChoiceShares {
  /** Aligned with the Choice's edges in the state graph; they sum to 1. */
  readonly shares: readonly number[];
  readonly figures: readonly Figure[];
  /** Why the declared shares cannot be; null when they can. Shares are scaled to 1 then. */
  readonly problem: string | null;
}

const TOLERANCE = 1e-9;

export function sharesOfChoice(
  graph: StateGraph,
  index: number,
  { said, stand }: { said: StateWorkload; stand: Standpoint },
): ChoiceShares {
  const state = graph.nodes[index] as ChoiceState;
  const edges = graph.edges[index]!;
  const declared = edges.map((edge) => declaredFigure(edge, graph, said));
  const { figures, problem } = completed(edges, declared);
  const standing = figures.map((figure, i) => stand(assumptionOf(state, graph, edges[i]!, figure)));
  return { shares: balanced(standing, figures), figures, problem };
}

/** Whether any share of the Choice is declared by the user. */
export function declaresShares(edges: readonly Edge[], graph: StateGraph, said: StateWorkload): boolean {
  return edges.some((edge) => declaredFigure(edge, graph, said) !== null);
}

function declaredFigure(edge: Edge, graph: StateGraph, said: StateWorkload): Figure | null {
  const byTarget = said.choices.get(graph.nodes[edge.to]?.name ?? "");
  if (byTarget !== undefined) return byTarget;
  const byRule = edge.rules.flatMap((rule) => said.choices.get(rule) ?? []);
  if (byRule.length === 0) return null;
  return byRule.reduce((sum, figure) => ({
    ...sum,
    value: sum.value + figure.value,
    low: sum.low + figure.low,
    high: Math.min(1, sum.high + figure.high),
  }));
}

function completed(
  edges: readonly Edge[],
  declared: readonly (Figure | null)[],
): { figures: readonly Figure[]; problem: string | null } {
  const rules = edges.reduce((sum, edge) => sum + edge.rules.length, 0);
  if (declared.every((figure) => figure === null)) {
    const figures = edges.map((edge) =>
      edges.length === 1 ? exactFigure(1, "inferred") : defaultShare(edge.rules.length / rules),
    );
    return { figures, problem: null };
  }
  const sum = declared.reduce((total, figure) => total + (figure?.value ?? 0), 0);
  const open = edges.flatMap((edge, i) => (declared[i] === null ? [{ edge, i }] : []));
  const takers = open.some(({ edge }) => edge.rules.includes("default"))
    ? open.filter(({ edge }) => edge.rules.includes("default"))
    : open;
  const rest = Math.max(0, 1 - sum);
  const takerRules = takers.reduce((total, { edge }) => total + edge.rules.length, 0);
  const figures = declared.map((figure, i): Figure => {
    if (figure !== null) return figure;
    const taker = takers.find((candidate) => candidate.i === i);
    const share = taker === undefined ? 0 : (rest * taker.edge.rules.length) / takerRules;
    return exactFigure(share, "inferred", "what the declared shares leave");
  });
  return { figures, problem: problemOf(sum, open.length) };
}

function problemOf(sum: number, open: number): string | null {
  if (sum > 1 + TOLERANCE) return `its declared shares sum to ${round(sum)}, which exceeds 1`;
  if (open === 0 && sum < 1 - TOLERANCE)
    return `its declared shares sum to ${round(sum)} and no way is left for the rest`;
  return null;
}

function round(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function assumptionOf(state: ChoiceState, graph: StateGraph, edge: Edge, figure: Figure): Assumption {
  const target = graph.nodes[edge.to]?.name ?? "";
  return {
    id: `${state.pointer}:choices:${target}`,
    key: `states.${state.name}.choices.${target}`,
    text: `share of ${state.name} that goes to ${target}`,
    figure,
    unit: "share",
  };
}

/** Shares moved off their value keep it; the others make room in proportion (alike, where all are 0), so that all sum to 1. */
function balanced(standing: readonly number[], figures: readonly Figure[]): readonly number[] {
  const moved = standing.map((share, i) => share !== figures[i]!.value);
  const fixed = standing.reduce((sum, share, i) => sum + (moved[i] ? share : 0), 0);
  const free = standing.reduce((sum, share, i) => sum + (moved[i] ? 0 : share), 0);
  const others = moved.filter((isMoved) => !isMoved).length;
  if (fixed > 1 || others === 0)
    return standing.map((share) => (fixed + free > 0 ? share / (fixed + free) : 1 / standing.length));
  const rest = 1 - fixed;
  return standing.map((share, i) => (moved[i] ? share : free > 0 ? (share / free) * rest : rest / others));
}
