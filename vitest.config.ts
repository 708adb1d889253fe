/** How the tests run: rooms from source, binary tests (`*.binary.test.ts`) against a fresh dist/. */
import { readFile } from "node:fs/promises";
import { defineConfig } from "vitest/config";
import { explainedPages } from "./scripts/explained-pages.js";

/** The build reads templates as text; so do the tests. */
const templatesAsText = {
  name: "templates-as-text",
  enforce: "pre" as const,
  async load(id: string) {
    if (!id.endsWith(".hbs")) return null;
    return `export default ${JSON.stringify(await readFile(id, "utf8"))};`;
  },
};

const binaryTests = "test/**/*.binary.test.ts";

export default defineConfig({
  plugins: [templatesAsText, explainedPages],
  test: {
    testTimeout: 30_000,
    projects: [
      { extends: true, test: { name: "rooms", include: ["test/**/*.test.ts"], exclude: [binaryTests] } },
      {
        extends: true,
        test: { name: "binary", include: [binaryTests], globalSetup: ["scripts/build-if-stale.js"] },
      },
    ],
  },
});
