/** The expression parser reads HCL's expressions by recursive descent, with precedence climbing for operators. */
import {
  charAt,
  expect,
  identifierAt,
  looksAt,
  nested,
  skipSpace,
  spanFrom,
  syntaxError,
  take,
  takeIdentifier,
  takeWord,
} from "./hcl-cursor.ts";
import type { Cursor } from "./hcl-cursor.ts";
import type { BinaryOperator, Expression, ObjectItem, SplatStep } from "./hcl-syntax.ts";
import { parseHeredoc, parseQuoted, readForHead } from "./hcl-template-parser.ts";

export function parseExpression(cursor: Cursor): Expression {
  return nested(cursor, cursor.lineBreakEnds, () => parseConditional(cursor));
}

function parseConditional(cursor: Cursor): Expression {
  skipSpace(cursor);
  const start = cursor.offset;
  const condition = parseBinary(cursor, 1);
  if (!take(cursor, "?")) return condition;
  const then = parseExpression(cursor);
  expect(cursor, ":", "between the two results of `?`");
  const otherwise = parseExpression(cursor);
  return { kind: "conditional", condition, then, otherwise, span: spanFrom(cursor, start) };
}

/** Longer operators first, so that `<=` is not taken for `<`. */
const OPERATORS: readonly (readonly [BinaryOperator, number])[] = [
  ["||", 1],
  ["&&", 2],
  ["==", 3],
  ["!=", 3],
  ["<=", 4],
  [">=", 4],
  ["<", 4],
  [">", 4],
  ["+", 5],
  ["-", 5],
  ["*", 6],
  ["/", 6],
  ["%", 6],
];

function parseBinary(cursor: Cursor, least: number): Expression {
  skipSpace(cursor);
  const start = cursor.offset;
  let left = parseUnary(cursor);
  for (;;) {
    skipSpace(cursor);
    const found = OPERATORS.find(([operator]) => looksAt(cursor, operator));
    if (found === undefined || found[1] < least || (found[0] === "%" && looksAt(cursor, "%{"))) return left;
    cursor.offset += found[0].length;
    const right = nested(cursor, cursor.lineBreakEnds, () => parseBinary(cursor, found[1] + 1));
    left = { kind: "binary", operator: found[0], left, right, span: spanFrom(cursor, start) };
  }
}

function parseUnary(cursor: Cursor): Expression {
  skipSpace(cursor);
  const start = cursor.offset;
  const operator = charAt(cursor);
  if (operator !== "!" && operator !== "-") return parsePostfix(cursor);
  cursor.offset++;
  const operand = nested(cursor, cursor.lineBreakEnds, () => parseUnary(cursor));
  return { kind: "unary", operator, operand, span: spanFrom(cursor, start) };
}

/** A term with its `.name`, `[key]`, `[*]` and `.*`. */
function parsePostfix(cursor: Cursor): Expression {
  const start = cursor.offset;
  let of = parseTerm(cursor);
  for (;;) {
    skipSpaceBeforeDot(cursor);
    if (looksAt(cursor, "...")) return of;
    if (looksAt(cursor, "[*]") || looksAt(cursor, ".*")) {
      const isFull = charAt(cursor) === "[";
      cursor.offset += isFull ? 3 : 2;
      of = { kind: "splat", of, steps: parseSplatSteps(cursor, isFull), span: spanFrom(cursor, start) };
      continue;
    }
    const step = parseStep(cursor);
    if (step === null) return of;
    of =
      step.kind === "attribute"
        ? { kind: "attribute", of, name: step.name, span: spanFrom(cursor, start) }
        : { kind: "index", of, key: step.key, span: spanFrom(cursor, start) };
  }
}

/** Within brackets a traversal may go on in the next line. */
function skipSpaceBeforeDot(cursor: Cursor): void {
  const before = cursor.offset;
  skipSpace(cursor);
  if (charAt(cursor) !== "." && charAt(cursor) !== "[") cursor.offset = before;
}

/** `.name`, `.0` or `[key]`; null when none of them is next. */
function parseStep(cursor: Cursor): SplatStep | null {
  const start = cursor.offset;
  if (charAt(cursor) === "[") {
    cursor.offset++;
    const key = nested(cursor, false, () => parseExpression(cursor));
    expect(cursor, "]", "after an index");
    return { kind: "index", key, span: spanFrom(cursor, start) };
  }
  if (charAt(cursor) !== ".") return null;
  cursor.offset++;
  const digits = /^\d+/.exec(cursor.source.text.slice(cursor.offset, cursor.offset + 20))?.[0];
  if (digits === undefined) {
    const name = takeIdentifier(cursor, "an attribute's name after `.`");
    return { kind: "attribute", name, span: spanFrom(cursor, start) };
  }
  cursor.offset += digits.length;
  const span = spanFrom(cursor, start);
  return { kind: "index", key: { kind: "literal", value: Number(digits), span }, span };
}

/** `[*]` takes indexes along; the older `.*` leaves them to the whole list. */
function parseSplatSteps(cursor: Cursor, isFull: boolean): readonly SplatStep[] {
  const steps: SplatStep[] = [];
  while (charAt(cursor) === "." || (isFull && charAt(cursor) === "[")) {
    if (looksAt(cursor, "...") || looksAt(cursor, ".*") || looksAt(cursor, "[*]")) return steps;
    const step = parseStep(cursor);
    if (step === null) return steps;
    steps.push(step);
  }
  return steps;
}

function parseTerm(cursor: Cursor): Expression {
  skipSpace(cursor);
  const start = cursor.offset;
  const char = charAt(cursor);
  if (char === '"') return parseQuoted(cursor, parseExpression);
  if (char === "<" && looksAt(cursor, "<<")) return parseHeredoc(cursor, parseExpression);
  if (char === "(") return parseParentheses(cursor);
  if (char === "[") return parseTuple(cursor);
  if (char === "{") return parseObject(cursor);
  if (/\d/.test(char)) return parseNumber(cursor);
  const name = takeIdentifier(cursor, "an expression");
  if (name === "true" || name === "false") {
    return { kind: "literal", value: name === "true", span: spanFrom(cursor, start) };
  }
  if (name === "null") return { kind: "literal", value: null, span: spanFrom(cursor, start) };
  return parseCallOrVariable(cursor, name, start);
}

function parseParentheses(cursor: Cursor): Expression {
  cursor.offset++;
  const inner = nested(cursor, false, () => parseExpression(cursor));
  nested(cursor, false, () => expect(cursor, ")", "to close `(`"));
  return inner;
}

function parseNumber(cursor: Cursor): Expression {
  const start = cursor.offset;
  const pattern = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
  pattern.lastIndex = start;
  const digits = pattern.exec(cursor.source.text)?.[0] ?? "";
  cursor.offset += digits.length;
  return { kind: "literal", value: Number(digits), span: spanFrom(cursor, start) };
}

/** Provider functions are named `provider::aws::arn_parse`. */
function parseCallOrVariable(cursor: Cursor, first: string, start: number): Expression {
  let name = first;
  while (take(cursor, "::")) name += `::${takeIdentifier(cursor, "a function's name after `::`")}`;
  const afterName = cursor.offset;
  skipSpace(cursor);
  if (charAt(cursor) !== "(") {
    cursor.offset = afterName;
    return { kind: "variable", name, span: { source: cursor.source, start, end: start + name.length } };
  }
  cursor.offset++;
  const args: Expression[] = [];
  let expanded = false;
  nested(cursor, false, () => {
    while (!take(cursor, ")")) {
      args.push(parseExpression(cursor));
      expanded = take(cursor, "...");
      if (!take(cursor, ",")) return expect(cursor, ")", `to close the arguments of \`${name}\``);
    }
  });
  return { kind: "call", name, args, expanded, span: spanFrom(cursor, start) };
}

function parseTuple(cursor: Cursor): Expression {
  const start = cursor.offset;
  cursor.offset++;
  return nested(cursor, false, () => {
    if (takeWord(cursor, "for")) return parseFor(cursor, start, "]");
    const items: Expression[] = [];
    while (!take(cursor, "]")) {
      items.push(parseExpression(cursor));
      if (take(cursor, ",")) continue;
      expect(cursor, "]", "or `,` after an element");
      break;
    }
    return { kind: "tuple", items, span: spanFrom(cursor, start) };
  });
}

function parseObject(cursor: Cursor): Expression {
  const start = cursor.offset;
  cursor.offset++;
  return nested(cursor, false, () => {
    if (isForNext(cursor)) {
      takeWord(cursor, "for");
      return parseFor(cursor, start, "}");
    }
    const items: ObjectItem[] = [];
    while (!take(cursor, "}")) {
      items.push(parseObjectItem(cursor));
      endObjectItem(cursor);
    }
    return { kind: "object", items, span: spanFrom(cursor, start) };
  });
}

/** `for` begins an expression unless it is a key, as in `{ for = 1 }`. */
function isForNext(cursor: Cursor): boolean {
  skipSpace(cursor);
  if (identifierAt(cursor) !== "for") return false;
  return !/^for\s*[=:]/.test(cursor.source.text.slice(cursor.offset, cursor.offset + 40));
}

function parseObjectItem(cursor: Cursor): ObjectItem {
  skipSpace(cursor);
  const isInParentheses = charAt(cursor) === "(";
  const key = parseExpression(cursor);
  if (!take(cursor, "=")) expect(cursor, ":", "or `=` after a key");
  const value = nested(cursor, true, () => {
    skipLineBreaks(cursor);
    return parseExpression(cursor);
  });
  return { key, isNamed: key.kind === "variable" && !isInParentheses, value };
}

/** Lenient where Terraform is not: the value may begin in the line after its key. */
function skipLineBreaks(cursor: Cursor): void {
  skipSpace(cursor);
  while (charAt(cursor) === "\n") {
    cursor.offset++;
    skipSpace(cursor);
  }
}

/** An item ends with a comma or with its line. */
function endObjectItem(cursor: Cursor): void {
  const from = cursor.offset;
  if (take(cursor, ",") || looksAt(cursor, "}")) return;
  if (!cursor.source.text.slice(from, cursor.offset).includes("\n")) {
    throw syntaxError(cursor, "Expected `,`, `}` or a new line after a value");
  }
}

function parseFor(cursor: Cursor, start: number, close: "]" | "}"): Expression {
  const { names, collection } = readForHead(cursor, parseExpression);
  expect(cursor, ":", "after the collection of `for`");
  const first = parseExpression(cursor);
  const isObject = close === "}";
  if (isObject) expect(cursor, "=>", "between key and value of `for`");
  const value = isObject ? parseExpression(cursor) : first;
  const grouped = isObject && take(cursor, "...");
  const condition = takeWord(cursor, "if") ? parseExpression(cursor) : null;
  expect(cursor, close, "to close `for`");
  const [name = "", second] = names;
  const named = { keyName: second === undefined ? null : name, valueName: second ?? name };
  const key = isObject ? first : null;
  return { kind: "for", ...named, collection, key, value, grouped, condition, span: spanFrom(cursor, start) };
}
