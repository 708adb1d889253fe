/** A scenario run is a scenario acted out on its workflow: the trace, and why it is no longer what the file says. */
import type { Diagnostic, Place } from "../diagnostic.ts";
import { RUNTIME_ERROR } from "../workflow/definition/error-names.ts";
import type { Scenario } from "../workflow/workload/scenario-file.ts";
import type { State, StateMachine } from "../workflow/state-machine.ts";
import { didYouMean } from "../workflow/did-you-mean.ts";
import { compileStateMachine } from "./compiled-definition.ts";
import { actOut } from "./execution-trace.ts";
import type { ExecutionTrace } from "./execution-trace.ts";
import { takesOutcomes } from "./action/task-outcome.ts";
import type { TraceResults } from "./action/task-outcome.ts";
import type { VisitTally } from "./visit-tally.ts";

export interface ScenarioRun {
  readonly scenario: Scenario;
  readonly trace: ExecutionTrace;
  readonly tally: VisitTally;
  /** Empty = it runs as the file says. */
  readonly failures: readonly ScenarioFailure[];
}

/** By definition: the scenarios of its workflow, in the order written. */
export type ScenarioRuns = ReadonlyMap<StateMachine, readonly ScenarioRun[]>;

export interface ScenarioFailure {
  readonly message: string;
  readonly hint: string | null;
  /** The state where it stopped; null when it is none of the definition. */
  readonly state: State | null;
  /** In the scenario file. */
  readonly at: Place;
}

export async function runScenario(
  stateMachine: StateMachine,
  scenario: Scenario,
  type: "STANDARD" | "EXPRESS",
): Promise<ScenarioRun> {
  const compiled = compileStateMachine(stateMachine);
  const { input, context, seed } = scenario;
  const results = scenario.results as unknown as TraceResults;
  const { trace, tally: tallied } = await actOut(compiled, { input, results, context, seed, type });
  const tally = tallied();
  const { states } = compiled;
  const failures = [
    ...unknownResults(scenario, states),
    ...missingResults(scenario, states, tally),
    ...unexpectedEnd(scenario, states, trace),
  ];
  return { scenario, trace, tally, failures };
}

/** The diagnostic of a run that failed, told at the definition with the scenario's place in its words. */
export function diagnoseScenario(
  { scenario, failures }: ScenarioRun,
  locate: (pointer: string) => Place,
): readonly Diagnostic[] {
  return failures.map(({ message, hint, state, at }): Diagnostic => {
    const place = `${at.file}:${at.line}:${at.column}`;
    return {
      code: "scenario-failed",
      severity: "error",
      message: `scenario ${JSON.stringify(scenario.name)} (${place}): ${message}`,
      at: state === null ? at : locate(state.pointer),
      hint,
    };
  });
}

function unknownResults(scenario: Scenario, states: readonly State[]): readonly ScenarioFailure[] {
  const takers = states.filter(takesOutcomes);
  const known = new Set(takers.flatMap(({ name, pointer }) => [name, pointer]));
  return Object.keys(scenario.results)
    .filter((name) => !known.has(name))
    .map((name): ScenarioFailure => {
      const state = states.find((each) => each.name === name || each.pointer === name) ?? null;
      const quoted = JSON.stringify(name);
      const message =
        state === null
          ? `there are results for ${quoted}, but no state has this name`
          : `there are results for ${quoted}, but it is a ${state.type} state, which takes none`;
      const names = takers.map((each) => each.name);
      return { message, hint: didYouMean(name, names), state, at: scenario.placeOfResult(name) };
    });
}

/** A Task that is entered, and no outcome says what it gives. */
function missingResults(
  scenario: Scenario,
  states: readonly State[],
  tally: VisitTally,
): readonly ScenarioFailure[] {
  const given = new Set(Object.keys(scenario.results));
  return states
    .filter((state) => takesOutcomes(state) && !given.has(state.name) && !given.has(state.pointer))
    .filter(({ pointer }) => (tally.get(pointer)?.entered ?? 0) > 0)
    .map((state) => ({
      message: `${JSON.stringify(state.name)} is entered, but the results say nothing of it`,
      hint: `Write what it gives: results: { ${JSON.stringify(state.name)}: { output: { } } }.`,
      state,
      at: scenario.at,
    }));
}

function unexpectedEnd(
  scenario: Scenario,
  states: readonly State[],
  trace: ExecutionTrace,
): readonly ScenarioFailure[] {
  const { status, error } = scenario.expect;
  const isAsSaid = trace.status === status && (error === null || trace.error?.error === error);
  if (isAsSaid) return [];
  const state = states.find(({ name }) => name === trace.failedIn) ?? null;
  const wanted = error === null ? status : `${status} with ${error}`;
  return [
    { message: `it ${endOf(trace)}, and should end ${wanted}`, hint: hintFor(trace), state, at: scenario.at },
  ];
}

function endOf({ status, error, failedIn }: ExecutionTrace): string {
  const place = failedIn === null ? "" : ` in ${JSON.stringify(failedIn)}`;
  const reason = error === null ? "" : ` with ${error.error ?? "an error without a name"}`;
  const cause = error?.cause ? `: ${error.cause}` : "";
  return `ends ${status}${place}${reason}${cause}`;
}

function hintFor({ status, error }: ExecutionTrace): string | null {
  if (status === "SUCCEEDED") return "Leave expect out, or give results that make it fail.";
  if (error?.error === RUNTIME_ERROR) return "The input or a result does not fit the definition (any more).";
  const name = error?.error == null ? "" : `, error: ${JSON.stringify(error.error)}`;
  return `When it should end so, write expect: { status: ${status}${name} }.`;
}
