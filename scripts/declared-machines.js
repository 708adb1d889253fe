/** Counts the state machines that templates below a folder declare by a plain search of their text, to hold what is found against. */
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

const DECLARATIONS = {
  sam: /\bType["']?\s*:\s*["']?AWS::Serverless::StateMachine\b/g,
  cloudformation: /\bType["']?\s*:\s*["']?AWS::StepFunctions::StateMachine(?![A-Za-z])/g,
  terraform: /^\s*resource\s+"aws_sfn_state_machine"/gm,
};

const TEMPLATES = /\.(?:ya?ml|json|template|tf)$/i;

/** One check per kind: what is declared is found, or the reason why not is told. */
export async function declarationChecks(folder, { definitions, unreadable }) {
  const declared = await countDeclarations(folder);
  return Object.entries(declared).map(([kind, count]) => {
    const found = definitions.filter(({ foundIn }) => foundIn === kind);
    const analysed = found.filter(({ index }) => index !== null).length;
    const counts = `${count} declared by a search of the text, ${found.length} found, ${analysed} analysed`;
    if (count === found.length && analysed === count)
      return { what: `${kind}: ${counts}`, failures: [], disagreement: null };
    const reason = reasonOf({ kind, count, found, unreadable });
    const failures = reason === null ? [`${counts}, and no reason is known`] : [];
    return { what: `declared: ${kind}`, failures, disagreement: counts, reason };
  });
}

function reasonOf({ kind, count, found, unreadable }) {
  const reasons = found
    .filter(({ index }) => index === null)
    .map(({ file, errors, warnings }) => `${file} (${errors[0]?.code ?? warnings[0] ?? "not readable"})`);
  if (found.length > count) {
    return kind === "terraform"
      ? ["a module declares its machine once for each call", ...reasons].join("; ")
      : null;
  }
  const missing = count - found.length;
  const templates = unreadable.filter(({ code }) => code === "template-syntax");
  if (missing > templates.length) return null;
  return [...reasons, ...templates.slice(0, missing).map(({ file }) => `${file} (template-syntax)`)].join(
    "; ",
  );
}

async function countDeclarations(folder) {
  const counts = Object.fromEntries(Object.keys(DECLARATIONS).map((kind) => [kind, 0]));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || !TEMPLATES.test(entry.name)) continue;
    const text = await readFile(path.join(entry.parentPath ?? entry.path, entry.name), "utf8");
    for (const [kind, pattern] of Object.entries(DECLARATIONS))
      counts[kind] += [...text.matchAll(pattern)].length;
  }
  return counts;
}
