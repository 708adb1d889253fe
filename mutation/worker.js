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

/** `{ file, text, tests }`: which test fails with it, or null; and how long each took, ms. */
async function tryMutant({ file, text, tests }) {
  activate(text === null ? null : { file, text });
  vitest.invalidateFile(file);
  try {
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(
      tests.map((test) => byFile.get(test)),
    );
    // Those that were not run any more after the first failure are neither passed nor failed.
    const failed = testModules.find((module) => module.state() === "failed");
    const [unhandled] = unhandledErrors;
    const took = testModules.map((module) => [module.moduleId, module.diagnostic().duration]);
    return { killedBy: failed === undefined ? (unhandled?.message ?? null) : nameOf(failed), took };
  } finally {
    // Until its process is gone, what a run that was cut off still reports would be taken for the next one's.
    await vitest.pool?.close?.();
    activate(null);
    vitest.invalidateFile(file);
  }
}

process.on("message", (mutant) => {
  void tryMutant(mutant).then(
    (answer) => process.send(answer),
    (error) => process.send({ killedBy: String(error), took: [] }),
  );
});
process.on("disconnect", () => process.exit());
process.send({ ready: [...byFile.keys()] });
