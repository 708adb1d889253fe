/**
 * Task outcomes are what the user says each attempt of a Task gives: by state, in order, the last one repeated.
 * Parsed once here; the schema is also the format's documentation.
 */
import * as z from "zod";
import type { Diagnostic } from "../../diagnostic.ts";
import { UserError } from "../../user-error.ts";
import { didYouMean } from "../../workflow/did-you-mean.ts";
import { isJsonObject } from "../../workflow/text/json-value.ts";
import type { JsonValue } from "../../workflow/text/json-value.ts";
import type { State } from "../../workflow/state-machine.ts";
import { isShallow, readJson, writeJson } from "../data/json-text.ts";

const milliseconds = z
  .number()
  .min(0)
  .max(366 * 24 * 3_600_000);
const timing = {
  durationMs: milliseconds.optional().describe("How long the attempt lasts; 0 when absent."),
  heartbeatsMs: z.array(milliseconds).optional().describe("When heartbeats come, from the attempt's start."),
};

const outcomeSchema = z.union([
  z.strictObject({ output: z.json(), ...timing }),
  z.strictObject({
    error: z.string().nullable().describe("Null when the task fails without naming an error."),
    cause: z.string().nullable().optional(),
    ...timing,
  }),
]);

/** One attempt of a Task: what it gives, or how it fails. */
export type GivenOutcome = { readonly durationMs?: number; readonly heartbeatsMs?: readonly number[] } & (
  { readonly output: unknown } | { readonly error: string | null; readonly cause?: string | null }
);

/** By state name, or by JSON pointer where a name occurs twice; a single outcome needs no list. */
export type TraceResults = Readonly<Record<string, GivenOutcome | readonly GivenOutcome[]>>;

export interface TaskOutcome {
  /** Null when the attempt fails. */
  readonly output: JsonValue | null;
  readonly failed: boolean;
  readonly error: string | null;
  readonly cause: string | null;
  readonly durationMs: number;
  readonly heartbeatsMs: readonly number[];
}

/** Hands out outcomes in order; belongs to one trace. */
export interface OutcomeSource {
  /** Null for a state without outcomes. */
  readonly next: (state: State) => TaskOutcome | null;
}

export type OutcomesByState = ReadonlyMap<string, readonly TaskOutcome[]>;

/** Throws a UserError for results that are not of the format. */
export function parseResults(results: unknown): OutcomesByState {
  if (results === undefined || results === null) return new Map();
  const text = writeJson(results);
  const plain = text === undefined ? undefined : readJson(text);
  if (!isJsonObject(plain)) throw new UserError("invalid-results", "The results are no JSON object.", HINT);
  if (!isShallow(plain)) throw new UserError("invalid-results", "The results nest too deep.");
  // State by state, so that a state named __proto__ is read like any other.
  return new Map(Object.entries(plain).map(([name, given]) => [name, readOutcomes(name, given)]));
}

const HINT = `Give each state its outcomes in order: { "Pay": [ { "error": "Lambda.TooManyRequestsException" }, { "output": {} } ] }.`;

function readOutcomes(name: string, given: JsonValue): readonly TaskOutcome[] {
  const outcomes = Array.isArray(given) ? given : [given];
  const problem =
    outcomes.length === 0 ? "an empty list" : outcomes.map(problemOf).find((each) => each !== null);
  if (problem === undefined) return outcomes.map((outcome) => readOutcome(outcome as RawOutcome));
  throw new UserError("invalid-results", `The results of "${name}" are not of the format: ${problem}`, HINT);
}

function problemOf(outcome: unknown): string | null {
  const parsed = outcomeSchema.safeParse(outcome);
  return parsed.success ? null : z.prettifyError(parsed.error);
}

type RawOutcome = z.input<typeof outcomeSchema>;

function readOutcome(raw: RawOutcome): TaskOutcome {
  const failed = "error" in raw;
  return {
    output: failed ? null : raw.output,
    failed,
    error: failed ? raw.error : null,
    cause: failed ? (raw.cause ?? null) : null,
    durationMs: raw.durationMs ?? 0,
    heartbeatsMs: raw.heartbeatsMs ?? [],
  };
}

export function openOutcomes(outcomes: OutcomesByState): OutcomeSource {
  const used = new Map<string, number>();
  return {
    next: (state) => {
      const key = outcomes.has(state.pointer) ? state.pointer : state.name;
      const list = outcomes.get(key);
      if (list === undefined) return null;
      const count = used.get(key) ?? 0;
      used.set(key, count + 1);
      return list[Math.min(count, list.length - 1)] ?? null;
    },
  };
}

/** Results for states that are not there, or that ask for none. */
export function checkOutcomes(outcomes: OutcomesByState, states: readonly State[]): readonly Diagnostic[] {
  const takers = states.filter(takesOutcomes);
  const known = new Set(takers.flatMap((state) => [state.name, state.pointer]));
  const others = new Map(states.map((state) => [state.name, state.type]));
  return [...outcomes.keys()]
    .filter((name) => !known.has(name))
    .map((name) => unusedOutcome(name, others.get(name), takers));
}

/** Tasks, and Maps whose items are read from elsewhere. */
export function takesOutcomes(state: State): boolean {
  return state.type === "Task" || (state.type === "Map" && Object.hasOwn(state.fields, "ItemReader"));
}

function unusedOutcome(name: string, type: string | undefined, takers: readonly State[]): Diagnostic {
  const message =
    type === undefined
      ? `There are results for "${name}", but no state has this name.`
      : `There are results for "${name}", but it is a ${type} state, which takes none.`;
  const hint = didYouMean(
    name,
    takers.map((state) => state.name),
  );
  return { code: "unknown-result-state", severity: "warning", message, at: null, hint };
}
