/** A timestamp is an ISO 8601 date and time with an offset, as Wait and Choice accept it. */

const TIMESTAMP =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:\d{2}(?::\d{2})?)$/;

/** Milliseconds since 1970; null when the text is no such timestamp. */
export function parseTimestamp(text: string): number | null {
  const match = TIMESTAMP.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second = "00", fraction = "", offset = "Z"] = match;
  const base = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const utc = Date.parse(`${base}Z`);
  // Date.parse rolls 30 February over; AWS refuses it.
  if (Number.isNaN(utc) || new Date(utc).toISOString().slice(0, 19) !== base) return null;
  const shift = offset === "Z" ? 0 : offsetMs(offset);
  return utc + Number(`0.${fraction || "0"}`) * 1_000 - shift;
}

function offsetMs(offset: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = offset.slice(1).split(":").map(Number);
  return (offset.startsWith("-") ? -1 : 1) * (hours * 3_600 + minutes * 60 + seconds) * 1_000;
}

export function formatTimestamp(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "+275760-09-13T00:00:00.000Z" : date.toISOString();
}
