/**
 * Stand-ins take the place of text that cli-table3 would measure wrongly while it lays a table out: its own measure
 * (string-width 4) knows neither newer emoji nor how today's terminals join them. A stand-in takes exactly as many
 * cells as the text, in characters that every measure counts as one cell.
 */
import { isOneCellEach, textWidth } from "./text-width.ts";

export interface StandIns {
  readonly hide: (line: string) => string;
  readonly reveal: (drawn: string) => string;
}

/** Private use characters: the first of a stand-in says for which text it stands, the others fill its cells. */
const FIRST = 0xf0000;
const FILLER = String.fromCodePoint(0x10fffd);
const STAND_IN = /([\u{f0000}-\u{10fffc}])\u{10fffd}*/gu;

/** One set for one drawing: what it hid is revealed by the same set. */
export function standIns(): StandIns {
  const hidden: string[] = [];
  return {
    hide: (line) => {
      if (isOneCellEach(line)) return line;
      // A lone combining mark takes no cell of its own; it is given one to stand on.
      const shown = textWidth(line) === 0 ? ` ${line}` : line;
      hidden.push(shown);
      return String.fromCodePoint(FIRST + hidden.length - 1) + FILLER.repeat(textWidth(shown) - 1);
    },
    reveal: (drawn) =>
      drawn.replace(STAND_IN, (_, first: string) => hidden[(first.codePointAt(0) ?? 0) - FIRST] ?? ""),
  };
}
