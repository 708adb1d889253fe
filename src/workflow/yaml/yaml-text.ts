/** Reads a definition written in YAML, with the place of every value; in its own file so that JSON never loads the parser. */
import type { CST } from "yaml";
import { Composer, type Document, isAlias, isMap, isNode, isSeq, LineCounter, Parser } from "yaml";
import type { Diagnostic, Place } from "../../diagnostic.ts";
import { decodeText } from "../text/decode-text.ts";
import { MAX_JSON_DEPTH } from "../text/json-outline.ts";
import type { SourceText } from "../text/source-text.ts";
import { pointerTokens } from "../text/text-position.ts";
import type { AliasTargets, ResolveTag } from "./yaml-value.ts";
import { keyText, resolveAliases, valueOfYaml } from "./yaml-value.ts";

interface YamlOptions {
  /** For `!Sub` and the like; without it unknown tags are ignored with a warning. */
  readonly resolveTag?: ResolveTag;
}

/** Reads YAML, of which JSON is a part. Never throws. */
export function readYamlText(
  content: string | Uint8Array,
  file: string,
  options: YamlOptions = {},
): SourceText {
  const { text, reason } = decodeText(content);
  const lines = new LineCounter();
  const placeAt = (offset: number, pointer = ""): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), pointer };
  };
  const refuse = (message: string, offset = 0): SourceText => {
    const diagnostics = [invalidYaml(message, placeAt(offset))];
    const locate = (pointer: string) => placeAt(0, pointer);
    return { file, format: "yaml", value: undefined, text: text ?? "", jsonText: "", locate, diagnostics };
  };
  if (text === null) return refuse(reason ?? "The file is not text.");
  if (text.trim() === "") return refuse("The file is empty.");
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tooDeep(tokens);
  if (deep !== null)
    return refuse(`Values nest deeper than ${MAX_JSON_DEPTH} levels, which no definition needs.`, deep);
  const [document, second] = [...new Composer({ uniqueKeys: true, logLevel: "silent" }).compose(tokens)];
  if (document === undefined) return refuse("The file holds no YAML document.");
  if (second !== undefined) return refuse("The file holds more than one YAML document.", second.range[0]);
  return sourceOf(document, {
    file,
    text,
    placeAt,
    resolveTag: options.resolveTag ?? null,
  });
}

interface Reading {
  readonly file: string;
  readonly text: string;
  readonly placeAt: (offset: number, pointer?: string) => Place;
  readonly resolveTag: ResolveTag | null;
}

function sourceOf(document: Document.Parsed, reading: Reading): SourceText {
  const { file, text, placeAt } = reading;
  const diagnostics: Diagnostic[] = document.errors.map(({ code, message, pos }) =>
    code === "DUPLICATE_KEY"
      ? {
          code: "duplicate-key",
          severity: "error",
          message: `The key ${JSON.stringify(keyAt(text, pos[0]))} stands twice in one map.`,
          at: placeAt(pos[0]),
          hint: "Remove or rename one.",
        }
      : invalidYaml(message, placeAt(pos[0])),
  );
  if (reading.resolveTag === null) {
    for (const { message, pos } of document.warnings) {
      diagnostics.push({
        code: "invalid-yaml",
        severity: "warning",
        message,
        at: placeAt(pos[0]),
        hint: null,
      });
    }
  }
  const targets = resolveAliases(document);
  const readable = document.errors.every(({ code }) => code === "DUPLICATE_KEY");
  const { value, fault } = readable
    ? valueOfYaml(document, { resolveTag: reading.resolveTag ?? (() => undefined), targets })
    : { value: undefined, fault: null };
  if (fault !== null) diagnostics.push(invalidYaml(`${fault.message}.`, placeAt(fault.offset)));
  const locate = (pointer: string) => placeAt(offsetOf(document.contents, pointer, targets), pointer);
  const jsonText = value === undefined ? "" : JSON.stringify(value);
  return { file, format: "yaml", value, text, jsonText, locate, diagnostics };
}

/** The key that begins at an offset, as far as it fits a message. */
function keyAt(text: string, offset: number): string {
  const [line = ""] = text.slice(offset, offset + 100).split("\n", 1);
  const quote = line.charAt(0);
  const end = quote === '"' || quote === "'" ? line.indexOf(quote, 1) : line.search(/:(?:\s|$)/);
  const key = end < 0 ? line : line.slice(0, end);
  return quote === '"' || quote === "'" ? key.slice(1) : key.trim();
}

function invalidYaml(message: string, at: Place): Diagnostic {
  return { code: "invalid-yaml", severity: "error", message, at, hint: null };
}

/** The offset of the first token nested too deep for the recursive composer; found with a stack, before it runs. */
function tooDeep(tokens: readonly CST.Token[]): number | null {
  const open = tokens.map((token) => ({ token, depth: 0 }));
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    const { token, depth } = item;
    if (depth > MAX_JSON_DEPTH) return token.offset;
    if (token.type === "document" && token.value) open.push({ token: token.value, depth });
    if (!("items" in token)) continue;
    for (const { key, value } of token.items as readonly CST.CollectionItem[]) {
      if (key) open.push({ token: key, depth: depth + 1 });
      if (value) open.push({ token: value, depth: depth + 1 });
    }
  }
  return null;
}

/** A member's key, an item's value; through aliases to what they stand for. */
function offsetOf(root: unknown, pointer: string, targets: AliasTargets): number {
  let node = root;
  let offset = startOf(node) ?? 0;
  for (const token of pointerTokens(pointer)) {
    if (isAlias(node)) node = targets.get(node);
    const child = isMap(node) ? memberOf(node, token) : isSeq(node) ? itemOf(node, token) : null;
    if (child === null) break;
    offset = child.offset ?? offset;
    node = child.value;
  }
  return offset;
}

interface Found {
  readonly offset: number | null;
  readonly value: unknown;
}

const memberIndexes = new WeakMap<object, ReadonlyMap<string | null, Found>>();

/** Kept per mapping, so that locating every state of a large file stays linear. */
function memberOf(
  map: object & { readonly items: readonly { key: unknown; value: unknown }[] },
  key: string,
): Found | null {
  const known = memberIndexes.get(map);
  if (known !== undefined) return known.get(key) ?? null;
  const index = new Map(
    map.items.map(({ key: node, value }) => [keyText(node), { offset: startOf(node), value }]),
  );
  memberIndexes.set(map, index);
  return index.get(key) ?? null;
}

function itemOf(list: { readonly items: readonly unknown[] }, token: string): Found | null {
  const index = /^(?:0|[1-9]\d*)$/.test(token) ? Number(token) : -1;
  return index in list.items ? { offset: startOf(list.items[index]), value: list.items[index] } : null;
}

function startOf(node: unknown): number | null {
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}
