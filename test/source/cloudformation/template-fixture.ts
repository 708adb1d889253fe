/** Reads templates written in tests: the template's text, the files beside it by path, and what the user gives. */
import type { Diagnostic, Place } from "../../../src/diagnostic.ts";
import { findTemplateWorkflows } from "../../../src/source/cloudformation/find-template-workflows.ts";
import type { TemplateWorkflows } from "../../../src/source/cloudformation/find-template-workflows.ts";
import type { FoundDefinition, FoundWorkflow } from "../../../src/source/found-workflow.ts";
import type { JsonValue } from "../../../src/workflow/text/json-value.ts";

export interface Given {
  readonly files?: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly region?: string;
  readonly file?: string;
}

export function findIn(text: string, given: Given = {}): TemplateWorkflows {
  const files = new Map(Object.entries(given.files ?? {}));
  return findTemplateWorkflows(
    { file: given.file ?? "app/template.yaml", text, read: (path) => files.get(path) ?? null, foundIn: null },
    { parameters: new Map(Object.entries(given.parameters ?? {})), region: given.region ?? null },
  );
}

/** The only workflow of a template. */
export function onlyWorkflow(text: string, given: Given = {}): FoundWorkflow {
  const { workflows, diagnostics } = findIn(text, given);
  const [first] = workflows;
  if (first === undefined || workflows.length > 1) {
    throw new Error(`${workflows.length} workflows: ${JSON.stringify(diagnostics)}`);
  }
  return first;
}

function definitionOf(workflow: FoundWorkflow): FoundDefinition {
  if (workflow.definition === null) throw new Error(JSON.stringify(workflow.diagnostics));
  return workflow.definition;
}

/** The definition as JSON; throws when its text is none. */
export function jsonOf(workflow: FoundWorkflow): JsonValue {
  const definition = definitionOf(workflow);
  return definition.kind === "value" ? definition.value : (JSON.parse(definition.text) as JsonValue);
}

/** Where `needle` of a text definition was written. */
export function placeOf(workflow: FoundWorkflow, needle: string): Place {
  const definition = definitionOf(workflow);
  if (definition.kind !== "text") throw new Error("the definition is no text");
  const offset = definition.text.indexOf(needle);
  if (offset < 0) throw new Error(`no ${needle} in ${definition.text}`);
  const before = definition.text.slice(0, offset).split("\n");
  return definition.place(before.length, (before.at(-1)?.length ?? 0) + 1);
}

/** What stands at a place of a text. */
export function writtenAt(text: string, place: Place): string {
  return (text.split("\n")[place.line - 1] ?? "").slice(place.column - 1);
}

export function codesOf(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map((diagnostic) => diagnostic.code);
}
