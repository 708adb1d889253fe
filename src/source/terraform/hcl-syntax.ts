/**
 * HCL syntax is Terraform's native language as a tree: bodies of attributes and blocks, expressions, templates.
 * Specification: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
 */
import type { SourceText } from "../file-text.ts";

/** From `start` up to, not including, `end`: offsets in the source's text. */
export interface Span {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

export interface Body {
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly blocks: readonly Block[];
}

export interface Attribute {
  readonly name: string;
  readonly expression: Expression;
  readonly span: Span;
}

export interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: Body;
  /** Of the header: type and labels. */
  readonly span: Span;
}

export type Expression =
  | { readonly kind: "literal"; readonly value: null | boolean | number; readonly span: Span }
  | { readonly kind: "template"; readonly parts: readonly TemplatePart[]; readonly span: Span }
  | { readonly kind: "tuple"; readonly items: readonly Expression[]; readonly span: Span }
  | { readonly kind: "object"; readonly items: readonly ObjectItem[]; readonly span: Span }
  | { readonly kind: "variable"; readonly name: string; readonly span: Span }
  | { readonly kind: "attribute"; readonly of: Expression; readonly name: string; readonly span: Span }
  | { readonly kind: "index"; readonly of: Expression; readonly key: Expression; readonly span: Span }
  | {
      readonly kind: "splat";
      readonly of: Expression;
      readonly steps: readonly SplatStep[];
      readonly span: Span;
    }
  | CallExpression
  | ForExpression
  | {
      readonly kind: "conditional";
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: "unary";
      readonly operator: "!" | "-";
      readonly operand: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    };

export type BinaryOperator =
  "||" | "&&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%";

export interface ObjectItem {
  readonly key: Expression;
  /** The key is a bare name and stands for itself; one in parentheses is evaluated. */
  readonly isNamed: boolean;
  readonly value: Expression;
}

/** What follows `[*]`, applied to each element. */
export type SplatStep =
  | { readonly kind: "attribute"; readonly name: string; readonly span: Span }
  | { readonly kind: "index"; readonly key: Expression; readonly span: Span };

export interface CallExpression {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly Expression[];
  /** The last argument is followed by `...`. */
  readonly expanded: boolean;
  readonly span: Span;
}

export interface ForExpression {
  readonly kind: "for";
  readonly keyName: string | null;
  readonly valueName: string;
  readonly collection: Expression;
  /** Null for a tuple. */
  readonly key: Expression | null;
  readonly value: Expression;
  /** `...` after the value: values of equal keys are gathered in lists. */
  readonly grouped: boolean;
  readonly condition: Expression | null;
  readonly span: Span;
}

export type TemplatePart =
  /** `exact`: character n of `text` stands at `span.start + n`; else all of it comes from `span`. */
  | { readonly kind: "text"; readonly text: string; readonly exact: boolean; readonly span: Span }
  | { readonly kind: "interpolation"; readonly expression: Expression; readonly span: Span }
  | {
      readonly kind: "if";
      readonly condition: Expression;
      readonly then: readonly TemplatePart[];
      readonly otherwise: readonly TemplatePart[];
      readonly span: Span;
    }
  | {
      readonly kind: "for";
      readonly keyName: string | null;
      readonly valueName: string;
      readonly collection: Expression;
      readonly body: readonly TemplatePart[];
      readonly span: Span;
    };
