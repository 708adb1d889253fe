/** The functions of Terraform that write and read JSON and YAML, keeping where each part was written. */
import { parseTree } from "jsonc-parser";
import type { Node as JsonNode, ParseError } from "jsonc-parser";
import { isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Document, Node as YamlNode, YAMLMap, YAMLSeq } from "yaml";
import { unknownCall } from "./hcl-evaluation.ts";
import { ofShape, ofText } from "./hcl-function.ts";
import type { HclFunction } from "./hcl-function.ts";
import type { Call } from "./hcl-scope.ts";
import type { Span } from "./hcl-syntax.ts";
import { spanOfText } from "./hcl-text-place.ts";
import {
  faultValue,
  fromJson,
  listValue,
  objectValue,
  problemValue,
  stringValue,
  textOf,
  toJson,
  unknownWithin,
} from "./hcl-value.ts";
import type { HclValue } from "./hcl-value.ts";

export const ENCODING_FUNCTIONS: ReadonlyMap<string, HclFunction> = new Map([
  ["jsonencode", jsonencode],
  ["jsondecode", ofShape(([text], call) => decode(text, call, decodeJson))],
  ["yamldecode", ofShape(([text], call) => decode(text, call, decodeYaml))],
  ["tostring", ofShape(toText)],
  ["templatestring", ofText((_, { at }) => problemValue("templatestring is not evaluated here", at))],
]);

function jsonencode([value]: readonly HclValue[], call: Call): HclValue {
  if (value === undefined) return faultValue("jsonencode needs a value", call.at);
  if (value.kind === "unknown") return unknownCall(value, call);
  const text = JSON.stringify(toJson(value));
  if (!call.scope.budget.spend(text.length / 64))
    return problemValue("This takes too many steps to encode", call.at);
  return { ...stringValue(text, call.at, unknownWithin(value) !== null), encoded: value };
}

function toText([value]: readonly HclValue[], { at }: Call): HclValue {
  if (value?.kind === "string" || value?.kind === "null") return value;
  const text = value === undefined ? null : textOf(value);
  return text === null ? faultValue("This has no text", at) : stringValue(text, at);
}

interface Decoding {
  readonly spanAt: (offset: number) => Span | null;
  readonly call: Call;
}

type Decode = (text: string, decoding: Decoding) => HclValue | null;

function decode(value: HclValue | undefined, call: Call, read: Decode): HclValue {
  if (value?.kind !== "string") return faultValue("Expected text to decode", call.at);
  if (value.encoded !== null) return value.encoded;
  const decoded = read(value.text, { spanAt: spanOfText(value), call });
  if (decoded !== null) return decoded;
  return value.isOpen
    ? problemValue("This text cannot be decoded before its values are known", call.at)
    : faultValue("This text cannot be decoded", call.at);
}

interface Member {
  readonly key: string;
  readonly at: Span | null;
  readonly value: HclValue;
}

function objectOf(members: readonly Member[], at: Span | null): HclValue {
  const keysAt = members.flatMap((member) => (member.at === null ? [] : [[member.key, member.at] as const]));
  return objectValue(new Map(members.map(({ key, value }) => [key, value])), at, new Map(keysAt));
}

function decodeJson(text: string, { spanAt, call }: Decoding): HclValue | null {
  const errors: ParseError[] = [];
  const plain = nestsTooDeep(text) ? undefined : parseTree(text, errors, { disallowComments: true });
  if (plain === undefined || errors.length > 0) return null;
  const convert = (node: JsonNode): HclValue => {
    const at = spanAt(node.offset);
    const children = node.children ?? [];
    if (!call.scope.budget.spend(1)) return problemValue("This takes too many steps to decode", at);
    if (node.type === "array") return listValue(children.map(convert), at);
    if (node.type !== "object") return fromJson(node.value, at);
    const members = children.flatMap(({ children: [key, member] = [] }) =>
      key === undefined || member === undefined
        ? []
        : [{ key: String(key.value), at: spanAt(key.offset), value: convert(member) }],
    );
    return objectOf(members, at);
  };
  return convert(plain);
}

/** The parsers recurse: deep text is refused before they see it. Brackets within strings count too, which errs on the safe side. */
function nestsTooDeep(text: string): boolean {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === "[" || bracket === "{" ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest > 250;
}

function decodeYaml(text: string, decoding: Decoding): HclValue | null {
  const document = parseYaml(text);
  if (document === null || document.errors.length > 0) return null;
  const convert = yamlConverter(document, decoding);
  return convert(document.contents, 0);
}

/** Aliases share the value of what they name, so that a few of them cannot grow without end. */
function yamlConverter(
  document: Document.Parsed,
  { spanAt, call }: Decoding,
): (node: YamlNode | null, depth: number) => HclValue {
  const known = new Map<YamlNode, HclValue | null>();
  const convert = (node: YamlNode | null, depth: number): HclValue => {
    const at = spanAt(node?.range?.[0] ?? 0);
    if (depth > 250 || !call.scope.budget.spend(1)) return problemValue("This YAML is nested too deeply", at);
    if (isAlias(node)) return convert(node.resolve(document) ?? null, depth + 1);
    if (!isSeq(node) && !isMap(node)) {
      const scalar = isScalar(node) ? node : null;
      return fromJson(scalar?.value instanceof Date ? scalar.source : scalar?.value, at);
    }
    const before = known.get(node);
    if (before !== undefined) return before ?? faultValue("This YAML contains itself", at);
    known.set(node, null);
    const value = convertCollection(node, depth);
    known.set(node, value);
    return value;
  };
  const convertCollection = (node: YAMLMap | YAMLSeq, depth: number): HclValue => {
    const at = spanAt(node.range?.[0] ?? 0);
    if (isSeq<YamlNode>(node)) {
      const items = node.items.map((item) => convert(item, depth + 1));
      return listValue(items, at);
    }
    const members = (node as YAMLMap<YamlNode, YamlNode>).items.map(({ key, value }) => ({
      key: String(isScalar(key) ? key.value : key),
      at: spanAt(key.range?.[0] ?? 0),
      value: convert(value, depth + 1),
    }));
    return objectOf(members, at);
  };
  return convert;
}

/** Null when the text is so deep that the parser overflows. */
function parseYaml(text: string): Document.Parsed | null {
  if (nestsTooDeep(text)) return null;
  try {
    // Like Terraform's, which takes `yes` and `y` for true.
    return parseDocument(text, { version: "1.1", uniqueKeys: false, logLevel: "silent" });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
