/** The reader of workload files: text in, a WorkloadFile out, or every error at once with its place. */
import type { Diagnostic, Place } from "../diagnostic.ts";
import { UserError } from "../user-error.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { DurationRange } from "./duration.ts";
import type { Figure } from "./figure.ts";
import { HOURS_PER_MONTH, quoted } from "./quantity.ts";
import type { Range } from "./quantity.ts";
import type { StateKey, WorkloadEntry, WorkloadFile } from "./workload-file.ts";
import { workloadFileSchema } from "./workload-file-schema.ts";
import type { StateValue, WorkflowValue, WorkloadFileValue } from "./workload-file-schema.ts";
import { readWorkloadText } from "./workload-file-text.ts";
import type { Path, WorkloadText } from "./workload-file-text.ts";
import type { DurationFigure, StateWorkload, Workload } from "./workload.ts";

type Locate = WorkloadText["locate"];

export interface WorkloadReading {
  /** Null when there are errors. */
  readonly workloadFile: WorkloadFile | null;
  /** All of them, in the order in which they stand. */
  readonly errors: readonly Diagnostic[];
}

/** Reads `stepfare.yml`; `file` is the name that places and notes carry. Never throws. */
export function readWorkloadFile(text: string, file: string): WorkloadReading {
  const read = readWorkloadText(text, file);
  if (read.errors.length > 0) return { workloadFile: null, errors: inOrder(read.errors) };
  const parsed = workloadFileSchema.safeParse(read.value ?? {}, { reportInput: true });
  if (!parsed.success) {
    const errors = parsed.error.issues.flatMap((issue) => issueDiagnostics(issue as Issue, read.locate));
    return { workloadFile: null, errors: inOrder(errors) };
  }
  const errors = contradictions(parsed.data, read.locate);
  if (errors.length > 0) return { workloadFile: null, errors: inOrder(errors) };
  return { workloadFile: buildWorkloadFile(parsed.data, file, read.locate), errors: [] };
}

/** As `readWorkloadFile`; throws one UserError `invalid-workload-file` that lists all errors, a line each. */
export function parseWorkloadFile(text: string, file: string): WorkloadFile {
  const { workloadFile, errors } = readWorkloadFile(text, file);
  if (workloadFile) return workloadFile;
  throw new UserError(
    "invalid-workload-file",
    errors.map(errorLine).join("\n"),
    "docs/stepfare-yml.md names every key.",
  );
}

/** `file:line:column: message. hint` */
export function errorLine({ message, at, hint }: Diagnostic): string {
  const place = at ? `${at.file}:${at.line}:${at.column}: ` : "";
  return `${place}${message}${hint ? `. ${hint}` : ""}`;
}

function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const place = (at: Place | null) => [at?.line ?? 0, at?.column ?? 0] as const;
  return [...diagnostics].sort((a, b) => {
    const [[lineA, columnA], [lineB, columnB]] = [place(a.at), place(b.at)];
    return lineA - lineB || columnA - columnB;
  });
}

function errorAt(at: Place, message: string): Diagnostic {
  return { code: "invalid-workload-file", severity: "error", message, at, hint: null };
}

interface Issue {
  readonly code: string;
  readonly path: (string | number)[];
  readonly message: string;
  readonly input?: unknown;
  readonly expected?: string;
  readonly values?: readonly string[];
  readonly keys?: readonly string[];
}

function issueDiagnostics(issue: Issue, locate: Locate): Diagnostic[] {
  if (issue.code === "unrecognized_keys") {
    const lines = issue.message.split("\n");
    return (issue.keys ?? []).map((key, index) =>
      errorAt(locate([...issue.path, key], "key"), lines[index] ?? issue.message),
    );
  }
  const name = issue.path.at(-1);
  const subject = name === undefined ? "" : `${displayKey(name)}: `;
  return [errorAt(locate(issue.path), `${subject}${issueWords(issue)}`)];
}

/** A key as written where it is a plain word; quoted where it might break the line. */
function displayKey(name: string | number): string {
  return /^[\w.$-]{1,60}$/.test(String(name)) ? String(name) : quoted(String(name));
}

function issueWords(issue: Issue): string {
  const written = quoted(issue.input);
  if (issue.code === "invalid_value" && issue.values) {
    const meant = typeof issue.input === "string" ? didYouMean(issue.input, issue.values) : null;
    return `${written} is not known: ${meant ?? `write ${issue.values.join(", ")}`}`;
  }
  if (issue.code === "invalid_format") return `${written} is no AWS region: write a name such as us-east-1`;
  if (issue.code !== "invalid_type") return issue.message;
  if (issue.expected === "boolean") return `${written} is neither true nor false: write true or false`;
  if (issue.expected === "object") return `${written} stands where keys belong: write a group of key: value`;
  return `${written} is not text: write it in quotes`;
}

/** What each key alone cannot show: two ways to say how often, shares that are more than the whole. */
function contradictions(value: WorkloadFileValue, locate: Locate): Diagnostic[] {
  const found: Diagnostic[] = [];
  if (value.defaults) found.push(...tooManyRates(value.defaults, ["defaults"], locate));
  for (const [name, workflow] of value.workflows ?? []) {
    if (!workflow) continue;
    const path = ["workflows", name];
    found.push(...tooManyRates(workflow, path, locate));
    for (const [key, state] of workflow.states ?? []) {
      if (state) found.push(...tooMuchShare(state, [...path, "states", key], locate));
    }
  }
  return found;
}

const RATE_KEYS = ["executionsPerMonth", "perSecond", "perDay", "schedule"] as const;

function tooManyRates(
  value: Pick<WorkflowValue, (typeof RATE_KEYS)[number]>,
  path: Path,
  locate: Locate,
): Diagnostic[] {
  const [first, ...others] = RATE_KEYS.filter((key) => value[key] != null);
  return others.map((key) =>
    errorAt(
      locate([...path, key], "key"),
      `${key} stands beside ${first}, which says the same: keep one of them`,
    ),
  );
}

function tooMuchShare(state: StateValue, path: Path, locate: Locate): Diagnostic[] {
  const sum = (shares: Iterable<Range | null | undefined>) =>
    [...shares].reduce((all, share) => all + (share?.value ?? 0), 0);
  const tooMuch = (key: "choices" | "errors", total: number, what: string) =>
    total > 1 + 1e-9
      ? [
          errorAt(
            locate([...path, key], "key"),
            `${key}: the shares add up to ${Number(total.toFixed(6))}: write shares of at most 1 together${what}`,
          ),
        ]
      : [];
  const failures = sum(state.errors?.values() ?? []) + (state.failureRate?.value ?? 0);
  return [
    ...tooMuch("choices", sum(state.choices?.values() ?? []), ""),
    ...tooMuch("errors", failures, ", failureRate included"),
  ];
}

function buildWorkloadFile(value: WorkloadFileValue, file: string, locate: Locate): WorkloadFile {
  const entries = [...(value.workflows ?? [])];
  return {
    file,
    region: value.region ?? null,
    transitionRule: value.transitionRule ?? null,
    prices: { discountPercent: value.prices?.discount ?? null, list: value.prices?.list ?? null },
    defaults: value.defaults ? buildEntry("defaults", value.defaults, { path: ["defaults"], locate }) : null,
    workflows: entries.map(([name, entry]) =>
      buildEntry(name, entry ?? {}, { path: ["workflows", name], locate }),
    ),
    diagnostics: [],
  };
}

interface Where {
  readonly path: Path;
  readonly locate: Locate;
}

function buildEntry(name: string, value: WorkflowValue, where: Where): WorkloadEntry {
  const states = [...(value.states ?? [])];
  return {
    selector: { name, file: value.match?.file ?? null, arn: value.match?.arn ?? null },
    type: value.type ?? null,
    workload: buildWorkload(value, where),
    needsHistory: value.needsHistory ?? null,
    at: where.locate(where.path, "key"),
    stateKeys: states.map(([key, state]) => buildStateKey(key, state, within(where, "states", key))),
  };
}

function within(where: Where, ...path: Path): Where {
  return { ...where, path: [...where.path, ...path] };
}

function buildStateKey(key: string, state: StateValue | null | undefined, { path, locate }: Where): StateKey {
  const given = Object.entries(state ?? {}).filter(([, figure]) => figure != null);
  return {
    key,
    at: locate(path, "key"),
    figures: given.map(([figure]) => ({ key: figure, at: locate([...path, figure], "key") })),
    choices: [...(state?.choices?.keys() ?? [])].map((choice) => ({
      key: choice,
      at: locate([...path, "choices", choice], "key"),
    })),
  };
}

function buildWorkload(value: WorkflowValue, where: Where): Workload {
  const states = [...(value.states ?? [])].flatMap(([key, state]) =>
    state ? [[key, buildStateWorkload(state, within(where, "states", key))] as const] : [],
  );
  return {
    executionsPerMonth: buildExecutions(value, where),
    peakPerSecond: figureAt(value.peakPerSecond, within(where, "peakPerSecond")),
    payloadKB: figureAt(value.payloadKB, within(where, "payloadKB")),
    logLevel: value.logLevel ?? null,
    logExecutionData: value.logExecutionData ?? null,
    tracing: value.tracing ?? null,
    needsHistory: value.needsHistory ?? false,
    states: new Map(states),
  };
}

function buildExecutions(value: WorkflowValue, where: Where): Figure | null {
  const { schedule } = value;
  return (
    figureAt(value.executionsPerMonth, within(where, "executionsPerMonth")) ??
    figureAt(timesPerMonth(value.perSecond, 3600), within(where, "perSecond")) ??
    figureAt(timesPerMonth(value.perDay, 1 / 24), within(where, "perDay")) ??
    figureAt(
      schedule == null ? null : { value: schedule, low: schedule, high: schedule },
      within(where, "schedule"),
    )
  );
}

function timesPerMonth(range: Range | null | undefined, perHour: number): Range | null {
  if (!range) return null;
  const hours = HOURS_PER_MONTH * perHour;
  return { value: range.value * hours, low: range.low * hours, high: range.high * hours };
}

function buildStateWorkload(state: StateValue, where: Where): StateWorkload {
  return {
    choices: sharesAt(state.choices, within(where, "choices")),
    items: figureAt(state.items, within(where, "items")),
    itemKB: figureAt(state.itemKB, within(where, "itemKB")),
    rounds: figureAt(state.rounds, within(where, "rounds")),
    duration: durationAt(state.duration, within(where, "duration")),
    errors: sharesAt(state.errors, within(where, "errors")),
    failureRate: figureAt(state.failureRate, within(where, "failureRate")),
    lambda: state.lambda
      ? {
          memoryMB: figureAt(state.lambda.memoryMB, within(where, "lambda", "memoryMB")),
          architecture: state.lambda.architecture ?? null,
        }
      : null,
    idempotent: state.idempotent ?? null,
  };
}

function sharesAt(shares: StateValue["choices"], where: Where): ReadonlyMap<string, Figure> {
  const figures = new Map<string, Figure>();
  for (const [key, share] of shares ?? []) {
    const figure = figureAt(share, within(where, key));
    if (figure) figures.set(key, figure);
  }
  return figures;
}

function durationAt(duration: DurationRange | null | undefined, where: Where): DurationFigure | null {
  const ms = figureAt(duration?.ms, where);
  return ms ? { ms, percentiles: duration?.percentiles ?? null } : null;
}

function figureAt(range: Range | null | undefined, { path, locate }: Where): Figure | null {
  if (!range) return null;
  const { file, line, column } = locate(path);
  return {
    value: range.value,
    low: range.low,
    high: range.high,
    basis: "declared",
    note: `${file}:${line}:${column}`,
  };
}
