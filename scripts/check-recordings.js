/**
 * Checks histories recorded on AWS against the scenario room: `npm run check:recordings -- <file.ndjson>`, one
 * `{ case, definition, input, events }` a line. Every execution is acted out with the task results it recorded; the
 * states entered, in order within each branch, and the end must be the same.
 */
import { readFile } from "node:fs/promises";
import process from "node:process";
import { importSource } from "./import-source.js";
import { readRecording } from "./recorded-execution.js";
import { fillMoments, hasMoments, isRecorded } from "./recorded-value.js";

/** Why a trace may differ from a recording though both are right; the first that applies is printed. */
const REASONS = [
  ["stopped from outside", ({ recording }) => recording.status === null],
  ["what an ItemReader read is not recorded", ({ execution }) => holds(execution.definition, "ItemReader")],
  ["the value that decides is recorded as a placeholder", ({ execution }) => hasMoments(given(execution))],
  ["no reason known", () => true],
];

/** What decides how an execution goes, beside its tasks. */
function given({ definition, input }) {
  return { definition, input };
}

function holds(definition, field) {
  return JSON.stringify(definition).includes(`"${field}":`);
}

function reasonOf(check) {
  const [reason] = REASONS.find(([, applies]) => applies(check));
  return reason;
}

const MOMENT = "2020-01-01T00:00:00Z";

async function main([file, ...flags]) {
  if (file === undefined) throw new Error("usage: npm run check:recordings -- <file.ndjson> [--verbose]");
  const source = await importSource({
    trace: "src/scenario/execution-trace.ts",
    history: "src/observation/read-history.ts",
  });
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line.trim() !== "");
  const checks = [];
  for (const line of lines) checks.push(await check(JSON.parse(line), source));
  report(checks, flags.includes("--verbose"));
  process.exitCode = checks.some(({ differences }) => differences.length > 0) ? 1 : 0;
}

async function check(execution, source) {
  const recording = readRecording(execution);
  const observed = source.history.readHistory(execution.events);
  // A placeholder stands for a moment, or for a text that only looked like one: the recording does not say which.
  const readings = hasMoments(given(execution))
    ? [(value) => fillMoments(value, MOMENT), (value) => value]
    : [(value) => value];
  let best = null;
  for (const read of readings) {
    const attempt = await compare(read(given(execution)), { execution, recording, observed, source });
    if (best === null || misses(attempt) < misses(best)) best = attempt;
  }
  return best;
}

/** States and end weigh more than output and event count. */
function misses({ differences, events, output }) {
  return differences.length * 10 + (events === false ? 1 : 0) + (output === false ? 1 : 0);
}

async function compare(read, { execution, recording, observed, source }) {
  const { definition, input } = read;
  let trace;
  try {
    trace = await source.trace.traceExecution(definition, {
      input,
      results: recording.results,
      context: recording.context,
    });
  } catch (error) {
    return {
      execution,
      recording,
      differences: [`not traced: ${error.stack}`],
    };
  }
  const differences = [
    ...compareObserved(recording, observed, trace),
    ...compareEntered(definition, recording, trace),
    ...(recording.status === null || recording.status === trace.status
      ? []
      : [`ended ${recording.status}, traced ${trace.status} (${trace.error?.error}: ${trace.error?.cause})`]),
  ];
  return {
    execution,
    recording,
    trace,
    differences,
    ...compareEnd(recording, trace),
  };
}

/** What the observation room counts in the events, the trace must count in what it did. */
function compareObserved(recording, observed, trace) {
  const pairs = [
    ["states entered", observed.entered, recording.entered.length],
    ...(recording.status === null
      ? []
      : [
          ["end", observed.status, trace.status],
          ["retries", observed.retries, trace.retries],
          ["transitions", observed.transitions, trace.transitions],
        ]),
  ];
  return pairs
    .filter(([, seen, done]) => seen !== done)
    .map(([what, seen, done]) => `${what}: readHistory gives ${seen}, the trace ${done}`);
}

function compareEntered(definition, recording, trace) {
  const scopes = scopesByName(definition);
  const recorded = byBranch(recording.entered, scopes);
  const traced = byBranch(trace.entered, scopes);
  const differences = [];
  for (const branch of new Set([...recorded.keys(), ...traced.keys()])) {
    const [was, is] = [recorded.get(branch) ?? [], traced.get(branch) ?? []];
    const comparable = recording.status === null ? is.slice(0, was.length) : is;
    if (JSON.stringify(was) !== JSON.stringify(comparable)) {
      differences.push(`entered ${was.join(" → ")}, traced ${is.join(" → ")} (${branch})`);
    }
  }
  return differences;
}

/** Names of states in order, by Map iteration and by the scope the name stands in. */
function byBranch(entered, scopes) {
  const branches = new Map();
  for (const { name, index } of entered) {
    const branch = `iteration ${index}, scope ${scopes.get(name) ?? "unknown"}`;
    branches.set(branch, [...(branches.get(branch) ?? []), name]);
  }
  return branches;
}

function scopesByName(definition, pointer = "", found = new Map()) {
  for (const [name, state] of Object.entries(definition.States ?? {})) {
    found.set(name, found.has(name) ? `${found.get(name)} or ${pointer}` : pointer);
    for (const [at, branch] of (state.Branches ?? []).entries())
      scopesByName(branch, `${pointer}/${name}/${at}`, found);
    const processor = state.ItemProcessor ?? state.Iterator;
    if (processor) scopesByName(processor, `${pointer}/${name}`, found);
  }
  return found;
}

function compareEnd(recording, trace) {
  const { end, status } = recording;
  if (status === null) return { events: null, output: null };
  const shown = status === "SUCCEEDED" ? end.output : { error: end.error ?? null, cause: end.cause ?? null };
  const traced = status === "SUCCEEDED" ? trace.output : (trace.error ?? {});
  return {
    events: trace.historyEvents === recording.historyEvents,
    output: shown === undefined ? null : isRecorded(shown, traced),
    shown,
    traced,
  };
}

function report(checks, verbose) {
  const failed = checks.filter(({ differences }) => differences.length > 0);
  const stopped = checks.filter(({ recording }) => recording.status === null).length;
  if (stopped > 0) console.log(`${stopped} stopped from outside: compared as far as they went`);
  for (const each of failed) {
    console.log(`differs: ${each.execution.case}\n  because: ${reasonOf(each)}`);
    for (const difference of each.differences) console.log(`  ${difference}`);
  }
  reportShare(checks, verbose, {
    title: "history events equal",
    key: "events",
    explain: ({ recording, trace }) => `recorded ${recording.historyEvents}, traced ${trace.historyEvents}`,
  });
  reportShare(checks, verbose, {
    title: "output or error equal",
    key: "output",
    explain: ({ shown, traced }) =>
      `recorded ${JSON.stringify(shown)}\n    traced   ${JSON.stringify(traced)}`,
  });
  console.log(`${checks.length - failed.length} passed, ${failed.length} failed`);
}

/** `measure.key` is the comparison's field of a check; `measure.explain` tells what the two sides hold. */
function reportShare(checks, verbose, measure) {
  const known = checks.filter((each) => typeof each[measure.key] === "boolean");
  const unequal = known.filter((each) => !each[measure.key]);
  console.log(`${measure.title}: ${known.length - unequal.length} of ${known.length}`);
  for (const each of unequal) {
    console.log(`  not: ${each.execution.case}\n    because: ${reasonOf(each)}`);
    if (verbose) console.log(`    ${measure.explain(each)}`);
  }
}

await main(process.argv.slice(2));
