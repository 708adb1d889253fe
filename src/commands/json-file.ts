/** A JSON file is one that an option names: read, or refused with the place of what is wrong. */
import { UserError } from "../user-error.ts";
import { readSourceText } from "../workflow/text/source-text.ts";

/** Throws a UserError `invalid-json`. */
export function parseJsonFile(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch (error) {
    const [first] = readSourceText(bytes, file).diagnostics;
    const reason = first?.message ?? (error instanceof Error ? error.message : String(error));
    const place = first?.at ? `${file}:${first.at.line}:${first.at.column}: ` : "";
    throw new UserError("invalid-json", `${place}${file} is no JSON: ${reason}`, first?.hint ?? null);
  }
}
