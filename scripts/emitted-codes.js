/** Emitted codes: every code of a diagnostic, reason or limit that the source can say, found without running it. */
import { readFile } from "node:fs/promises";
import { globSync } from "tinyglobby";

/** A code is two words or more in kebab-case. */
const CODE = '"([a-z][a-z0-9]*(?:-[a-z0-9]+)+)"';
/** `code: …` up to the next field, which may choose between several. */
const CHOSEN = /\bcode(?:: string)?\s*[:=]\s*([^;{}]*?)(?:,\s*(?:\n|severity|message|state)|;|\n\s*})/g;
const FORMS = [
  new RegExp(`\\bcode: ${CODE}`, "g"),
  new RegExp(`\\(\\s*${CODE},\\s*(?:message\\b|\`[A-Z])`, "g"),
  new RegExp(`(?:warning|reason)\\(\\s*${CODE}`, "g"),
  new RegExp(`\\[\\s*${CODE},\\s*(?:message|"error"|"warning"|"info"|"[A-Z]|\`)`, "g"),
];
/** Codes of a single word, which look like any other text. */
const SINGLE = ["activity", "payload"];

/** Forges' failures end the run, as UserErrors do; rules have pages of their own. */
const ELSEWHERE = ["src/forge/**", "src/recommendation/rules/**", "src/**/*.d.ts"];
/** What AWS rejects in an Express workflow is said of the workflow too, with this before the reason's code. */
const EXPRESS_ONLY = /^(distributed-map|long-wait|long-duration|task-token|run-job|activity|needs-history)$/;

/** In alphabetical order. */
export async function emittedCodes() {
  const codes = new Set();
  for (const file of globSync("src/**/*.ts", { ignore: ELSEWHERE })) {
    const text = (await readFile(file, "utf8"))
      .replaceAll(/new UserError\(\s*"[^"]*"/g, "")
      .replaceAll(/code [!=]==? "[^"]*"/g, "");
    for (const form of FORMS) for (const [, code] of text.matchAll(form)) codes.add(code);
    for (const [, chosen] of text.matchAll(CHOSEN))
      for (const [, code] of chosen.matchAll(new RegExp(CODE, "g"))) codes.add(code);
  }
  for (const code of SINGLE) codes.add(code);
  for (const code of [...codes]) if (EXPRESS_ONLY.test(code)) codes.add(`express-${code}`);
  return [...codes].sort((a, b) => (a < b ? -1 : 1));
}
