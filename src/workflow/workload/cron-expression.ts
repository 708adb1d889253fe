/**
 * A cron expression is EventBridge's six fields (minutes, hours, day of month, month, day of week, year), and how often
 * it fires, counted over the calendar. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html
 */
import type { Parsed } from "./quantity.ts";
import { problem, quoted } from "./quantity.ts";

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const MINUTES: Field = { name: "minutes", min: 0, max: 59, names: [] };
const HOURS: Field = { name: "hours", min: 0, max: 23, names: [] };
const DAY_OF_MONTH: Field = { name: "day of month", min: 1, max: 31, names: [] };
const MONTH: Field = { name: "month", min: 1, max: 12, names: MONTHS };
const DAY_OF_WEEK: Field = { name: "day of week", min: 1, max: 7, names: DAYS };
const YEAR: Field = { name: "year", min: 1970, max: 2199, names: [] };

/** A day as the calendar gives it: month and day of month from 1, weekday 1 (Sunday) to 7, and the length of its month. */
interface Day {
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly monthLength: number;
}

type DayTest = (day: Day) => boolean;

interface CronExpression {
  readonly firesPerDay: number;
  readonly months: ReadonlySet<number>;
  readonly isDay: DayTest;
  /** Null: every year. */
  readonly years: ReadonlySet<number> | null;
}

/** Fires per month of the text between the brackets of `cron(…)`. */
export function parseCronPerMonth(fields: string): Parsed<number> {
  const parsed = parseCronExpression(fields);
  if (!parsed.ok) return parsed;
  const perMonth = firesPerMonth(parsed.value);
  return perMonth > 0
    ? { ok: true, value: perMonth }
    : problem(`cron(${fields}) never fires: write a day that its months have`);
}

/**
 * Mean over the months of the years it names. Without a year: a common year (365 days, so that a daily schedule agrees with
 * a month of 730 hours), averaged over the seven weekdays it may begin with; only what fires on 29 February alone is
 * counted over 28 years, in which every weekday meets every date.
 */
function firesPerMonth(cron: CronExpression): number {
  if (cron.years) {
    const years = [...cron.years];
    return (
      years.reduce((sum, year) => sum + firesInYear(cron, isLeapYear(year), weekdayOfNewYear(year)), 0) /
      (years.length * 12)
    );
  }
  const common = DAYS.reduce((sum, _, index) => sum + firesInYear(cron, false, index + 1), 0) / (7 * 12);
  if (common > 0) return common;
  return DAYS.reduce((sum, _, index) => sum + firesInYear(cron, true, index + 1), 0) / (28 * 12);
}

function firesInYear(cron: CronExpression, isLeap: boolean, firstWeekday: number): number {
  let fires = 0;
  let weekday = firstWeekday;
  for (let month = 1; month <= 12; month++) {
    const monthLength = month === 2 && isLeap ? 29 : (MONTH_LENGTHS[month - 1] ?? 0);
    for (let day = 1; day <= monthLength; day++) {
      if (cron.months.has(month) && cron.isDay({ month, day, weekday, monthLength }))
        fires += cron.firesPerDay;
      weekday = (weekday % 7) + 1;
    }
  }
  return fires;
}

const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** 1 = Sunday. 1 January 1970 was a Thursday. */
function weekdayOfNewYear(year: number): number {
  const leapDays = (before: number) =>
    Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const days = (year - 1970) * 365 + leapDays(year - 1) - leapDays(1969);
  return ((days + 4) % 7) + 1;
}

function parseCronExpression(text: string): Parsed<CronExpression> {
  const fields = text.trim().split(/\s+/);
  const [minutes = "", hours = "", dayOfMonth = "", month = "", dayOfWeek = "", year = ""] = fields;
  if (fields.length !== 6) {
    return problem(
      `cron(${text.trim()}) has ${fields.length} fields: write six, minutes hours day-of-month month day-of-week year, such as cron(0 12 * * ? *)`,
    );
  }
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) {
    return problem(
      `cron(${text.trim()}) must leave open one of day of month and day of week: write ? in one of them, such as cron(0 12 ? * MON-FRI *)`,
    );
  }
  const sets = [
    parseSet(minutes, MINUTES),
    parseSet(hours, HOURS),
    parseSet(month, MONTH),
    parseSet(year, YEAR),
  ];
  const day = dayOfWeek === "?" ? parseDayOfMonth(dayOfMonth) : parseDayOfWeek(dayOfWeek);
  const failed = [...sets, day].find((parsed) => !parsed.ok);
  if (failed && !failed.ok) return failed;
  const [minuteSet, hourSet, months, years] = sets.map((set) => (set.ok ? set.value : new Set<number>()));
  return {
    ok: true,
    value: {
      firesPerDay: (minuteSet?.size ?? 0) * (hourSet?.size ?? 0),
      months: months ?? new Set(),
      isDay: day.ok ? day.value : () => false,
      years: year === "*" ? null : (years ?? null),
    },
  };
}

/** `*`, `5`, `1-5`, `MON-FRI`, `0/15`, `1-30/5` and lists of them; a range may run past the end (`FRI-MON`). */
function parseSet(text: string, field: Field): Parsed<ReadonlySet<number>> {
  const all = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^(\*|[0-9A-Za-z]+)(?:-([0-9A-Za-z]+))?(?:\/(\d+))?$/.exec(part);
    const first = match?.[1] === "*" ? field.min : numberIn(match?.[1], field);
    const isOpen = match?.[1] === "*" || (match?.[2] === undefined && match?.[3] !== undefined);
    const last = match?.[2] !== undefined ? numberIn(match[2], field) : isOpen ? field.max : first;
    const step = Number(match?.[3] ?? 1);
    if (
      !match ||
      first === null ||
      last === null ||
      step < 1 ||
      (match[1] === "*" && match[2] !== undefined)
    ) {
      return problem(
        `${quoted(part)} is no ${field.name} of a cron expression: write ${field.min}-${field.max}${
          field.names.length > 0 ? ` or ${field.names[0]}-${field.names.at(-1)}` : ""
        }, *, a list, a range or an increment such as ${field.min}/5`,
      );
    }
    const width = field.max - field.min + 1;
    const span = last >= first ? last - first : last - first + width;
    for (let offset = 0; offset <= span; offset += step)
      all.add(((first - field.min + offset) % width) + field.min);
  }
  return { ok: true, value: all };
}

function numberIn(text: string | undefined, field: Field): number | null {
  const named = field.names.indexOf((text ?? "").toUpperCase());
  const value = named >= 0 ? named + field.min : /^\d+$/.test(text ?? "") ? Number(text) : Number.NaN;
  return value >= field.min && value <= field.max ? value : null;
}

/** Also `L` (last day), `L-3`, `15W` (weekday nearest to the 15th, within its month) and `LW` (last weekday). */
function parseDayOfMonth(text: string): Parsed<DayTest> {
  const last = /^L(?:-(\d{1,2}))?$/.exec(text);
  if (last) return { ok: true, value: ({ day, monthLength }) => day === monthLength - Number(last[1] ?? 0) };
  const nearest = /^(\d{1,2}|L)W$/.exec(text);
  if (nearest) {
    const wanted = nearest[1] === "L" ? null : numberIn(nearest[1], DAY_OF_MONTH);
    if (wanted !== null || nearest[1] === "L")
      return { ok: true, value: (day) => isNearestWeekday(day, wanted) };
  }
  const set = parseSet(text, DAY_OF_MONTH);
  return set.ok ? { ok: true, value: ({ day }) => set.value.has(day) } : set;
}

/** Monday to Friday nearest to a day of the month (null: its last), without leaving the month. */
function isNearestWeekday({ day, weekday, monthLength }: Day, wanted: number | null): boolean {
  const target = wanted ?? monthLength;
  if (target > monthLength) return false;
  const targetWeekday = ((((weekday - 1 + target - day) % 7) + 7) % 7) + 1;
  if (targetWeekday === 7) return day === (target > 1 ? target - 1 : target + 2);
  if (targetWeekday === 1) return day === (target < monthLength ? target + 1 : target - 2);
  return day === target;
}

/** Also `6L` (the month's last Friday), `L` (Saturday) and `3#2` (the month's second Tuesday). */
function parseDayOfWeek(text: string): Parsed<DayTest> {
  const special = /^([0-9A-Za-z]+?)(?:L|#([1-5]))$/.exec(text);
  const wanted = special ? numberIn(special[1], DAY_OF_WEEK) : null;
  if (special && wanted !== null) {
    const nth = special[2] === undefined ? null : Number(special[2]);
    return {
      ok: true,
      value: ({ day, weekday, monthLength }) =>
        weekday === wanted && (nth === null ? day > monthLength - 7 : Math.ceil(day / 7) === nth),
    };
  }
  if (text === "L") return { ok: true, value: ({ weekday }) => weekday === 7 };
  const set = parseSet(text, DAY_OF_WEEK);
  return set.ok ? { ok: true, value: ({ weekday }) => set.value.has(weekday) } : set;
}
