/**
 * A machine's definition as its template gives it: an object, a text put together by functions, or a file beside the template;
 * values not known yet stay as placeholders, and every place leads back to where it was written.
 */
import { parse, printParseErrorCode } from "jsonc-parser";
import type { ParseError } from "jsonc-parser";
import type { Place, Severity } from "../../diagnostic.ts";
import { shown } from "../../workflow/definition/field-reader.ts";
import { hasPlaceholder, isPlaceholder } from "../../workflow/definition/placeholder.ts";
import type { FoundDefinition } from "../found-workflow.ts";
import { ANALYSE_AROUND, folderOf, resolvePath } from "../repository.ts";
import { offsetAt, placeAt, sourceText } from "../file-text.ts";
import type { SourceText } from "../file-text.ts";
import { locateIn, mapTexts } from "./definition-value.ts";
import { sourceOffset, verbatimText } from "./mapped-text.ts";
import type { MappedText } from "./mapped-text.ts";
import { wordsOf } from "./parse-template.ts";
import { asJson, asText, entryAt } from "./resolved-value.ts";
import type { Origin, ResolvedValue } from "./resolved-value.ts";
import { quoteLoosePlaceholders, substituteKnown } from "./substitute-text.ts";
import { functionCall } from "./template-tags.ts";
import { valueAt } from "../../workflow/yaml/value-node.ts";
import { propertyOf } from "./template-resource.ts";
import type { TemplateResource } from "./template-resource.ts";

export interface MachineDefinition {
  /** Null when it cannot be read; why has been reported. */
  readonly definition: FoundDefinition | null;
  /** The file it stands in when that is not the template. */
  readonly file: string | null;
}

export interface TemplateFiles {
  readonly source: SourceText;
  /** As a repository reads: null for what is not there. */
  readonly read: (path: string) => string | null;
  /** Files beside the template that deploying would put into S3, by their keys there. */
  readonly assets?: ReadonlyMap<string, string> | undefined;
}

const NOT_READ: MachineDefinition = { definition: null, file: null };

export function readMachineDefinition(machine: TemplateResource, files: TemplateFiles): MachineDefinition {
  const substitutions = readSubstitutions(machine);
  for (const property of ["Definition", "DefinitionString"]) {
    const value = definitionValue(machine, property);
    if (value !== undefined)
      return { definition: readInline(machine, value, { substitutions, files }), file: null };
  }
  const uri = propertyOf(machine, "DefinitionUri") ?? propertyOf(machine, "DefinitionS3Location");
  if (uri !== undefined) return readFile(machine, uri, { substitutions, files });
  complain(machine, ["missing-definition", "error", "The state machine has no definition."], null, {
    hint: "Write Definition, DefinitionString or DefinitionUri among its properties.",
  });
  return NOT_READ;
}

/** `Fn::ToJsonString` of an object is that object: so its places stay exact. */
function definitionValue(machine: TemplateResource, property: string): ResolvedValue | undefined {
  const node = valueAt(machine.properties, property);
  const call = node === undefined ? null : functionCall(node);
  if (call?.name !== "Fn::ToJsonString") return propertyOf(machine, property);
  return machine.scope.resolve(call.argument, machine.scope);
}

function readSubstitutions(machine: TemplateResource): ReadonlyMap<string, ResolvedValue> {
  const substitutions = propertyOf(machine, "DefinitionSubstitutions");
  const entries = substitutions?.kind === "object" ? substitutions.entries : [];
  return new Map(entries.map((entry) => [entry.key, entry.value]));
}

interface Reading {
  readonly substitutions: ReadonlyMap<string, ResolvedValue>;
  readonly files: TemplateFiles;
}

function readInline(
  machine: TemplateResource,
  value: ResolvedValue,
  reading: Reading,
): FoundDefinition | null {
  const { source } = reading.files;
  if (value.kind === "object") {
    const whole = mapTexts(value, (text) => substituteKnown(text, reading.substitutions));
    return { kind: "value", value: asJson(whole), locate: locateIn(whole, source) };
  }
  if (value.kind !== "text" || isPlaceholder(value.text.text)) {
    const what = `The definition is known only when the template is deployed: ${shown(asText(value).text)}.`;
    complain(machine, ["unknown-definition", "warning", what], value.at, {
      hint: "Give the parameters it depends on, --parameter Name=value, or plan the definition's own file.",
    });
    return null;
  }
  const text = quoteLoosePlaceholders(substituteKnown(value.text, reading.substitutions));
  if (!isJson(machine, text, value.at)) return null;
  return { kind: "text", text: text.text, place: placeIn(text, source, value.at.pointer) };
}

/** What a function puts together is no one's file: so the fault is shown as it reads once put together. */
function isJson(machine: TemplateResource, text: MappedText, at: Origin): boolean {
  const errors: ParseError[] = [];
  const value: unknown = parse(text.text, errors, { allowTrailingComma: false });
  const [first] = errors;
  if (first === undefined && typeof value === "object" && value !== null) return true;
  const offset = first?.offset ?? 0;
  const why = first === undefined ? "it is no object" : wordsOf(printParseErrorCode(first.error));
  const around = text.text
    .slice(Math.max(0, offset - 40), offset + 40)
    .replaceAll(/\s+/g, " ")
    .trim();
  const message = `The definition is not JSON once its functions are worked out: ${why} near ${shown(around)}.`;
  complain(
    machine,
    ["invalid-definition-text", "error", message],
    { ...at, start: sourceOffset(text, offset) },
    {
      hint: "Write the definition as an object under Definition, or in a file of its own, and let substitutions fill it.",
    },
  );
  return false;
}

function readFile(machine: TemplateResource, uri: ResolvedValue, reading: Reading): MachineDefinition {
  const refuse = (code: string, what: string, hint: string): MachineDefinition => {
    complain(machine, [code, "warning", what], uri.at, { hint });
    return NOT_READ;
  };
  const path = asText(uri).text;
  const bucket = entryAt(uri, "Bucket");
  const asset = reading.files.assets?.get(asText(entryAt(uri, "Key") ?? uri).text);
  if (asset !== undefined) return readPath(machine, asset, reading) ?? NOT_READ;
  const named =
    bucket === undefined ? path : `s3://${asText(bucket).text}/${asText(entryAt(uri, "Key") ?? bucket).text}`;
  if (uri.kind === "object" || /^(?:s3|https?):\/\//i.test(path)) {
    const hint =
      "Download it and plan the file, or collect the deployed machine; nothing is fetched to read a template.";
    return refuse(
      "remote-definition",
      `The definition lies in S3, at ${shown(named)}, and is not fetched.`,
      hint,
    );
  }
  if (uri.kind !== "text" || hasPlaceholder(path)) {
    const hint = "Give the parameters it depends on: --parameter Name=value.";
    return refuse(
      "unknown-definition",
      `The definition's file is known only when deployed: ${shown(path)}.`,
      hint,
    );
  }
  const file = resolvePath(folderOf(reading.files.source.file), path);
  if (file === null) {
    return refuse(
      "definition-outside",
      `The definition's file ${shown(path)} lies outside of the folder that is read.`,
      ANALYSE_AROUND,
    );
  }
  const definition = readPath(machine, file, reading);
  if (definition !== null) return definition;
  return refuse(
    "missing-definition-file",
    `There is no file ${shown(file)} to read the definition from.`,
    "Mend DefinitionUri; its path starts at the template's folder.",
  );
}

/** Null when there is no such file. */
function readPath(machine: TemplateResource, file: string, reading: Reading): MachineDefinition | null {
  const written = reading.files.read(file);
  if (written === null) return null;
  reportOpenNames(machine, { written, file, substitutions: reading.substitutions });
  const own = sourceText(file, written);
  const filled = substituteKnown(verbatimText(written, 0), reading.substitutions);
  const text = /^\s*\{/.test(written) ? quoteLoosePlaceholders(filled) : filled;
  return { definition: { kind: "text", text: text.text, place: placeIn(text, own, "") }, file };
}

/** In a file nothing but DefinitionSubstitutions is ever put in: what they lack is deployed as it stands. */
function reportOpenNames(
  machine: TemplateResource,
  found: { written: string; file: string; substitutions: ReadonlyMap<string, ResolvedValue> },
): void {
  const names = [...found.written.matchAll(/\$\{([A-Za-z]\w*)\}/g)].map((match) => match[1] ?? "");
  const open = [...new Set(names)].filter((name) => !found.substitutions.has(name));
  if (open.length === 0) return;
  const listed = open.slice(0, 5).map((name) => `\${${name}}`);
  const more = open.length > 5 ? ` and ${open.length - 5} more` : "";
  const message = `DefinitionSubstitutions give no value for ${listed.join(", ")}${more} in ${shown(found.file)}.`;
  complain(machine, ["missing-substitution", "info", message], null, {
    hint: "Add them to DefinitionSubstitutions, unless they are meant to be deployed as they stand.",
  });
}

function placeIn(
  text: MappedText,
  source: SourceText,
  pointer: string,
): (line: number, column: number) => Place {
  const lines = sourceText(source.file, text.text);
  return (line, column) => placeAt(source, sourceOffset(text, offsetAt(lines, line, column)), pointer);
}

function complain(
  machine: TemplateResource,
  [code, severity, message]: readonly [code: string, severity: Severity, message: string],
  at: Origin | null,
  { hint }: { readonly hint: string | null },
): void {
  machine.scope.report({ code, severity, message, at: at ?? machine, hint });
}
