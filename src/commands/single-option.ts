/** A single option is one that takes one text: yargs hands over a list where it is given several times. */
import { UserError } from "../user-error.ts";

/** Null where it is not given. Throws a UserError `invalid-option` where it is given more than once. */
export function singleOption(name: string, written: unknown): string | null {
  if (Array.isArray(written))
    throw new UserError("invalid-option", `${name}: it is given ${written.length} times: give it once.`);
  return typeof written === "string" ? written : null;
}
