/**
 * A linear regular expression takes time in proportion to the text, whatever its pattern: it is matched by an automaton
 * after RE2, not by trying one way after the other. It knows no lookaround and no back-references.
 * https://github.com/google/re2/wiki/WhyRE2
 */
import { RE2JS } from "re2js";

/** The part of a RegExp that JSONata uses. */
export interface RegexEngine {
  lastIndex: number;
  readonly exec: (text: string) => LinearMatch | null;
}

/** The whole match, then its groups; those that took no part are undefined. */
export interface LinearMatch extends Array<string | undefined> {
  index: number;
}

/** `spend` is told the length of every text before it is searched, and may throw. Throws for a pattern that is not known. */
export function linearRegex({ source, flags }: RegExp, spend: (characters: number) => void): RegexEngine {
  const compiled = compilePattern(source, flags);
  const engine = {
    lastIndex: 0,
    exec: (text: string): LinearMatch | null => {
      spend(text.length);
      const matcher = compiled.matcher(text);
      if (engine.lastIndex > text.length || !matcher.find(engine.lastIndex)) {
        engine.lastIndex = 0;
        return null;
      }
      engine.lastIndex = matcher.end();
      const groups = Array.from(
        { length: matcher.groupCount() + 1 },
        (_, at) => matcher.group(at) ?? undefined,
      );
      return Object.assign(groups, { index: matcher.start() });
    },
  };
  return engine;
}

function compilePattern(source: string, flags: string): RE2JS {
  const wanted =
    (flags.includes("i") ? RE2JS.CASE_INSENSITIVE : 0) | (flags.includes("m") ? RE2JS.MULTILINE : 0);
  try {
    return RE2JS.compile(RE2JS.translateRegExp(source), wanted);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SyntaxError(
      `the regular expression /${source}/ cannot be matched in bounded time (lookaround and back-references cannot): ${reason}`,
    );
  }
}
