/**
 * Live roots are the names in input and variables that a Choice further on still tests, directly or through what
 * is computed from them: only these can make two visits of a state differ.
 */
import { type JsonObject, type JsonValue, isJsonObject, ownValue } from "../workflow/text/json-value.ts";
import type { State } from "../workflow/state-machine.ts";
import type { StateGraph } from "./state-graph.ts";

export interface TestedRoots {
  readonly inputs: ReadonlySet<string>;
  readonly variables: ReadonlySet<string>;
}

/** Past this many names all are live wherever one is: coarser, still safe. */
const MAX_ROOTS = 64;

/** Live roots before each state; null when no constant is ever set or none is ever tested. */
export function liveRoots(graph: StateGraph, declared: ReadonlySet<number>): readonly TestedRoots[] | null {
  if (!graph.nodes.some(setsConstants)) return null;
  const tests = graph.nodes.map((node, i) =>
    node.type === "Choice" && !declared.has(i)
      ? mentionedRoots(node.choices.map((choice) => choice.fields))
      : new Set<string>(),
  );
  const feeds = feedingRoots(graph.nodes);
  const closed = tests.map((roots) => closure(roots, feeds));
  const all = new Set(closed.flatMap((roots) => [...roots]));
  if (all.size === 0) return null;
  const groups = all.size > MAX_ROOTS ? [[...all]] : [...all].map((root) => [root]);
  const live = graph.nodes.map(() => ({ inputs: new Set<string>(), variables: new Set<string>() }));
  const predecessors = predecessorsOf(graph);
  for (const group of groups) {
    const sources = closed.flatMap((roots, i) => (group.some((root) => roots.has(root)) ? [i] : []));
    for (const node of reaching(sources, predecessors)) {
      for (const root of group)
        (root[0] === "$" ? live[node]!.variables : live[node]!.inputs).add(root.slice(1));
    }
  }
  return live;
}

/** A Pass with a result, or any Assign or Output, sets something worth following. */
function setsConstants(state: State): boolean {
  if (holdersOf(state).some((holder) => Object.hasOwn(holder, "Assign") || Object.hasOwn(holder, "Output"))) {
    return true;
  }
  return state.type === "Pass" && ["Result", "Parameters"].some((key) => Object.hasOwn(state.fields, key));
}

const MENTION = /\$states\.input\.([A-Za-z_][\w-]*)|\$\.([A-Za-z_][\w-]*)|\$\['([^']*)'\]|\$([A-Za-z_]\w*)/g;

/** Names mentioned anywhere in a value: ".name" in the input, "$name" a variable. */
function mentionedRoots(value: JsonValue): Set<string> {
  const roots = new Set<string>();
  for (const match of JSON.stringify(value).matchAll(MENTION)) {
    const input = match[1] ?? match[2] ?? match[3];
    if (input !== undefined) roots.add(`.${input}`);
    else if (match[4] !== "states") roots.add(`$${match[4]!}`);
  }
  return roots;
}

/** For each root, the roots mentioned where it is written. */
function feedingRoots(states: readonly State[]): ReadonlyMap<string, ReadonlySet<string>> {
  const feeds = new Map<string, Set<string>>();
  const feed = (root: string, value: JsonValue): void => {
    const into = feeds.get(root) ?? new Set();
    mentionedRoots(value).forEach((mention) => into.add(mention));
    feeds.set(root, into);
  };
  for (const state of states) {
    for (const holder of holdersOf(state)) {
      const assign = ownValue(holder, "Assign");
      for (const [key, value] of isJsonObject(assign) ? Object.entries(assign) : []) {
        feed(`$${key.replace(/\.\$$/, "")}`, value);
      }
      const output = ownValue(holder, "Output");
      for (const [key, value] of isJsonObject(output) ? Object.entries(output) : []) feed(`.${key}`, value);
    }
    if (state.type !== "Pass") continue;
    for (const key of ["Result", "Parameters"]) {
      const template = ownValue(state.fields, key);
      if (template !== undefined) for (const root of placesOf(state, template)) feed(root, template);
    }
  }
  return feeds;
}

/** What may hold an Assign or an Output: the state, and the rules or Catchers in it. */
function holdersOf(state: State): readonly JsonObject[] {
  const parts = state.type === "Choice" ? ownValue(state.fields, "Choices") : ownValue(state.fields, "Catch");
  return [
    state.fields,
    ...(Array.isArray(parts) ? (parts as readonly JsonValue[]).filter(isJsonObject) : []),
  ];
}

/** Input roots that a Pass writes: the first name of its ResultPath, else each member of its template. */
function placesOf(state: State, template: JsonValue): readonly string[] {
  const path = ownValue(state.fields, "ResultPath");
  const first = typeof path === "string" ? /^\$\.([A-Za-z_][\w-]*)/.exec(path)?.[1] : undefined;
  if (first !== undefined) return [`.${first}`];
  return isJsonObject(template) ? Object.keys(template).map((key) => `.${key.replace(/\.\$$/, "")}`) : [];
}

function closure(
  roots: ReadonlySet<string>,
  feeds: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const closed = new Set(roots);
  for (const root of closed) feeds.get(root)?.forEach((fed) => closed.add(fed));
  return closed;
}

function predecessorsOf(graph: StateGraph): readonly (readonly number[])[] {
  const predecessors = graph.nodes.map((): number[] => []);
  for (const edges of graph.edges)
    for (const edge of edges) if (edge.to >= 0) predecessors[edge.to]!.push(edge.from);
  return predecessors;
}

function reaching(
  sources: readonly number[],
  predecessors: readonly (readonly number[])[],
): ReadonlySet<number> {
  const reached = new Set(sources);
  for (const node of reached) for (const from of predecessors[node]!) reached.add(from);
  return reached;
}
