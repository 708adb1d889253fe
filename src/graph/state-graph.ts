/** A state graph is one scope's states as nodes and every way from one to another as edges; it knows no shares. */
import type { Scope, State } from "../workflow/state-machine.ts";

/** Leaves the scope successfully: `End`, Succeed, or a Choice state without a way on. */
export const END = -1;
/** Leaves the scope by a failure: a Fail state, or an error nobody catches. */
export const FAILED = -2;

export type EdgeKind = "next" | "choice" | "catch" | "fail";

export interface Edge {
  readonly from: number;
  /** Node number, END or FAILED. */
  readonly to: number;
  readonly kind: EdgeKind;
  /**
   * Choice: the rules that lead here ("0", "1", …, "default"), which share one share.
   * Catch: the numbers of the Catchers. Else empty.
   */
  readonly rules: readonly string[];
}

export interface StateGraph {
  readonly scope: Scope;
  readonly start: number;
  readonly nodes: readonly State[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Edges by node, in the order written. A way to a state that does not exist ends the scope, a Choice's is left out. */
  readonly edges: readonly (readonly Edge[])[];
}

/** Null when StartAt names no state: then nothing can be said of the scope. */
export function buildStateGraph(scope: Scope): StateGraph | null {
  const indexOf = new Map(scope.states.map((state, index) => [state.name, index]));
  const start = indexOf.get(scope.startAt);
  if (start === undefined) return null;
  const edges = scope.states.map((state, from) => edgesOf(state, from, indexOf));
  return { scope, start, nodes: scope.states, indexOf, edges };
}

function edgesOf(state: State, from: number, indexOf: ReadonlyMap<string, number>): readonly Edge[] {
  switch (state.type) {
    case "Succeed":
      return [{ from, to: END, kind: "next", rules: [] }];
    case "Fail":
      return [{ from, to: FAILED, kind: "fail", rules: [] }];
    case "Choice": {
      const ways: [string, string][] = state.choices.map((choice, number) => [choice.next, String(number)]);
      if (state.default !== null) ways.push([state.default, "default"]);
      const edges = byTarget(
        ways.filter(([target]) => indexOf.has(target)),
        { from, kind: "choice", indexOf },
      );
      return edges.length > 0 ? edges : [{ from, to: END, kind: "next", rules: [] }];
    }
    case "Pass":
    case "Wait":
      return [nextEdge(state.next, from, indexOf)];
    case "Task":
    case "Map":
    case "Parallel":
      return [
        nextEdge(state.next, from, indexOf),
        ...byTarget(
          state.catch.map((catcher, number) => [catcher.next, String(number)] as [string, string]),
          { from, kind: "catch", indexOf },
        ),
        { from, to: FAILED, kind: "fail", rules: [] },
      ];
  }
}

function nextEdge(next: string | null, from: number, indexOf: ReadonlyMap<string, number>): Edge {
  return { from, to: next === null ? END : (indexOf.get(next) ?? END), kind: "next", rules: [] };
}

/** One edge per target: rules (or Catchers) that share a target are one way. */
function byTarget(
  ways: readonly (readonly [target: string, rule: string])[],
  { from, kind, indexOf }: { from: number; kind: EdgeKind; indexOf: ReadonlyMap<string, number> },
): readonly Edge[] {
  const rulesTo = new Map<number, string[]>();
  for (const [target, rule] of ways) {
    const to = indexOf.get(target) ?? END;
    const rules = rulesTo.get(to);
    if (rules === undefined) rulesTo.set(to, [rule]);
    else rules.push(rule);
  }
  return [...rulesTo].map(([to, rules]) => ({ from, to, kind, rules }));
}
