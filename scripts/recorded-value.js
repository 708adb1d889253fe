/**
 * Recorded values, made comparable: recordings stand for what differs from run to run with placeholders such as
 * `<uuid:1>` or `timestamp`, and hold JSON texts now parsed, now not.
 */

/** What a placeholder of a moment may look like. */
const MOMENT = /^<?(?:timestamp|date|(?:start|stop|entered)-(?:date|time))(?::\d+)?>?$/i;
const PLACEHOLDER = /<[A-Za-z][\w:.\- ]*>/;
const TIME = /^\d{4}-\d{2}-\d{2}T/;

/** A text that is a JSON object, array, string or literal becomes that value, however deep it stands. */
export function unwrapJson(value) {
  if (typeof value === "string") {
    const parsed = parseOrNothing(value);
    return parsed === undefined || typeof parsed === "number" ? asNumber(value, parsed) : unwrapJson(parsed);
  }
  if (Array.isArray(value)) return value.map(unwrapJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapJson(inner)]));
}

function asNumber(text, parsed) {
  return parsed === undefined ? text : parsed;
}

/** Account numbers differ from run to run, too. */
function withoutAccounts(text) {
  return text.replaceAll(/\b\d{12}\b/g, "<account>");
}

function parseOrNothing(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a traced value is what was recorded, as far as placeholders leave it open. */
export function isRecorded(recorded, traced) {
  return matches(unwrapJson(recorded), unwrapJson(traced));
}

function matches(recorded, traced) {
  if (typeof recorded === "string") return matchesText(recorded, traced);
  if (Array.isArray(recorded)) {
    return (
      Array.isArray(traced) &&
      recorded.length === traced.length &&
      recorded.every((item, index) => matches(item, traced[index]))
    );
  }
  if (typeof recorded !== "object" || recorded === null)
    return Object.is(recorded, traced) || recorded === traced;
  if (typeof traced !== "object" || traced === null || Array.isArray(traced)) return false;
  const keys = Object.keys(recorded);
  return (
    keys.length === Object.keys(traced).length &&
    keys.every((key) => Object.hasOwn(traced, key) && matches(recorded[key], traced[key]))
  );
}

function matchesText(recorded, traced) {
  if (recorded === traced) return true;
  if (MOMENT.test(recorded)) return typeof traced === "string" && TIME.test(traced);
  if (typeof traced !== "string" || !PLACEHOLDER.test(recorded)) return false;
  const parts = withoutAccounts(recorded)
    .split(new RegExp(PLACEHOLDER, "g"))
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*")}$`).test(withoutAccounts(traced));
}

/** The value with every placeholder of a moment replaced by that moment. */
export function fillMoments(value, moment) {
  if (typeof value === "string") return MOMENT.test(value) ? moment : value;
  if (Array.isArray(value)) return value.map((item) => fillMoments(item, moment));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fillMoments(inner, moment)]));
}

export function hasMoments(value) {
  return JSON.stringify(value) !== JSON.stringify(fillMoments(value, ""));
}
