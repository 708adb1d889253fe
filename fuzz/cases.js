/** Cases: the good texts of each reader, and the hostile one that a seed and a number make of them. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { mutate } from "./mutation.js";
import { randomOf } from "./random.js";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** Good texts that stand elsewhere in the repository. */
const ALSO = {
  asl: ["examples", /\.asl\.json$/],
  workload: ["examples", /^stepfare\.yml$/],
  scenarios: ["examples", /\.scenarios\.yml$/],
  "price-offer": ["pricing", /^us-east-1\.json$/],
};

const WORD = /[\p{L}_][\p{L}\p{N}_:-]{2,}/gu;

/** Texts of one reader, and the words of its language as they use them. */
export async function corpusOf(name) {
  const [folder, pattern] = ALSO[name] ?? [];
  const own = await textsIn(path.join(root, "fuzz", "corpus", name), /./);
  const also = folder === undefined ? [] : await textsIn(path.join(root, folder), pattern);
  const pool = [...own, ...also];
  if (pool.length === 0) throw new Error(`There is no corpus for ${name}.`);
  return { pool, words: [...new Set(pool.flatMap((text) => text.match(WORD) ?? []))].sort() };
}

async function textsIn(folder, pattern) {
  const names = await readdir(folder).catch(() => []);
  return Promise.all(
    names
      .filter((name) => pattern.test(name))
      .sort()
      .map((name) => textOf(path.join(folder, name))),
  );
}

/** A file of bytes stands in the corpus in base64, and is a text whose characters are its bytes. */
async function textOf(file) {
  const text = await readFile(file, "utf8");
  return file.endsWith(".b64") ? Buffer.from(text, "base64").toString("latin1") : text;
}

/** The first cases are the good texts themselves: a reader that fails on them is broken, or its corpus is. */
export function caseOf({ pool, words }, seed, index) {
  const given = pool[index];
  if (given !== undefined) return given;
  const random = randomOf(seed, index);
  return mutate(random.pick(pool), { random, pool, words });
}
