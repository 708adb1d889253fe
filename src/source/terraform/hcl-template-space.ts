/** Template space is the white space that HCL cuts: beside `~` markers, and the indentation of `<<-` heredocs. */
import type { Expression, Span } from "./hcl-syntax.ts";

/** Parts before `if`, `for` and their ends are matched; the markers say that space beside them is cut. */
export type TemplateToken =
  | { readonly kind: "text"; readonly text: string; readonly exact: boolean; readonly span: Span }
  | (Marked & { readonly kind: "interpolation"; readonly expression: Expression })
  | (Marked & { readonly kind: "if"; readonly condition: Expression })
  | (Marked & { readonly kind: "for"; readonly names: readonly string[]; readonly collection: Expression })
  | (Marked & { readonly kind: "else" | "endif" | "endfor" });

export interface Marked {
  readonly cutBefore: boolean;
  readonly cutAfter: boolean;
  readonly span: Span;
}

type TextToken = Extract<TemplateToken, { kind: "text" }>;

/**
 * Cuts white space beside a `~`: in a quoted string up to the next hole, in lines of text up to the end of the line, with
 * its line break.
 */
export function trimAtMarkers(
  tokens: readonly TemplateToken[],
  mode: "quoted" | "file",
): readonly TemplateToken[] {
  const goesOn = mode === "quoted";
  const cutForward = cutAfterMarkers(tokens, goesOn);
  return cutForward
    .toReversed()
    .reduce<{ kept: TemplateToken[]; cutting: boolean }>(
      ({ kept, cutting }, token) => {
        if (token.kind !== "text") return { kept: append(kept, token), cutting: token.cutBefore };
        if (!cutting) return { kept: append(kept, token), cutting };
        const trimmed = token.text.trimEnd();
        return { kept: append(kept, keepStart(token, trimmed.length)), cutting: goesOn && trimmed === "" };
      },
      { kept: [], cutting: false },
    )
    .kept.reverse();
}

function cutAfterMarkers(tokens: readonly TemplateToken[], goesOn: boolean): readonly TemplateToken[] {
  const kept: TemplateToken[] = [];
  let cutting = false;
  for (const token of tokens) {
    if (token.kind !== "text") {
      kept.push(token);
      cutting = token.cutAfter;
    } else if (!cutting) {
      kept.push(token);
    } else {
      const spaces = token.text.length - token.text.trimStart().length;
      kept.push(dropStart(token, spaces));
      cutting = goesOn && spaces === token.text.length;
    }
  }
  return kept;
}

/** Removes from each line the indentation that all lines share; lines of white space alone stay as they are. */
export function flushIndentation(tokens: readonly TemplateToken[]): readonly TemplateToken[] {
  const starts = tokens.map((_, index) => {
    const before = tokens[index - 1];
    return before === undefined || (before.kind === "text" && before.text.endsWith("\n"));
  });
  const indents = tokens.flatMap((token, index) => {
    if (!starts[index]) return [];
    if (token.kind !== "text") return [0];
    const indent = token.text.length - token.text.trimStart().length;
    return indent === token.text.length && token.text.endsWith("\n") ? [] : [indent];
  });
  const shared = indents.reduce((least, indent) => Math.min(least, indent), Number.POSITIVE_INFINITY);
  if (shared === 0 || !Number.isFinite(shared)) return tokens;
  return tokens.map((token, index) => {
    if (!starts[index] || token.kind !== "text") return token;
    return token.text.trim() === "" && token.text.endsWith("\n") ? token : dropStart(token, shared);
  });
}

function append(tokens: TemplateToken[], token: TemplateToken): TemplateToken[] {
  tokens.push(token);
  return tokens;
}

function dropStart(token: TextToken, count: number): TextToken {
  const span = token.exact ? { ...token.span, start: token.span.start + count } : token.span;
  return { ...token, text: token.text.slice(count), span };
}

function keepStart(token: TextToken, count: number): TextToken {
  const span = token.exact ? { ...token.span, end: token.span.start + count } : token.span;
  return { ...token, text: token.text.slice(0, count), span };
}
