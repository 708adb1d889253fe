/** Which entry of a workload file is for which workflow, and what several of them say together. */
import picomatch from "picomatch";
import type { Diagnostic, Place } from "../../diagnostic.ts";
import { bareFileName } from "../bare-file-name.ts";
import { didYouMean } from "../did-you-mean.ts";
import type { WorkflowType } from "../state-machine.ts";
import { matchesWildcard } from "../wildcard.ts";
import type { Workload } from "./workload.ts";
import { overlayState } from "./state-overlay.ts";
import { EMPTY_STATE_WORKLOAD, EMPTY_WORKLOAD } from "./workload.ts";
import type { WorkloadEntry, WorkloadFile } from "./workload-file.ts";

/** What a workflow can be known by. */
export interface WorkflowIdentity {
  readonly name: string;
  /** Path of its definition relative to the workload file's folder, with forward slashes; null for one that lives on AWS. */
  readonly file: string | null;
  /** ARN and other names. */
  readonly aliases: readonly string[];
}

export interface MatchedWorkload {
  readonly workload: Workload;
  readonly type: WorkflowType | null;
  /** The entries that match, least specific first. */
  readonly entries: readonly WorkloadEntry[];
}

/**
 * What a workload file says of a workflow; null when it says nothing of it.
 *
 * Every entry that matches counts, figure by figure; where two give the same figure, the more specific wins: an `arn`
 * before a name, a name before the bare name of
 * a file that counts with its folder, that before a `file` glob, and any of them before `defaults`. Among equals the later one wins.
 * `defaults` hold for every workflow, also for one that no entry is for. `under` is what the workflow's source says of
 * it: whatever the file says stands over it.
 */
export function workloadFor(
  workloadFile: WorkloadFile,
  workflow: WorkflowIdentity,
  under: Workload = EMPTY_WORKLOAD,
): MatchedWorkload | null {
  const ranked = workloadFile.workflows
    .map((entry) => ({ entry, rank: rankOf(entry, workflow) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => a.rank - b.rank);
  const entries = ranked.map(({ entry }) => entry);
  const all = workloadFile.defaults ? [workloadFile.defaults, ...entries] : entries;
  if (all.length === 0) return null;
  return {
    workload: all.reduce(overlay, under),
    type: all.reduce<WorkflowType | null>((type, entry) => entry.type ?? type, null),
    entries,
  };
}

/** The scenario files that the entries for a workflow name: the most specific wins. */
export function scenariosFor(
  { workflows }: WorkloadFile,
  workflow: WorkflowIdentity,
): WorkloadEntry["scenarios"] {
  const ranked = workflows
    .map((entry) => ({ entry, rank: rankOf(entry, workflow) }))
    .filter(({ entry, rank }) => rank > 0 && entry.scenarios !== null)
    .sort((a, b) => a.rank - b.rank);
  return ranked.at(-1)?.entry.scenarios ?? null;
}

/**
 * Entries and budgets that are for none of the workflows. Near misses of a name are warnings, the rest is information: the same file
 * may serve workflows that this run does not look at.
 */
export function diagnoseUnmatchedEntries(
  workloadFile: WorkloadFile,
  workflows: readonly WorkflowIdentity[],
): readonly Diagnostic[] {
  const names = new Set(workflows.map(({ name }) => name));
  const entries = workloadFile.workflows
    .filter((entry) => !workflows.some((workflow) => rankOf(entry, workflow) > 0))
    .map((entry) => {
      const isByName = entry.selector.file === null && entry.selector.arn === null;
      const hint = isByName ? didYouMean(entry.selector.name, names) : null;
      const what = `the figures for ${JSON.stringify(entry.selector.name)} are used by no workflow of this run`;
      return unmatched(what, entry.at, hint);
    });
  const budgets = workloadFile.budgets
    .filter(({ name }) => ![...names].some((known) => matchesWildcard(name, known)))
    .map(({ name, at }) => {
      const what = `the budget for ${JSON.stringify(name)} holds for no workflow of this run`;
      return unmatched(what, at, didYouMean(name, likeNames(name, names)));
    });
  return [...entries, ...budgets];
}

function unmatched(message: string, at: Place, hint: string | null): Diagnostic {
  const severity = hint === null ? "info" : "warning";
  return { code: "unknown-workflow-in-workload", severity, message, at, hint };
}

/** What a misspelt `order-*` may have meant: the beginnings of the names, as long as its own. */
function likeNames(pattern: string, names: ReadonlySet<string>): ReadonlySet<string> {
  const star = pattern.indexOf("*");
  if (star < 0) return names;
  const rest = pattern.slice(star);
  return new Set([...names].map((name) => name.slice(0, star) + rest));
}

/** 0: the entry is for others. */
function rankOf({ selector }: WorkloadEntry, workflow: WorkflowIdentity): 0 | 1 | 2 | 3 | 4 {
  const { name, file, arn } = selector;
  if (arn !== null && workflow.aliases.some((alias) => matchesWildcard(arn, alias))) return 4;
  if (file === null && arn === null) {
    if (workflow.name === name || workflow.aliases.includes(name)) return 3;
    return isBareNameOf(name, workflow) ? 2 : 0;
  }
  return file !== null && workflow.file !== null && matchesGlob(file, workflow.file) ? 1 : 0;
}

/** `flow` for `orders/flow`, which got its folder because its file's name says nothing. */
function isBareNameOf(name: string, workflow: WorkflowIdentity): boolean {
  return workflow.file !== null && bareFileName(workflow.file) === name && workflow.name.endsWith(`/${name}`);
}

function matchesGlob(glob: string, path: string): boolean {
  return picomatch.isMatch(path, glob.replace(/^\.\//, ""), { dot: true });
}

function overlay(under: Workload, { workload: over, needsHistory }: WorkloadEntry): Workload {
  const states = new Map(under.states);
  for (const [key, state] of over.states)
    states.set(key, overlayState(states.get(key) ?? EMPTY_STATE_WORKLOAD, state));
  return {
    executionsPerMonth: over.executionsPerMonth ?? under.executionsPerMonth,
    peakPerSecond: over.peakPerSecond ?? under.peakPerSecond,
    payloadKB: over.payloadKB ?? under.payloadKB,
    logLevel: over.logLevel ?? under.logLevel,
    logLevelUnknown: over.logLevelUnknown || under.logLevelUnknown,
    logExecutionData: over.logExecutionData ?? under.logExecutionData,
    tracing: over.tracing ?? under.tracing,
    needsHistory: needsHistory ?? under.needsHistory,
    suppressions: [...under.suppressions, ...over.suppressions],
    states,
  };
}
