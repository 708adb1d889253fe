/** The reader of workload files: values in, a WorkloadFile out, or every error at once with its place. */
import type { Diagnostic, Place } from "../../diagnostic.ts";
import { UserError } from "../../user-error.ts";
import type { DurationRange } from "./duration.ts";
import type { Figure } from "../figure.ts";
import { buildPolicies } from "./policies-schema.ts";
import { HOURS_PER_MONTH } from "./quantity.ts";
import type { Range } from "./quantity.ts";
import type { StateKey, WorkloadEntry, WorkloadFile } from "./workload-file.ts";
import { contradictions, issueDiagnostics } from "./workload-file-errors.ts";
import type { Issue } from "./workload-file-errors.ts";
import { READ_ONCE } from "./schema-parts.ts";
import { workloadFileSchema } from "./workload-file-schema.ts";
import type { StateValue, WorkflowValue, WorkloadFileValue } from "./workload-file-schema.ts";
import type { Path, WorkloadText } from "./workload-text.ts";
import type { DurationFigure, StateWorkload, Workload } from "./workload.ts";

type Locate = WorkloadText["locate"];

export interface WorkloadReading {
  /** Null when there are errors. */
  readonly workloadFile: WorkloadFile | null;
  /** All of them, in the order in which they stand. */
  readonly errors: readonly Diagnostic[];
}

/** Reads what `stepfare.yml` says; `file` is the name that notes carry. Never throws. */
export function readWorkload(read: WorkloadText, file: string): WorkloadReading {
  if (read.errors.length > 0) return { workloadFile: null, errors: inOrder(read.errors) };
  const parsed = workloadFileSchema.safeParse(read.value ?? {}, READ_ONCE);
  if (!parsed.success) {
    const errors = parsed.error.issues.flatMap((issue) =>
      issueDiagnostics(issue as unknown as Issue, read.locate),
    );
    return { workloadFile: null, errors: inOrder(errors) };
  }
  const errors = contradictions(parsed.data, read.locate);
  if (errors.length > 0) return { workloadFile: null, errors: inOrder(errors) };
  return { workloadFile: buildWorkloadFile(parsed.data, file, read.locate), errors: [] };
}

/** As `readWorkload`; throws one UserError `invalid-workload-file` that lists all errors, a line each. */
export function parseWorkload(read: WorkloadText, file: string): WorkloadFile {
  const { workloadFile, errors } = readWorkload(read, file);
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

export function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const place = (at: Place | null) => [at?.line ?? 0, at?.column ?? 0] as const;
  return [...diagnostics].sort((a, b) => {
    const [[lineA, columnA], [lineB, columnB]] = [place(a.at), place(b.at)];
    return lineA - lineB || columnA - columnB;
  });
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
    policies: buildPolicies(value.policies),
    budgets: (["warn", "deny"] as const).flatMap((level) =>
      [...(value.policies?.[level]?.workflows?.keys() ?? [])].map((name) => ({
        name,
        at: locate(["policies", level, "workflows", name], "key"),
      })),
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
    scenarios:
      value.scenarios == null
        ? null
        : { pattern: value.scenarios, at: where.locate([...where.path, "scenarios"]) },
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
    logLevelUnknown: false,
    logExecutionData: value.logExecutionData ?? null,
    tracing: value.tracing ?? null,
    needsHistory: value.needsHistory ?? false,
    suppressions: (value.suppress ?? []).map(({ rule, state, reason }, index) => ({
      rule,
      state: state ?? null,
      reason,
      at: where.locate([...where.path, "suppress", index]),
    })),
    states: new Map(states),
  };
}

function buildExecutions(value: WorkflowValue, where: Where): Figure | null {
  const { schedule } = value;
  return (
    figureAt(value.executionsPerMonth, within(where, "executionsPerMonth")) ??
    figureAt(times(value.perSecond, HOURS_PER_MONTH * 3600), within(where, "perSecond")) ??
    figureAt(times(value.perDay, HOURS_PER_MONTH / 24), within(where, "perDay")) ??
    figureAt(
      schedule == null ? null : { value: schedule, low: schedule, high: schedule },
      within(where, "schedule"),
    )
  );
}

function times(range: Range | null | undefined, factor: number): Range | null {
  if (!range) return null;
  return { value: range.value * factor, low: range.low * factor, high: range.high * factor };
}

function buildStateWorkload(state: StateValue, where: Where): StateWorkload {
  return {
    choices: sharesAt(state.choices, within(where, "choices")),
    choicesAt: state.choices ? where.locate([...where.path, "choices"], "key") : null,
    items: figureAt(state.items, within(where, "items")),
    itemKB: figureAt(state.itemKB, within(where, "itemKB")),
    batchItems: figureAt(state.batchItems, within(where, "batchItems")),
    rounds: figureAt(state.rounds, within(where, "rounds")),
    duration: durationAt(state.duration, within(where, "duration")),
    errors: sharesAt(state.errors, within(where, "errors")),
    failureRate: figureAt(state.failureRate, within(where, "failureRate")),
    seenVisits: null,
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
