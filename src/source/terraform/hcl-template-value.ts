/** A template's value is its text with the places it was made from, so that faults in a definition lead back to the file. */
import { stepsFor } from "./hcl-budget.ts";
import { elementsOf, isElements, withElement } from "./hcl-scope.ts";
import type { Scope } from "./hcl-scope.ts";
import type { Expression, Span, TemplatePart } from "./hcl-syntax.ts";
import { describeKind, faultValue, placeholderOf, problemValue, textOf } from "./hcl-value.ts";
import type { HclValue, StringValue, TextRun, UnknownValue } from "./hcl-value.ts";

export interface TemplateContext {
  readonly scope: Scope;
  /** Handed in, because expressions hold templates and templates hold expressions. */
  readonly evaluate: (expression: Expression, scope: Scope) => HclValue;
}

interface Draft {
  pieces: string[];
  runs: TextRun[];
  length: number;
  isOpen: boolean;
}

/** A template of one interpolation is that value, as `"${var.list}"` is a list. */
export function evaluateTemplate(
  parts: readonly TemplatePart[],
  span: Span,
  context: TemplateContext,
): HclValue {
  const [only] = parts;
  if (parts.length === 1 && only?.kind === "interpolation") {
    const value = context.evaluate(only.expression, context.scope);
    return value.kind === "string" ? { ...value, at: value.at ?? span } : value;
  }
  return renderParts(parts, span, context);
}

/** Always text, as a file given to `templatefile` is. */
export function renderParts(parts: readonly TemplatePart[], span: Span, context: TemplateContext): HclValue {
  const draft: Draft = { pieces: [], runs: [], length: 0, isOpen: false };
  const stopped = writeParts(parts, draft, context);
  if (stopped !== null) return stopped;
  const { pieces, runs, isOpen } = draft;
  return { kind: "string", text: pieces.join(""), runs, isOpen, encoded: null, at: span };
}

/** Writes to the draft; gives the reason when the text cannot be made. */
function writeParts(
  parts: readonly TemplatePart[],
  draft: Draft,
  context: TemplateContext,
): UnknownValue | null {
  for (const part of parts) {
    const stopped = writePart(part, draft, context);
    if (stopped !== null) return stopped;
  }
  return null;
}

function writePart(part: TemplatePart, draft: Draft, context: TemplateContext): UnknownValue | null {
  switch (part.kind) {
    case "text":
      return write(draft, { text: part.text, span: part.span, exact: part.exact }, context);
    case "interpolation":
      return writeValue(context.evaluate(part.expression, context.scope), part.span, draft, context);
    case "if": {
      const condition = context.evaluate(part.condition, context.scope);
      const holds =
        condition.kind === "bool" ? condition.value : condition.kind === "string" ? condition.text : null;
      if (holds === true || holds === "true") return writeParts(part.then, draft, context);
      if (holds === false || holds === "false") return writeParts(part.otherwise, draft, context);
      return notRenderable(
        condition,
        part.span,
        "The condition of this `%{ if }` is not known before it is deployed",
      );
    }
    case "for":
      return writeLoop(part, draft, context);
  }
}

function writeLoop(
  part: Extract<TemplatePart, { kind: "for" }>,
  draft: Draft,
  context: TemplateContext,
): UnknownValue | null {
  const collection = context.evaluate(part.collection, context.scope);
  if (collection.kind !== "list" && collection.kind !== "object") {
    return notRenderable(
      collection,
      part.span,
      "The collection of this `%{ for }` is not known before it is deployed",
    );
  }
  const elements = elementsOf(collection, part.span);
  if (!isElements(elements)) return elements;
  for (const element of elements) {
    const scope = withElement(context.scope, part, element);
    const stopped = writeParts(part.body, draft, { ...context, scope });
    if (stopped !== null) return stopped;
  }
  return null;
}

function notRenderable(value: HclValue, at: Span, unknown: string): UnknownValue {
  if (value.kind !== "unknown") return faultValue(`${describeKind(value)} cannot be used here`, at);
  return value.problem === null ? problemValue(unknown, at) : value;
}

/** An interpolated text of several lines keeps its own places; a short one is placed at its hole. */
function writeValue(
  value: HclValue,
  span: Span,
  draft: Draft,
  context: TemplateContext,
): UnknownValue | null {
  if (value.kind === "unknown" && value.problem !== null) return value;
  const text = textOf(value);
  if (text === null) return faultValue(`${describeKind(value)} cannot be part of a text`, span);
  if (value.kind === "string" && value.runs.length > 0 && (value.isOpen || text.includes("\n"))) {
    return writeRuns(value, draft, context);
  }
  draft.isOpen ||= value.kind === "unknown" || (value.kind === "string" && value.isOpen);
  return write(draft, { text, span, exact: false }, context);
}

function writeRuns(value: StringValue, draft: Draft, { scope }: TemplateContext): UnknownValue | null {
  if (!scope.budget.spend(stepsFor(value.text.length) + value.runs.length)) return tooLong(value.at);
  for (const run of value.runs) draft.runs.push({ ...run, from: run.from + draft.length });
  draft.pieces.push(value.text);
  draft.length += value.text.length;
  draft.isOpen ||= value.isOpen;
  return null;
}

interface Piece {
  readonly text: string;
  readonly span: Span;
  readonly exact: boolean;
}

function write(draft: Draft, piece: Piece, { scope }: TemplateContext): UnknownValue | null {
  if (!scope.budget.spend(stepsFor(piece.text.length))) return tooLong(piece.span);
  if (piece.text === "") return null;
  const { exact, span } = piece;
  draft.runs.push({ from: draft.length, source: span.source, offset: span.start, exact });
  draft.pieces.push(piece.text);
  draft.length += piece.text.length;
  return null;
}

function tooLong(at: Span | null): UnknownValue {
  return problemValue("This text takes too many steps to make", at);
}

/** A known text for an unknown value: its placeholder, marked as one. */
export function placeholderText(value: UnknownValue, at: Span): StringValue {
  const text = placeholderOf(value.reference);
  const run: TextRun = { from: 0, source: at.source, offset: at.start, exact: false };
  return { kind: "string", text, runs: [run], isOpen: true, encoded: null, at };
}
