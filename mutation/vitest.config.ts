/** How the tests run against a mutant: from source, in one process, the mutant's text in place of the file's. */
import { defineConfig } from "vitest/config";
import base from "../vitest.config.ts";
import { activeTexts } from "./active-mutant.js";

const mutantInPlace = {
  name: "mutant-in-place",
  enforce: "pre" as const,
  load(id: string) {
    return activeTexts().get(id) ?? null;
  },
};

export default defineConfig({
  plugins: [mutantInPlace, ...base.plugins!],
  test: {
    testTimeout: 90_000,
    include: ["test/**/*.test.ts"],
    exclude: ["test/**/*.binary.test.ts"],
    setupFiles: ["mutation/setup.js"],
    pool: "forks",
    maxWorkers: 1,
    isolate: false,
    watch: false,
  },
});
