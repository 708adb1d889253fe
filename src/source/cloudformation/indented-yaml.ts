/**
 * Indented YAML: AWS's parsers, like all of YAML 1.1, let a list, a map or a quoted text in brackets or quotes end on a line
 * that is indented less than YAML 1.2 asks for. Here such lines are joined, with every character keeping its offset.
 */
import { parseDocument } from "yaml";
import type { Document, Tags, YAMLError } from "yaml";
import { mostReadings, mostStrayLines, strayWords } from "./stray-line.ts";

const MAX_JOINS = 100;
const UNDER_INDENTED =
  /^(?:Flow (?:map|sequence) in block collection|Missing closing ['"]|Unexpected (?:flow-|double-quoted|single-quoted|comma))/;

export interface IndentedDocument {
  readonly document: Document.Parsed;
  /** Lines were joined: texts over several lines hold spaces that they should not. */
  readonly isJoined: boolean;
  /** Offsets of lines that were passed over, see stray-line.ts. */
  readonly strayLines: readonly number[];
}

/** The document, and when joining mends nothing, the one with the errors of the text as it is, stray lines apart. */
export function parseIndentedYaml(text: string): IndentedDocument {
  const { strayLines, ...written } = withoutStrayLines(text);
  const asWritten = { document: written.document, isJoined: false, strayLines };
  let { document, text: joined } = written;
  const limit = mostReadings(text, MAX_JOINS);
  for (let joins = 0; document.errors.length > 0; joins++) {
    const error = firstOf(document.errors);
    if (error === null || joins === limit || !UNDER_INDENTED.test(error.message)) return asWritten;
    const attempt = joinLineAt(joined, error.pos[0]);
    if (attempt === null) return asWritten;
    joined = attempt;
    document = parseOnce(joined);
    const next = firstOf(document.errors);
    if (next !== null && next.pos[0] <= error.pos[0]) return asWritten;
  }
  return { document, isJoined: joined !== written.text, strayLines };
}

interface WithoutStrayLines {
  /** Each stray line is a comment, with every character of the others at its offset. */
  readonly text: string;
  readonly document: Document.Parsed;
  readonly strayLines: readonly number[];
}

function withoutStrayLines(written: string): WithoutStrayLines {
  const strayLines: number[] = [];
  let text = written;
  for (;;) {
    const document = parseOnce(text);
    const at = strayLineOf(document, text);
    if (at === null || strayLines.length === mostStrayLines(text)) return { text, document, strayLines };
    strayLines.push(at);
    text = `${text.slice(0, at)}#${text.slice(at + 1)}`;
  }
}

/** Where the first error is one; a tag after another is read all the same. */
function strayLineOf({ errors }: Document.Parsed, text: string): number | null {
  const error = firstOf(errors.filter(({ code }) => code !== "MULTIPLE_TAGS"));
  if (error?.code !== "MULTILINE_IMPLICIT_KEY" && error?.code !== "MISSING_CHAR") return null;
  const [at] = error.pos;
  const column = at - (text.lastIndexOf("\n", at - 1) + 1);
  if (!/^ *$/.test(text.slice(at - column, at))) return null;
  return strayWords(text, at, column) === null ? null : at;
}

/** Errors of one fault alone: after the first, the parser stumbles over all that follows. */
export function ownErrors(document: Document.Parsed): readonly YAMLError[] {
  const first = firstOf(document.errors);
  return document.errors.filter((error) => error === first || !error.message.startsWith("Unexpected"));
}

function parseOnce(text: string): Document.Parsed {
  return parseDocument(text, {
    prettyErrors: false,
    logLevel: "silent",
    uniqueKeys: false,
    customTags: (tags) => [...tags, ...tagsIn(text)],
  });
}

const MOST_TAGS = 100;

/** Tags such as `!Sub`: the parser makes a warning, with its stack, of each use of one that it is not told of. */
function tagsIn(text: string): Tags {
  const names = new Set(text.match(/(?<=[\s,[:])![A-Za-z0-9]+(?=\s)/g));
  return [...names].slice(0, MOST_TAGS).flatMap((tag) => [
    { tag, resolve: (value: string) => value },
    { tag, collection: "seq" as const },
    { tag, collection: "map" as const },
  ]);
}

function firstOf(errors: readonly YAMLError[]): YAMLError | null {
  return errors.reduce<YAMLError | null>(
    (first, error) => (first === null || error.pos[0] < first.pos[0] ? error : first),
    null,
  );
}

/** Spaces for the line break before the first character at or after `offset`, and for a comment that would swallow it. */
function joinLineAt(text: string, offset: number): string | null {
  let to = offset;
  while (to < text.length && /\s/.test(text.charAt(to))) to++;
  let from = to;
  while (from > 0 && /\s/.test(text.charAt(from - 1))) from--;
  if (!text.slice(from, to).includes("\n") || to === text.length) return null;
  const lineStart = text.lastIndexOf("\n", from - 1) + 1;
  // A mark that closes something is no part of a comment: what looks like one before it is a text's.
  const closed = Math.max(
    ...["'", '"', "]", "}"].map((mark) => text.lastIndexOf(mark, from - 1)),
    lineStart - 1,
  );
  const comment = /\s#/.exec(text.slice(closed + 1, from));
  const begin = comment === null ? from : closed + 1 + comment.index;
  return text.slice(0, begin) + " ".repeat(to - begin) + text.slice(to);
}
