/** The build: dist/ made anew from src/, all packages bundled, so an installed stepfare has no dependencies. */
import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { explainedPages } from "./explained-pages.js";
import { manPage } from "./man-page.js";
import { packageChanges } from "./package-changes.js";
import { pageScripts } from "./page-scripts.js";
import { typeOf } from "./schema-types.js";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const dist = path.join(root, "dist");

/** The bundle's input: shared by the build and by the notices, which list what really got in. */
export function openBundle() {
  return rolldown({
    cwd: root,
    input: { cli: "src/cli.ts", library: "src/library.ts" },
    platform: "node",
    // With UMD mains first, jsonc-parser builds and then fails when it runs.
    resolve: {
      mainFields: ["module", "main"],
      // The same code, but for looking into the environment at each token: a tenth of reading a template.
      alias: { yaml: path.join(root, "node_modules", "yaml", "browser", "index.js") },
    },
    moduleTypes: { ".hbs": "text", ".css": "text" },
    transform: {
      define: {
        // What yargs asks of it is for configurations that extend others; here there are none.
        "import.meta.resolve": "undefined",
        // Packages ask for it at once, though they are told a width: Node would load its streams for the answer.
        "process.stdout.columns": "undefined",
      },
    },
    plugins: [explainedPages, packageChanges, pageScripts],
    treeshake: true,
    checks: { pluginTimings: false },
  });
}

/** Output options: CommonJS, whose code V8 can keep; names are kept because an error prints its class. */
export const output = {
  format: "cjs",
  // A script of our own loader's knows require() alone.
  dynamicImportInCjs: false,
  // Read byte by byte, without decoding.
  charset: "ascii",
  minify: true,
  keepNames: true,
  // What every start reads, what --version reads besides, and the main job: a file each, since many small ones take longer.
  codeSplitting: {
    groups: [
      { name: "start", test: /[\\/]src[\\/]cli\.ts$/, priority: 3 },
      { name: "prices", test: /[\\/]src[\\/]cost[\\/]known-price-lists\.ts$/, priority: 2 },
      {
        name: "analysis",
        test: /[\\/]src[\\/](?:commands[\\/]analyze|render[\\/]analysis-table)\.ts$/,
        priority: 1,
      },
    ],
  },
  entryFileNames: "[name].cjs",
  chunkFileNames: "[name]-[hash].cjs",
};

/** Writes to a folder beside dist/ and then takes its place, so nobody ever runs half a build. */
export async function build() {
  const fresh = await mkdtemp(path.join(root, "dist-"));
  // mkdtemp makes a folder for its owner alone.
  await chmod(fresh, 0o755);
  try {
    const bundle = await openBundle();
    const { output: chunks } = await bundle.write({ ...output, dir: fresh });
    await bundle.close();
    await writeLibrary(fresh, chunks);
    await writeFile(path.join(fresh, "stepfare.1"), await manPage());
    // TypeScript 7 has no compiler API yet: its program is called.
    const tsc = path.join(root, "node_modules", "typescript", "bin", "tsc");
    execFileSync(
      process.execPath,
      [tsc, "-p", "tsconfig.types.json", "--outDir", path.join(fresh, "types")],
      {
        cwd: root,
        stdio: ["ignore", "inherit", "inherit"],
      },
    );
    await writeFleetTypes(path.join(fresh, "types"));
    await rm(dist, { recursive: true, force: true });
    await rename(fresh, dist);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** The library as an ES module, each export by its name: what it exports is what the bundle's entry does. */
async function writeLibrary(folder, chunks) {
  const { exports: names } = chunks.find(({ fileName }) => fileName === "library.cjs");
  const lines = names.map((name) => `export const ${name} = library.${name};\n`);
  await writeFile(path.join(folder, "library.js"), `import library from "./library.cjs";\n${lines.join("")}`);
}

/** The one inferred type that the library's own reach: written out, so that they stand without zod. */
async function writeFleetTypes(types) {
  const schema = JSON.parse(await readFile(path.join(root, "schemas", "fleet.schema.json"), "utf8"));
  const file = path.join(types, "src", "workflow", "fleet", "fleet-schema.d.ts");
  await writeFile(file, `/** What fleet.json holds. */\nexport type FleetValue = ${typeOf(schema)};\n`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await build();
