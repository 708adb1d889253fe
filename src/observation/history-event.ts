/**
 * A history event is one entry of GetExecutionHistory, read leniently: what is missing or odd is null, never a guess.
 * Shape: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
import { isJsonObject, ownValue } from "../workflow/text/json-value.ts";
import type { JsonObject, JsonValue } from "../workflow/text/json-value.ts";

export interface HistoryEvent {
  /** Null when the event carries none; such an event cannot be told from a copy of itself. */
  readonly id: number | null;
  /** 0 = the execution itself; null when the event carries none. */
  readonly previousId: number | null;
  readonly type: string;
  /** Milliseconds since 1970; null for placeholders and unreadable times. */
  readonly timeMs: number | null;
  /** The one `…EventDetails` object; empty when absent. */
  readonly details: JsonObject;
}

export interface HistoryPages {
  /** Each event once, by ascending id; events without an id last, in the order given. */
  readonly events: readonly HistoryEvent[];
  /** Entries that are copies of an event already seen. */
  readonly duplicates: number;
  /** Entries that are no events: not an object, or without a type. */
  readonly unreadable: number;
  /** A page says that more follow, and none does. */
  readonly moreFollow: boolean;
}

/**
 * Takes events as an array, a page `{ events, nextToken }` as the API and the AWS CLI give it, or an array that
 * mixes pages and events, in any order.
 */
export function parseHistoryEvents(input: unknown): HistoryPages {
  const entries: unknown[] = [];
  const pages = Array.isArray(input) ? (input as readonly unknown[]) : [input];
  let moreFollow = false;
  for (const page of pages) {
    if (isPage(page)) {
      for (const event of page.events) entries.push(event);
      moreFollow = hasNextToken(page);
    } else {
      entries.push(page);
    }
  }
  const parsed = entries.map(parseEvent);
  const readable = parsed.filter((event) => event !== null);
  const byId = new Map<number, HistoryEvent>();
  for (const event of readable) if (event.id !== null && !byId.has(event.id)) byId.set(event.id, event);
  const numbered = [...byId.values()].sort((a, b) => (a.id ?? 0) - (b.id ?? 0));
  const unnumbered = readable.filter((event) => event.id === null);
  return {
    events: [...numbered, ...unnumbered],
    duplicates: readable.length - numbered.length - unnumbered.length,
    unreadable: parsed.length - readable.length,
    moreFollow,
  };
}

function isPage(value: unknown): value is { readonly events: readonly unknown[] } {
  return isJsonObject(value) && Array.isArray(ownValue(value, "events"));
}

/** The API says `nextToken`; the CLI's own pagination says `NextToken`. */
function hasNextToken(page: object): boolean {
  return ["nextToken", "NextToken"].some((key) => {
    const token = ownValue(page as JsonObject, key);
    return typeof token === "string" && token !== "";
  });
}

function parseEvent(value: unknown): HistoryEvent | null {
  if (!isJsonObject(value)) return null;
  const type = ownValue(value, "type");
  if (typeof type !== "string" || type === "") return null;
  return {
    id: parseId(ownValue(value, "id"), 1),
    previousId: parseId(ownValue(value, "previousEventId"), 0),
    type,
    timeMs: parseTimeMs(ownValue(value, "timestamp")),
    details: parseDetails(value),
  };
}

function parseId(value: unknown, least: number): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least ? value : null;
}

function parseDetails(event: JsonObject): JsonObject {
  for (const [key, value] of Object.entries(event)) {
    if (key.endsWith("EventDetails") && isJsonObject(value)) return value;
  }
  return {};
}

/** The SDK gives Dates, CLI v2 ISO text, CLI v1 and the wire seconds as a fraction. */
function parseTimeMs(value: unknown): number | null {
  if (value instanceof Date) return finiteOrNull(value.getTime());
  // Seconds stay below this until the year 5138; milliseconds passed it in 1973.
  if (typeof value === "number" && value > 0) return finiteOrNull(value < 1e11 ? value * 1000 : value);
  if (typeof value === "string" && /^\d{4}-\d\d-\d\d[T ]/.test(value)) return finiteOrNull(Date.parse(value));
  return null;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Own string of an event's details, or null. */
export function detailText(event: HistoryEvent, key: string): string | null {
  const value = ownValue(event.details, key);
  return typeof value === "string" ? value : null;
}

/** Own non-negative whole number of an event's details, or null. */
export function detailCount(event: HistoryEvent, key: string): number | null {
  return parseId(ownValue(event.details, key), 0);
}

/** UTF-8 bytes of `input` or `output`; null when it is absent or AWS cut it short. */
export function payloadBytes(event: HistoryEvent, key: "input" | "output"): number | null {
  const value: JsonValue | undefined = ownValue(event.details, key);
  if (value === undefined) return null;
  const about = ownValue(event.details, `${key}Details`);
  if (isJsonObject(about) && ownValue(about, "truncated") === true) return null;
  // AWS gives the payload as text; some tools have already parsed it.
  return new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value)).length;
}
