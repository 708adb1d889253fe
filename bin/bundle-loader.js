/**
 * Loads the chunks of the bundle like require(), but with the bytecode that V8 made of them in earlier runs: to compile
 * them again takes as long as all the rest of a small run. What V8 made lies beside the bundle, where nobody can write
 * who could not change the bundle itself, and only the bundle's owner keeps any, so that nobody else's files lie there. A
 * folder that cannot be written to, and a cache that is not what was written, cost time and nothing else. Node's own
 * compile cache begins with Node 22, and lies where anyone can write.
 */
"use strict";
const { isAscii } = require("node:buffer");
const { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { Script } = require("node:vm");
const { crc32 } = require("node:zlib");

/** Before the data: the checksum of all that follows and of the source, for V8 looks at no more than their lengths; and how often nothing was added. */
const CHECKSUM_BYTES = 4;
const HEADER_BYTES = 8;
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
    const source = readFileSync(filename);
    const sum = crc32(source);
    const kept = keptCode(path.join(cache, name), sum);
    const options = { filename, cachedData: kept?.data, columnOffset: -HEAD.length };
    const script = new Script(HEAD + textOf(source) + TAIL, options);
    const known = script.cachedDataRejected ? undefined : kept;
    loaded.push({ name, sum, script, known });
    isWorthKeeping ||= known === undefined || known.ageMs > dueAfterMs(known.vainly);
    return script;
  }

  function keepCode(exitCode) {
    if (!isWorthKeeping || exitCode > GATE_FAILED || process.env.NODE_DISABLE_COMPILE_CACHE) return;
    try {
      if (!isOwn(folder)) return;
      // One by one: where the bundle is gone by now, nothing is made.
      for (const each of [caches, cache]) makeFolder(each);
      const kept = isLong() ? loaded.filter(({ known }) => known === undefined) : loaded;
      for (const { name, ...made } of kept) writeWhole(path.join(cache, name), grown(made));
    } catch {
      // It is compiled again the next time.
    }
  }

  return { load, keepCode };
};

/** Nearly all chunks are ASCII, which needs no decoding. */
function textOf(source) {
  return source.toString(isAscii(source) ? "latin1" : "utf8");
}

/** `sum` is the source's checksum. */
function keptCode(file, sum) {
  let bytes, ageMs;
  try {
    bytes = readFileSync(file);
    ageMs = Date.now() - statSync(file).mtimeMs;
  } catch {
    return undefined;
  }
  if (bytes.length <= HEADER_BYTES) return undefined;
  if (bytes.readUInt32LE(0) !== crc32(bytes.subarray(CHECKSUM_BYTES), sum)) return undefined;
  return { data: bytes.subarray(HEADER_BYTES), vainly: bytes.readUInt32LE(CHECKSUM_BYTES), ageMs };
}

/**
 * Whether the run was too long to add to what is known: with the code V8 keeps which of it has been hot, and then makes
 * machine code of that in every run to come, however short; and what it did not need again it has thrown away.
 */
function isLong() {
  return process.cpuUsage().user > LONG_MICROSECONDS;
}

/** What is known, with what this run compiled besides. */
function grown({ script, sum, known }) {
  const made = script.createCachedData();
  if (known === undefined) return withHeader(made, { sum, vainly: 0 });
  const isMore = made.length > known.data.length * GROWTH;
  return withHeader(isMore ? made : known.data, { sum, vainly: isMore ? 0 : known.vainly + 1 });
}

function withHeader(data, { sum, vainly }) {
  const bytes = Buffer.concat([Buffer.alloc(HEADER_BYTES), data]);
  bytes.writeUInt32LE(vainly, CHECKSUM_BYTES);
  bytes.writeUInt32LE(crc32(bytes.subarray(CHECKSUM_BYTES), sum), 0);
  return bytes;
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

/** Under another name first: one that is killed leaves no half file; what two at once would mix, its checksum tells. */
function writeWhole(file, bytes) {
  writeFileSync(`${file}.new`, bytes);
  renameSync(`${file}.new`, file);
}
