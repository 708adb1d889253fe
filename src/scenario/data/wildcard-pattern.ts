/** A wildcard pattern, as StringMatches takes it: `*` stands for any characters, `\*` for an asterisk. */

/** Without backtracking over more than the last asterisk, so a hostile pattern costs text × pattern at most. */
export function matchPattern(text: string, pattern: string): boolean {
  const marks = pattern.match(/\\[\s\S]|[\s\S]/g) ?? [];
  let [at, mark, star, retry] = [0, 0, -1, 0];
  while (at < text.length) {
    if (mark < marks.length && marks[mark] === "*") {
      star = mark++;
      retry = at;
    } else if (mark < marks.length && literalOf(marks[mark] as string) === text[at]) {
      at++;
      mark++;
    } else if (star >= 0) {
      mark = star + 1;
      at = ++retry;
    } else return false;
  }
  while (marks[mark] === "*") mark++;
  return mark === marks.length;
}

function literalOf(mark: string): string {
  return mark.length === 2 ? mark.slice(1) : mark;
}
