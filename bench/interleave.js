/**
 * Timing that a busy machine cannot tilt: contenders take turns, and medians are compared. Every other round goes
 * backwards (A B C, C B A), for a process starts later after one that has filled memory and caches.
 */

/** `contenders`: name → function to time. Gives name → milliseconds of each round; one round before is not counted. */
export async function interleave(contenders, rounds) {
  const timings = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = -1; round < rounds; round += 1) {
    const turns = Object.entries(contenders);
    for (const [name, run] of round % 2 === 0 ? turns : turns.toReversed()) {
      const start = performance.now();
      await run();
      if (round >= 0) timings[name].push(performance.now() - start);
    }
  }
  return timings;
}

export function median(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[Math.floor(middle)];
}
