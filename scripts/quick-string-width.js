/**
 * string-width makes an Intl.Segmenter and a pattern of all emoji as soon as it is loaded (8, and 7 of cliui and wrap-ansi),
 * or tries every text for emoji with a large pattern (4, of cli-table3): together as long as Node's own start, while
 * nearly all that is measured is of one cell each. In the bundle there is one of the newer ones, its tables are made when
 * they are first asked for, and in 4 text of one cell each (the characters of src/render/text-width.ts, whose test holds
 * every measure to them) is as wide as it is long.
 */
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const NEWEST = path.join(root, "node_modules", "string-width", "index.js");
const ONE_CELL_EACH = String.raw`/^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u22ff\u2500-\u259f]*$/`;

const CHANGES = {
  8: [
    [
      "const segmenter = new Intl.Segmenter();",
      `let madeSegmenter;
const segmenter = { segment: text => (madeSegmenter ??= new Intl.Segmenter()).segment(text) };`,
    ],
    [
      String.raw`const rgiEmojiRegex = /^\p{RGI_Emoji}$/v;`,
      String.raw`let madeEmoji;
const rgiEmojiRegex = { test: text => (madeEmoji ??= new RegExp("^\\p{RGI_Emoji}$", "v")).test(text) };`,
    ],
  ],
  4: [
    [
      "string = string.replace(emojiRegex(), '  ');",
      `if (${ONE_CELL_EACH}.test(string)) return string.length;
	string = string.replace(emojiRegex(), '  ');`,
    ],
  ],
};

export const quickStringWidth = {
  name: "quick-string-width",
  resolveId: {
    filter: { id: /^string-width$/ },
    handler(_source, importer) {
      return /[\\/](?:cliui|wrap-ansi)[\\/]/.test(importer ?? "") ? NEWEST : null;
    },
  },
  transform: {
    filter: { id: /[\\/]string-width[\\/]index\.js$/ },
    handler(code, id) {
      const changes = CHANGES[id === NEWEST ? 8 : 4];
      for (const [from] of changes)
        if (!code.includes(from)) throw new Error(`${id} measures in another way than this plugin expects`);
      return { code: changes.reduce((text, [from, to]) => text.replace(from, () => to), code), map: null };
    },
  },
};
