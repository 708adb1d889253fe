/** The syntax of a JSONata string: `{% expression %}`. */
import jsonata from "jsonata";
import { hasPlaceholder } from "./placeholder.ts";

/** Brackets open at once; the parser is recursive and fails far beyond this. */
const MAX_NESTING = 200;

/** What is wrong with a JSONata string, to follow its text in a sentence; null when nothing is. */
export function faultOfJsonata(text: string): string | null {
  if (!text.startsWith("{%")) return `must start with "{%"`;
  if (!text.endsWith("%}") || text.length < "{%%}".length) return `must end with "%}"`;
  if (hasPlaceholder(text)) return null;
  const expression = text.slice(2, -2);
  if (deepestBracket(expression) > MAX_NESTING) return `nests deeper than ${MAX_NESTING} brackets`;
  try {
    jsonata(expression);
    return null;
  } catch (error) {
    return `is not valid JSONata: ${describe(error)}`;
  }
}

function describe(error: unknown): string {
  const { message, position } = error as { readonly message?: unknown; readonly position?: unknown };
  const where = typeof position === "number" ? ` (character ${position + 2})` : "";
  return `${String(message)}${where}`;
}

function deepestBracket(expression: string): number {
  let [depth, deepest] = [0, 0];
  for (const character of expression) {
    if ("([{".includes(character)) deepest = Math.max(deepest, ++depth);
    else if (")]}".includes(character)) depth--;
  }
  return deepest;
}
