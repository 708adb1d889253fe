/** Unique names tell workflows apart: those that share a name are qualified by as many of their folders as it takes. */
import { isGenericName } from "./asl-file.ts";

export interface NamedAt {
  readonly name: string;
  readonly file: string;
}

/** One name for each, in their order; a name that nobody else has stays as it is. */
export function uniqueNames(items: readonly NamedAt[]): readonly string[] {
  const groups = new Map<string, number[]>();
  items.forEach(({ name }, index) => {
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [index]);
    else group.push(index);
  });
  const names = items.map(({ name }) => name);
  for (const group of groups.values()) {
    if (group.length > 1) qualify(group, items).forEach((name, place) => (names[group[place] ?? 0] = name));
  }
  return numbered(names);
}

/** Those that still share a name after one folder get two, and so on. */
function qualify(group: readonly number[], items: readonly NamedAt[]): readonly string[] {
  const members = group.flatMap((index) => items[index] ?? []);
  const deepest = members.reduce((most, { file }) => Math.max(most, file.split("/").length), 0);
  let names: readonly string[] = members.map(({ name }) => name);
  for (let depth = 1; depth <= deepest; depth++) {
    const shared = sharedIn(names);
    names = names.map((name, index) => (shared.has(name) ? qualified(members[index], depth, name) : name));
  }
  const shared = sharedIn(names);
  // Two in one folder: the file tells them apart, or at last a number.
  return names.map((name, index) => {
    const { file = "", name: own = name } = members[index] ?? {};
    const base = file.slice(file.lastIndexOf("/") + 1);
    return shared.has(name) ? qualified({ file, name: `${base}/${own}` }, deepest, name) : name;
  });
}

/** The last `depth` folders whose names say something; all of them when there are no more of those. */
function foldersOf(file: string, depth: number): readonly string[] {
  const all = file
    .split("/")
    .slice(0, -1)
    .filter((part) => part !== "..");
  const telling = all.filter((part) => !isGenericName(part));
  return depth > telling.length ? all : telling.slice(-depth);
}

function sharedIn(names: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(names.filter((name) => seen.size === seen.add(name).size));
}

/** `orders/statemachine` with its folder `orders` stays: nothing is said twice. */
function qualified(item: NamedAt | undefined, depth: number, fallback: string): string {
  const { name, file } = item ?? { name: fallback, file: "" };
  const kept = foldersOf(file, depth);
  const prefix = kept.join("/");
  if (prefix === "" || name.startsWith(`${prefix}/`)) return name;
  const [first = ""] = name.split("/");
  const known = name.includes("/") ? kept.lastIndexOf(first) : -1;
  return `${(known < 0 ? kept : kept.slice(0, known)).join("/")}/${name}`.replace(/^\//, "");
}

function numbered(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  const next = new Map<string, number>();
  return names.map((name) => {
    let unique = name;
    let number = next.get(name) ?? 2;
    for (; taken.has(unique); number++) unique = `${name} (${number})`;
    next.set(name, number);
    taken.add(unique);
    return unique;
  });
}
