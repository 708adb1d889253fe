/** New findings are what is wrong or near a limit after a change and was not before. */
import type { Diagnostic } from "../diagnostic.ts";
import type { MatchableState, StatePair } from "../workflow/workload/matched-states.ts";
import type { WorkflowReport } from "./analysis-report.ts";
import type { PassedLimit } from "./diff-report.ts";

/** A report of an earlier version may hold no findings of rules. */
type Details = Pick<WorkflowReport, "diagnostics" | "limits"> & Partial<Pick<WorkflowReport, "findings">>;

/** Figures for a state that one of the sides has are meant for that side. */
const OF_STATES_ELSEWHERE: ReadonlySet<string> = new Set([
  "unknown-state-in-workload",
  "unknown-branch-in-workload",
  "unused-figure-in-workload",
]);

/** The states of both sides, paired. */
export type StatePairs = readonly StatePair<Pick<MatchableState, "name" | "pointer">>[];

/**
 * A finding that moved is no new one, nor is one that says the same of the state that another has become, wherever that
 * now stands and whatever its name, or of the same place with other numbers.
 */
export function newFindings(
  before: Details | null,
  after: Details | null,
  states: StatePairs,
): readonly Diagnostic[] {
  const moves = movesOf(states);
  const told = (after?.diagnostics ?? []).filter(
    ({ code }) => before === null || !OF_STATES_ELSEWHERE.has(code),
  );
  const old = before?.diagnostics ?? [];
  const reworded = unmatched({ of: told, by: saying }, { of: old, by: saying });
  const fresh = unmatched(
    { of: reworded.fresh, by: (diagnostic) => placing(diagnostic, (pointer) => pointer) },
    { of: reworded.gone, by: (diagnostic) => placing(diagnostic, (pointer) => pointerAfter(pointer, moves)) },
  );
  return [...fresh.fresh, ...newRuleFindings(before, after, moves)];
}

interface Keyed<T> {
  readonly of: readonly T[];
  /** Null for what is like nothing else. */
  readonly by: (each: T) => string | null;
}

/** Each of the one side takes one of the other with the same key; what is left of both. */
function unmatched<T>(after: Keyed<T>, before: Keyed<T>): { readonly fresh: T[]; readonly gone: T[] } {
  const left = new Map<string | null, T[]>();
  for (const each of before.of) {
    const key = before.by(each);
    left.set(key, [...(left.get(key) ?? []), each]);
  }
  const fresh = after.of.filter((each) => {
    const key = after.by(each);
    return key === null || left.get(key)?.shift() === undefined;
  });
  return { fresh, gone: [...left.values()].flat() };
}

function saying({ code, message }: Diagnostic): string {
  return `${code}\n${message}`;
}

/** What became of the states before; of one that is no more, nothing. */
interface Moves {
  /** New pointers by old ones. */
  readonly pointers: ReadonlyMap<string, string>;
  /** New names by old ones. */
  readonly names: ReadonlyMap<string, string>;
}

function movesOf(states: StatePairs): Moves {
  const kept = states.flatMap(({ before, after }) => (before && after ? [{ before, after }] : []));
  return {
    pointers: new Map(kept.map(({ before, after }) => [before.pointer, after.pointer])),
    names: new Map(kept.map(({ before, after }) => [before.name, after.name])),
  };
}

/** A place is told by its pointer, which lines added above do not change. */
function placing({ code, at }: Diagnostic, pointerOf: (pointer: string) => string): string | null {
  return at === null ? null : `${code}\n${pointerOf(at.pointer)}`;
}

/** By their ids, which a change of words or of place leaves alone. Nothing is new against a report that does not tell. */
function newRuleFindings(before: Details | null, after: Details | null, moves: Moves): readonly Diagnostic[] {
  if (before !== null && before.findings === undefined) return [];
  const { fresh } = unmatched(
    { of: after?.findings ?? [], by: ({ id }) => id },
    { of: before?.findings ?? [], by: ({ id }) => idAfter(id, moves) },
  );
  return fresh.map(({ rule, severity, text, at, remedy }) => ({
    code: rule,
    severity,
    message: text,
    at,
    hint: remedy,
  }));
}

/** Ids hold the pointer of the state they are of, and after "#" what tells two of them apart: often a state's name. */
function idAfter(id: string, moves: Moves): string {
  const { head, state, tail } = splitAtState(id, moves);
  const name = moves.names.get(tail.slice(1));
  return head + state + (name === undefined ? tail : `#${name}`);
}

function pointerAfter(pointer: string, moves: Moves): string {
  const { head, state, tail } = splitAtState(pointer, moves);
  return head + state + tail;
}

interface AtState {
  /** A template's own pointer may stand before the state's. */
  readonly head: string;
  /** New pointer of the innermost state that the text is of; "" where it is of none. */
  readonly state: string;
  readonly tail: string;
}

function splitAtState(text: string, { pointers }: Moves): AtState {
  for (let start = text.indexOf(STATES); start !== -1; start = text.indexOf(STATES, start + 1)) {
    for (let end = text.length; end > start; end = lastPartBefore(text, end)) {
      const state = pointers.get(text.slice(start, end));
      if (state !== undefined) return { head: text.slice(0, start), state, tail: text.slice(end) };
    }
  }
  return { head: text, state: "", tail: "" };
}

const STATES = "/States/";

function lastPartBefore(text: string, end: number): number {
  return Math.max(text.lastIndexOf("/", end - 1), text.lastIndexOf("#", end - 1));
}

/** Figures for states that neither side has. */
export function unusedFigures(before: Details, after: Details): readonly Diagnostic[] {
  const said = new Set(before.diagnostics.map(({ code, message }) => `${code}\n${message}`));
  return after.diagnostics.filter(
    ({ code, message }) => OF_STATES_ELSEWHERE.has(code) && said.has(`${code}\n${message}`),
  );
}

const PASSED = { none: 0, worst: 1, likely: 2 } as const;

export function newLimits(before: Details | null, after: Details | null): readonly PassedLimit[] {
  const old = new Map((before?.limits ?? []).map((limit) => [limit.code, passedAt(limit)]));
  return (after?.limits ?? []).flatMap((limit): PassedLimit[] => {
    const passed = passedAt(limit);
    if (passed === "none" || PASSED[passed] <= PASSED[old.get(limit.code) ?? "none"]) return [];
    return [{ code: limit.code, limit: limit.limit, text: limit.text, passed }];
  });
}

function passedAt({ mean, p99, worst, limit }: WorkflowReport["limits"][number]): keyof typeof PASSED {
  if ((mean ?? 0) > limit || (p99 ?? 0) > limit) return "likely";
  return worst === null || worst > limit ? "worst" : "none";
}
