/** Modules of src/ for scripts: bundled into a folder of their own, since Node 20 cannot run TypeScript. */
import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { explainedPages } from "./explained-pages.js";
import { pageScripts } from "./page-scripts.js";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** `modules` names files by key; gives their exports by the same keys. What they import later on, on demand, is gone by then. */
export async function importSource(modules) {
  const { urls, remove } = await bundleSource(modules);
  try {
    return await importAll(urls);
  } finally {
    await remove();
  }
}

/** The same for modules that import more on demand, or that workers import: they stay until `remove` is called. */
export async function bundleSource(modules) {
  const folder = await mkdtemp(path.join(root, "dist-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const bundle = await rolldown({
      cwd: root,
      input: modules,
      platform: "node",
      resolve: { mainFields: ["module", "main"] },
      moduleTypes: { ".hbs": "text", ".css": "text" },
      plugins: [explainedPages, pageScripts],
      checks: { pluginTimings: false, ineffectiveDynamicImport: false },
    });
    await bundle.write({
      format: "esm",
      dir: folder,
      entryFileNames: "[name].mjs",
      chunkFileNames: "[name]-[hash].mjs",
    });
    await bundle.close();
  } catch (error) {
    await remove();
    throw error;
  }
  const urls = Object.keys(modules).map((key) => [key, pathToFileURL(path.join(folder, `${key}.mjs`)).href]);
  return { urls: Object.fromEntries(urls), remove };
}

/** Exports by key, of modules given by URL. */
export async function importAll(urls) {
  const loaded = Object.entries(urls).map(async ([key, url]) => [key, await import(url)]);
  return Object.fromEntries(await Promise.all(loaded));
}
