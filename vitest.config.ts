/** How the tests run: rooms from source, binary tests (`*.binary.test.ts`) against a fresh dist/. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { defineConfig } from "vitest/config";
import { explainedPages } from "./scripts/explained-pages.js";
import { pageScripts } from "./scripts/page-scripts.js";

/** The build reads templates and the page's style as text; so do the tests. */
const templatesAsText = {
  name: "templates-as-text",
  enforce: "pre" as const,
  /** Under a name of its own, a style sheet is text to Vite too. */
  resolveId(source: string, importer: string | undefined) {
    if (!source.endsWith(".css") || importer === undefined) return null;
    return `${path.resolve(path.dirname(importer), source)}.hbs`;
  },
  async load(id: string) {
    if (!id.endsWith(".hbs")) return null;
    const file = id.endsWith(".css.hbs") ? id.slice(0, -".hbs".length) : id;
    return `export default ${JSON.stringify(await readFile(file, "utf8"))};`;
  },
};

const binaryTests = "test/**/*.binary.test.ts";

export default defineConfig({
  plugins: [templatesAsText, explainedPages, pageScripts],
  test: {
    testTimeout: 90_000,
    hookTimeout: 90_000,
    // One worker a core: left to itself, vitest keeps a core free, which on two of them doubles the time.
    maxWorkers: "100%",
    // A worker keeps its modules from file to file, as a long-lived process does: loading them anew for each took a third
    // of all the time. What depends on the order then fails: `--sequence.shuffle.files` tries others.
    isolate: false,
    projects: [
      { extends: true, test: { name: "rooms", include: ["test/**/*.test.ts"], exclude: [binaryTests] } },
      {
        extends: true,
        test: { name: "binary", include: [binaryTests], globalSetup: ["scripts/build-if-stale.js"] },
      },
    ],
  },
});
