/** A source text is a definition file as read: its value, and the way from a JSON pointer to line and column. */
import type { Diagnostic, Place } from "../../diagnostic.ts";
import { once } from "../../once.ts";
import { decodeText } from "./decode-text.ts";
import type { JsonOutline, OutlineFault, OutlineNode } from "./json-outline.ts";
import { outlineJson } from "./json-outline.ts";
import type { JsonValue } from "./json-value.ts";
import { parsePlainJson } from "./plain-json.ts";
import { indexLines, pointerTokens, textAround } from "./text-position.ts";

export interface SourceText {
  readonly file: string;
  readonly format: "json" | "yaml";
  /** Undefined when the text cannot be read; then `diagnostics` says why. */
  readonly value: JsonValue | undefined;
  /** The file's text without byte order mark. */
  readonly text: string;
  /** The JSON text of `value` as it would be deployed: the file's own when it is strict JSON. */
  readonly jsonText: string;
  /** A pointer's place, or that of its nearest ancestor in the file. */
  readonly locate: (pointer: string) => Place;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads JSON, also with comments and trailing commas. Never throws. */
export function readSourceText(content: string | Uint8Array, file: string): SourceText {
  const { text, reason } = decodeText(content);
  if (text === null) return unreadable(file, reason ?? "The file is not text.");
  const outlined = once(() => outlineJson(text));
  const lines = once(() => indexLines(text));
  const placeAt = (offset: number, pointer = ""): Place => ({ file, ...lines()(offset), pointer });
  const plain = parsePlainJson(text);
  if (plain !== undefined) {
    const begin = text.search(/[^ \t\r\n]/);
    // Every definition's own place is asked for: its text need not be outlined for that.
    const locate = (pointer: string): Place =>
      placeAt(pointer === "" ? begin : offsetOf(outlined().root, pointer), pointer);
    return { file, format: "json", value: plain, text, jsonText: text, locate, diagnostics: [] };
  }
  const outline = outlined();
  const locate = (pointer: string): Place => placeAt(offsetOf(outline.root, pointer), pointer);
  const diagnostics = diagnoseOutline(outline, { text, placeAt });
  const broken = outline.faults.some(
    (fault) => fault.kind !== "trailing-comma" && fault.message !== MISSING_COMMA,
  );
  const parsed = broken ? { value: undefined, error: null } : parseStrict(outline.strictText);
  if (parsed.error !== null && diagnostics.every((diagnostic) => diagnostic.severity !== "error")) {
    diagnostics.push(invalidJson(`The text is not JSON: ${parsed.error}.`, placeAt(0)));
  }
  const strict = outline.strictText === text;
  const jsonText = strict || parsed.value === undefined ? text : JSON.stringify(parsed.value);
  return { file, format: "json", value: parsed.value, text, jsonText, locate, diagnostics };
}

/** Reads a value that never was a file, such as an object handed to the library; places count its pretty-printed lines. */
export function sourceOfValue(value: unknown, file = "(definition)"): SourceText {
  try {
    const text = JSON.stringify(value, null, 2) as string | undefined;
    if (text === undefined) return unreadable(file, "The definition is not a JSON value.");
    const source = readSourceText(text, file);
    return { ...source, jsonText: source.value === undefined ? "" : JSON.stringify(source.value) };
  } catch {
    return unreadable(
      file,
      "The definition cannot be written as JSON: it is cyclic, nests too deep, or holds a BigInt.",
    );
  }
}

const MISSING_COMMA = "A comma is missing";

function parseStrict(text: string): { readonly value: JsonValue | undefined; readonly error: string | null } {
  try {
    return { value: JSON.parse(text) as JsonValue, error: null };
  } catch (error) {
    return { value: undefined, error: error instanceof Error ? error.message : String(error) };
  }
}

function unreadable(file: string, message: string): SourceText {
  const locate = (pointer: string) => ({ file, line: 1, column: 1, pointer });
  const diagnostics = [invalidJson(message, locate(""))];
  return { file, format: "json", value: undefined, text: "", jsonText: "", locate, diagnostics };
}

function invalidJson(message: string, at: Place, hint: string | null = null): Diagnostic {
  return { code: "invalid-json", severity: "error", message, at, hint };
}

interface Placing {
  readonly text: string;
  readonly placeAt: (offset: number, pointer?: string) => Place;
}

function diagnoseOutline(outline: JsonOutline, placing: Placing): Diagnostic[] {
  if (placing.text.trim() === "") return [invalidJson("The file is empty.", placing.placeAt(0))];
  const duplicates = outline.duplicates.map(({ key, first, second }): Diagnostic => {
    const { line, column } = placing.placeAt(first);
    const message = `The key ${JSON.stringify(key)} stands twice in one object (first at ${line}:${column}); the last one wins.`;
    return {
      code: "duplicate-key",
      severity: "error",
      message,
      at: placing.placeAt(second),
      hint: "Remove or rename one.",
    };
  });
  return [...outline.faults.map((fault) => diagnoseFault(fault, placing)), ...duplicates];
}

function diagnoseFault(fault: OutlineFault, { text, placeAt }: Placing): Diagnostic {
  const at = placeAt(fault.offset);
  if (fault.kind === "trailing-comma") {
    const message = `${fault.message}, which AWS does not accept.`;
    return { code: "trailing-comma", severity: "warning", message, at, hint: "Remove the comma." };
  }
  if (fault.kind === "depth") {
    const message = `${fault.message}, which no definition needs; the file is not read.`;
    return { code: "nested-too-deep", severity: "error", message, at, hint: null };
  }
  const around = textAround(text, fault.offset);
  return invalidJson(
    around === "" ? `${fault.message}.` : `${fault.message} near ${JSON.stringify(around)}.`,
    at,
  );
}

function offsetOf(root: OutlineNode | null, pointer: string): number {
  let node = root;
  for (const token of pointerTokens(pointer)) {
    const child = node?.members?.get(token) ?? itemAt(node, token);
    if (child === undefined) break;
    node = child;
  }
  return node?.offset ?? 0;
}

function itemAt(node: OutlineNode | null, token: string): OutlineNode | undefined {
  return node?.items != null && /^(0|[1-9]\d*)$/.test(token) ? node.items[Number(token)] : undefined;
}
