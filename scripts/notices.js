/** The notices: which packages the bundle really holds, and the licences they ask us to pass on. */
import { readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { glob } from "tinyglobby";
import { openBundle, output } from "./build.js";
import { bundlePageScript } from "./page-scripts.js";

/** Folders of the packages with at least one line in the bundle. */
async function bundledPackages() {
  const bundle = await openBundle();
  const { output: chunks } = await bundle.generate(output);
  await bundle.close();
  // Scripts that pages carry are bundles of their own, in this one as text.
  const scripts = await Promise.all((await glob("templates/*.script")).map(bundlePageScript));
  const folders = new Set();
  for (const chunk of [...chunks, ...scripts]) {
    for (const [id, { renderedLength }] of Object.entries(chunk.modules ?? {})) {
      const folder = renderedLength > 0 ? packageFolder(id) : null;
      if (folder) folders.add(folder);
    }
  }
  return [...folders];
}

/** `/…/node_modules/@scope/name/lib/x.js` → `/…/node_modules/@scope/name`; null for our own files. */
function packageFolder(id) {
  const match = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id.replace(/^\0/, ""));
  return match ? match[1] : null;
}

async function describe(folder) {
  const { name, version, license, licenses } = JSON.parse(
    await readFile(path.join(folder, "package.json"), "utf8"),
  );
  const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)(\.|-|$)/i.test(entry));
  return {
    name,
    version,
    licence: license?.type ?? license ?? licenses?.map(({ type }) => type).join(" or ") ?? null,
    text: file ? (await readFile(path.join(folder, file), "utf8")).replaceAll("\r\n", "\n").trim() : null,
  };
}

/** Packages under one and the same licence text share it. */
export async function notices() {
  const packages = await Promise.all((await bundledPackages()).map(describe));
  const unlicensed = packages.filter(({ licence }) => licence === null);
  if (unlicensed.length > 0) throw new Error(`no licence: ${unlicensed.map(({ name }) => name).join(", ")}`);
  const title = ({ name, version, licence }) => `${name} ${version} (${licence})`;
  // Apache's text is the same in every package, so those that forgot theirs share their neighbours'.
  const apache =
    packages.find(({ licence, text }) => licence === "Apache-2.0" && text !== null)?.text ?? null;
  const byText = new Map();
  for (const each of packages.toSorted((a, b) => (title(a) < title(b) ? -1 : 1))) {
    const text = each.text ?? (each.licence === "Apache-2.0" ? apache : null);
    byText.set(text, (byText.get(text) ?? new Set()).add(title(each)));
  }
  const sections = [...byText].map(([text, titles]) => {
    const heading = [...titles].map((each) => `- ${each}`).join("\n");
    return `${heading}\n\n${text === null ? "The package carries no licence text of its own." : indent(text)}`;
  });
  return `# Third-party notices\n\nstepfare's built files hold code of these packages.\n\n${sections.join("\n\n")}\n`;
}

function indent(text) {
  return text.replaceAll(/^(?=.*\S)/gm, "    ").replaceAll(/[ \t]+$/gm, "");
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await writeFile("THIRD-PARTY-NOTICES.md", await notices());
}
