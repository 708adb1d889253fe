/** What is wrong with a workload file's values, in words that say what to write instead. */
import type { Diagnostic, Place } from "../../diagnostic.ts";
import { didYouMean } from "../did-you-mean.ts";
import { quoted } from "./quantity.ts";
import type { Range } from "./quantity.ts";
import type { StateValue, WorkflowValue, WorkloadFileValue } from "./workload-file-schema.ts";
import type { Path, WorkloadText } from "./workload-text.ts";

type Locate = WorkloadText["locate"];

function errorAt(at: Place, message: string): Diagnostic {
  return { code: "invalid-workload-file", severity: "error", message, at, hint: null };
}

/** What is needed of an issue that the schema raises (zod 4, with `reportInput`). */
export interface Issue {
  readonly code: string;
  readonly path: (string | number)[];
  readonly message: string;
  readonly input?: unknown;
  readonly expected?: string;
  readonly values?: readonly string[];
  readonly keys?: readonly string[];
}

export function issueDiagnostics(issue: Issue, locate: Locate): Diagnostic[] {
  if (issue.code === "unrecognized_keys") {
    const lines = issue.message.split("\n");
    return (issue.keys ?? []).map((key, index) =>
      errorAt(locate([...issue.path, key], "key"), lines[index] ?? issue.message),
    );
  }
  const name = issue.path.at(-1);
  const subject = name === undefined || typeof name === "number" ? "" : `${displayKey(name)}: `;
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
    return `${written} is not known${meant ? `. ${meant}` : `: write ${issue.values.join(" or ")}`}`;
  }
  if (issue.code === "invalid_format") return `${written} is no AWS region: write a name such as us-east-1`;
  if (issue.code !== "invalid_type") return issue.message;
  if (issue.input === undefined) return "it is missing";
  if (issue.expected === "array")
    return `${written} stands where a list belongs: begin each of its lines with -`;
  if (issue.expected === "boolean") return `${written} is neither true nor false: write true or false`;
  if (issue.expected === "object") return `${written} stands where keys belong: write a group of key: value`;
  return `${written} is not text: write it in quotes`;
}

/** What no key shows alone: two ways to say how often, shares that are more than the whole. */
export function contradictions(value: WorkloadFileValue, locate: Locate): Diagnostic[] {
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
