/**
 * Checks that every regular expression of src/ takes time in proportion to its text: `npm run check:patterns`. A checker
 * looks for the worst text of each; what is slower than linear fails, unless its texts are short and REASONS says why.
 * That takes minutes, so patterns that passed stand in checked-patterns.txt: only others are looked at, all with `--all`.
 */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parse } from "@swc/core";
import { glob } from "tinyglobby";

// Without it, a program of another platform is looked for.
process.env.RECHECK_BACKEND = "pure";
const { checkSync } = await import("recheck");

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** Proof by automaton where it ends soon; else thousands of texts, grown from those that took longest. */
const PROOF = { checker: "automaton", timeout: 1500 };
const SEARCH = { checker: "fuzz", timeout: 6000 };

/** 55,000 characters take a linear pattern about a millisecond, a quadratic one a second. */
const QUICK_MS = 100;

/** Slower than linear, by pattern, and why that does no harm. */
const REASONS = new Map([
  [String.raw`\.?0+$`, "a number with 15 decimals"],
  [String.raw`(?:\.(?:asl|json|ya?ml|jsonc|json5))+$`, "a file's name"],
  ["token.*expired|session.*expired", "what AWS says of an error"],
  [
    String.raw`arn:(aws[a-z-]*):([a-z0-9-]+):[a-z0-9-]*:\d{12}:([^"\\\s]+)`,
    "no class holds the colon; measured, it is linear",
  ],
  [String.raw`\[([^\]]*)\]\((https?:[^)]*)\)`, "our own pages"],
  [String.raw`\[([^\]]*)\]\([^)]*\)`, "our own pages"],
]);

const patterns = new Map();
for (const file of await glob(["src/**/*.ts"], { cwd: root, absolute: true })) {
  const { body } = await parse(await readFile(file, "utf8"), { syntax: "typescript", target: "es2022" });
  for (const { pattern, flags } of literalsIn(body))
    patterns.set(`/${pattern}/${flags}`, { pattern, flags, file: path.relative(root, file) });
}

const ledger = path.join(root, "scripts", "checked-patterns.txt");
const checked = new Set(
  process.argv.includes("--all") ? [] : (await readFile(ledger, "utf8").catch(() => "")).split("\n"),
);
const passed = [];
let failed = 0;
for (const [text, { pattern, flags, file }] of patterns) {
  if (checked.has(text)) {
    passed.push(text);
    continue;
  }
  const proof = checkSync(pattern, flags, PROOF);
  const { status, complexity, attack } =
    proof.status === "unknown" ? checkSync(pattern, flags, SEARCH) : proof;
  if (status !== "vulnerable" || REASONS.has(pattern) || isQuick({ pattern, flags }, attack)) {
    passed.push(text);
    continue;
  }
  failed++;
  console.log(`${file}: ${text} is ${complexity.summary}: ${attack?.pattern ?? "?"}`);
}
console.log(`${patterns.size - failed} patterns are linear or short, ${failed} are not`);
if (!process.env.CI) await writeFile(ledger, `${passed.sort().join("\n")}\n`);
process.exitCode = failed === 0 && patterns.size > 0 ? 0 : 1;

/** The checker counts the steps of a machine of its own; what V8 does with its worst text decides. */
function isQuick({ pattern, flags }, attack) {
  if (attack === undefined) return false;
  const began = performance.now();
  const matches = [...attack.string.matchAll(new RegExp(pattern, flags.includes("g") ? flags : `${flags}g`))];
  return matches.length >= 0 && performance.now() - began < QUICK_MS;
}

function* literalsIn(tree) {
  const waiting = [tree];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node === null || typeof node !== "object") continue;
    if (node.type === "RegExpLiteral") yield node;
    waiting.push(...Object.values(node));
  }
}
