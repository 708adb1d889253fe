/**
 * Substitution puts values in the place of `${Name}`, as Fn::Sub does in a template and DefinitionSubstitutions in a
 * definition; what stands around them keeps its place in the source.
 */
import { replaceInText } from "./mapped-text.ts";
import type { MappedText } from "./mapped-text.ts";
import { asText } from "./resolved-value.ts";
import type { ResolvedValue } from "./resolved-value.ts";

/** Replaces each `${Name}` by `valueOf(Name)`; `${!Name}` becomes `${Name}`. */
export function substituteText(template: MappedText, valueOf: (name: string) => ResolvedValue): MappedText {
  return replaceInText(template, /\$\{([^{}]*)\}/g, (match) => {
    const name = (match[1] ?? "").trim();
    return name.startsWith("!") ? `\${${name.slice(1)}}` : asText(valueOf(name)).text;
  });
}

/** Replaces the names that `substitutions` knows, and leaves the others as they are. */
export function substituteKnown(
  template: MappedText,
  substitutions: ReadonlyMap<string, ResolvedValue>,
): MappedText {
  return replaceInText(template, /\$\{([^{}]*)\}/g, (match) => {
    const value = substitutions.get(match[1] ?? "");
    return value === undefined ? null : asText(value).text;
  });
}

/**
 * Puts quotes around placeholders that stand outside of JSON's strings, `"Seconds": ${Wait}`: the deployment puts a number,
 * a list or an object there, and until then the text must still be JSON.
 */
export function quoteLoosePlaceholders(json: MappedText): MappedText {
  // Strings and comments first: what is in them is left alone. One that is never closed ends with its line, or the text.
  const tokens =
    /"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*(?:"|\\?(?=[\r\n]|$))|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|\$\{[^{}"\n]*\}/g;
  return replaceInText(json, tokens, ([token]) => (token.startsWith("${") ? `"${token}"` : null));
}
