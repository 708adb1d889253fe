/** A sparkline is a small plot in one line of text: a bar per value, the highest full, an empty one for nothing. */

const BARS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

export function sparkline(values: readonly number[]): string {
  const most = values.reduce((high, value) => Math.max(high, value), 0);
  return values
    .map((value) => (value <= 0 ? "·" : BARS[Math.ceil((value / most) * BARS.length) - 1]))
    .join("");
}
