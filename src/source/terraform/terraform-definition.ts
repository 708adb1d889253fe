/** A Terraform definition is the text that a machine's `definition` evaluates to, with where each part of it was written. */
import type { FoundDefinition } from "../found-workflow.ts";
import { unknownWithin, toJson, describeKind, placeholderOf } from "./hcl-value.ts";
import type { HclValue, StringValue, UnknownValue } from "./hcl-value.ts";
import { placeOf, spanOfText } from "./hcl-text-place.ts";
import { lastNotAfter, offsetAt, sourceText } from "../file-text.ts";
import { MAKE_A_PLAN } from "./terraform-module.ts";
import type { Diagnostic, Place } from "../../diagnostic.ts";

export interface ReadDefinition {
  readonly definition: FoundDefinition | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** `fallback` is the place of the argument, for values that do not know their own. */
export function readDefinitionValue(value: HclValue, fallback: Place): ReadDefinition {
  if (value.kind === "unknown") return { definition: null, diagnostics: [notEvaluated(value, fallback)] };
  if (value.kind !== "string") {
    const message = `The definition must be text, such as jsonencode makes, not ${describeKind(value)}`;
    const at = value.at === null ? fallback : placeOf(value.at);
    return {
      definition: null,
      diagnostics: [
        {
          code: "definition-not-evaluated",
          severity: "warning",
          message,
          at,
          hint: "Wrap it in jsonencode(…)",
        },
      ],
    };
  }
  if (value.encoded !== null) return readEncoded(value.encoded, fallback);
  return { definition: textDefinition(value, fallback), diagnostics: [] };
}

function notEvaluated({ reference, cause, problem, at }: UnknownValue, fallback: Place): Diagnostic {
  const why = problem ?? whyUnknown(reference, cause);
  return {
    code: "definition-not-evaluated",
    severity: "warning",
    message: `The definition cannot be read from the configuration: ${why}`,
    at: at === null ? fallback : placeOf(at),
    hint: `Make a plan and analyse that: ${MAKE_A_PLAN}`,
  };
}

const LONGEST_SHOWN = 120;

function whyUnknown(reference: string, cause: string | null): string {
  const known = "which is known only where it is planned or deployed";
  if (cause === null || cause === reference) return `It is \`${placeholderOf(reference)}\`, ${known}`;
  const line = reference.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
  const written = line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN - 1)}…` : line;
  const what = /^var\.[\w-]+$/.test(cause) ? `\`${cause}\`, a variable without a default` : `\`${cause}\``;
  return `It is \`${written}\`, which depends on ${what}, ${known}`;
}

function readEncoded(value: HclValue, fallback: Place): ReadDefinition {
  const locate = (pointer: string): Place => locateIn(value, pointer) ?? { ...fallback, pointer };
  const failed = firstProblem(value);
  const diagnostics: Diagnostic[] =
    failed === null
      ? []
      : [
          {
            ...notEvaluated(failed, fallback),
            message: `A part of the definition cannot be evaluated: ${failed.problem}`,
          },
        ];
  return { definition: { kind: "value", value: toJson(value), locate }, diagnostics };
}

function firstProblem(value: HclValue): UnknownValue | null {
  if (value.kind === "unknown") return value.problem === null ? null : value;
  const members = value.kind === "list" ? value.items : value.kind === "object" ? value.entries.values() : [];
  for (const member of members) {
    if (unknownWithin(member) === null) continue;
    const found = firstProblem(member);
    if (found !== null) return found;
  }
  return null;
}

/** The place of the key or element at a pointer, or of its nearest ancestor. */
function locateIn(root: HclValue, pointer: string): Place | null {
  let value: HclValue | undefined = root;
  let at = root.at;
  for (const token of pointer.split("/").slice(1)) {
    const key: string = token.replaceAll("~1", "/").replaceAll("~0", "~");
    const parent: HclValue | undefined = value;
    if (parent?.kind === "object") value = parent.entries.get(key);
    else if (parent?.kind === "list") value = parent.items[Number(key)];
    if (value === parent || value === undefined) break;
    at = (parent?.kind === "object" ? parent.keysAt.get(key) : null) ?? value.at ?? at;
  }
  return at === null ? null : placeOf(at, pointer);
}

function textDefinition(value: StringValue, fallback: Place): FoundDefinition {
  const { text, insertions } = quoteBarePlaceholders(value);
  const lines = sourceText(fallback.file, text);
  const spanAt = spanOfText(value);
  const place = (line: number, column: number): Place => {
    const offset = offsetAt(lines, line, column);
    const inserted =
      insertions.length === 0 || (insertions[0] ?? 0) >= offset
        ? 0
        : lastNotAfter(insertions, offset - 1) + 1;
    const span = spanAt(offset - inserted);
    return span === null ? fallback : placeOf(span);
  };
  return { kind: "text", text, place };
}

interface QuotedText {
  readonly text: string;
  /** Offsets of the quotes that were put in, ascending. */
  readonly insertions: readonly number[];
}

/**
 * A placeholder outside of quotes, as in `"Seconds": ${var.pause}`, would not be JSON: it is put between quotes.
 * Text that is not JSON stays as it is.
 */
function quoteBarePlaceholders({ text, isOpen }: StringValue): QuotedText {
  if (!isOpen || !/^\s*\{/.test(text)) return { text, insertions: [] };
  const pieces: string[] = [];
  const insertions: number[] = [];
  let from = 0;
  for (const { index, 0: token } of text.matchAll(
    /"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*(?:"|\\?(?=[\r\n]|$))|\$\{[^{}]*\}/g,
  )) {
    if (token.startsWith('"')) continue;
    pieces.push(text.slice(from, index), `"${token}"`);
    const first = index + insertions.length;
    insertions.push(first, first + token.length + 1);
    from = index + token.length;
  }
  return { text: pieces.join("") + text.slice(from), insertions };
}
