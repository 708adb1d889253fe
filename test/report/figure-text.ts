/** Figures as text that a reviewer reads in a pull request: one line for each thing that is told, numbers to nine digits. */

/** Ten digits and more differ between platforms' powers and logarithms. */
const DIGITS = 9;

type Told = Readonly<Record<string, unknown>>;

const isTold = (value: unknown): value is Told =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function wordOf(value: unknown): string {
  if (typeof value === "number" && Number.isFinite(value)) return String(Number(value.toPrecision(DIGITS)));
  if (Array.isArray(value)) return `[${value.map(wordOf).join(", ")}]`;
  if (!isTold(value)) return String(value);
  return `{ ${Object.entries(value)
    .map(([key, each]) => `${key}: ${wordOf(each)}`)
    .join(", ")} }`;
}

const isNothing = (value: unknown): boolean =>
  value === null || (typeof value === "object" && Object.keys(value).length === 0);

/** `name: word · name: word`, without what is null. */
export function lineOf(told: object): string {
  return Object.entries(told)
    .filter(([, value]) => !isNothing(value))
    .map(([key, value]) => `${key} ${wordOf(value)}`)
    .join(" · ");
}

/** A heading, and a line for each. */
export function sectionOf(heading: string, told: readonly object[]): readonly string[] {
  return told.length === 0 ? [] : [heading, ...told.map((each) => `  ${lineOf(each)}`)];
}
