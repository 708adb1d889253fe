/** Modules of src/ for scripts: bundled into a folder of their own, since Node 20 cannot run TypeScript. */
import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** `modules` names files by key; gives their exports by the same keys. */
export async function importSource(modules) {
  const folder = await mkdtemp(path.join(root, "dist-"));
  try {
    const bundle = await rolldown({
      cwd: root,
      input: modules,
      platform: "node",
      resolve: { mainFields: ["module", "main"] },
      checks: { pluginTimings: false },
    });
    await bundle.write({
      format: "esm",
      dir: folder,
      entryFileNames: "[name].mjs",
      chunkFileNames: "[name]-[hash].mjs",
    });
    await bundle.close();
    const loaded = Object.keys(modules).map(async (key) => [
      key,
      await import(pathToFileURL(path.join(folder, `${key}.mjs`)).href),
    ]);
    return Object.fromEntries(await Promise.all(loaded));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
