/** Analyses every definition below a folder and holds each to the laws, and the folder's index to what was found. */
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { reasonOf } from "./corpus-reasons.js";
import { declarationChecks } from "./declared-machines.js";
import { bundleSource } from "./import-source.js";

const SECONDS_FOR_ALL_FILES = 120;
const SECONDS_PER_DEFINITION = 60;

/** What the worker imports of src/, by the key it uses. */
const MODULES = {
  analysis: "src/report/build-analysis.ts",
  changed: "src/recommendation/changed-workflow.ts",
  choice: "src/recommendation/type-choice.ts",
  eligibility: "src/recommendation/express-eligibility.ts",
  estimates: "src/cost/workflow-estimates.ts",
  find: "src/source/find-workflows.ts",
  jsonata: "src/commands/jsonata-parser.ts",
  lines: "src/cost/line-item.ts",
  placed: "src/recommendation/placed-state.ts",
  plausible: "src/recommendation/plausible-data.ts",
  prices: "src/cost/known-price-lists.ts",
  profile: "src/graph/execution-profile.ts",
  renderers: "src/render/analysis-renderers.ts",
  review: "src/recommendation/workflow-review.ts",
  rules: "src/recommendation/rule-list.ts",
  shell: "src/node-shell.ts",
  spent: "src/graph/spent.ts",
  trace: "src/scenario/execution-trace.ts",
};

async function main([folder, ...flags]) {
  if (folder === undefined) throw new Error("usage: npm run check:corpus -- <folder> [--verbose]");
  const { urls, remove } = await bundleSource(MODULES);
  try {
    const { definitions, unreadable } = await checkDefinitions(path.resolve(folder), urls);
    const files = byFile(definitions, path.resolve(folder));
    const marked = await readIndex(folder);
    const index = marked ?? unmarked(files);
    const texts = await readAll(folder, index);
    // An index counts for itself; without one a search of the text does.
    const counted = marked === null ? await declarationChecks(folder, { definitions, unreadable }) : [];
    const checks = [...definitions.flatMap(lawChecks), ...indexChecks(index, { files, texts }), ...counted];
    report(definitions, { checks, verbose: flags.includes("--verbose") });
  } finally {
    await remove();
  }
}

/** Everything found, with what its analysis gave; a definition that hangs costs its own time limit, not the run. */
async function checkDefinitions(folder, urls) {
  const open = async () => {
    const worker = new Worker(new URL("corpus-worker.js", import.meta.url), { workerData: { folder, urls } });
    const { found, unreadable } = await answerOf(worker, SECONDS_FOR_ALL_FILES);
    return { worker, found, unreadable };
  };
  const first = await open();
  let { worker } = first;
  const checked = [];
  for (const definition of first.found) {
    if (definition.index === null) {
      checked.push({ ...definition, broken: [], problems: [], milliseconds: 0 });
      continue;
    }
    const start = performance.now();
    worker.postMessage(definition.index);
    const answer = await answerOf(worker, SECONDS_PER_DEFINITION).catch((error) => error);
    const milliseconds = performance.now() - start;
    if (answer instanceof Error) {
      await worker.terminate();
      ({ worker } = await open());
      checked.push({ ...definition, broken: [answer.message], problems: [], milliseconds });
    } else checked.push({ ...definition, ...answer.checked, milliseconds });
  }
  await worker.terminate();
  return { definitions: checked, unreadable: first.unreadable };
}

/** The worker's next message; an error when it dies first, or takes too long. */
function answerOf(worker, seconds) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => settle(() => reject(new Error(`no answer in ${seconds} s`))),
      seconds * 1000,
    );
    const onMessage = (message) => settle(() => resolve(message));
    const onError = (error) => settle(() => reject(error));
    const settle = (finish) => {
      clearTimeout(late);
      worker.off("message", onMessage);
      worker.off("error", onError);
      finish();
    };
    worker.on("message", onMessage);
    worker.on("error", onError);
  });
}

/** Columns of index.tsv by name, one object a row; null without the file. */
async function readIndex(folder) {
  if (!(await readdir(folder)).includes("index.tsv")) return null;
  const [head, ...rows] = (await readFile(path.join(folder, "index.tsv"), "utf8")).trimEnd().split("\n");
  const names = head.split("\t");
  return rows.map((row) => {
    const cells = row.split("\t");
    return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ""]));
  });
}

function byFile(definitions, folder) {
  const files = new Map();
  for (const definition of definitions) {
    const own = path.relative(folder, path.resolve(definition.file)).replaceAll(path.sep, "/");
    files.set(own, [...(files.get(own) ?? []), definition]);
  }
  return files;
}

async function readAll(folder, index) {
  const texts = index.map(async (row) => [row.path, await readFile(path.join(folder, row.path), "utf8")]);
  return new Map(await Promise.all(texts));
}

/** One check per definition that was analysed: the laws hold. */
function lawChecks({ index, name, file, broken }) {
  return index === null ? [] : [{ what: `${file} (${name})`, failures: broken, disagreement: null }];
}

/** Without an index each file is taken to hold valid definitions, all of them to be analysed. */
function unmarked(files) {
  return [...files].map(([file, found]) => ({
    path: file,
    definitions: found.length,
    kind: "",
    negative: "",
  }));
}

/** One check per row: as many definitions as the index counts; errors in those marked, and only there. */
function indexChecks(index, { files, texts }) {
  return index.map((row) => {
    const found = files.get(row.path) ?? [];
    const errors = found.flatMap((definition) => [...definition.errors, ...definition.problems]);
    const disagreement = disagreementOf(row, { found, errors });
    if (disagreement === null) return { what: row.path, failures: [], disagreement };
    const warnings = found.flatMap((definition) => definition.warnings);
    const text = texts.get(row.path);
    const reason = reasonOf({ kind: disagreement.kind, row, found, errors, warnings, text });
    return {
      what: row.path,
      failures: reason === null ? [`${disagreement.text}, and no reason is known`] : [],
      disagreement: disagreement.text,
      reason,
    };
  });
}

/** Null when the index and the analysis agree. */
function disagreementOf({ definitions, negative }, { found, errors }) {
  const analysed = found.filter(({ index }) => index !== null).length;
  if (negative !== "")
    return errors.length > 0 ? null : { kind: "no error in invalid", text: "invalid there, no error here" };
  if (errors.length > 0)
    return { kind: "error in valid", text: `valid there, an error here: ${errors[0].message}` };
  if (analysed !== Number(definitions) || found.length !== analysed)
    return {
      kind: "count",
      text: `${definitions} definitions there, ${found.length} found here, ${analysed} analysed`,
    };
  return null;
}

const FIGURES = "needs figures that only stepfare.yml declares, and public definitions come without one";

/** Why rules find nothing in definitions that people publish; each has a case in test/recommendation. */
const UNTOLD = {
  "costly-express-workflow": `${FIGURES}: a long duration`,
  "costly-retries": `${FIGURES}: a failure rate`,
  "early-first-wait": `${FIGURES}: rounds of a loop`,
  "large-inline-map": `${FIGURES}: items`,
  "outgrown-inline-map": `${FIGURES}: items`,
  "oversized-batch": `${FIGURES}: the size of an item`,
  "contradicting-timeouts": "no Task has a longer timeout than what is around it",
  "futile-retry": "no Retrier names an error of the definition itself, or a refusal",
  "swallowed-input": "each Catcher that replaces the input leads to a state that does not read it",
  "unreachable-catcher": "no Catcher names only errors that earlier ones catch",
  "undo-out-of-order": "the sagas there undo in reverse order",
  "undo-without-retry": "the sagas there retry their undos",
  "unreachable-retrier": "no Retrier names only errors that an earlier one names",
};

const SHOWN_FAILURES = 5;

function report(definitions, { checks, verbose }) {
  const kinds = new Map();
  for (const { foundIn } of definitions) kinds.set(foundIn, (kinds.get(foundIn) ?? 0) + 1);
  console.log(`found: ${[...kinds].map(([kind, count]) => `${count} ${kind}`).join(", ")}`);
  const slowest = definitions.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, verbose ? 10 : 3);
  for (const { file, milliseconds } of slowest) console.log(`slow: ${milliseconds.toFixed(0)} ms ${file}`);
  printRules(definitions, verbose);
  for (const { what, failures, disagreement, reason } of checks) {
    if (failures.length > 0) console.log(`failed: ${what}`);
    else if (disagreement !== null) console.log(`differs: ${what}\n  ${disagreement}\n  because: ${reason}`);
    for (const failure of failures.slice(0, verbose ? Infinity : SHOWN_FAILURES)) console.log(`  ${failure}`);
  }
  const failed = checks.filter(({ failures }) => failures.length > 0).length;
  console.log(`${checks.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** How often each rule is told, and why the others are not. */
function printRules(definitions, verbose) {
  const told = new Map();
  for (const rule of definitions.flatMap((definition) => definition.told ?? []))
    told.set(rule, (told.get(rule) ?? 0) + 1);
  const silent = Object.keys(UNTOLD).filter((rule) => !told.has(rule));
  console.log(`rules: ${told.size} told, ${[...told.values()].reduce((sum, count) => sum + count, 0)} times`);
  if (!verbose) return;
  for (const [rule, count] of [...told].toSorted((a, b) => b[1] - a[1])) console.log(`  ${count} ${rule}`);
  for (const rule of silent) console.log(`  0 ${rule}: ${UNTOLD[rule]}`);
}

await main(process.argv.slice(2));
