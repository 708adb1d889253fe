/**
 * Known scopes tell what is known of a state whichever way led to it: what all ways that constants leave open agree
 * on. Inside a Parallel its input and the variables around it go on being known, inside an inline Map the variables;
 * an item, and what a child execution is started with, is not known.
 * https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html (scope)
 */
import type { Scope, State } from "../workflow/state-machine.ts";
import { ownValue } from "../workflow/text/json-value.ts";
import { type Workload, workloadOfState } from "../workflow/workload/workload.ts";
import { declaresShares } from "./choice-shares.ts";
import { type Evaluation, type ParseJsonata, evaluateTemplate } from "./constant-expression.ts";
import { effectiveInput, flowAlong, possibleRules } from "./constant-flow.ts";
import { type KnownData, NOTHING_KNOWN, knownInBoth, withoutLarge } from "./known-data.ts";
import { type Edge, type StateGraph, buildStateGraph } from "./state-graph.ts";

/** A state at which what is known still shrinks after this many rounds is given up. */
const MOST_ROUNDS = 100;

/** Known data by the state's pointer, on all states of the machine; a state that nothing leads to has no entry. */
export function knownByState(
  machine: Scope,
  workload: Workload,
  parseJsonata: ParseJsonata | null,
): ReadonlyMap<string, KnownData> {
  const known = new Map<string, KnownData>();
  const open = [{ scope: machine, atStart: NOTHING_KNOWN }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const graph = buildStateGraph(at.scope);
    if (graph === null) continue;
    const inScope = followScope(graph, { atStart: at.atStart, workload, parseJsonata });
    graph.nodes.forEach((state, i) => {
      const data = inScope[i];
      if (data !== undefined) known.set(state.pointer, data);
      open.push(...insideOf(state, { known: data ?? NOTHING_KNOWN, parseJsonata }));
    });
  }
  return known;
}

interface Following {
  readonly atStart: KnownData;
  readonly workload: Workload;
  readonly parseJsonata: ParseJsonata | null;
}

/** Each state takes up what another way brings until nothing changes: with each round less is known, never more. */
function followScope(
  graph: StateGraph,
  { atStart, workload, parseJsonata }: Following,
): readonly (KnownData | undefined)[] {
  const known: (KnownData | undefined)[] = graph.nodes.map(() => undefined);
  const rounds = graph.nodes.map(() => 0);
  known[graph.start] = withoutLarge(atStart);
  const waiting = new Set([graph.start]);
  for (const node of waiting) {
    waiting.delete(node);
    const at = { known: known[node]!, parseJsonata };
    for (const edge of openEdges(graph, node, { at, workload })) {
      if (edge.to < 0) continue;
      const before = known[edge.to];
      const brought = withoutLarge(flowAlong(graph.nodes[node]!, edge, at));
      const met = before === undefined ? brought : knownInBoth(before, brought);
      if (met === before) continue;
      known[edge.to] = rounds[edge.to]!++ < MOST_ROUNDS ? met : NOTHING_KNOWN;
      waiting.add(edge.to);
    }
  }
  return known;
}

/** A Choice's edges less those that constants rule out; declared shares are believed. */
function openEdges(
  graph: StateGraph,
  node: number,
  { at, workload }: { readonly at: Evaluation; readonly workload: Workload },
): readonly Edge[] {
  const state = graph.nodes[node]!;
  const edges = graph.edges[node]!;
  if (state.type !== "Choice" || declaresShares(edges, graph, workloadOfState(workload, state))) return edges;
  const rules = possibleRules(state, at);
  const possible = edges.filter((edge) => edge.rules.some((rule) => rules.has(rule)));
  return possible.length === 0 ? edges : possible;
}

interface Inner {
  readonly scope: Scope;
  readonly atStart: KnownData;
}

function insideOf(state: State, at: Evaluation): readonly Inner[] {
  const { variables } = at.known;
  if (state.type === "Map") {
    const atStart = state.mode === "INLINE" ? { input: {}, variables } : NOTHING_KNOWN;
    return [{ scope: state.processor, atStart }];
  }
  if (state.type !== "Parallel") return [];
  const inside: Evaluation = { ...at, known: effectiveInput(state, at.known) };
  const template = ownValue(state.fields, state.queryLanguage === "JSONata" ? "Arguments" : "Parameters");
  const input =
    template === undefined ? inside.known.input : evaluateTemplate(template, state.queryLanguage, inside);
  const atStart = { input: input === undefined ? {} : input, variables };
  return state.branches.map((scope) => ({ scope, atStart }));
}
