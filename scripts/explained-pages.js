/** Explained pages: one Markdown file per rule and per diagnostic, listed in docs/explained.md and bundled for `explain`. */
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const docs = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "docs");
export const indexFile = path.join(docs, "explained.md");

/** Rules first, each kind by id. */
export async function readPages() {
  const kinds = [
    ["rule", "rules"],
    ["diagnostic", "diagnostics"],
  ];
  const lists = kinds.map(async ([kind, folder]) => {
    const names = (await readdir(path.join(docs, folder))).filter((name) => name.endsWith(".md"));
    const ids = names.map((name) => path.basename(name, ".md")).sort((a, b) => (a < b ? -1 : 1));
    const texts = ids.map(async (id) => {
      const text = await readFile(path.join(docs, folder, `${id}.md`), "utf8");
      const title = /^# (.*)$/m.exec(text)?.[1] ?? id;
      return { kind, id, title, text };
    });
    return Promise.all(texts);
  });
  return (await Promise.all(lists)).flat();
}

export function indexText(pages) {
  const listed = (kind) =>
    pages
      .filter((page) => page.kind === kind)
      .map(({ id, title }) => `- [${id}](${kind}s/${id}.md): ${title}`);
  return [
    "# Rules and diagnostics",
    "",
    "Each has a page, which `stepfare explain <code>` shows in the terminal. This list is generated: `npm run pages`.",
    "",
    "## Rules",
    "",
    ...listed("rule"),
    "",
    "## Diagnostics, reasons and limits",
    "",
    ...listed("diagnostic"),
    "",
  ].join("\n");
}

/** For the bundler and for the tests alike: importing the index gives the pages. */
export const explainedPages = {
  name: "explained-pages",
  enforce: "pre",
  async load(id) {
    if (path.resolve(id) !== indexFile) return null;
    return { code: `export default ${JSON.stringify(await readPages())};`, moduleType: "js" };
  },
};
