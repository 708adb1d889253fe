/**
 * The JSON value of a YAML document: aliases written out, tags resolved, keys made strings.
 * Refuses what JSON cannot hold and what would grow without bound (cyclic anchors, alias bombs, deep nesting).
 */
import type { Document, Node as YamlNode } from "yaml";
import { isAlias, isMap, isScalar, isSeq, visit } from "yaml";
import { MAX_JSON_DEPTH } from "../text/json-outline.ts";
import type { JsonValue } from "../text/json-value.ts";

/** Values that aliases may add to a file; AWS takes definitions of 1 MB, which could not hold as many. */
const MAX_ALIASED_VALUES = 100_000;

/** Turns a tagged value, such as `!Sub text`, into JSON; undefined leaves the value as it is. */
export type ResolveTag = (tag: string, value: JsonValue) => JsonValue | undefined;

export interface YamlFault {
  readonly message: string;
  readonly offset: number;
}

/** Thrown inside this file only. */
class Refusal extends Error {
  readonly fault: YamlFault;
  constructor(message: string, node: YamlNode | null) {
    super(message);
    this.fault = { message, offset: node?.range?.[0] ?? 0 };
  }
}

interface Conversion {
  readonly targets: AliasTargets;
  readonly resolveTag: ResolveTag;
  readonly open: Set<unknown>;
  /** Aliases being written out right now, and the values they have added so far. */
  aliases: number;
  aliased: number;
}

/** What each alias of a document stands for. */
export type AliasTargets = ReadonlyMap<unknown, unknown>;

/** All aliases in one walk: an alias means the last anchor of its name before it. */
export function resolveAliases(document: Document.Parsed): AliasTargets {
  const anchors = new Map<string, unknown>();
  const targets = new Map<unknown, unknown>();
  visit(document, {
    Alias: (_key, node) => void targets.set(node, anchors.get(node.source)),
    Value: (_key, node) => {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

export function valueOfYaml(
  document: Document.Parsed,
  options: { readonly resolveTag: ResolveTag; readonly targets: AliasTargets },
): { readonly value: JsonValue | undefined; readonly fault: YamlFault | null } {
  try {
    const conversion: Conversion = { ...options, open: new Set(), aliases: 0, aliased: 0 };
    return { value: convert(document.contents, 0, conversion), fault: null };
  } catch (error) {
    if (error instanceof Refusal) return { value: undefined, fault: error.fault };
    throw error;
  }
}

function convert(node: unknown, depth: number, conversion: Conversion): JsonValue {
  const at = node as YamlNode | null;
  if (depth > MAX_JSON_DEPTH) throw new Refusal(`Values nest deeper than ${MAX_JSON_DEPTH} levels`, at);
  if (conversion.aliases > 0 && ++conversion.aliased > MAX_ALIASED_VALUES) {
    throw new Refusal(`Aliases multiply to more than ${MAX_ALIASED_VALUES} values`, at);
  }
  if (isAlias(node)) return convertAlias(node, depth, conversion);
  const value = convertPlain(node, depth, conversion);
  const tag = at?.tag;
  return (tag === undefined ? undefined : conversion.resolveTag(tag, value)) ?? value;
}

function convertAlias(
  node: Extract<YamlNode, { source: string }>,
  depth: number,
  conversion: Conversion,
): JsonValue {
  const target = conversion.targets.get(node);
  if (target === undefined) throw new Refusal(`The anchor "${node.source}" is not known`, node);
  if (conversion.open.has(target)) throw new Refusal(`The anchor "${node.source}" contains itself`, node);
  conversion.aliases++;
  const value = convert(target, depth + 1, conversion);
  conversion.aliases--;
  return value;
}

function convertPlain(node: unknown, depth: number, conversion: Conversion): JsonValue {
  if (node === null || node === undefined) return null;
  if (isScalar(node)) return convertScalar(node.value, node);
  conversion.open.add(node);
  const inner = isSeq(node)
    ? node.items.map((item) => convert(item, depth + 1, conversion))
    : isMap(node)
      ? Object.fromEntries(
          node.items.map(({ key, value }) => [requireKey(key), convert(value, depth + 1, conversion)]),
        )
      : null;
  conversion.open.delete(node);
  return inner;
}

function convertScalar(value: unknown, node: YamlNode): JsonValue {
  if (typeof value === "number" && !Number.isFinite(value))
    throw new Refusal("JSON has no infinite numbers", node);
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (value === null || value === undefined) return null;
  throw new Refusal("The value is of a type that JSON does not have", node);
}

/** JSON keys are strings: `200:` becomes "200", `true:` becomes "true". Null when the key is no scalar. */
export function keyText(key: unknown): string | null {
  if (key === null) return "";
  if (!isScalar(key)) return null;
  return typeof key.value === "string" ? key.value : (key.source ?? String(key.value));
}

function requireKey(key: unknown): string {
  const text = keyText(key);
  if (text === null) throw new Refusal("A key must be text, not a mapping, list or alias", key as YamlNode);
  return text;
}
