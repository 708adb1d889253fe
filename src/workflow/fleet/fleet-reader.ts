/** Reads fleet.json, with words for what is wrong with it: broken, of another version, or of another form. */
import * as z from "zod";
import type { Fleet } from "./fleet.ts";
import { textFault, valueFaults } from "./fleet-faults.ts";
import { fleetSchema } from "./fleet-schema.ts";

/** Why a file cannot be read as a fleet, and what to do about it. */
export interface UnreadableFleet {
  readonly problem: string;
  readonly hint: string;
}

export function readFleet(text: string): { readonly fleet: Fleet } | UnreadableFleet {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const { problem, isCutOff } = textFault(text, error instanceof Error ? error.message : String(error));
    return {
      problem,
      hint: isCutOff
        ? "Run stepfare collect again; what an interrupted run has read is not asked again."
        : AGAIN,
    };
  }
  const { schemaVersion } = (value ?? {}) as { schemaVersion?: unknown };
  if (schemaVersion !== "1") {
    const written =
      schemaVersion === undefined ? "no schemaVersion" : `schemaVersion ${JSON.stringify(schemaVersion)}`;
    return {
      problem: `it has ${written}, and this stepfare reads version "1"`,
      hint: "Collect it again with stepfare collect, or take the version of stepfare that wrote it.",
    };
  }
  const parsed = z.safeParse(fleetSchema, value, { reportInput: true });
  if (parsed.success) {
    const wrong = wrongSpan(parsed.data);
    return wrong === null ? { fleet: parsed.data } : wrong;
  }
  return { problem: valueFaults(parsed.error.issues, text), hint: AGAIN };
}

const AGAIN = "Collect it again with stepfare collect.";

const SPAN_HINT = "Collect it again with stepfare collect --month 2026-10.";

/** What is wrong with the period, or with the month that is said of it; null when nothing is. */
function wrongSpan({ month, period }: Pick<Fleet, "month" | "period">): UnreadableFleet | null {
  const [from, until] = [Date.parse(period.from), Date.parse(period.until)];
  const problem = Number.isNaN(from)
    ? `/period/from: ${JSON.stringify(period.from)} is no instant`
    : Number.isNaN(until)
      ? `/period/until: ${JSON.stringify(period.until)} is no instant`
      : from >= until
        ? `/period/until: the period ends at ${period.until}, not after it begins at ${period.from}`
        : wrongMonth(month, from, until);
  return problem === null ? null : { problem, hint: SPAN_HINT };
}

function wrongMonth(month: string | null, from: number, until: number): string | null {
  if (month === null) return null;
  const [, year, number] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? [];
  if (year === undefined) return `/month: ${JSON.stringify(month)} is no month such as 2026-10`;
  const [begin, end] = [Date.UTC(Number(year), Number(number) - 1), Date.UTC(Number(year), Number(number))];
  return from < begin || until > end
    ? `/month: the period ${new Date(from).toISOString()} to ${new Date(until).toISOString()} is not in ${month}`
    : null;
}
