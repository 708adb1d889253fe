/** Reads a definition file in whatever format it is: JSON, JSON with comments, or YAML, whose parser is loaded only for what is not plain. */
import { readPlainYaml } from "../yaml/plain-yaml.ts";
import { decodeText } from "./decode-text.ts";
import type { SourceText } from "./source-text.ts";
import { readSourceText } from "./source-text.ts";

/** By extension; where that says nothing, or a YAML file holds JSON, by the text itself. Never throws. */
export async function readSource(content: string | Uint8Array, file: string): Promise<SourceText> {
  const extension = /\.([a-z0-9]+)$/i.exec(file)?.[1]?.toLowerCase() ?? "";
  if (/^json[5c]?$/.test(extension)) return readSourceText(content, file);
  const { text } = decodeText(content);
  if (text === null) return readSourceText(content, file);
  const looksLikeJson = /^\s*(?:[{[]|\/[/*])/.test(text);
  const isYamlFile = extension === "yaml" || extension === "yml";
  if (looksLikeJson || (!isYamlFile && text.trim() === "")) {
    const json = readSourceText(text, file);
    if (!isYamlFile || json.diagnostics.length === 0) return json;
  }
  return readPlainYaml(text, file) ?? (await import("../yaml/yaml-text.ts")).readYamlText(text, file);
}
