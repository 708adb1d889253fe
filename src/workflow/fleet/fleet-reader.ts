/** Reads fleet.json, with words for what is wrong with it: cut off, of another version, or no fleet at all. */
import * as z from "zod";
import type { Fleet } from "./fleet.ts";
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
  } catch {
    return {
      problem: "it is not whole JSON: it seems to be cut off",
      hint: "Run stepfare collect again; what an interrupted run has read is not asked again.",
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
  const parsed = z.safeParse(fleetSchema, value);
  if (parsed.success) return { fleet: parsed.data };
  const [issue] = parsed.error.issues;
  const where = (issue?.path ?? []).map((key) => `/${String(key)}`).join("");
  return {
    problem: `${where || "/"}: ${issue?.message ?? "it has another form"}`,
    hint: "Collect it again with stepfare collect.",
  };
}
