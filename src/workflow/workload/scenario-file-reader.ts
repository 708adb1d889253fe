/** The reader of scenario files: text in, scenarios out, or every error at once with its place. */
import type { Diagnostic } from "../../diagnostic.ts";
import type { JsonObject, JsonValue } from "../text/json-value.ts";
import type { Given, ScenarioFile, WrittenScenario } from "./scenario-file.ts";
import { resultsSchema, scenarioFileSchema } from "./scenario-file-schema.ts";
import type { ScenarioFileValue, ScenarioValue } from "./scenario-file-schema.ts";
import { READ_ONCE } from "./schema-parts.ts";
import { issueDiagnostics } from "./workload-file-errors.ts";
import type { Issue } from "./workload-file-errors.ts";
import { inOrder } from "./workload-file-reader.ts";
import { readAllWorkloadText } from "./all-workload-text.ts";
import type { Path, TextKind, WorkloadText } from "./workload-text.ts";

const CODE = "invalid-scenario-file";
/** As deep as the inputs of executions may nest, and the keys around them. */
const KIND: TextKind = { code: CODE, hint: "docs/scenarios.md shows how one is written.", maxDepth: 500 };

export interface ScenarioReading {
  /** Null when there are errors. */
  readonly scenarioFile: ScenarioFile | null;
  /** All of them, in the order in which they stand. */
  readonly errors: readonly Diagnostic[];
}

/** Reads YAML or JSON; `file` is the name that places and notes carry. Never throws. */
export function readScenarioFile(text: string, file: string): ScenarioReading {
  const read = readAllWorkloadText(text, file, KIND);
  const refused = (errors: readonly Diagnostic[]) => ({ scenarioFile: null, errors: inOrder(errors) });
  if (read.errors.length > 0) return refused(read.errors);
  const parsed = scenarioFileSchema.safeParse(read.value ?? {}, READ_ONCE);
  if (!parsed.success) return refused(wordIssues(parsed.error.issues, read));
  const errors = contradictions(parsed.data, read);
  if (errors.length > 0) return refused(errors);
  // The results as they were written: the schema only looks at them.
  const written = read.value as { readonly scenarios: readonly Readonly<Record<string, JsonValue>>[] };
  const scenarios = parsed.data.scenarios.map((value, index) =>
    buildScenario(value, { written: written.scenarios[index] ?? {}, read, path: ["scenarios", index] }),
  );
  return { scenarioFile: { file, scenarios }, errors: [] };
}

export interface ResultsReading {
  readonly results: JsonObject | null;
  readonly errors: readonly Diagnostic[];
  readonly locate: WorkloadText["locate"];
}

/** Reads a file of results: outcomes by state. */
export function readResultsFile(text: string, file: string): ResultsReading {
  const read = readAllWorkloadText(text, file, KIND);
  const refused = (errors: readonly Diagnostic[]): ResultsReading => ({
    results: null,
    errors: inOrder(errors),
    locate: read.locate,
  });
  if (read.errors.length > 0) return refused(read.errors);
  const parsed = resultsSchema.safeParse(read.value, READ_ONCE);
  if (!parsed.success) return refused(wordIssues(parsed.error.issues, read));
  return { results: read.value as JsonObject, errors: [], locate: read.locate };
}

function wordIssues(issues: readonly unknown[], { locate }: WorkloadText): readonly Diagnostic[] {
  return issues
    .flatMap((issue) => issueDiagnostics(issue as Issue, locate))
    .map((diagnostic) => ({ ...diagnostic, code: CODE }));
}

/** What no key shows alone. */
function contradictions({ scenarios }: ScenarioFileValue, { locate }: WorkloadText): readonly Diagnostic[] {
  const errors: Diagnostic[] = [];
  const fail = (path: Path, message: string) =>
    errors.push({ code: CODE, severity: "error", message, at: locate(path, "key"), hint: null });
  const first = new Map<string, number>();
  scenarios.forEach((scenario, index) => {
    const path = ["scenarios", index];
    const before = first.get(scenario.name);
    if (before === undefined) first.set(scenario.name, index);
    else
      fail(
        [...path, "name"],
        `${JSON.stringify(scenario.name)} is the name of another scenario: write a different one`,
      );
    if (scenario.input !== undefined && scenario.inputFile != null) {
      fail([...path, "inputFile"], "inputFile stands beside input, which says the same: keep one of them");
    }
    if (scenario.results != null && scenario.resultsFile != null) {
      fail(
        [...path, "resultsFile"],
        "resultsFile stands beside results, which says the same: keep one of them",
      );
    }
    if (scenario.expect?.status === "SUCCEEDED" && scenario.expect.error != null) {
      fail([...path, "expect", "error"], "error: an execution that succeeds ends with none: leave it out");
    }
  });
  return errors;
}

interface Where {
  readonly written: Readonly<Record<string, JsonValue>>;
  readonly read: WorkloadText;
  readonly path: Path;
}

function buildScenario(value: ScenarioValue, { written, read, path }: Where): WrittenScenario {
  const locate: WrittenScenario["locate"] = (...keys) => read.locate([...path, ...keys], "key");
  const error = value.expect?.error ?? null;
  const fallback = error === null ? "SUCCEEDED" : "FAILED";
  return {
    name: value.name,
    input: given(
      value.inputFile,
      written["input"] ?? (Object.hasOwn(written, "input") ? null : {}),
      locate("inputFile"),
    ),
    results: given(value.resultsFile, (written["results"] ?? {}) as JsonObject, locate("resultsFile")),
    weight: value.weight ?? 1,
    context: value.context ?? null,
    seed: value.seed ?? 0,
    expect: { status: value.expect?.status ?? fallback, error },
    at: read.locate([...path, "name"]),
    locate,
  };
}

function given<T>(path: string | null | undefined, value: T, at: WrittenScenario["at"]): Given<T> {
  return path == null ? { kind: "value", value } : { kind: "file", path, at };
}
