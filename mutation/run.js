/**
 * Mutation testing: `npm run mutate -- [--sample 100] [--seed 1] [--at-least 0.85] [--tests test/graph] [place…]`. A
 * seeded sample of the mutants of src/graph, src/usage and src/cost, or of folders, files and lines (`file.ts:12`) given in
 * their place, is tried, one after the other, on the tests that run the place it breaks, the quickest first: a mutant is
 * killed when a test fails with it, or runs far longer than without it. Those that survive are printed; the ones that no
 * test can tell from the original stand in equivalent.json, each (or a line, all of whose mutants are such) with why, and
 * are counted apart. Ends with code 1 below the score asked for, and where the tests could not be asked of a mutant.
 */
import { fork } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { randomOf } from "../fuzz/random.js";
import { mutantsOf, mutated } from "./mutants.js";
import { reachOf } from "./reach.js";
import { marked, regionAt, regionsOf } from "./regions.js";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const FOLDERS = ["src/graph", "src/usage", "src/cost"];
/** Tests that count and price; those of how it looks, of files and of forges are not asked. */
const TESTS =
  /^test\/(?:(?:graph|usage|cost|capacity|recommendation|report|scenario|commands)\/.*|worked-numbers)\.test\.ts$/;
/** Tests about size and speed, and of what is built on the counting: they take minutes and tell little more. */
const LEFT_OUT = /^test\/(?:graph\/extremes|recommendation\/split\/|scenario\/(?:hostile|data))/;
/** A file of tests has this many times what it takes without a mutant, and a while besides: machines are busy. */
const PATIENCE = 5;
const WHILE_MS = 120_000;
/** Without a mutant, and to start: whatever takes longer has hung. */
const LONGEST_MS = 600_000;

const { values, positionals } = parseArgs({
  options: {
    sample: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    "at-least": { type: "string", default: "0.85" },
    tests: { type: "string", multiple: true, default: ["test/"] },
  },
  allowPositionals: true,
});
const [sample, seed, atLeast] = [values.sample, values.seed, values["at-least"]].map(Number);
const places = positionals.length === 0 ? FOLDERS : positionals;
if (!Number.isInteger(sample) || sample < 1 || !Number.isInteger(seed) || !(atLeast >= 0 && atLeast <= 1)) {
  console.error("Give --sample as a count, --seed as a whole number, --at-least as a share.");
  process.exit(2);
}

const equivalent = JSON.parse(readFileSync(new URL("equivalent.json", import.meta.url), "utf8"));
const all = places.flatMap(mutantsAt);
const chosen = pick(all, sample);
console.log(`${all.length} mutants in ${places.join(", ")}; ${chosen.length} of them by seed ${seed}`);

const texts = new Map(chosen.map(({ file, text }) => [file, text]));
const regions = new Map([...texts].map(([file, text]) => [file, regionsOf(text)]));

let worker = await startWorker();
const tests = await measuredTests();
const imports = reachOf();
const outcomes = { killed: 0, endless: 0, survived: [], equivalent: 0, unasked: 0 };
for (const [index, mutant] of chosen.entries()) {
  const outcome = await tryMutant(mutant);
  const place = `${mutant.name}:${mutant.line}:${mutant.column}`;
  const change = `${shorten(mutant.before)} → ${mutant.replacement === "" ? "nothing" : mutant.replacement}`;
  console.log(`${index + 1}/${chosen.length} ${outcome} ${place}  ${change}`);
}
// It takes its own group down when nobody listens to it any more.
worker.process.disconnect();
report();

function nameOf(file) {
  return path.relative(root, file).split(path.sep).join("/");
}

/** Of a folder, a file, or a line of one. */
function mutantsAt(place) {
  const [, name, line] = /^(.*?)(?::(\d+))?$/.exec(place);
  const at = path.join(root, name);
  const found = (name.endsWith(".ts") ? [at] : filesIn(at)).flatMap(mutantsIn);
  return line === undefined ? found : found.filter((mutant) => mutant.line === Number(line));
}

/** By name, so that the order of a folder is the same on every machine. */
function filesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => path.join(folder, name));
}

function mutantsIn(file) {
  const text = readFileSync(file, "utf8");
  const name = nameOf(file);
  return mutantsOf(text).map((mutant) => {
    const lines = text.slice(0, mutant.start).split("\n");
    const [line, column] = [lines.length, lines.at(-1).length + 1];
    const before = text.slice(mutant.start, mutant.end);
    return { ...mutant, file, name, text, line, column, before, code: text.split("\n")[line - 1].trim() };
  });
}

/** The first of a seeded shuffle: a larger sample holds the smaller one. */
function pick(list, count) {
  const left = [...list];
  const { below } = randomOf(seed, 0);
  const length = Math.min(count, left.length);
  return Array.from({ length }, () => left.splice(below(left.length), 1)[0]);
}

async function startWorker() {
  const started = fork(new URL("worker.js", import.meta.url), [], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const { ready, broken } = await answerOf(started, () => LONGEST_MS);
  if (ready === undefined) throw new Error(`The tests do not start: ${broken}`);
  return { process: started, ready };
}

/** The tests, each with its time and the regions it runs, the quickest first; all of them must pass. */
async function measuredTests() {
  const files = worker.ready.filter((file) => isAsked(nameOf(file)));
  const markedTexts = [...texts].map(([file, text]) => [file, marked(text, nameOf(file))]);
  const { killedBy, broken, ran } = await ask({ texts: markedTexts, tests: files }, () => LONGEST_MS);
  if (killedBy !== null) throw new Error(`Without any mutant, a test fails: ${killedBy ?? broken}`);
  return ran.sort((a, b) => a.ms - b.ms);
}

function isAsked(name) {
  return TESTS.test(name) && !LEFT_OUT.test(name) && values.tests.some((start) => name.startsWith(start));
}

/** What runs when the file is loaded is run by all that import it. */
function isReached({ test, reached }, { file, name, needs }) {
  const region = regionAt(regions.get(file), needs);
  return region === -1 ? imports(test, file) : (reached[name] ?? []).includes(region);
}

function ask(asked, msOf) {
  const answer = answerOf(worker.process, msOf, asked.tests[0]);
  worker.process.send(asked);
  return answer;
}

/** The worker's; `{ endlessIn, broken }` when a file of tests takes longer than `msOf` lets it, `{ broken }` when it dies. */
function answerOf(asked, msOf, first) {
  return new Promise((resolve) => {
    let timer = null;
    const wait = (test) => {
      clearTimeout(timer);
      timer = setTimeout(end, msOf(test), { endlessIn: test, broken: "they do not end" });
    };
    const hear = (message) => (message.began === undefined ? end(message) : wait(message.began));
    const die = (code, signal) => end({ broken: `the worker ended (${signal ?? code})` });
    const end = (answer) => {
      clearTimeout(timer);
      asked.off("message", hear).off("exit", die);
      resolve(answer);
    };
    asked.on("message", hear).on("exit", die);
    wait(first);
  });
}

async function restartWorker() {
  try {
    process.kill(-Number(worker.process.pid), "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
  worker = await startWorker();
}

async function tryMutant(mutant) {
  const asked = tests.filter((each) => isReached(each, mutant));
  const times = new Map(asked.map(({ test, ms }) => [test, ms]));
  if (asked.length === 0) return survive(mutant, "SURVIVED, no test runs it:");
  const answer = await ask(
    { texts: [[mutant.file, mutated(mutant.text, mutant)]], tests: [...times.keys()] },
    (test) => WHILE_MS + PATIENCE * times.get(test),
  );
  if (answer.endlessIn !== undefined) {
    await restartWorker();
    outcomes.endless++;
    return `killed, never ends (${path.basename(answer.endlessIn)}):`;
  }
  if (answer.broken !== undefined) {
    await restartWorker();
    outcomes.unasked++;
    return `NOT ASKED (${answer.broken}):`;
  }
  if (answer.killedBy !== null) {
    outcomes.killed++;
    return `killed (${answer.killedBy}):`;
  }
  return survive(mutant, "SURVIVED:");
}

function survive(mutant, word) {
  const known = equivalent.find(
    ({ file, code, before = mutant.before, replacement = mutant.replacement }) =>
      file === mutant.name &&
      code === mutant.code &&
      before === mutant.before &&
      replacement === mutant.replacement,
  );
  if (known !== undefined) {
    outcomes.equivalent++;
    return `equivalent (${known.why}):`;
  }
  outcomes.survived.push(mutant);
  return word;
}

function shorten(code) {
  const line = code.replaceAll(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}

function report() {
  const { killed, endless, survived, unasked } = outcomes;
  const told = killed + endless;
  const score = told / (told + survived.length);
  console.log(
    `\n${told} killed (${endless} by never ending), ${survived.length} survived, ${outcomes.equivalent} equivalent${unasked === 0 ? "" : `, ${unasked} NOT ASKED`}: ${(score * 100).toFixed(1)} % of those that a test could tell`,
  );
  for (const { name, line, code, before, replacement } of survived)
    console.log(JSON.stringify({ file: name, line, code, before, replacement }));
  process.exitCode = score >= atLeast && unasked === 0 ? 0 : 1;
}
