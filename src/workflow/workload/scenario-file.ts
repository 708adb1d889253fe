/** A scenario file holds executions as they may really go: an input, what each task gives, and how often such a one comes. */
import type { Place } from "../../diagnostic.ts";
import type { JsonObject, JsonValue } from "../text/json-value.ts";

export interface ScenarioFile {
  /** As it was given to the reader; places and notes name it. */
  readonly file: string;
  /** In the order written; names are unique. */
  readonly scenarios: readonly WrittenScenario[];
}

/** A value, or the file beside the scenario file that holds it. */
export type Given<T> =
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "file"; readonly path: string; readonly at: Place };

export interface WrittenScenario extends ScenarioTerms {
  readonly input: Given<JsonValue>;
  readonly results: Given<JsonObject>;
  /** The place of a key below the scenario, or of the nearest one around it. */
  readonly locate: (...path: (string | number)[]) => Place;
}

/** A scenario with all that it needs to run. */
export interface Scenario extends ScenarioTerms {
  readonly input: JsonValue;
  /** By state's name or pointer: the outcomes of its attempts. */
  readonly results: JsonObject;
  /** Where the results of a state stand. */
  readonly placeOfResult: (state: string) => Place;
}

interface ScenarioTerms {
  readonly name: string;
  /** How often such an execution comes, relative to the file's others; 0 = it is only tried. */
  readonly weight: number;
  /** Laid over the context object; null when absent. */
  readonly context: JsonObject | null;
  readonly seed: number;
  /** How the execution should end; SUCCEEDED when the file does not say. */
  readonly expect: { readonly status: ScenarioStatus; readonly error: string | null };
  readonly at: Place;
}

export type ScenarioStatus = "SUCCEEDED" | "FAILED" | "TIMED_OUT";
