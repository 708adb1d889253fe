/**
 * What a few packages do otherwise in the bundle than as published: the same results with less work at each start, and
 * nothing read from beside the installation. Where a package's code is not what is expected here, the build ends.
 */
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const TABLE = "node_modules/cli-table3";

/** Text of one cell each is as wide as it is long. The characters are those of src/render/text-width.ts; tests hold both patterns, and every measure, together. */
export const ONE_CELL_EACH = String.raw`/^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u22ff\u2500-\u259f]*$/`;

/** Packages that take long to load and are seldom asked, by name: the module that stands for each, and asks it when it must. */
const LATE = {
  // It makes patterns of all Unicode, while nearly all that is measured is of one cell each.
  "string-width": `
let whole;
export default function stringWidth(text, options) {
  if (options === undefined && typeof text === "string" && ${ONE_CELL_EACH}.test(text)) return text.length;
  whole ??= require(${fileOf("string-width", "index.js")}).default;
  return whole(text, options);
}
`,
  // It reads the signatures of all its functions, while most definitions hold no expression.
  jsonata: `
export default function jsonata(...asked) {
  return require(${fileOf("jsonata", "jsonata.js")})(...asked);
}
`,
};

function fileOf(...names) {
  return JSON.stringify(path.join(root, "node_modules", ...names));
}

/** By file: pairs of what stands there and what takes its place. */
const CHANGES = {
  // string-width 4 tries every text for emoji with a large pattern.
  [`${TABLE}/node_modules/string-width/index.js`]: [
    [
      "string = string.replace(emojiRegex(), '  ');",
      `if (${ONE_CELL_EACH}.test(string)) return string.length;
	string = string.replace(emojiRegex(), '  ');`,
    ],
  ],
  // cli-table3 measures each text some five times, a line at a time, and looks for colours where there are none.
  [`${TABLE}/src/utils.js`]: [
    [
      "function strlen(str) {",
      `function strlen(str) {
  if (${ONE_CELL_EACH}.test(str)) return String(str).length;`,
    ],
    [
      "function colorizeLines(input) {",
      `function colorizeLines(input) {
  if (!input.some((line) => line.includes('\\u001b'))) return input;`,
    ],
  ],
  // It finds the fifteen characters of its rules again for each cell, and cuts each cell's text for a message to itself.
  [`${TABLE}/src/cell.js`]: [
    [
      `    let chars = (this.chars = {});
    CHAR_NAMES.forEach(function (name) {
      setOption(optionsChars, tableChars, name, chars);
    });`,
      `    const known = this.options.chars ? undefined : charsOfTables.get(tableChars);
    let chars = (this.chars = known ?? {});
    if (known === undefined) {
      CHAR_NAMES.forEach(function (name) {
        setOption(optionsChars, tableChars, name, chars);
      });
      if (!this.options.chars) charsOfTables.set(tableChars, chars);
    }`,
    ],
    ["class Cell {", "const charsOfTables = new WeakMap();\n\nclass Cell {"],
    ["let content = utils.truncate(this.content, 10, this.truncate);", "let content = '';"],
  ],
  // It compares each cell with all before it, to find that it stands where it stands.
  [`${TABLE}/src/layout-manager.js`]: [
    [
      "let i_max = Math.min(rows.length - 1, y);",
      `const own = rows[y]?.[x];
    if (own !== undefined && own.x === x && own.y === y) return true;
    let i_max = Math.min(rows.length - 1, y);`,
    ],
  ],
  // wrap-ansi looks at every character for colours where there are none.
  "node_modules/wrap-ansi/index.js": [
    [
      "const preString = rows.join('\\n');",
      `const preString = rows.join('\\n');
	if (![...ESCAPES].some((escape) => preString.includes(escape))) return preString;`,
    ],
  ],
  // yargs looks for a package.json above itself, to guess the version that it is told anyway.
  "node_modules/yargs/build/lib/yargs-factory.js": [["        yargs.version();\n", ""]],
  "node_modules/yargs/lib/platform-shims/esm.mjs": [
    [
      "import { notStrictEqual, strictEqual } from 'assert'",
      `const check = (is) => (actual, expected, message) => {
  if (Object.is(actual, expected) !== is) throw new Error(message);
};
const [strictEqual, notStrictEqual] = [check(true), check(false)];`,
    ],
    ["const __dirname = fileURLToPath(import.meta.url);", "const __dirname = '';"],
    ["const require = createRequire(import.meta.url);", "const require = undefined;"],
  ],
  "node_modules/yargs-parser/build/lib/index.js": [
    [
      "const require = createRequire ? createRequire(import.meta.url) : undefined;",
      "const require = undefined;",
    ],
  ],
  // y18n, of yargs, would read texts of other languages from where yargs itself has them: seen from the bundle, a folder
  // beside the installation that is not ours. The texts are those that the code holds.
  "node_modules/y18n/build/lib/index.js": [
    [
      "const languageFile = this._resolveLocaleFile(this.directory, this.locale);",
      "const languageFile = '';",
    ],
    ["if (shim.fs.readFileSync) {", "if (false) {"],
  ],
};

/** The code of a file of a package as it goes into the bundle. Throws where it is not what was expected. */
export function changedCode(file, code) {
  const changes = CHANGES[file] ?? [];
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from))
      throw new Error(`${file} is not what scripts/package-changes.js expects: ${from}`);
    return text.replace(from, () => to);
  }, code);
}

export const CHANGED_FILES = Object.keys(CHANGES);
const patterns = CHANGED_FILES.map((file) =>
  file.replaceAll(".", String.raw`\.`).replaceAll("/", String.raw`[\\/]`),
);
const changed = new Set();

export const packageChanges = {
  name: "package-changes",
  // One string-width of several: those that cliui and wrap-ansi bring are older.
  resolveId: {
    filter: { id: new RegExp(`^(?:${Object.keys(LATE).join("|")})$`) },
    handler: (name, importer) => (/[\\/]cli-table3[\\/]/.test(importer ?? "") ? null : `late:${name}`),
  },
  load: {
    filter: { id: /^late:/ },
    handler: (id) => LATE[id.slice("late:".length)],
  },
  transform: {
    filter: { id: new RegExp(`[\\\\/](?:${patterns.join("|")})$`) },
    handler(code, id) {
      const file = path.relative(root, id).replaceAll(path.sep, "/");
      changed.add(file);
      return { code: changedCode(file, code), map: null };
    },
  },
  buildEnd() {
    const missed = CHANGED_FILES.filter((file) => !changed.has(file));
    if (missed.length > 0)
      throw new Error(`not in the bundle from where they were expected: ${missed.join(", ")}`);
  },
};
