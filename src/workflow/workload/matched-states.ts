/**
 * Matched states are the states of two versions of a definition, paired: by name, else by what they are and what follows
 * them, so that a renamed state is not one removed and one added.
 */
import type { StateIds } from "../state-identity.ts";

export interface MatchableState {
  readonly name: string;
  readonly pointer: string;
  readonly type: string;
  readonly ids: StateIds;
}

export interface StatePair<T> {
  readonly before: T | null;
  readonly after: T | null;
}

/** Pairs first, then what was added, then what was removed. Swapping the versions swaps each pair and nothing else. */
export function matchStates<T extends MatchableState>(
  before: readonly T[],
  after: readonly T[],
): readonly StatePair<T>[] {
  const pairs: { before: T; after: T }[] = [];
  let [olds, news]: [readonly T[], readonly T[]] = [before, after];
  for (const keyOf of KEYS) {
    const matched = inOrder(olds, news, keyOf);
    pairs.push(...matched);
    const taken = new Set(matched.flatMap((pair) => [pair.before, pair.after]));
    olds = olds.filter((state) => !taken.has(state));
    news = news.filter((state) => !taken.has(state));
    if (olds.length === 0 || news.length === 0) break;
  }
  return [
    ...pairs,
    ...news.map((state) => ({ before: null, after: state })),
    ...olds.map((state) => ({ before: state, after: null })),
  ];
}

/** What tells states apart, the surest first. */
const KEYS: readonly ((state: MatchableState) => string)[] = [
  ({ name, pointer }) => `${name}\n${pointer}`,
  ({ name }) => name,
  ...([0, 1, 2] as const).map(
    (strictness) =>
      ({ type, ids }: MatchableState): string =>
        `${type}\n${ids[strictness]}`,
  ),
];

/** Those with the same key, the first with the first, the second with the second. */
function inOrder<T>(
  olds: readonly T[],
  news: readonly T[],
  keyOf: (state: T) => string,
): readonly { before: T; after: T }[] {
  const waiting = new Map<string, T[]>();
  for (const state of news) {
    const key = keyOf(state);
    const known = waiting.get(key);
    if (known) known.push(state);
    else waiting.set(key, [state]);
  }
  const used = new Map<string, number>();
  return olds.flatMap((before) => {
    const key = keyOf(before);
    const at = used.get(key) ?? 0;
    const after = waiting.get(key)?.[at];
    if (after === undefined) return [];
    used.set(key, at + 1);
    return [{ before, after }];
  });
}
