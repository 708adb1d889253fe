/** Reads a YAML template into template nodes: short tags, anchors, aliases and merge keys, nothing executed. */
import { isAlias, isMap, isScalar, isSeq } from "yaml";
import type { Alias, Node, Pair, Scalar, YAMLError, YAMLMap, YAMLSeq } from "yaml";
import { pointerTo } from "../../workflow/text/json-value.ts";
import { readBlockYaml } from "../../workflow/yaml/block-yaml.ts";
import { type IndentedDocument, ownErrors, parseIndentedYaml } from "./indented-yaml.ts";
import { textOfQuoted } from "../../workflow/yaml/quoted-text.ts";
import type { YamlDialect } from "../../workflow/yaml/yaml-dialect.ts";
import { mostStrayLines, strayWords } from "./stray-line.ts";
import { functionOfTag, spellOut } from "./template-tags.ts";
import { MAX_LEVELS, measureParts, withoutCopies } from "../../workflow/yaml/value-node.ts";
import type { MapEntry, ScalarNode, ScalarStyle, ValueNode } from "../../workflow/yaml/value-node.ts";
import { copiedKey, secondTag, syntaxFaults } from "./template-fault.ts";
import type { ReadTemplate, TemplateFault } from "./template-fault.ts";

/** CloudFormation itself takes 1 MB of template: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MAX_NODES = 500_000;

interface Conversion extends Pick<IndentedDocument, "document" | "isJoined"> {
  readonly text: string;
  readonly anchors: Map<Node, ValueNode>;
  readonly faults: TemplateFault[];
}

export function readYamlTemplate(text: string): ReadTemplate {
  return readPlainTemplate(text) ?? readAllYaml(text);
}

const TEMPLATE: YamlDialect = {
  functionOfTag,
  spellOut,
  // AWS does.
  takesAnyIndent: true,
  isStrayLine: (text, at, column) => strayWords(text, at, column) !== null,
  mostStrayLines,
};

/** Null where it is not plain. */
export function readPlainTemplate(text: string): ReadTemplate | null {
  const reading = readBlockYaml(text, TEMPLATE);
  if (reading === null) return null;
  const faults = syntaxFaults(reading.strayLines, reading.secondTags.map(secondTag));
  return { root: reading.root, faults: [...faults, ...reading.copies.map(copiedKey)] };
}

/** By the parser of all of YAML, which takes several times as long and knows what is wrong. */
export function readAllYaml(text: string): ReadTemplate {
  const { document, isJoined, strayLines } = parseIndentedYaml(text);
  const errors = syntaxFaults(strayLines, ownErrors(document).map(syntaxFault));
  // What the parser made out in spite of an error is still read: one broken line does not hide the other resources.
  if (document.contents === null) return { root: null, faults: errors };
  const faults: TemplateFault[] = [];
  const root = convert(document.contents, "", 1, { document, isJoined, text, anchors: new Map(), faults });
  const readable = root.kind === "map" && !faults.some((fault) => fault.severity === "error");
  return { root: readable ? root : null, faults: [...errors, ...faults] };
}

function syntaxFault({ code, pos: [offset], message }: YAMLError): TemplateFault {
  if (code === "MULTIPLE_TAGS") return secondTag(offset);
  const reason = `The template is not valid YAML: ${withoutToken(message)}.`;
  return { code: "template-syntax", severity: "error", message: reason, offset, hint: null };
}

/** The parser quotes what it stumbled over, which may be a secret's default. */
function withoutToken(message: string): string {
  return message.replace(/: "[^]*$/, "");
}

/** Recursion ends at MAX_LEVELS. */
function convert(node: Node | null, pointer: string, level: number, into: Conversion): ValueNode {
  if (node === null) return emptyNode(0, pointer);
  if (level > MAX_LEVELS) return tooMuch(node, pointer, into, `more than ${MAX_LEVELS} levels deep`);
  if (isAlias(node)) return follow(node, pointer, level, into);
  const tag = "tag" in node && typeof node.tag === "string" ? node.tag : "";
  const name = functionOfTag(tag);
  if (name === null && tag !== "" && !tag.startsWith("tag:yaml.org,2002:")) reportTag(node, tag, into);
  const inner = convertPlain(node, name === null ? pointer : pointerTo(pointer, name), level, into);
  const converted = name === null ? inner : spellOut(name, inner, pointer);
  const kept =
    converted.size > MAX_NODES ? tooMuch(node, pointer, into, `more than ${MAX_NODES} values`) : converted;
  if ("anchor" in node && node.anchor !== undefined) into.anchors.set(node, kept);
  return kept;
}

function convertPlain(node: Node, pointer: string, level: number, into: Conversion): ValueNode {
  if (isMap(node)) return convertMap(node, pointer, level, into);
  if (isSeq(node)) return convertList(node, pointer, level, into);
  return isScalar(node) ? convertScalar(node, pointer, into) : emptyNode(startOf(node), pointer);
}

/** An alias shares its anchor's node, so a bomb of aliases takes no memory; its size and height are counted in full. */
function follow(alias: Alias, pointer: string, level: number, into: Conversion): ValueNode {
  const target = alias.resolve(into.document);
  const known = target === undefined ? undefined : into.anchors.get(target);
  if (known === undefined) {
    into.faults.push({
      code: "template-syntax",
      severity: "error",
      message: `The alias "*${alias.source}" refers to no anchor before it, or to one that holds it.`,
      offset: startOf(alias),
      hint: null,
    });
    return emptyNode(startOf(alias), pointer);
  }
  if (level + known.height > MAX_LEVELS)
    return tooMuch(alias, pointer, into, `more than ${MAX_LEVELS} levels deep`);
  return known;
}

function convertMap(map: YAMLMap, pointer: string, level: number, into: Conversion): ValueNode {
  const merged: MapEntry[] = [];
  const written: MapEntry[] = [];
  for (const pair of map.items as Pair<Node | null, Node | null>[]) {
    const key = keyText(pair.key, into);
    const keyStart = pair.key === null ? startOf(map) : startOf(pair.key);
    const value = convert(pair.value, pointerTo(pointer, key), level + 1, into);
    // https://yaml.org/type/merge.html
    if (key === "<<") merged.push(...mergedEntries(value));
    else written.push({ key, keyStart, value });
  }
  const own = withoutCopies(written, (entry) => into.faults.push(copiedKey(entry)));
  const keys = new Set(own.map((entry) => entry.key));
  const entries = [...firstOfEach(merged).filter((entry) => !keys.has(entry.key)), ...own];
  return {
    kind: "map",
    entries,
    start: startOf(map),
    pointer,
    ...measureParts(entries.map((entry) => entry.value)),
  };
}

function mergedEntries(value: ValueNode): readonly MapEntry[] {
  if (value.kind === "map") return value.entries;
  return value.kind === "list"
    ? value.items.flatMap((item) => (item.kind === "map" ? item.entries : []))
    : [];
}

function firstOfEach(entries: readonly MapEntry[]): MapEntry[] {
  const seen = new Map<string, MapEntry>();
  for (const entry of entries) if (!seen.has(entry.key)) seen.set(entry.key, entry);
  return [...seen.values()];
}

function convertList(list: YAMLSeq, pointer: string, level: number, into: Conversion): ValueNode {
  const items = (list.items as (Node | null)[]).map((item, index) =>
    convert(item, pointerTo(pointer, index), level + 1, into),
  );
  return { kind: "list", items, start: startOf(list), pointer, ...measureParts(items) };
}

const STYLES = new Map<string | undefined, ScalarStyle>([
  ["BLOCK_LITERAL", "block"],
  ["BLOCK_FOLDED", "block"],
  ["QUOTE_SINGLE", "single"],
  ["QUOTE_DOUBLE", "double"],
]);

function convertScalar(scalar: Scalar, pointer: string, into: Conversion): ScalarNode {
  const style = STYLES.get(scalar.type) ?? "plain";
  const [start, end] = scalar.range ?? [0, 0];
  const read: unknown = scalar.value;
  const known =
    typeof read === "string" || typeof read === "number" || typeof read === "boolean" || read === null;
  const written = into.text.slice(start, end);
  const folded =
    into.isJoined && (style === "double" || style === "single")
      ? textOfQuoted(written.replaceAll("\r\n", "\n"))
      : null;
  const value = folded ?? (known ? read : written);
  const text = typeof value === "string" ? value : written;
  return { kind: "scalar", value, text, style, start, end, pointer, size: 1, height: 1 };
}

function keyText(key: Node | null, into: Conversion): string {
  if (!isScalar(key)) return key === null ? "" : into.text.slice(startOf(key), key.range?.[1]);
  return typeof key.value === "string" ? key.value : (key.source ?? String(key.value));
}

function reportTag(node: Node, tag: string, into: Conversion): void {
  into.faults.push({
    code: "unknown-template-tag",
    severity: "warning",
    message: `The tag ${JSON.stringify(tag.slice(0, 100))} is none of CloudFormation's functions; its value is kept as it stands.`,
    offset: startOf(node),
    hint: null,
  });
}

function tooMuch(node: Node, pointer: string, into: Conversion, what: string): ValueNode {
  if (!into.faults.some((fault) => fault.code === "template-too-large")) {
    into.faults.push({
      code: "template-too-large",
      severity: "error",
      message: `The template is ${what} once its aliases are expanded, so it is not read.`,
      offset: startOf(node),
      hint: "Expand fewer aliases; CloudFormation takes no template beyond 1 MB.",
    });
  }
  return emptyNode(startOf(node), pointer);
}

function emptyNode(start: number, pointer: string): ScalarNode {
  return {
    kind: "scalar",
    value: null,
    text: "",
    style: "plain",
    start,
    end: start,
    pointer,
    size: 1,
    height: 1,
  };
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}
