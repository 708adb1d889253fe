/** The mutation worker holds one vitest, whose transformed files serve all mutants; a mutant that never ends takes it down with it. */
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

/** `{ file, text, tests }`: which test fails with it, or null; and how long each took, ms. */
async function tryMutant({ file, text, tests }) {
  activate(text === null ? null : { file, text });
  vitest.invalidateFile(file);
  try {
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(
      tests.map((test) => byFile.get(test)),
    );
    const failed = testModules.find((module) => !module.ok());
    const [unhandled] = unhandledErrors;
    const took = testModules.map((module) => [module.moduleId, module.diagnostic().duration]);
    return { killedBy: failed?.moduleId ?? (unhandled === undefined ? null : unhandled.message), took };
  } finally {
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
