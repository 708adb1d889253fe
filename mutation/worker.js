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

let lastFile = "";

/** Files of tests that share a process. */
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
 * `{ file, text, tests }`: which test fails with it, or null; and how long each file took, ms. Files run a few at a time and
 * no more after one has failed: vitest's own way to stop at a failure can cut off the run that comes after. Throws where
 * the tests could not be asked, which says nothing of the mutant.
 */
async function tryMutant({ file, text, tests }) {
  activate(text === null ? null : { file, text });
  for (const each of [lastFile, file]) vitest.invalidateFile(each);
  lastFile = file;
  const took = [];
  for (let at = 0; at < tests.length; at += TOGETHER) {
    const group = tests.slice(at, at + TOGETHER);
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(
      group.map((test) => byFile.get(test)),
    );
    // What ran for other mutants is among them.
    const own = testModules.filter(({ moduleId }) => group.includes(moduleId));
    took.push(...own.map((module) => [module.moduleId, module.diagnostic().duration]));
    const failed = own.find((module) => !module.ok());
    if (failed !== undefined) return { killedBy: nameOf(failed), took };
    const [error] = unhandledErrors;
    if (error !== undefined && !NOT_STARTED.test(error.message)) return { killedBy: error.message, took };
    if (own.length < group.length)
      throw new Error(`${group.length - own.length} files of tests did not run: ${error?.message}`);
  }
  return { killedBy: null, took };
}

process.on("message", (mutant) => {
  void tryMutant(mutant).then(
    (answer) => process.send(answer),
    (error) => process.send({ broken: error instanceof Error ? error.message : String(error) }),
  );
});
// It leads a group of its own: a mutant that never ends goes with it.
process.on("disconnect", () => process.kill(-process.pid, "SIGKILL"));
process.send({ ready: [...byFile.keys()] });
