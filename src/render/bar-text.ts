/** A bar text is a value as a bar of block characters, as long as its share of the largest, to an eighth of a cell. */

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Whatever there is shows; nothing for nothing. */
export function barText(value: number, most: number, cells: number): string {
  if (!(value > 0) || !(most > 0)) return "";
  const eighths = Math.max(1, Math.round((8 * cells * value) / most));
  return "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!;
}
