/**
 * Workflow pictures are what a drawing of a workflow needs beyond its figures: every way between its states with how
 * often it is taken, what each state calls and repeats, and its cost curves. Made only for formats that draw.
 */
import type { ExecutionProfile } from "../graph/execution-profile.ts";
import type { ScopeRun } from "../graph/run-context.ts";
import { END } from "../graph/state-graph.ts";
import type { EdgeKind } from "../graph/state-graph.ts";
import type { BreakEven } from "../recommendation/break-even.ts";
import type { CostCurves } from "../recommendation/cost-curves.ts";
import { lazyFields, once } from "../once.ts";
import type { State } from "../workflow/state-machine.ts";

export type { CostCurves } from "../recommendation/cost-curves.ts";

export interface WorkflowPictures {
  /** A scope follows the one that holds it. */
  readonly scopes: readonly PictureScope[];
  /** In the order written. */
  readonly ways: readonly PictureWay[];
  readonly states: readonly PictureState[];
  readonly curves: CostCurves;
  /** Where the curves of Standard and Express cross, whatever is recommended; null = they do not. */
  readonly crossings: BreakEven;
}

/** States that run together: the machine's top level, a branch, a Map's processor. */
export interface PictureScope {
  /** Pointer of the Map or Parallel around it; null at the top. */
  readonly within: string | null;
  /** Pointers of states. */
  readonly start: string;
  readonly states: readonly string[];
}

export interface PictureWay {
  readonly from: string;
  /** Pointer of a state; null = the scope ends. */
  readonly to: string | null;
  readonly kind: Exclude<EdgeKind, "fail">;
  /** Share of the visits of `from` that leave this way, and how often that is per execution. */
  readonly share: number;
  readonly perExecution: number;
  /** Part of a loop. */
  readonly isLoop: boolean;
}

export interface PictureState {
  readonly pointer: string;
  /** What a Task calls, how long a Wait waits, how wide a Map runs; "" where the type says all. */
  readonly does: string;
  readonly retriers: number;
  readonly catchers: number;
}

/** How often the runs of a scope happen per execution, and around what. */
interface Running {
  readonly run: ScopeRun;
  readonly times: number;
  readonly within: string | null;
}

/** What is not drawn is not made. */
export function pictureWorkflow(
  { run }: ExecutionProfile,
  { curves, crossings }: { readonly curves: () => CostCurves; readonly crossings: () => BreakEven },
): WorkflowPictures {
  const parts = once(() => pictureParts(run));
  return lazyFields<WorkflowPictures>({
    scopes: () => parts().scopes,
    ways: () => parts().ways,
    states: () => parts().states,
    curves,
    crossings,
  });
}

function pictureParts(run: ScopeRun): Omit<WorkflowPictures, "curves" | "crossings"> {
  const scopes: PictureScope[] = [];
  const ways: PictureWay[] = [];
  const states: PictureState[] = [];
  const pending: Running[] = [{ run, times: 1, within: null }];
  // Grows while it is walked: the scopes inside follow those that hold them.
  for (const running of pending) {
    scopes.push(scopeOf(running));
    ways.push(...waysOf(running));
    states.push(...running.run.graph.nodes.map(stateOf));
    pending.push(...innerOf(running));
  }
  return { scopes, ways, states };
}

function scopeOf({ run: { graph }, within }: Running): PictureScope {
  const { nodes, start } = graph;
  return { within, start: nodes[start]!.pointer, states: nodes.map(({ pointer }) => pointer) };
}

function innerOf({ run, times }: Running): readonly Running[] {
  return run.stateVisits.flatMap(({ attempts, inside }, index) => {
    if (inside === null) return [];
    const within = run.graph.nodes[index]!.pointer;
    const each = times * run.visits[index]! * attempts * inside.times;
    return inside.runs.flatMap((inner) => (inner === null ? [] : [{ run: inner, times: each, within }]));
  });
}

/** Failures that nobody catches lead nowhere and are not drawn. */
function waysOf({ run, times }: Running): readonly PictureWay[] {
  const { graph, unrolled, solved } = run;
  const flows = new Map<object, number>();
  unrolled.situations.forEach((_, node) => {
    for (const { edge, share } of solved.chain.arcs[node]!)
      flows.set(edge, (flows.get(edge) ?? 0) + solved.visits[node]! * share);
  });
  const { of } = unrolled.components;
  return graph.edges.flatMap((edges, from) =>
    edges.flatMap((edge): readonly PictureWay[] => {
      if (edge.kind === "fail") return [];
      const flow = flows.get(edge) ?? 0;
      const visits = run.visits[from]!;
      return [
        {
          from: graph.nodes[from]!.pointer,
          to: edge.to === END || edge.to < 0 ? null : graph.nodes[edge.to]!.pointer,
          kind: edge.kind,
          share: visits > 0 ? Math.min(1, flow / visits) : 0,
          perExecution: times * flow,
          isLoop: edge.to >= 0 && of[edge.to] === of[from],
        },
      ];
    }),
  );
}

function stateOf(state: State): PictureState {
  const tries = "retry" in state ? state : { retry: [], catch: [] };
  return {
    pointer: state.pointer,
    does: doesWords(state),
    retriers: tries.retry.length,
    catchers: tries.catch.length,
  };
}

function doesWords(state: State): string {
  switch (state.type) {
    case "Task": {
      const { service, action, suffix, arn } = state.resource;
      return service === "" ? arn : `${service}${action === "" ? "" : `:${action}`}${suffix}`;
    }
    case "Wait":
      return state.seconds === null ? "until computed" : `${state.seconds} s`;
    case "Map":
      return state.mode === "INLINE"
        ? "inline"
        : `distributed, ${state.executionType.toLowerCase()} children`;
    case "Parallel":
      return `${state.branches.length} branches`;
    default:
      return "";
  }
}
