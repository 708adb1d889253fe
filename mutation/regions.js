/**
 * Regions are the stretches of a source file that run or do not run as one: bodies, branches, the right side of `&&`,
 * `||` and `??`. A mutant in a region that a test never runs is one that this test cannot notice.
 */
import { parseAst } from "rolldown/parseAst";

const STATEMENT_PARTS = {
  IfStatement: ["consequent", "alternate"],
  ForStatement: ["body"],
  ForOfStatement: ["body"],
  ForInStatement: ["body"],
  WhileStatement: ["body"],
  DoWhileStatement: ["body"],
};

const EXPRESSION_PARTS = {
  ConditionalExpression: ["consequent", "alternate"],
  LogicalExpression: ["right"],
};

/** `{ start, end, kind }` of every region of a text, outer ones first; `kind` says how it is marked. */
export function regionsOf(text) {
  const found = [];
  const add = (kind, { start, end }) => found.push({ start, end, kind });
  const open = [parseAst(text, { lang: "ts" })];
  while (open.length > 0) {
    const node = open.pop();
    if (node.type === "BlockStatement") add("block", node);
    if (node.type === "ArrowFunctionExpression" && node.body.type !== "BlockStatement")
      add("expression", node.body);
    for (const part of STATEMENT_PARTS[node.type] ?? [])
      if (node[part] != null && node[part].type !== "BlockStatement") add("statement", node[part]);
    for (const part of EXPRESSION_PARTS[node.type] ?? []) add("expression", node[part]);
    for (const value of Object.values(node))
      for (const child of Array.isArray(value) ? value : [value])
        if (typeof child?.type === "string") open.push(child);
  }
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** The innermost region around a place, by its index; -1 for what runs when the file is loaded. */
export function regionAt(regions, place) {
  return regions.findLastIndex(({ start, end }) => start <= place && place < end);
}

const MARKS = {
  block: { at: ({ start }) => start + 1, before: (mark) => `${mark};`, after: "" },
  statement: { at: ({ start }) => start, before: (mark) => `{${mark};`, after: "}" },
  expression: { at: ({ start }) => start, before: (mark) => `(${mark},`, after: ")" },
};

/** The text, each of whose regions marks itself when it runs: `globalThis.reachedIn(name, count)[region] = 1`. */
export function marked(text, name) {
  const regions = regionsOf(text);
  const inserted = regions.flatMap((region, index) => {
    const { at, before, after } = MARKS[region.kind];
    const opening = { place: at(region), rank: index, text: before(`reached_[${index}]=1`) };
    return after === "" ? [opening] : [opening, { place: region.end, rank: -index - 1, text: after }];
  });
  // At one place, what ends there comes first, the innermost before what holds it; what begins there in its own order.
  inserted.sort((a, b) => a.place - b.place || a.rank - b.rank);
  const edges = [0, ...inserted.map(({ place }) => place), text.length];
  const body = edges
    .slice(1)
    .map((edge, i) => text.slice(edges[i], edge) + (inserted[i]?.text ?? ""))
    .join("");
  return `const reached_ = globalThis.reachedIn(${JSON.stringify(name)}, ${regions.length}); ${body}`;
}
