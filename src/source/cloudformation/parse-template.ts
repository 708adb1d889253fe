/** A parsed template is a CloudFormation or SAM template as a tree of nodes, each with its place in the text. */
import { parseTree, printParseErrorCode } from "jsonc-parser";
import type { Node as JsonNode, ParseError } from "jsonc-parser";
import type { Diagnostic } from "../../diagnostic.ts";
import { pointerTo } from "../../workflow/text/json-value.ts";
import { placeAt } from "../file-text.ts";
import type { SourceText } from "../file-text.ts";
import { readYamlTemplate } from "./parse-yaml-template.ts";
import { copiedKey } from "./template-fault.ts";
import type { ReadTemplate, TemplateFault } from "./template-fault.ts";
import { MAX_LEVELS, measureParts, withoutCopies } from "../../workflow/yaml/value-node.ts";
import type { MapEntry, ValueNode } from "../../workflow/yaml/value-node.ts";

export interface ParsedTemplate {
  readonly root: ValueNode | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads JSON (comments and trailing commas allowed) or YAML; never throws. */
export function parseTemplate(source: SourceText): ParsedTemplate {
  const { root, faults } = readSafely(source.text);
  const diagnostics = faults.map(({ offset, ...fault }) => ({ ...fault, at: placeAt(source, offset) }));
  return { root, diagnostics };
}

function readSafely(text: string): ReadTemplate {
  try {
    if (!/^\s*\{/.test(text)) return readYamlTemplate(text);
    const json = readJsonTemplate(text);
    if (json === TOO_DEEP || !hasError(json)) return json;
    // YAML's flow style looks like JSON with fewer quotes.
    const yaml = readYamlTemplate(text);
    return hasError(yaml) ? json : yaml;
  } catch (error) {
    // The parsers recurse; a text made of brackets alone exhausts the stack.
    if (!(error instanceof RangeError)) throw error;
    return TOO_DEEP;
  }
}

function hasError({ faults }: ReadTemplate): boolean {
  return faults.some((fault) => fault.severity === "error");
}

const TOO_DEEP: ReadTemplate = {
  root: null,
  faults: [
    {
      code: "template-too-large",
      severity: "error",
      message: `The template is more than ${MAX_LEVELS} levels deep, so it is not read.`,
      offset: 0,
      hint: null,
    },
  ],
};

function readJsonTemplate(text: string): ReadTemplate {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const faults = errors.slice(0, 5).map(({ error, offset }) => ({
    code: "template-syntax",
    severity: "error" as const,
    message: `The template is not valid JSON: ${wordsOf(printParseErrorCode(error))}.`,
    offset,
    hint: null,
  }));
  const copies: TemplateFault[] = [];
  const root = tree === undefined ? null : convertJson(tree, "", copies);
  return root !== null && root.height > MAX_LEVELS ? TOO_DEEP : { root, faults: [...faults, ...copies] };
}

/** `CommaExpected` as words. */
export function wordsOf(errorCode: string): string {
  return errorCode.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}

/** As deep as the parser went, which recurses likewise. */
function convertJson(node: JsonNode, pointer: string, copies: TemplateFault[]): ValueNode {
  const start = node.offset;
  if (node.type === "array") {
    const items = (node.children ?? []).map((item, index) =>
      convertJson(item, pointerTo(pointer, index), copies),
    );
    return { kind: "list", items, start, pointer, ...measureParts(items) };
  }
  if (node.type === "object") {
    const written = (node.children ?? []).flatMap((property) => convertProperty(property, pointer, copies));
    const entries = withoutCopies(written, (entry) => copies.push(copiedKey(entry)));
    return { kind: "map", entries, start, pointer, ...measureParts(entries.map((entry) => entry.value)) };
  }
  const value = node.value as string | number | boolean | null;
  const style = node.type === "string" ? "double" : "plain";
  const end = start + node.length;
  return { kind: "scalar", value, text: String(value), style, start, end, pointer, size: 1, height: 1 };
}

function convertProperty(property: JsonNode, pointer: string, copies: TemplateFault[]): readonly MapEntry[] {
  const [key, value] = property.children ?? [];
  if (key === undefined || value === undefined) return [];
  const name = String(key.value);
  return [{ key: name, keyStart: key.offset, value: convertJson(value, pointerTo(pointer, name), copies) }];
}
