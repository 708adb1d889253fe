/**
 * Matched machines are the workflows of both sides of a diff, paired across rename and move: by name and place, by name,
 * by place, by definition, and at last by how many of their states are the same. Swapping the sides swaps each pair.
 */
import type { DiffMachine } from "./diff-machine.ts";

export interface MachinePair<T = DiffMachine> {
  readonly before: T | null;
  readonly after: T | null;
}

type Matchable = Pick<DiffMachine, "name" | "at" | "file" | "contentIds"> & {
  readonly priced: { readonly states: DiffMachine["priced"]["states"] };
};

/** Below this share of states in common, two workflows are two workflows. */
const ALIKE = 0.5;

export function matchMachines<T extends Matchable>(
  before: readonly T[],
  after: readonly T[],
): readonly MachinePair<T>[] {
  const pairs: { before: T; after: T }[] = [];
  let [olds, news]: [readonly T[], readonly T[]] = [before, after];
  const take = (matched: readonly { before: T; after: T }[]): void => {
    pairs.push(...matched);
    const taken = new Set(matched.flatMap((pair) => [pair.before, pair.after]));
    olds = olds.filter((one) => !taken.has(one));
    news = news.filter((one) => !taken.has(one));
  };
  const place = ({ file, at }: T): string => `${file}\n${at.pointer}`;
  take(only(olds, news, (one) => `${one.name}\n${place(one)}`));
  take(only(olds, news, ({ name }) => name));
  take(only(olds, news, place));
  take(only(olds, news, ({ contentIds }) => contentIds.definition));
  take(alike(olds, news));
  return [
    ...pairs,
    ...news.map((one) => ({ before: null, after: one })),
    ...olds.map((one) => ({ before: one, after: null })),
  ];
}

/** Those that are the only ones with their key on each side: a guess between several would be no match. */
function only<T>(
  olds: readonly T[],
  news: readonly T[],
  keyOf: (one: T) => string,
): readonly { before: T; after: T }[] {
  const [byOld, byNew] = [unique(olds, keyOf), unique(news, keyOf)];
  return [...byOld].flatMap(([key, before]) => {
    const after = byNew.get(key) ?? null;
    return before === null || after === null ? [] : [{ before, after }];
  });
}

function unique<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, T | null> {
  const found = new Map<string, T | null>();
  for (const one of all) found.set(keyOf(one), found.has(keyOf(one)) ? null : one);
  return found;
}

/** The pair most alike first; ties by name, in an order that does not depend on the side. */
function alike<T extends Matchable>(
  olds: readonly T[],
  news: readonly T[],
): readonly { before: T; after: T }[] {
  const candidates = olds.flatMap((before) =>
    news.flatMap((after) => {
      const likeness = likenessOf(before, after);
      const names = [before.name, after.name].sort().join("\n");
      return likeness < ALIKE ? [] : [{ before, after, likeness, names }];
    }),
  );
  candidates.sort((a, b) => b.likeness - a.likeness || (a.names < b.names ? -1 : 1));
  const taken = new Set<T>();
  return candidates.filter(({ before, after }) => {
    if (taken.has(before) || taken.has(after)) return false;
    taken.add(before).add(after);
    return true;
  });
}

/** Share of all states that both have, by name or else by what they are (Jaccard). */
function likenessOf(before: Matchable, after: Matchable): number {
  const [olds, news] = [before.priced.states, after.priced.states];
  const nameOf = ({ name, type }: (typeof olds)[number]): string => `${type}\n${name}`;
  const [oldNames, newNames] = [new Set(olds.map(nameOf)), new Set(news.map(nameOf))];
  const contents = new Map<string, number>();
  const [oldLeft, newLeft] = [
    olds.filter((state) => !newNames.has(nameOf(state))),
    news.filter((state) => !oldNames.has(nameOf(state))),
  ];
  for (const { ids } of oldLeft) contents.set(ids[1], (contents.get(ids[1]) ?? 0) + 1);
  let common = [...oldNames].filter((name) => newNames.has(name)).length;
  for (const { ids } of newLeft) {
    const left = contents.get(ids[1]) ?? 0;
    contents.set(ids[1], left - 1);
    if (left > 0) common++;
  }
  return common / (olds.length + news.length - common);
}
