/** Page scripts: a `*.script` file names an entry, which is bundled for the browser and imported as text. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { rolldown } from "rolldown";

/**
 * The faults of a definition's expressions were told when the page was made. Their checks would bring two parsers of
 * JSONPath and one of JSONata along, more than all the rest.
 */
const withoutFaultFinding = {
  name: "without-fault-finding",
  load(id) {
    if (!/[\\/]definition[\\/]check-expressions\.ts$/.test(id)) return null;
    return { code: "export const checkExpressions = () => [];", moduleType: "js" };
  },
};

/** The bundle that a page carries: one classic script, so that its hash is all a policy needs to name. */
export async function bundlePageScript(file) {
  const entry = path.resolve(path.dirname(file), (await readFile(file, "utf8")).trim());
  const bundle = await rolldown({
    input: entry,
    platform: "browser",
    resolve: { mainFields: ["module", "main"] },
    plugins: [withoutFaultFinding],
    treeshake: true,
    checks: { pluginTimings: false },
  });
  const { output } = await bundle.generate({ format: "iife", minify: true, codeSplitting: false });
  await bundle.close();
  return output[0];
}

/**
 * Inside its element a script may hold neither its own end nor the start of a comment; in strings `\x3c` is `<`.
 * Minified, it has no tabs but in strings.
 */
function fitForElement(code) {
  return code
    .replaceAll(/<(?=\/script|!--)/gi, String.raw`\x3c`)
    .replaceAll("\t", String.raw`\t`)
    .trim();
}

/** For the bundler and for the tests alike. */
export const pageScripts = {
  name: "page-scripts",
  enforce: "pre",
  async load(id) {
    if (!id.endsWith(".script")) return null;
    const { code } = await bundlePageScript(id);
    return { code: `export default ${JSON.stringify(fitForElement(code))};`, moduleType: "js" };
  },
};
