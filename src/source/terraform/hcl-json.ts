/** HCL in JSON is the same language in `.tf.json` files: keys are blocks and arguments, texts are templates. */
import { parseTree } from "jsonc-parser";
import type { Node, ParseError } from "jsonc-parser";
import { parseTemplateText } from "./hcl-body-parser.ts";
import type { ParsedBody } from "./hcl-body-parser.ts";
import type { Attribute, Block, Body, Expression, Span, TemplatePart } from "./hcl-syntax.ts";
import type { SourceText } from "../file-text.ts";
import { placeAt, sourceText } from "../file-text.ts";

/** How many labels each kind of top-level block carries. */
const LABELS: ReadonlyMap<string, number> = new Map([
  ["resource", 2],
  ["data", 2],
  ["module", 1],
  ["variable", 1],
  ["output", 1],
  ["locals", 0],
]);

const MAX_DEPTH = 250;

/** Syntax: https://developer.hashicorp.com/terraform/language/syntax/json */
export function parseHclJson(source: SourceText): ParsedBody {
  const errors: ParseError[] = [];
  const root = isDeep(source.text) ? undefined : parseTree(source.text, errors);
  if (root?.type !== "object" || errors.length > 0) {
    const offset = errors[0]?.offset ?? 0;
    return {
      body: { attributes: new Map(), blocks: [] },
      problems: [{ message: "This is not JSON", offset }],
    };
  }
  const blocks = membersOf(root).flatMap(([type, node]) => {
    const labels = LABELS.get(type);
    return labels === undefined ? [] : readBlocks({ type, labels: [], node, left: labels, source });
  });
  return { body: { attributes: new Map(), blocks }, problems: [] };
}

function isDeep(text: string): boolean {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of text.matchAll(
    /"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*(?:"|\\?(?=[\r\n]|$))|[[\]{}]/g,
  )) {
    if (bracket.startsWith('"')) continue;
    depth += bracket === "[" || bracket === "{" ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest > MAX_DEPTH;
}

function membersOf(node: Node): readonly (readonly [string, Node])[] {
  return (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
    key === undefined || value === undefined ? [] : [[String(key.value), value] as const],
  );
}

interface Reading {
  readonly type: string;
  readonly labels: readonly string[];
  readonly node: Node;
  readonly left: number;
  readonly source: SourceText;
}

/** Each label is one level of objects; a list holds blocks of the same labels. */
function readBlocks(reading: Reading): readonly Block[] {
  const { type, labels, node, left, source } = reading;
  if (node.type === "array")
    return (node.children ?? []).flatMap((child) => readBlocks({ ...reading, node: child }));
  if (node.type !== "object") return [];
  if (left > 0) {
    return membersOf(node).flatMap(([label, member]) =>
      readBlocks({ ...reading, labels: [...labels, label], node: member, left: left - 1 }),
    );
  }
  return [{ type, labels, body: readBody(node, source), span: spanOf(node.parent ?? node, source) }];
}

/** Nested blocks are arguments here: only a provider's schema could tell them apart. */
function readBody(node: Node, source: SourceText): Body {
  const attributes = membersOf(node).map(([name, value]): [string, Attribute] => [
    name,
    { name, expression: toExpression(value, source), span: spanOf(value.parent ?? value, source) },
  ]);
  return { attributes: new Map(attributes), blocks: [] };
}

function spanOf(node: Node, source: SourceText): Span {
  return { source, start: node.offset, end: node.offset + node.length };
}

function toExpression(node: Node, source: SourceText): Expression {
  const span = spanOf(node, source);
  if (node.type === "array") {
    return { kind: "tuple", items: (node.children ?? []).map((child) => toExpression(child, source)), span };
  }
  if (node.type === "object") {
    const items = (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
      key === undefined || value === undefined
        ? []
        : [{ key: toExpression(key, source), isNamed: false, value: toExpression(value, source) }],
    );
    return { kind: "object", items, span };
  }
  if (node.type !== "string") return { kind: "literal", value: node.value as null | boolean | number, span };
  return { kind: "template", parts: templateParts(String(node.value), node, source), span };
}

/** Text without escapes stands in the file as it is; other text is placed where it begins. */
function templateParts(text: string, node: Node, source: SourceText): readonly TemplatePart[] {
  const span = spanOf(node, source);
  const isPlain = text.length === node.length - 2;
  const parts = isPlain
    ? parseTemplateText(source, span.start + 1, span.end - 1)
    : parseTemplateText(sourceText(source.file, text, placeAt(source, span.start)));
  return "message" in parts ? [{ kind: "text", text, exact: false, span }] : parts;
}
