/**
 * Loads the chunks of the bundle like require(), but with the bytecode that V8 made of them the first time: to compile
 * them again takes as long as all the rest of a small run. What V8 made lies beside the bundle, where nobody can write
 * who could not change the bundle itself; a folder that cannot be written to, and a cache that is not what was written,
 * cost time and nothing else. Node's own compile cache begins with Node 22, and lies where anyone can write.
 */
"use strict";
const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { Script } = require("node:vm");
const { crc32 } = require("node:zlib");

/** Before the data: the checksum of source and data, for V8 looks at no more than their lengths. */
const CHECKSUM_BYTES = 4;
const HEAD = "(function (exports, require, module, __filename, __dirname) { ";
const TAIL = "\n});";

/** `load` gives the exports of a chunk by its file name; `keepCode` keeps, for the next run, what this one had to compile. */
exports.openBundle = function openBundle(folder) {
  const cache = path.join(folder, "code-cache", `${process.version}-${process.arch}`);
  const modules = new Map();
  const compiled = [];

  function load(name) {
    const known = modules.get(name);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    modules.set(name, module);
    compile(name).runInThisContext()(module.exports, requireFrom, module, path.join(folder, name), folder);
    return module.exports;
  }

  function requireFrom(id) {
    return id.startsWith("./") ? load(id.slice("./".length)) : require(id);
  }

  function compile(name) {
    const filename = path.join(folder, name);
    const source = readFileSync(filename);
    const cachedData = cachedCode(path.join(cache, name), source);
    const script = new Script(HEAD + source.toString() + TAIL, { filename, cachedData });
    if (cachedData === undefined || script.cachedDataRejected) compiled.push({ name, source, script });
    return script;
  }

  function keepCode() {
    if (compiled.length === 0 || process.env.NODE_DISABLE_COMPILE_CACHE) return;
    try {
      mkdirSync(cache, { recursive: true });
      for (const { name, source, script } of compiled)
        writeWhole(path.join(cache, name), withChecksum(source, script.createCachedData()));
    } catch {
      // It is compiled again the next time.
    }
  }

  return { load, keepCode };
};

function cachedCode(file, source) {
  let bytes;
  try {
    bytes = readFileSync(file);
  } catch {
    return undefined;
  }
  if (bytes.length <= CHECKSUM_BYTES) return undefined;
  const data = bytes.subarray(CHECKSUM_BYTES);
  return bytes.readUInt32LE(0) === checksum(source, data) ? data : undefined;
}

function withChecksum(source, data) {
  const head = Buffer.alloc(CHECKSUM_BYTES);
  head.writeUInt32LE(checksum(source, data), 0);
  return Buffer.concat([head, data]);
}

function checksum(source, data) {
  return crc32(data, crc32(source));
}

/** Under a name of its own first: two runs at once, or one that is killed, leave no half file. */
function writeWhole(file, bytes) {
  const fresh = `${file}.${process.pid}`;
  try {
    writeFileSync(fresh, bytes);
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
