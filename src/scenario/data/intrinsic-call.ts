/**
 * An intrinsic call is a `States.…(…)` expression of a payload template, parsed once and evaluated many times.
 * Grammar: https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
 */
import { isJsonObject } from "../../workflow/text/json-value.ts";
import type { JsonValue } from "../../workflow/text/json-value.ts";
import { callIntrinsic } from "./intrinsic-functions.ts";
import { parseJsonPath } from "./json-path.ts";
import type { JsonPath, PathData } from "./json-path.ts";
import { readJson, shownText } from "./json-text.ts";
import type { RandomDraw } from "./random-draw.ts";
import { raiseRuntime } from "../states-error.ts";

/** AWS allows ten calls within one another. */
const MAX_NESTING = 10;

type Argument =
  | { readonly kind: "literal"; readonly value: JsonValue }
  | { readonly kind: "path"; readonly path: JsonPath }
  | { readonly kind: "call"; readonly call: IntrinsicCall };

export interface IntrinsicCall {
  readonly name: string;
  readonly text: string;
  readonly arguments: readonly Argument[];
}

interface Cursor {
  readonly text: string;
  at: number;
}

/** Throws a SyntaxError for text that is no call. */
export function parseIntrinsicCall(text: string): IntrinsicCall {
  const cursor = { text, at: 0 };
  const call = readCall(cursor, 1);
  skipSpace(cursor);
  if (cursor.at < text.length) throw new SyntaxError(`unexpected text after the call: ${text}`);
  return call;
}

export function evaluateIntrinsic(call: IntrinsicCall, data: PathData, draw: RandomDraw): JsonValue {
  const values = call.arguments.map((argument) => {
    if (argument.kind === "literal") return argument.value;
    if (argument.kind === "call") return evaluateIntrinsic(argument.call, data, draw);
    const value = argument.path.read(data);
    if (value !== undefined) return argument.path.root === "context" ? asFormatted(call, value) : value;
    const input = JSON.stringify(data.input);
    return raiseRuntime(
      `The function '${call.text}' had the following error: The JsonPath argument for the field '${argument.path.text}' could not be found in the input '${input}'`,
    );
  });
  return callIntrinsic(call, values, draw);
}

/** States.Format writes an object of the context object as Java writes a map. */
function asFormatted(call: IntrinsicCall, value: JsonValue): JsonValue {
  return call.name === "States.Format" && isJsonObject(value) ? javaText(value) : value;
}

function javaText(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map((item) => javaText(item as JsonValue)).join(", ")}]`;
  if (!isJsonObject(value)) return shownText(value);
  const members = Object.entries(value).map(([key, inner]) => `${key}=${javaText(inner)}`);
  return `{${members.join(", ")}}`;
}

function readCall(cursor: Cursor, depth: number): IntrinsicCall {
  if (depth > MAX_NESTING) throw new SyntaxError(`more than ${MAX_NESTING} functions within one another`);
  skipSpace(cursor);
  const start = cursor.at;
  const name = /^States\.[A-Za-z0-9]+/.exec(cursor.text.slice(cursor.at))?.[0];
  if (name === undefined) throw new SyntaxError(`a function's name is expected: ${cursor.text}`);
  cursor.at += name.length;
  expectMark(cursor, "(");
  const values: Argument[] = [];
  skipSpace(cursor);
  if (cursor.text[cursor.at] !== ")") {
    do values.push(readArgument(cursor, depth));
    while (takeMark(cursor, ","));
  }
  expectMark(cursor, ")");
  return { name, text: cursor.text.slice(start, cursor.at), arguments: values };
}

function readArgument(cursor: Cursor, depth: number): Argument {
  skipSpace(cursor);
  const rest = cursor.text.slice(cursor.at);
  if (rest.startsWith("'")) return { kind: "literal", value: readString(cursor) };
  if (rest.startsWith("$")) return { kind: "path", path: parseJsonPath(readPathText(cursor)) };
  if (rest.startsWith("States.")) return { kind: "call", call: readCall(cursor, depth + 1) };
  const word = /^[^\s,()']+/.exec(rest)?.[0] ?? "";
  const value = readJson(word);
  if (value === undefined || (typeof value === "object" && value !== null)) {
    throw new SyntaxError(`an argument is expected: ${cursor.text}`);
  }
  cursor.at += word.length;
  return { kind: "literal", value };
}

/** Backslashes are kept before braces: only States.Format takes them away. */
function readString(cursor: Cursor): string {
  const match = /^'((?:[^'\\]|\\.)*)'/s.exec(cursor.text.slice(cursor.at));
  if (match === null) throw new SyntaxError(`a string is not closed: ${cursor.text}`);
  cursor.at += match[0].length;
  return (match[1] ?? "").replaceAll(/\\(.)/gs, (whole, mark: string) => unescapeMark(whole, mark));
}

function unescapeMark(whole: string, mark: string): string {
  if (mark === "'" || mark === "\\") return mark;
  if (mark === "{" || mark === "}") return whole;
  return { n: "\n", t: "\t", r: "\r" }[mark] ?? whole;
}

/** A path ends at the comma or bracket that closes the argument, outside its own brackets and quotes. */
function readPathText(cursor: Cursor): string {
  const start = cursor.at;
  let open = 0;
  let quote = "";
  for (; cursor.at < cursor.text.length; cursor.at++) {
    const mark = cursor.text[cursor.at] as string;
    if (quote !== "") {
      if (mark === "\\") cursor.at++;
      else if (mark === quote) quote = "";
    } else if (mark === "'" || mark === '"') quote = mark;
    else if (mark === "[" || mark === "(") open++;
    else if (open > 0 && (mark === "]" || mark === ")")) open--;
    else if (open === 0 && (mark === "," || mark === ")")) break;
  }
  return cursor.text.slice(start, cursor.at).trimEnd();
}

function skipSpace(cursor: Cursor): void {
  while (/\s/.test(cursor.text[cursor.at] ?? "")) cursor.at++;
}

function takeMark(cursor: Cursor, mark: string): boolean {
  skipSpace(cursor);
  if (cursor.text[cursor.at] !== mark) return false;
  cursor.at++;
  return true;
}

function expectMark(cursor: Cursor, mark: string): void {
  if (!takeMark(cursor, mark)) throw new SyntaxError(`"${mark}" is expected at ${cursor.at}: ${cursor.text}`);
}
