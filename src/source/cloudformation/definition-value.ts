/** A definition value is a definition written as an object of the template; each of its JSON pointers leads to a line there. */
import { pointerTo } from "../../workflow/text/json-value.ts";
import type { Locate } from "../../workflow/workflow.ts";
import { placeAt } from "../file-text.ts";
import type { SourceText } from "../file-text.ts";
import type { MappedText } from "./mapped-text.ts";
import { isPresent, itemsOf } from "./resolved-value.ts";
import type { Origin, ResolvedValue } from "./resolved-value.ts";

/** The value with each of its texts, keys aside, put through `change`. */
export function mapTexts(value: ResolvedValue, change: (text: MappedText) => MappedText): ResolvedValue {
  switch (value.kind) {
    case "text":
      return { ...value, text: change(value.text) };
    case "list":
      return { ...value, items: value.items.map((item) => mapTexts(item, change)) };
    case "object":
      return {
        ...value,
        entries: value.entries.map((entry) => ({ ...entry, value: mapTexts(entry.value, change) })),
      };
    default:
      return value;
  }
}

/** Turns a pointer into the definition into its place in the template, or that of its nearest known ancestor. */
export function locateIn(definition: ResolvedValue, source: SourceText): Locate {
  let origins: ReadonlyMap<string, Origin> | null = null;
  return (pointer) => {
    origins ??= originsOf(definition);
    for (let known = pointer; ; known = known.slice(0, known.lastIndexOf("/"))) {
      const origin = origins.get(known) ?? (known.includes("/") ? undefined : definition.at);
      if (origin !== undefined) return placeAt(source, origin.start, origin.pointer);
    }
  };
}

function originsOf(definition: ResolvedValue): ReadonlyMap<string, Origin> {
  const origins = new Map<string, Origin>([["", definition.at]]);
  const open: [pointer: string, value: ResolvedValue][] = [["", definition]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [pointer, value] = next;
    const parts =
      value.kind === "object"
        ? value.entries
            .filter((entry) => isPresent(entry.value))
            .map((entry) => [entry.key, entry.value, entry.keyStart] as const)
        : itemsOf(value).map((item, index) => [index, item, item.at.start] as const);
    for (const [key, part, start] of parts) {
      const own = pointerTo(pointer, key);
      origins.set(own, { start, pointer: part.at.pointer });
      open.push([own, part]);
    }
  }
  return origins;
}
