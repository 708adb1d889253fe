/** The known name a misspelt one most likely stands for. */
import { distance } from "fastest-levenshtein";

/** Beyond this many names the search would cost more than the advice is worth. */
const MAX_CANDIDATES = 2_000;

/** The nearest known name, or null when none is near enough to be meant. */
export function nearestName(name: string, known: Iterable<string>): string | null {
  const lower = name.toLowerCase();
  let nearest: string | null = null;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  let seen = 0;
  for (const candidate of known) {
    if (++seen > MAX_CANDIDATES) break;
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const away = distance(lower, candidate.toLowerCase());
    if (away < least) [nearest, least] = [candidate, away];
  }
  return nearest;
}

/** The advice as a sentence, or null. */
export function didYouMean(name: string, known: Iterable<string>): string | null {
  const nearest = nearestName(name, known);
  return nearest === null ? null : `Did you mean "${nearest}"?`;
}
