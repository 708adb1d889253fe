/** A value node is one value of a text as written, in JSON or YAML, short tags spelled out, with its place in the text. */

/** Levels that are read: far more than people nest, and far less than the stack holds. */
export const MAX_LEVELS = 200;

export type ValueNode = ScalarNode | ListNode | MapNode;

interface NodeFields {
  /** Offset of its first character. For an entry of a map that is the value; the key has its own. */
  readonly start: number;
  /** RFC 6901 pointer into the text; `""` = its root. */
  readonly pointer: string;
  /** Nodes in it, aliases expanded, itself included. */
  readonly size: number;
  /** Levels in it, aliases expanded, itself included. */
  readonly height: number;
}

export type ScalarStyle = "plain" | "single" | "double" | "block";

export interface ScalarNode extends NodeFields {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  /** The value as text: CloudFormation treats `012` as these three characters. */
  readonly text: string;
  readonly style: ScalarStyle;
  /** Offset after its last character, quotes included. */
  readonly end: number;
}

export interface ListNode extends NodeFields {
  readonly kind: "list";
  readonly items: readonly ValueNode[];
}

export interface MapNode extends NodeFields {
  readonly kind: "map";
  readonly entries: readonly MapEntry[];
}

export interface MapEntry {
  readonly key: string;
  readonly keyStart: number;
  readonly value: ValueNode;
}

export function valueAt(node: ValueNode | undefined, ...keys: readonly string[]): ValueNode | undefined {
  let found = node;
  for (const key of keys) {
    if (found?.kind !== "map") return undefined;
    found = found.entries.find((entry) => entry.key === key)?.value;
  }
  return found;
}

export function entriesOf(node: ValueNode | undefined): readonly MapEntry[] {
  return node?.kind === "map" ? node.entries : [];
}

/** The text of a scalar; null for anything else and for null. */
export function textOf(node: ValueNode | undefined): string | null {
  return node?.kind === "scalar" && node.value !== null ? node.text : null;
}

/** Sizes that grow with the parts; a list or map counts as one more node and one more level. */
export function measureParts(parts: readonly ValueNode[]): {
  readonly size: number;
  readonly height: number;
} {
  let size = 1;
  let height = 0;
  for (const part of parts) {
    size += part.size;
    height = Math.max(height, part.height);
  }
  return { size, height: height + 1 };
}

/** The last entry of each key, as parsers take it; `onCopy` hears of those that are passed over. */
export function withoutCopies(
  entries: readonly MapEntry[],
  onCopy: (entry: MapEntry) => void,
): readonly MapEntry[] {
  const last = new Map(entries.map((entry) => [entry.key, entry]));
  if (last.size === entries.length) return entries;
  for (const entry of entries) if (last.get(entry.key) !== entry) onCopy(entry);
  return [...last.values()];
}
