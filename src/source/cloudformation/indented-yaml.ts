/**
 * Indented YAML: AWS's parsers, like all of YAML 1.1, let a list, a map or a quoted text in brackets or quotes end on a line
 * that is indented less than YAML 1.2 asks for. Here such lines are joined, with every character keeping its offset.
 */
import { parseDocument } from "yaml";
import type { Document, Tags, YAMLError } from "yaml";

/** Each join reads the text anew, so a long text gets few. */
const MAX_JOINS = 100;
const MAX_CHARACTERS = 1_000_000;
const UNDER_INDENTED =
  /^(?:Flow (?:map|sequence) in block collection|Missing closing ['"]|Unexpected (?:flow-|double-quoted|single-quoted|comma))/;

export interface IndentedDocument {
  readonly document: Document.Parsed;
  /** Lines were joined: texts over several lines hold spaces that they should not. */
  readonly isJoined: boolean;
}

/** The document, and when joining mends nothing, the one with the errors of the text as it is. */
export function parseIndentedYaml(text: string): IndentedDocument {
  const written = { document: parseOnce(text), isJoined: false };
  let { document } = written;
  let joined = text;
  const limit = Math.min(MAX_JOINS, Math.floor(MAX_CHARACTERS / Math.max(1, text.length)));
  for (let joins = 0; document.errors.length > 0; joins++) {
    const error = firstError(document);
    if (error === null || joins === limit || !UNDER_INDENTED.test(error.message)) return written;
    const attempt = joinLineAt(joined, error.pos[0]);
    if (attempt === null) return written;
    joined = attempt;
    document = parseOnce(joined);
    const next = firstError(document);
    if (next !== null && next.pos[0] <= error.pos[0]) return written;
  }
  return { document, isJoined: joined !== text };
}

/** Errors of one fault alone: after the first, the parser stumbles over all that follows. */
export function ownErrors(document: Document.Parsed): readonly YAMLError[] {
  const first = firstError(document);
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

function firstError(document: Document.Parsed): YAMLError | null {
  return document.errors.reduce<YAMLError | null>(
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
