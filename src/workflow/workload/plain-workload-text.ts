/** Plain workload text is a workload file in block YAML without anything to say of it, read without the parser of all of YAML. */
import { once } from "../../once.ts";
import { indexLines } from "../text/text-position.ts";
import { readBlockYaml } from "../yaml/block-yaml.ts";
import type { ValueNode } from "../yaml/value-node.ts";
import { PLAIN_YAML } from "../yaml/yaml-dialect.ts";
import { MAX_VALUES, WORKLOAD, objectOf, workloadTextOf } from "./workload-text.ts";
import type { Placed, WorkloadText } from "./workload-text.ts";

/** Null where the text is not plain. */
export function readPlainWorkloadText(text: string, file: string): WorkloadText | null {
  const reading = readBlockYaml(text, PLAIN_YAML);
  if (reading === null || reading.copies.length > 0) return null;
  const { root } = reading;
  if (root.height > WORKLOAD.maxDepth + 1 || root.size > MAX_VALUES) return null;
  const lines = once(() => indexLines(text));
  return workloadTextOf(placedNode(root, null), [], (offset, pointer) => ({
    file,
    ...lines()(offset ?? 0),
    pointer,
  }));
}

function placedNode(node: ValueNode, keyOffset: number | null): Placed {
  const at = { keyOffset, offset: node.start };
  if (node.kind === "scalar") return { value: node.value, ...at, children: new Map() };
  const children = new Map(
    node.kind === "list"
      ? node.items.map((item, index) => [String(index), placedNode(item, keyOffset)])
      : node.entries.map(({ key, keyStart, value }) => [key, placedNode(value, keyStart)]),
  );
  const value = node.kind === "list" ? [...children.values()].map((each) => each.value) : objectOf(children);
  return { value, ...at, children };
}
