/** Construct names are the paths of the CDK's constructs, `Shop/Orders/Flow`: they stay when the hashes in logical ids change. */
import { isJsonObject, ownValue } from "../workflow/text/json-value.ts";
import type { JsonValue } from "../workflow/text/json-value.ts";
import { pointerTokens } from "../workflow/text/text-position.ts";
import type { FoundWorkflow } from "./found-workflow.ts";

export interface SynthesizedNames {
  /** The template's text; its resources carry the paths unless path metadata was turned off. */
  readonly template: string;
  /** Paths by logical id, from the assembly's manifest; null when there is none. */
  readonly manifest: ReadonlyMap<string, string> | null;
}

/** A machine with a name of its own keeps it; the construct's path becomes another way to call it. */
export function nameByConstruct(
  workflows: readonly FoundWorkflow[],
  { template, manifest }: SynthesizedNames,
): readonly FoundWorkflow[] {
  const resources = member(parseQuietly(template), "Resources");
  return workflows.map((workflow) => {
    const [, id = ""] = pointerTokens(workflow.at.pointer);
    const metadata = member(member(member(resources, id), "Metadata"), "aws:cdk:path");
    const path = typeof metadata === "string" ? metadata : manifest?.get(id);
    if (path === undefined) return workflow;
    const construct = path.replace(/\/(?:Resource|Default)$/, "");
    const name = workflow.name === id ? construct : workflow.name;
    return { ...workflow, name, aliases: [...new Set([...workflow.aliases, construct])] };
  });
}

/** Logical ids with their paths, as manifest.json lists them for each stack. */
export function constructPaths(manifest: JsonValue | undefined): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  const artifacts = member(manifest, "artifacts");
  const stacks = isJsonObject(artifacts) ? Object.values(artifacts) : [];
  for (const metadata of [...stacks.map((stack) => member(stack, "metadata")), manifest]) {
    for (const [path, entries] of isJsonObject(metadata) ? Object.entries(metadata) : []) {
      for (const entry of Array.isArray(entries) ? (entries as readonly JsonValue[]) : []) {
        const id = member(entry, "type") === "aws:cdk:logicalId" ? member(entry, "data") : undefined;
        if (typeof id === "string") paths.set(id, path.replace(/^\//, ""));
      }
    }
  }
  return paths;
}

export function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(value) ? ownValue(value, key) : undefined;
}

/** The reader of templates has already said what is wrong with the text. */
export function parseQuietly(text: string | null): JsonValue | undefined {
  try {
    return text === null ? undefined : (JSON.parse(text) as JsonValue);
  } catch {
    return undefined;
  }
}
