/** An ASL file is a definition that stands alone, without a template around it: JSON, JSON with comments, or YAML. */
import type { Diagnostic, Place } from "../diagnostic.ts";
import { bareFileName } from "../workflow/bare-file-name.ts";
import { utf8Length } from "../workflow/text/decode-text.ts";
import { shown } from "../workflow/definition/field-reader.ts";
import { isJsonObject, ownValue, pointerTo } from "../workflow/text/json-value.ts";
import type { JsonObject, JsonValue } from "../workflow/text/json-value.ts";
import { readSource } from "../workflow/text/read-source.ts";
import type { SourceText } from "../workflow/text/source-text.ts";
import { readSourceText } from "../workflow/text/source-text.ts";
import { sourceOffset, verbatimText } from "./cloudformation/mapped-text.ts";
import { quoteLoosePlaceholders } from "./cloudformation/substitute-text.ts";
import { offsetAt, placeAt, sourceText } from "./file-text.ts";
import type { FoundDefinition, FoundWorkflow } from "./found-workflow.ts";
import { folderOf } from "./repository.ts";

/** Where a name alone says that the file is a definition. */
const ASL_NAME = /\.asl(?:\.(?:json|ya?ml|jsonc|json5))?$/i;

/** A cheap look: may the text be a definition, alone or inside one member? */
export function mentionsStates(text: string): boolean {
  return text.includes("StartAt") && text.includes("States");
}

/** The definition in the file; null when the file is none. A file that is called one but cannot be read says why. */
export async function findAslFile(file: string, text: string): Promise<FoundWorkflow | null> {
  const source = await readSource(text, file);
  const { value } = source;
  if (value === undefined) return findUnreadable(file, text, source);
  if (!isJsonObject(value)) return isCalledAsl(file) ? notAnObject(file, source) : null;
  if (isDefinition(value) || isCalledAsl(file)) {
    return { ...plain(file, source), definition: wholeOf(source, value), diagnostics: source.diagnostics };
  }
  return findWrapped(file, source, value);
}

export function isCalledAsl(file: string): boolean {
  return ASL_NAME.test(file);
}

function isDefinition(value: JsonValue | undefined): value is JsonObject {
  return isJsonObject(value) && Object.hasOwn(value, "StartAt") && Object.hasOwn(value, "States");
}

/** For text that no parser takes: both members stand where the outermost ones would. */
function looksLikeAsl(text: string): boolean {
  const start = /^( *)["']?StartAt["']?\s*:/m.exec(text);
  const states = /^( *)["']?States["']?\s*:/m.exec(text);
  return start !== null && states !== null && start[1] === states[1] && (start[1] ?? "").length <= 4;
}

function wholeOf(source: SourceText, value: JsonValue): FoundDefinition {
  return { kind: "value", value, locate: source.locate, definitionBytes: utf8Length(source.jsonText) };
}

function plain(file: string, source: SourceText): Omit<FoundWorkflow, "definition" | "diagnostics"> {
  return {
    name: aslFileName(file),
    foundIn: "asl",
    at: source.locate(""),
    type: null,
    logLevel: null,
    logExecutionData: null,
    tracing: null,
    aliases: [],
    schedules: [],
    lambdas: [],
  };
}

/** Text that no parser takes; it may be a template that lacks only what a deployment puts in, `"Seconds": ${Wait}`. */
function findUnreadable(file: string, text: string, source: SourceText): FoundWorkflow | null {
  if (!isCalledAsl(file) && !looksLikeAsl(text)) return null;
  const filled = source.format === "json" ? quoteLoosePlaceholders(verbatimText(text, 0)) : null;
  if (filled === null || readSourceText(filled.text, file).value === undefined) {
    return { ...plain(file, source), definition: null, diagnostics: source.diagnostics };
  }
  const own = sourceText(file, text);
  const lines = sourceText(file, filled.text);
  const place = (line: number, column: number): Place =>
    placeAt(own, sourceOffset(filled, offsetAt(lines, line, column)));
  return { ...plain(file, source), definition: { kind: "text", text: filled.text, place }, diagnostics: [] };
}

function notAnObject(file: string, source: SourceText): FoundWorkflow {
  const message = "The file holds no definition: a definition is an object with StartAt and States.";
  const diagnostic: Diagnostic = {
    code: "no-definition",
    severity: "error",
    message,
    at: source.locate(""),
    hint: null,
  };
  return { ...plain(file, source), definition: null, diagnostics: [...source.diagnostics, diagnostic] };
}

/** What holds states inside a single state, which some tests keep in a file of its own. */
const PARTS_OF_STATES: ReadonlySet<string> = new Set(["ItemProcessor", "Iterator"]);

/**
 * A definition inside the only member that can be one, as an object or as text: what `aws stepfunctions
 * describe-state-machine` prints, or what `create-state-machine --cli-input-json` takes.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html
 */
function findWrapped(file: string, source: SourceText, root: JsonObject): FoundWorkflow | null {
  const members = Object.entries(root).flatMap(([key, value]) => {
    const definition = PARTS_OF_STATES.has(key) ? null : definitionIn(value);
    return definition === null ? [] : [{ key, value, definition }];
  });
  const [only] = members;
  if (only === undefined || members.length > 1) return null;
  const pointer = pointerTo("", only.key);
  const diagnostic: Diagnostic = {
    code: "definition-in-member",
    severity: "info",
    message: `The definition is the member ${shown(only.key)} of the file.`,
    at: source.locate(pointer),
    hint: null,
  };
  const at = source.locate(pointer);
  const definition: FoundDefinition =
    typeof only.value === "string"
      ? { kind: "text", text: only.value, place: () => at }
      : {
          kind: "value",
          value: only.definition,
          locate: (inner) => ({ ...source.locate(pointer + inner), pointer: inner }),
        };
  const diagnostics = [...source.diagnostics, diagnostic];
  return { ...plain(file, source), ...surroundingsOf(root), at, definition, diagnostics };
}

function definitionIn(value: JsonValue): JsonObject | null {
  if (typeof value !== "string") return isDefinition(value) ? value : null;
  if (!mentionsStates(value) || !/^\s*\{/.test(value)) return null;
  const inner = readSourceText(value, "").value;
  return isDefinition(inner) ? inner : null;
}

/** What the API says beside the definition. */
function surroundingsOf(root: JsonObject): Partial<FoundWorkflow> {
  const text = (key: string): string | null => {
    const value = ownValue(root, key);
    return typeof value === "string" && value !== "" ? value : null;
  };
  const type = text("type");
  const arn = text("stateMachineArn");
  const name = text("name");
  const logging = ownValue(root, "loggingConfiguration");
  const tracing = ownValue(root, "tracingConfiguration");
  const level = isJsonObject(logging) ? ownValue(logging, "level") : null;
  const data = isJsonObject(logging) ? ownValue(logging, "includeExecutionData") : null;
  const traced = isJsonObject(tracing) ? ownValue(tracing, "enabled") : null;
  return {
    ...(name === null ? {} : { name }),
    type: type === "STANDARD" || type === "EXPRESS" ? type : null,
    aliases: arn === null ? [] : [arn],
    logLevel: level === "ALL" || level === "ERROR" || level === "FATAL" || level === "OFF" ? level : null,
    logExecutionData: typeof data === "boolean" ? data : null,
    tracing: typeof traced === "boolean" ? traced : null,
  };
}

/** Names that say no more than the ending does. */
const GENERIC_NAME =
  /^(?:asl|definitions?|lib|resources|main|index|machine|flow|sfn|src|step-?functions?|state-?machines?|templates?|workflows?)$/i;

/** The file's name without its endings; one that says nothing, with the nearest folder that does: `orders/statemachine`. */
function aslFileName(file: string): string {
  const name = bareFileName(file);
  if (!isGenericName(name)) return name;
  for (let folder = folderOf(file); folder !== ""; folder = folderOf(folder)) {
    const last = folder.slice(folder.lastIndexOf("/") + 1);
    if (!isGenericName(last) && last !== "." && last !== "..") return `${last}/${name}`;
  }
  return name;
}

export function isGenericName(name: string): boolean {
  return GENERIC_NAME.test(name.replaceAll("_", "-"));
}
