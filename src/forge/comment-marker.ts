/** A comment marker is the hidden first line by which a comment of ours is known: which part, which run, which commit. */
import type { MarkerStyle } from "./forge-client.ts";

export interface CommentMarker {
  readonly key: string;
  /** Milliseconds since 1970 of the run that wrote it. */
  readonly timeMs: number;
  /** Null = the run did not know. */
  readonly head: string | null;
}

/** A clock may be a little ahead of ours, not by days: a marker from the future would silence every later run. */
const MAX_AHEAD_MS = 24 * 60 * 60 * 1000;

/**
 * Bitbucket prints HTML comments as text; a link reference that nothing refers to is shown nowhere
 * (https://spec.commonmark.org/0.31.2/#link-reference-definitions).
 */
export function formatMarker({ key, timeMs, head }: CommentMarker, style: MarkerStyle): string {
  const fields = `stepfare:v1 key=${encodeKey(key)} time=${new Date(timeMs).toISOString()} head=${head ?? "-"}`;
  return style === "html" ? `<!-- ${fields} -->` : `[//]: # (${fields})`;
}

const FIELDS =
  "stepfare:v1 key=([\\w.%~-]+) time=(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z) head=([0-9a-f]{7,64}|-)";
const FIRST_LINE = new RegExp(`^\\s*(?:<!-- ${FIELDS} -->|\\[//\\]: # \\(${FIELDS}\\))[ \\t]*(?:\\r?\\n|$)`);

/** Null for everything but a whole marker, as we write it, on the first line: an edited one is not ours. */
export function parseMarker(body: string, nowMs: number): CommentMarker | null {
  const fields = FIRST_LINE.exec(body)
    ?.slice(1)
    .filter((field) => field !== undefined);
  if (fields === undefined || fields.length !== 3) return null;
  const [written, time, head] = fields as [string, string, string];
  const key = decodeKey(written);
  const timeMs = Date.parse(time);
  if (key === null || !Number.isFinite(timeMs) || timeMs > nowMs + MAX_AHEAD_MS) return null;
  // As we write it, and in no other way.
  if (encodeKey(key) !== written || new Date(timeMs).toISOString() !== time) return null;
  return { key, timeMs, head: head === "-" ? null : head };
}

/** What people see of a comment: forges may change line ends and trailing space. */
export function visibleBody(body: string): string {
  return body.replace(FIRST_LINE, "").replaceAll("\r\n", "\n").trim();
}

/** Forges shorten commits as they like: 7 digits and more name the same one. */
export function isSameCommit(one: string, other: string): boolean {
  const [short, long] = [one.toLowerCase(), other.toLowerCase()].toSorted((a, b) => a.length - b.length);
  return short !== undefined && short.length >= 7 && (long ?? "").startsWith(short);
}

/** Nothing that ends a comment, a parenthesis or a field. */
function encodeKey(key: string): string {
  return encodeURIComponent(key.replaceAll(/\p{Cs}/gu, "\ufffd")).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decodeKey(written: string): string | null {
  try {
    return decodeURIComponent(written);
  } catch {
    return null;
  }
}
