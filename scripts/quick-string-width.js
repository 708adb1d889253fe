/**
 * string-width makes an Intl.Segmenter as soon as it is loaded (7 and 8), or tries every text for emoji with a large
 * pattern (4, of cli-table3): together as long as half of Node's own start, while nearly all that is measured is of one
 * cell each. In the bundle the segmenter is made when it is first asked for, and text of one cell each (the characters of
 * src/render/text-width.ts, whose test holds every measure to them) is as wide as it is long.
 */
const ONE_CELL_EACH = String.raw`/^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u22ff\u2500-\u259f]*$/`;

const CHANGES = [
  {
    from: "const segmenter = new Intl.Segmenter();",
    to: `let madeSegmenter;
const segmenter = { segment: text => (madeSegmenter ??= new Intl.Segmenter()).segment(text) };`,
  },
  {
    from: "string = string.replace(emojiRegex(), '  ');",
    to: `if (${ONE_CELL_EACH}.test(string)) return string.length;
	string = string.replace(emojiRegex(), '  ');`,
  },
];

export const quickStringWidth = {
  name: "quick-string-width",
  transform: {
    filter: { id: /[\\/]string-width[\\/]index\.js$/ },
    handler(code, id) {
      const change = CHANGES.find(({ from }) => code.includes(from));
      if (change === undefined) throw new Error(`${id} measures in another way than this plugin expects`);
      return { code: code.replace(change.from, () => change.to), map: null };
    },
  },
};
