/** Variable text is text with `${source:address, fallback}` in it, taken apart; CloudFormation's own `${Name}` is plain text. */

export interface TextPart {
  /** As written. */
  readonly whole: string;
  /** What stands in a variable's braces; null for plain text. */
  readonly inner: string | null;
}

/** The sources that Serverless knows begin with a word and a colon, `self:`, or with a call, `file(…)`. */
const VARIABLE = /^\s*[A-Za-z][\w-]*(?::(?!:)|\()/;

export function splitVariables(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let done = 0;
  for (let start = text.indexOf("${"); start >= 0; start = text.indexOf("${", start)) {
    const end = closingBrace(text, start + 2);
    const inner = end < 0 ? "" : text.slice(start + 2, end);
    if (end < 0 || !VARIABLE.test(inner)) {
      start += 2;
      continue;
    }
    if (start > done) parts.push({ whole: text.slice(done, start), inner: null });
    parts.push({ whole: text.slice(start, end + 1), inner: inner.trim() });
    done = end + 1;
    start = done;
  }
  if (done < text.length) parts.push({ whole: text.slice(done), inner: null });
  return parts;
}

/** Of the braces that open before `from`; -1 when they do not close. */
function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  return -1;
}

/** `opt:stage, self:custom.stage, 'dev'` at its commas, except those in quotes, braces and brackets. */
export function splitAlternatives(inner: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = "";
  let start = 0;
  for (let at = 0; at < inner.length; at++) {
    const character = inner.charAt(at);
    if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === '"' || character === "'") quote = character;
    else if ("({[".includes(character)) depth++;
    else if (")}]".includes(character)) depth--;
    else if (character === "," && depth === 0) {
      parts.push(inner.slice(start, at).trim());
      start = at + 1;
    }
  }
  return [...parts, inner.slice(start).trim()];
}
