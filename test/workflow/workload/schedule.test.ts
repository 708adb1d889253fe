import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSchedule } from "../../../src/workflow/workload/schedule.ts";

const DAYS_PER_MONTH = 365 / 12;

function perMonth(schedule: string): number {
  const parsed = parseSchedule(schedule);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

describe("parseSchedule", () => {
  it.each([
    ["rate(5 minutes)", 8760],
    ["rate(1 minute)", 43_800],
    ["rate(1 hour)", 730],
    ["rate(1 day)", DAYS_PER_MONTH],
    ["rate(7 days)", DAYS_PER_MONTH / 7],
    ["cron(0 12 * * ? *)", DAYS_PER_MONTH],
    ["cron(* * * * ? *)", 43_800],
    ["cron(0/15 * * * ? *)", 4 * 730],
    ["cron(0,30 8-17 * * ? *)", 20 * DAYS_PER_MONTH],
    ["cron(0/10 * ? * MON-FRI *)", (6 * 24 * DAYS_PER_MONTH * 5) / 7],
    ["cron(0/5 8-17 ? * 2-6 *)", (120 * DAYS_PER_MONTH * 5) / 7],
    ["cron(0 8 1 * ? *)", 1],
    ["cron(0 8 L * ? *)", 1],
    ["cron(0 8 L-2 * ? *)", 1],
    ["cron(0 8 15W * ? *)", 1],
    ["cron(0 8 1W * ? *)", 1],
    ["cron(0 8 LW * ? *)", 1],
    ["cron(0 8 31 * ? *)", 7 / 12],
    ["cron(0 8 31W * ? *)", 7 / 12],
    ["cron(0 8 ? * 6L *)", 1],
    ["cron(0 8 ? * TUE#2 *)", 1],
    ["cron(0 8 ? * 3#2 *)", 1],
    ["cron(0 8 ? * L *)", DAYS_PER_MONTH / 7],
    ["cron(0 8 ? * FRI-MON *)", (DAYS_PER_MONTH * 4) / 7],
    ["cron(0 0 1 JAN,JUL ? *)", 2 / 12],
    ["cron(0 0 1 1/3 ? *)", 4 / 12],
    ["cron(0 0 29 2 ? *)", 1 / 48],
    ["cron(0 12 * * ? 2028)", 366 / 12],
    ["cron(0 12 * * ? 2026-2027)", 365 / 12],
    ["cron(0 12 ? * THU 2026)", 53 / 12],
  ])("%s runs %d times a month", (schedule, times) => {
    expect(perMonth(schedule)).toBeCloseTo(times, 9);
  });

  it.each([
    ["rate(5)", /no schedule: write rate\(5 minutes\)/],
    ["rate(0 minutes)", /1 or more/],
    ["rate(5 seconds)", /no schedule/],
    ["cron(0 12 * * *)", /has 5 fields: write six/],
    ["cron(0 12 * * * *)", /write \? in one of them/],
    ["cron(0 12 ? * ? *)", /write \? in one of them/],
    ["cron(60 12 * * ? *)", /"60" is no minutes .*write 0-59/],
    ["cron(0 24 * * ? *)", /write 0-23/],
    ["cron(0 0 ? * MOON *)", /write 1-7 or SUN-SAT/],
    ["cron(0 0 ? * 3#6 *)", /write 1-7/],
    ["cron(0 0 31 2 ? *)", /never fires/],
    ["cron(0/0 0 * * ? *)", /"0\/0" is no minutes/],
    ["cron()", /write six/],
    ["at(2026-01-01T00:00:00)", /runs once: write executionsPerMonth/],
    [5, /5 is no schedule/],
  ])("refuses %j", (written, reason) => {
    const parsed = parseSchedule(written);
    expect(parsed.ok ? null : parsed.problem).toMatch(reason);
  });

  it("counts what the calendar counts, for any weekday in any year", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1970, max: 2199 }), fc.integer({ min: 1, max: 7 }), (year, weekday) => {
        let days = 0;
        for (let time = Date.UTC(year, 0, 1); time < Date.UTC(year + 1, 0, 1); time += 86_400_000) {
          if (new Date(time).getUTCDay() + 1 === weekday) days++;
        }
        expect(perMonth(`cron(0 0 ? * ${weekday} ${year})`)).toBeCloseTo(days / 12, 9);
      }),
      { numRuns: 50 },
    );
  });

  it("agrees with a rate of the same interval", () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30), (minutes) => {
        expect(perMonth(`cron(0/${minutes} * * * ? *)`)).toBeCloseTo(perMonth(`rate(${minutes} minutes)`), 6);
      }),
    );
  });

  it("never throws", () => {
    const field = fc.stringMatching(/^[0-9*?,/LW#A-Z-]{1,6}$/);
    const cron = fc.array(field, { minLength: 5, maxLength: 7 }).map((fields) => `cron(${fields.join(" ")})`);
    fc.assert(
      fc.property(fc.oneof(cron, fc.string()), (text) => {
        const parsed = parseSchedule(text);
        expect(parsed.ok ? parsed.value : parsed.problem.length).toBeGreaterThan(0);
      }),
    );
  });
});
