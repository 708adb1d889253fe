/**
 * The fuzzer: `npm run fuzz -- [--seconds 600] [--seed 1] [reader…]`. Every reader of text from outside is given hostile
 * texts, the time shared out evenly; a crash, a hang or a changed prototype is printed with the smallest text that shows it.
 * `--case reader:index` runs one case of a seed again and prints it. Ends with code 1 when anything was found.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { bundleSource } from "../scripts/import-source.js";
import { caseOf, corpusOf } from "./cases.js";
import { MODULES, READERS } from "./readers.js";

/** Real time that one case may take: a hundred times what any takes on a busy machine. */
const HANGS_AFTER_MS = 20_000;
const LOOK_EVERY_MS = 100;
/** Kinds of fault shown of each reader. */
const SHOWN = 5;

const { values, positionals } = parseArgs({
  options: { seconds: { type: "string" }, seed: { type: "string" }, case: { type: "string" } },
  allowPositionals: true,
});
const seed = Number(values.seed ?? 1 + Math.floor(Math.random() * 1e9));
const seconds = Number(values.seconds ?? 60);
const names = positionals.length === 0 ? Object.keys(READERS) : positionals;
const unknown = names.filter((name) => !Object.hasOwn(READERS, name));
if (unknown.length > 0 || !(seconds > 0) || !Number.isInteger(seed)) {
  console.error(
    `Give --seconds and --seed as numbers, and readers of these: ${Object.keys(READERS).join(", ")}.`,
  );
  process.exit(2);
}

if (values.case !== undefined) {
  const [name, index] = values.case.split(":");
  process.stdout.write(caseOf(await corpusOf(name), seed, Number(index)));
  process.exit(0);
}

console.log(`seed ${seed}; ${names.length} readers, ${seconds} s in all`);
const { urls, remove } = await bundleSource(MODULES);
let faults = 0;
try {
  for (const name of names) faults += await fuzz(name, (seconds * 1000) / names.length);
} finally {
  await remove();
}
console.log(faults === 0 ? "nothing found" : `${faults} kinds of fault found`);
process.exitCode = faults === 0 ? 0 : 1;

/** Fuzzes one reader for so long; gives how many kinds of fault showed. */
async function fuzz(name, milliseconds) {
  const began = performance.now();
  const until = began + milliseconds;
  const kinds = new Map();
  let [from, hangs] = [0, 0];
  let busyMs = 0;
  while (performance.now() < until && hangs < SHOWN) {
    const stretch = await runStretch({ name, from, until, kinds });
    busyMs += stretch.busyMs;
    from = stretch.next;
    if (stretch.hung !== null) {
      hangs++;
      const text = caseOf(await corpusOf(name), seed, stretch.hung);
      report({ name, index: stretch.hung, fault: `no answer after ${HANGS_AFTER_MS / 1000} s`, text });
    }
  }
  for (const found of [...kinds.values()].slice(0, SHOWN)) report({ name, ...found });
  const rate = Math.round(from / (busyMs / 1000));
  console.log(`${name}: ${from} cases, ${rate} a second, ${kinds.size} kinds of crash, ${hangs} hangs`);
  return kinds.size + hangs;
}

/** One worker's life: until the time is over, or a case hangs. */
async function runStretch({ name, from, until, kinds }) {
  const standing = new Int32Array(new SharedArrayBuffer(12));
  // Started counting only once the modules are loaded.
  standing[0] = from - 1;
  const worker = new Worker(new URL("worker.js", import.meta.url), {
    workerData: { name, seed, from, urls, standing },
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  const died = new Promise((_, reject) => worker.on("error", reject));
  died.catch(() => undefined);
  const waiting = [];
  worker.on("message", (message) => {
    if (message.fault !== undefined && !kinds.has(message.sign)) kinds.set(message.sign, message);
    for (const take of waiting.splice(0)) take(message);
  });
  const began = performance.now();
  let [last, since, crash] = [-1, performance.now(), null];
  died.catch((error) => (crash = error));
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const now = performance.now();
    const index = Atomics.load(standing, 0);
    if (index !== last) [last, since] = [index, now];
    if (crash !== null) {
      kinds.set(`died ${crash.message}`, {
        index,
        text: caseOf(await corpusOf(name), seed, index),
        fault: `the process died: ${crash.message}`,
      });
      return { next: index + 1, hung: null, busyMs: now - began };
    }
    if (now - since > HANGS_AFTER_MS && index >= from) {
      await worker.terminate();
      return { next: index + 1, hung: index, busyMs: now - began };
    }
    if (now >= until && index >= from) break;
  }
  Atomics.store(standing, 2, 1);
  const heard = (pick) =>
    new Promise((resolve) =>
      waiting.push(function take(message) {
        if (pick in message) resolve(message);
        else waiting.push(take);
      }),
    );
  const ended = await Promise.race([heard("ended"), died, later()]);
  for (const found of [...kinds.values()].slice(0, SHOWN)) {
    if (ended === null || found.smallest !== undefined) continue;
    const shrunk = heard("smallest");
    worker.postMessage({ shrink: found });
    found.smallest = (await Promise.race([shrunk, died.catch(() => null), later()]))?.smallest ?? found.text;
  }
  const busyMs = performance.now() - began;
  await worker.terminate();
  if (ended === null) return { next: last + 1, hung: last, busyMs };
  return { next: ended.ended, hung: null, busyMs };
}

function later() {
  return new Promise((resolve) => setTimeout(resolve, HANGS_AFTER_MS, null).unref());
}

function report({ name, index, fault, text, smallest = text }) {
  console.log(`\n!! ${name}, case ${index} (again: npm run fuzz -- --seed ${seed} --case ${name}:${index})`);
  console.log(fault.split("\n").slice(0, 8).join("\n"));
  console.log(`smallest text that shows it, ${smallest.length} of ${text.length} characters:`);
  console.log(JSON.stringify(smallest.length > 2000 ? `${smallest.slice(0, 2000)}…` : smallest));
}
