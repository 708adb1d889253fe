/** The mutation worker holds one vitest, whose transformed files serve all mutants; a mutant that never ends takes it down with it. */
import path from "node:path";
import process from "node:process";
import { createVitest } from "vitest/node";
import { activate } from "./active-mutant.js";

/** Tells of each file of tests when it begins, so that one that never ends is known. */
const telling = { onTestModuleStart: ({ moduleId }) => process.send({ began: moduleId }) };

/** As given, the quickest first: vitest itself would begin with the longest. */
class AsGiven {
  sort(specs) {
    return specs;
  }

  shard(specs) {
    return specs;
  }
}

let lastFiles = [];

/** Files of tests that share a process: few at first, since most mutants are killed by them, then as many again each time. */
const TOGETHER = 6;

/** What vitest says when it cannot run a test at all; a process that a mutant takes down is another matter. */
const NOT_STARTED = /Timeout starting|Failed to start|Cannot start/;

const vitest = await createVitest("test", {
  config: "mutation/vitest.config.ts",
  reporters: [telling],
  sequence: { sequencer: AsGiven },
});
const byFile = new Map((await vitest.globTestSpecifications()).map((spec) => [spec.moduleId, spec]));

/** The file, and the first test of it that fails; the file alone when it cannot even be loaded. */
function nameOf(module) {
  const [test] = module.children.allTests("failed");
  return `${path.basename(module.moduleId)}${test === undefined ? "" : `: ${test.name}`}`;
}

/**
 * `{ texts, tests }`, the texts by file: which test fails with them, or null; and of each file of tests that ran, how long
 * it took, ms, and what it reached. They run a few at a time and no more after one has failed: vitest's own way to stop at
 * a failure can cut off the run that comes after. Throws where the tests could not be asked, which says nothing of the mutant.
 */
async function tryTexts({ texts, tests }) {
  activate(new Map(texts));
  for (const each of lastFiles) vitest.invalidateFile(each);
  lastFiles = texts.map(([file]) => file);
  for (const each of lastFiles) vitest.invalidateFile(each);
  const ran = [];
  for (let at = 0, together = TOGETHER; at < tests.length; at += together, together *= 2) {
    const group = tests.slice(at, at + together);
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(
      group.map((test) => byFile.get(test)),
    );
    // What ran for other mutants is among them.
    const own = testModules.filter(({ moduleId }) => group.includes(moduleId));
    ran.push(
      ...own.map((module) => ({
        test: module.moduleId,
        ms: module.diagnostic().duration,
        reached: module.meta().reached,
      })),
    );
    const failed = own.find((module) => !module.ok());
    if (failed !== undefined) return { killedBy: nameOf(failed), ran };
    const [error] = unhandledErrors;
    if (error !== undefined && !NOT_STARTED.test(error.message)) return { killedBy: error.message, ran };
    if (own.length < group.length)
      throw new Error(`${group.length - own.length} files of tests did not run: ${error?.message}`);
  }
  return { killedBy: null, ran };
}

process.on("message", (asked) => {
  void tryTexts(asked).then(
    (answer) => process.send(answer),
    (error) => process.send({ broken: error instanceof Error ? error.message : String(error) }),
  );
});
// It leads a group of its own: a mutant that never ends goes with it.
process.on("disconnect", () => process.kill(-process.pid, "SIGKILL"));
process.send({ ready: [...byFile.keys()] });
