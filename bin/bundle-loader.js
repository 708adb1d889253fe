/**
 * Loads the chunks of the bundle like require(), but with the bytecode that V8 made of them in earlier runs: to compile
 * them again takes as long as all the rest of a small run. What V8 made lies beside the bundle, where nobody can write
 * who could not change the bundle itself, and only the bundle's owner keeps any, so that nobody else's files lie there. A
 * folder that cannot be written to, and a cache that is not what was written, cost time and nothing else. Node's own
 * compile cache begins with Node 22, and lies where anyone can write.
 */
"use strict";
const { isAscii } = require("node:buffer");
const {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require("node:fs");
const path = require("node:path");
const { Script } = require("node:vm");

/** Before the code: how often nothing was added to it, a sketch of it and of its source, and when the source was written. V8 copies code that begins at no multiple of 8. */
const HEADER_BYTES = 16;
/** In place of how often: a long run made it. */
const BY_LONG_RUN = 0xffff_ffff;
/** Of a sketch: about one in each block that a disk writes, and all of a short text. */
const SAMPLES = 256;
const HEAD = "(function (exports, require, module, __filename, __dirname) { ";
const TAIL = "\n});";
/** The exit code of a run that did all its work and found what it was told to look for. */
const GATE_FAILED = 1;

/** Of the processor's time: several times what a small run takes. */
const LONG_MICROSECONDS = 1_500_000;
/** What grows by less than this says nothing new. */
const GROWTH = 1.01;
/** Runs of another kind add to what is kept: whether one did is asked at each run at first, and ever more seldom while none does. */
const dueAfterMs = (vainly) => (vainly === 0 ? 0 : 1000 * 4 ** vainly);

/**
 * `load` gives the exports of a chunk by its file name; `keepCode` keeps, for the next run, what this one had to compile:
 * not of a run that failed, which has seen little of it.
 */
exports.openBundle = function openBundle(folder) {
  const caches = path.join(folder, "code-cache");
  const cache = path.join(caches, `${process.version}-${process.arch}-${flagsKey()}`);
  const modules = new Map();
  const loaded = [];
  let isWorthKeeping = false;

  function load(name) {
    const known = modules.get(name);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    modules.set(name, module);
    try {
      evaluate(name, module);
    } catch (error) {
      modules.delete(name);
      throw error;
    }
    return module.exports;
  }

  function evaluate(name, module) {
    const run = compile(name).runInThisContext();
    run(module.exports, requireFrom, module, path.join(folder, name), folder);
  }

  function requireFrom(id) {
    return id.startsWith("./") ? load(id.slice("./".length)) : require(id);
  }

  function compile(name) {
    const filename = path.join(folder, name);
    const source = readSource(filename);
    const kept = keptCode(path.join(cache, name), source);
    const options = { filename, cachedData: kept?.data, columnOffset: -HEAD.length };
    const script = new Script(textOf(source.bytes), options);
    const known = script.cachedDataRejected ? undefined : kept;
    loaded.push({ name, source, script, known });
    isWorthKeeping ||=
      known === undefined || known.vainly === BY_LONG_RUN || known.ageMs > dueAfterMs(known.vainly);
    return script;
  }

  function keepCode(exitCode) {
    if (!isWorthKeeping || exitCode > GATE_FAILED || process.env.NODE_DISABLE_COMPILE_CACHE) return;
    try {
      if (!isOwn(folder)) return;
      // One by one: where the bundle is gone by now, nothing is made.
      for (const each of [caches, cache]) makeFolder(each);
      const isLong = process.cpuUsage().user > LONG_MICROSECONDS;
      for (const { name, ...made } of loaded) keepOne(path.join(cache, name), made, isLong);
    } catch {
      // It is compiled again the next time.
    }
  }

  return { load, keepCode };
};

/** Within the function that gives it what a module is given; put together here, since V8 would copy it for that. `time` is when it was written. */
function readSource(file) {
  const opened = openSync(file);
  try {
    const { size, mtimeMs: time } = fstatSync(opened);
    const bytes = Buffer.allocUnsafe(HEAD.length + size + TAIL.length);
    bytes.write(HEAD);
    let end = HEAD.length;
    for (let read = 1; read > 0; end += read) read = readSync(opened, bytes, end, HEAD.length + size - end);
    end += bytes.write(TAIL, end);
    return { bytes: bytes.subarray(0, end), time };
  } finally {
    closeSync(opened);
  }
}

/** Nearly all chunks are ASCII, which needs no decoding. */
function textOf(bytes) {
  return bytes.toString(isAscii(bytes) ? "latin1" : "utf8");
}

/**
 * V8 looks at no more than the lengths of code and source, and would crash of what a power cut left out or mixed. That is
 * whole blocks, and a text that was changed has another time: so a sketch tells both. A checksum would tell each bit, but
 * Node's come with its streams, which take longer to load than all of this to read.
 */
function keptCode(file, source) {
  let bytes, ageMs;
  try {
    bytes = readFileSync(file);
    ageMs = Date.now() - statSync(file).mtimeMs;
  } catch {
    return undefined;
  }
  if (bytes.length <= HEADER_BYTES) return undefined;
  const data = bytes.subarray(HEADER_BYTES);
  const vainly = bytes.readUInt32LE(0);
  const isWhole = headerOf(data, source, vainly).equals(bytes.subarray(0, HEADER_BYTES));
  return isWhole ? { data, vainly, ageMs } : undefined;
}

/**
 * With the code V8 keeps which of it has been hot, and then makes machine code of that in every run to come, however
 * short. So a long run adds nothing to what is known; and where it had to begin, the first short run throws that away.
 */
function keepOne(file, { script, source, known }, isLong) {
  if (known === undefined) {
    writeWhole(file, inFile(script.createCachedData(), source, isLong ? BY_LONG_RUN : 0));
  } else if (!isLong) {
    if (known.vainly === BY_LONG_RUN) return rmSync(file, { force: true });
    const made = script.createCachedData();
    const isMore = made.length > known.data.length * GROWTH;
    writeWhole(file, inFile(isMore ? made : known.data, source, isMore ? 0 : known.vainly + 1));
  }
}

function inFile(data, source, vainly) {
  return Buffer.concat([headerOf(data, source, vainly), data]);
}

function headerOf(data, { bytes, time }, vainly) {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(vainly, 0);
  header.writeInt32LE(sketch(data, sketch(bytes, data.length)), 4);
  header.writeDoubleLE(time, 8);
  return header;
}

/** Of every so many bytes, as a 32-bit integer. */
function sketch(bytes, seed) {
  const step = Math.ceil(bytes.length / SAMPLES);
  let sum = seed;
  for (let at = 0; at < bytes.length; at += step) sum = (Math.imul(sum, 31) + bytes[at]) | 0;
  return sum;
}

/** V8 takes no code that was made under other flags of its own; most of Node's are none. */
function flagsKey() {
  const flags = [process.env.NODE_OPTIONS ?? "", ...process.execArgv].join("");
  return flags === "" ? "plain" : require("node:v8").cachedDataVersionTag().toString(16);
}

/** Windows knows no such owner. */
function isOwn(folder) {
  return process.geteuid === undefined || statSync(folder).uid === process.geteuid();
}

function makeFolder(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
}

/** Under another name first: one that is killed leaves no half file; what two at once would mix, its sketch tells. */
function writeWhole(file, bytes) {
  writeFileSync(`${file}.new`, bytes);
  renameSync(`${file}.new`, file);
}
