/** A quoted text is what a scalar in quotes says: escapes stand for characters, and lines are folded into one. */

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const DOUBLE = /^"(?:[^"\\\r\t]|\\["\\/bfnrt \n])*"$/;
const SINGLE = /^'(?:[^'\r\t]|'')*'$/;

/** Null where it holds what is rare: other escapes, tabs, other line ends. */
export function textOfQuoted(written: string): string | null {
  const inside = written.slice(1, -1);
  if (DOUBLE.test(written)) return textOfDouble(inside);
  return SINGLE.test(written) ? textOfSingle(inside) : null;
}

function textOfSingle(inside: string): string {
  return inside.replaceAll("''", "'").replaceAll(/ *\n[ \n]*| +/g, folded);
}

function textOfDouble(inside: string): string {
  return inside.replaceAll(/\\\n *|\\.| *\n[ \n]*| +/g, (found) => {
    if (!found.startsWith("\\")) return folded(found);
    const escaped = found.charAt(1);
    return escaped === "\n" ? "" : (ESCAPES[escaped] ?? escaped);
  });
}

/** A line break stands for a space, and each blank line after it for a line break. */
function folded(blank: string): string {
  const breaks = blank.split("\n").length - 1;
  if (breaks === 0) return blank;
  return breaks === 1 ? " " : "\n".repeat(breaks - 1);
}
