/** Plain YAML is a definition or workload in block YAML without anything to say of it, read without the parser of all of YAML. */
import type { Place } from "../../diagnostic.ts";
import { keptIn, once } from "../../once.ts";
import { MAX_JSON_DEPTH } from "../text/json-outline.ts";
import type { JsonValue } from "../text/json-value.ts";
import type { SourceText } from "../text/source-text.ts";
import { indexLines, pointerTokens } from "../text/text-position.ts";
import { readBlockYaml } from "./block-yaml.ts";
import type { MapEntry, MapNode, ValueNode } from "./value-node.ts";
import { PLAIN_YAML } from "./yaml-dialect.ts";

/** Null where the text is not plain. */
export function readPlainYaml(text: string, file: string): SourceText | null {
  const reading = readBlockYaml(text, PLAIN_YAML);
  if (reading === null || reading.copies.length > 0 || reading.root.height > MAX_JSON_DEPTH) return null;
  const { root } = reading;
  const value = valueOf(root);
  const lines = once(() => indexLines(text));
  const entries = new Map<MapNode, ReadonlyMap<string, MapEntry>>();
  const locate = (pointer: string): Place => ({
    file,
    ...lines()(offsetOf(root, pointer, entries)),
    pointer,
  });
  return { file, format: "yaml", value, text, jsonText: JSON.stringify(value), locate, diagnostics: [] };
}

/** Recursion ends at the levels that are read. */
function valueOf(node: ValueNode): JsonValue {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(valueOf);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, valueOf(value)]));
}

/** Of a member's key, an item's value, or the nearest one around it. Maps are indexed once, so that locating every state is linear. */
function offsetOf(
  root: ValueNode,
  pointer: string,
  entries: Map<MapNode, ReadonlyMap<string, MapEntry>>,
): number {
  let node: ValueNode | undefined = root;
  let offset = root.start;
  for (const token of pointerTokens(pointer)) {
    if (node.kind === "map") {
      const map: MapNode = node;
      const entry = keptIn(entries, map, () => new Map(map.entries.map((each) => [each.key, each]))).get(
        token,
      );
      if (entry === undefined) break;
      offset = entry.keyStart;
      node = entry.value;
    } else if (node.kind === "list" && /^(?:0|[1-9]\d*)$/.test(token)) {
      const item: ValueNode | undefined = node.items[Number(token)];
      if (item === undefined) break;
      offset = item.start;
      node = item;
    } else break;
  }
  return offset;
}
