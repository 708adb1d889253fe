/** A finding is one thing that a tool beside the report shows: at a line of a file, with a code that has a page. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Place, Severity } from "../diagnostic.ts";

export interface Finding {
  /** Kebab-case; names the rule. */
  readonly code: string;
  readonly level: Severity;
  /** One sentence. */
  readonly message: string;
  /** What to do about it; null when nobody knows. */
  readonly help: string | null;
  /** Null = of the repository as a whole. */
  readonly at: Place | null;
}

/**
 * One for each finding, all different: the same from run to run while lines move, as far as the pointer tells.
 * 64 hexadecimal digits.
 */
export function fingerprints(findings: readonly Finding[]): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map(({ code, message, at }) => {
    const where = at === null ? [] : [at.file, at.pointer];
    const named = JSON.stringify([code, ...where, at === null || at.pointer === "" ? message : null]);
    const times = seen.get(named) ?? 0;
    seen.set(named, times + 1);
    return bytesToHex(sha256(utf8ToBytes(`${named}#${times}`)));
  });
}
