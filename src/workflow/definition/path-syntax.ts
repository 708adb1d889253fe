/** The syntax of JSONPath as Amazon States Language has it: paths, reference paths and intrinsic functions. */
import { validatePath } from "asl-path-validator";
import { hasPlaceholder } from "./placeholder.ts";

/** A template value may also be an intrinsic function; a result path may not name a variable. */
export type PathKind = "path" | "reference_path" | "result_path" | "payload_template";

/** Plain member and index steps are right wherever a path may stand; by far most paths are of this form. */
const PLAIN_PATH = /^\$\$?(?:\.[A-Za-z_][\w-]*|\[\d+\]|\['[^'\\[\]]*'\])*$/;
/** Nested calls deeper than this are refused before the recursive parser meets them. */
const MAX_NESTING = 100;

/** What is wrong with a path, to follow its text in a sentence; null when nothing is. */
export function faultOfPath(text: string, kind: PathKind): string | null {
  if (PLAIN_PATH.test(text) || hasPlaceholder(text)) return null;
  if (!text.startsWith("$") && !text.startsWith("States.")) {
    return kind === "payload_template"
      ? "is neither a path (it must start with $) nor an intrinsic function"
      : "is not a path: it must start with $";
  }
  if (text.split(/[([]/).length > MAX_NESTING)
    return `has more than ${MAX_NESTING} brackets and is not checked`;
  const result = validatePath(asStrictPath(text), kind as Parameters<typeof validatePath>[1]);
  if (result.isValid) return null;
  const code: string = result.code;
  switch (code) {
    case "exp_has_functions":
      return "calls an intrinsic function, which is not allowed in this field";
    case "exp_has_variable":
      return "names a variable, which is not allowed in this field";
    case "exp_has_non_reference_path_ops":
      return "is not a reference path: it must select exactly one node, without *, .., slices, filters or lists";
    default:
      return syntaxFault(text, result.message ?? "");
  }
}

const NAME_LIST = /\[\s*'[^'\]]*'(?:\s*,\s*'[^'\]]*')+\s*\]/g;

/** Step Functions also takes `$.[0]`, `['a', 'b']`, and paths from the root inside filters, which the grammar does not know. */
function asStrictPath(text: string): string {
  return withoutRoots(text)
    .replaceAll(/(?<!\.)\.\[/g, "[")
    .replaceAll(NAME_LIST, "[*]");
}

/** Each filter, `[?( … )]`, with a number in place of its paths from the root. */
function withoutRoots(text: string): string {
  const pieces: string[] = [];
  let from = 0;
  for (;;) {
    const begin = text.indexOf("[?(", from);
    const end = begin < 0 ? -1 : text.indexOf(")]", begin + 3);
    if (end < 0) return pieces.join("") + text.slice(from);
    pieces.push(text.slice(from, begin), text.slice(begin, end).replaceAll(/\$[\w.]*/g, "1"));
    from = end;
  }
}

/** The parser hands its error over as JSON. */
function syntaxFault(text: string, message: string): string {
  const offset = offsetOf(message);
  const what = text.startsWith("States.")
    ? "is not a known intrinsic function with fitting arguments"
    : "is not a valid path";
  if (offset === null || offset === 0) return what;
  const found = text.charAt(offset);
  return `${what}: ${found === "" ? "it ends too early" : `unexpected ${JSON.stringify(found)} at character ${offset + 1}`}`;
}

function offsetOf(message: string): number | null {
  const [, offset] = /"location":\{"start":\{"offset":(\d+)/.exec(message) ?? [];
  return offset === undefined ? null : Number(offset);
}
