/** The fuzz worker runs cases of one reader, one after the other; where it stands can be seen from outside, so that a case that hangs is known. */
import { parentPort, workerData } from "node:worker_threads";
import { importAll } from "../scripts/import-source.js";
import { caseOf, corpusOf } from "./cases.js";
import { READERS, isAnswer } from "./readers.js";

const { name, seed, from, urls, standing } = workerData;
const modules = await importAll(urls);
const corpus = await corpusOf(name);
const reader = READERS[name];

const PROTOTYPES = [
  Object,
  Array,
  Function,
  String,
  Number,
  Boolean,
  Map,
  Set,
  Promise,
  Error,
  RegExp,
  Date,
].map(({ prototype }) => prototype);
const untouched = PROTOTYPES.map(shapeOf);

/** Keys and what stands under them. */
function shapeOf(prototype) {
  return Reflect.ownKeys(prototype).map((key) => [key, Object.getOwnPropertyDescriptor(prototype, key)]);
}

function pollution() {
  for (const [index, prototype] of PROTOTYPES.entries()) {
    const before = new Map(untouched[index]);
    for (const [key, now] of shapeOf(prototype)) {
      const then = before.get(key);
      if (then?.value === now.value && then?.get === now.get) continue;
      delete prototype[key];
      return `${prototype.constructor.name}.prototype[${typeof key === "symbol" ? key.toString() : JSON.stringify(key)}] was changed`;
    }
  }
  return null;
}

/** Null when all is well, else what went wrong. */
async function faultOf(text, isGood = false) {
  try {
    const wasRead = await reader.run(text, modules);
    if (isGood && !wasRead) return "a good text was not read";
  } catch (error) {
    if (!isAnswer(error) || isGood) return String(error?.stack ?? error);
  }
  return pollution();
}

parentPort.on("message", ({ shrink }) => {
  void smallest(shrink.text, shrink.fault).then((text) => parentPort.postMessage({ smallest: text }));
});

const TRIES = 600;

/** Halves, quarters and so on are left out as long as the same fault shows. */
async function smallest(text, fault) {
  const sign = signOf(fault);
  let best = text;
  let tries = 0;
  for (
    let size = Math.ceil(best.length / 2);
    size >= 1 && tries < TRIES;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < best.length && tries < TRIES; tries++) {
      const shorter = best.slice(0, at) + best.slice(at + size);
      const found = await faultOf(shorter);
      if (found !== null && signOf(found) === sign) best = shorter;
      else at += size;
    }
  }
  return best;
}

/** What makes two faults the same: the message without its figures, and where it was thrown. */
function signOf(fault) {
  const [message = "", ...stack] = fault.split("\n");
  const frame = stack.find((line) => line.includes(".mjs") && !line.includes("node_modules")) ?? "";
  return `${message.replaceAll(/\d+|"[^"]*"/g, "#").slice(0, 80)} ${/at (\S+)/.exec(frame)?.[1] ?? ""}`;
}

for (let index = from; ; index++) {
  Atomics.store(standing, 0, index);
  Atomics.store(standing, 1, Math.round(performance.now()) & 0x7fffffff);
  if (Atomics.load(standing, 2) === 1) break;
  const text = caseOf(corpus, seed, index);
  const fault = await faultOf(text, index < corpus.pool.length);
  if (fault !== null) {
    parentPort.postMessage({ index, text, fault, sign: signOf(fault) });
  }
  // Messages are heard between cases.
  if (index % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
}
parentPort.postMessage({ ended: Atomics.load(standing, 0) });
