/**
 * Safe text is a stranger's string made harmless for where it is shown: state names, file names and messages come
 * from other people's pull requests and may hold escape sequences, markup or spreadsheet formulas.
 */

/**
 * What a terminal obeys or hides: C0 and C1 controls, line separators, bidirectional overrides, invisible
 * characters, tags and lone surrogates. Joiners (U+200C, U+200D) stay, because scripts and emoji need them.
 */
const UNSEEN =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;

const SHORT_ESCAPES = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/** One line without control characters: what is unseen is written out, `\n`, `\x1b`, `\u{202e}`. */
export function terminalText(text: string): string {
  return text.replace(UNSEEN, (character) => SHORT_ESCAPES.get(character) ?? escapeCode(character));
}

/** The same of several lines, which stay lines. */
export function terminalLines(text: string): string {
  return text.split("\n").map(terminalText).join("\n");
}

function escapeCode(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length <= 2 ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`;
}

/** An invisible break: GitHub, GitLab and Bitbucket then see no mention, reference, link or shortcode. */
const BREAK = "&#8203;";

/**
 * Text that stands as it is in a Markdown table cell, list item or paragraph. Entities are used where backslashes
 * are not understood everywhere; mentions and references are resolved after rendering, so only a break stops them.
 */
export function markdownText(text: string): string {
  const marked = terminalText(text)
    .replace(/[\\`*_[\]|~{}]/g, "\\$&")
    .replace(/[<>&]/g, (character) => MARKUP.get(character) ?? character);
  return breakReferences(escapeLineStart(marked));
}

const MARKUP = new Map([
  ["<", "&lt;"],
  [">", "&gt;"],
  ["&", "&amp;"],
]);

/** What would open a list, a heading's underline, a code block, or (GitLab) a quick action. */
function escapeLineStart(text: string): string {
  return text
    .replace(/^\s+/, " ")
    .replace(/^(\s*)([-+])(?![\d$])/, "$1\\$2")
    .replace(/^(\s*)=/, "$1&#61;")
    .replace(/^(\s*)\//, "$1&#47;")
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, "$1\\$2");
}

function breakReferences(text: string): string {
  return (
    text
      // First, and not in an entity: a stranger's own "&" is "&amp;" by now.
      .replace(/(?<!&)#/g, `\\#${BREAK}`)
      .replace(/\$(?!\d)/g, "&#36;")
      .replace(/@/g, `@${BREAK}`)
      .replace(/(GH-)(?=\d)/gi, `$1${BREAK}`)
      .replace(/!(?=[\d\\])/g, `!${BREAK}`)
      .replace(/(www)\./gi, `$1${BREAK}.`)
      .replace(/:(?=\/\/)/g, `:${BREAK}`)
      // Emoji shortcodes: words between colons, and the two that are numbers, which a line number may be.
      .replace(/:(?=(?:100|1234|[\d_\\-]*[a-z+][\w+\\-]*):)/gi, `:${BREAK}`)
  );
}

/** Markdown for a chat or a mail, which show the entity of an invisible break as it is written: the break itself. */
export function chatText(markdown: string): string {
  return markdown.replaceAll(BREAK, "\u200B");
}

/** One CSV field after RFC 4180; text that a spreadsheet would run as a formula is led by an apostrophe. */
export function csvText(text: string): string {
  const seen = text.startsWith("\t") || text.startsWith("\r") ? `'${terminalText(text)}` : terminalText(text);
  const inert = /^\s*[=+\-@＝＋－＠|%]/u.test(seen) ? `'${seen}` : seen;
  return /[",]|^\s|\s$/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** JSON whose strings hold no control or invisible character as such; it parses back to the same value. */
export function jsonText(json: string): string {
  return json.replace(UNSEEN, (character) => {
    // Structural newlines are JSON.stringify's own; inside strings it has already escaped them.
    if (character === "\n") return character;
    return Array.from({ length: character.length }, (_, unit) =>
      utf16Escape(character.charCodeAt(unit)),
    ).join("");
  });
}

function utf16Escape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}
