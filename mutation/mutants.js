/**
 * Mutants are the ways to break one place of a source file that a test ought to notice: one operator, condition, number or
 * call each. Types, imports and prose (texts with a space in them) are left alone.
 */
import { parseAst } from "rolldown/parseAst";

const OPERATORS = {
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "*",
  "**": "*",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "!==": "===",
  "&&": "||",
  "||": "&&",
  "+=": "-=",
  "-=": "+=",
  "*=": "/=",
  "/=": "*=",
  "++": "--",
  "--": "++",
};

const METHODS = {
  some: "every",
  every: "some",
  min: "max",
  max: "min",
  floor: "ceil",
  ceil: "floor",
  round: "floor",
};

/** Calls that a list is as well without: what they are called on is left. */
const LIST_CALLS = new Set(["filter", "slice", "sort", "toSorted", "reverse", "toReversed"]);

/**
 * `{ start, end, replacement, needs }` of every mutant of a source text, in the order of their places; it makes no
 * difference until what stands at `needs` is run.
 */
export function mutantsOf(text) {
  const found = [];
  const add = (start, end, replacement, needs = start) => found.push({ start, end, replacement, needs });
  const open = [{ node: parseAst(text, { lang: "ts" }), parent: null, key: null }];
  while (open.length > 0) {
    const at = open.pop();
    if (isLeftAlone(at)) continue;
    MUTATORS[at.node.type]?.(at.node, { text, add, ...at });
    for (const [key, value] of Object.entries(at.node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (typeof child?.type === "string") open.push({ node: child, parent: at.node, key });
      }
    }
  }
  return found.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Wrappers of TypeScript around a value; every other node of its own is a type. */
const WRAPPERS = new Set(["TSAsExpression", "TSNonNullExpression", "TSSatisfiesExpression"]);

function isLeftAlone({ node, parent, key }) {
  if (node.type.startsWith("TS")) return !WRAPPERS.has(node.type);
  if (node.type === "ImportDeclaration" || node.type === "ExportAllDeclaration") return true;
  const isName = (key === "key" || key === "property") && !parent.computed;
  return isName || (key === "source" && parent.type.startsWith("Export"));
}

/** The operator stands between the two sides; comments there hold none. */
function swapOperator({ left, right, operator }, { text, add }) {
  const swapped = OPERATORS[operator];
  if (swapped === undefined) return;
  const start = text.indexOf(operator, left.end);
  if (start < right.start) add(start, start + operator.length, swapped);
}

/** Forced one way, it differs from itself where it would have gone the other. */
function forceTest({ test, consequent, alternate }, { text, add }) {
  const written = text.slice(test.start, test.end);
  if (written !== "true") add(test.start, test.end, "true", alternate?.start);
  if (written !== "false") add(test.start, test.end, "false", consequent.start);
}

const isText = (node) => node.type === "TemplateLiteral" || typeof node.value === "string";

const MUTATORS = {
  BinaryExpression(node, at) {
    const joinsTexts = node.operator === "+" && (isText(node.left) || isText(node.right));
    if (!joinsTexts) swapOperator(node, at);
  },
  LogicalExpression(node, at) {
    if (node.operator === "??") at.add(node.left.end, node.end, "", node.right.start);
    else swapOperator(node, at);
  },
  AssignmentExpression: swapOperator,
  ConditionalExpression: forceTest,
  IfStatement: forceTest,
  UnaryExpression(node, { add }) {
    if (node.operator === "!" || node.operator === "-") add(node.start, node.argument.start, "");
  },
  UpdateExpression(node, { add }) {
    const start = node.prefix ? node.start : node.argument.end;
    add(start, start + 2, OPERATORS[node.operator]);
  },
  Literal(node, { add }) {
    const { value, start, end } = node;
    if (typeof value === "boolean") add(start, end, String(!value));
    if (typeof value === "number" && Number.isFinite(value)) add(start, end, String(value + 1));
    if (typeof value === "string" && value !== "" && !/\s/.test(value)) add(start, end, '""');
  },
  CallExpression(node, { add }) {
    const { callee } = node;
    if (callee.type !== "MemberExpression" || callee.computed) return;
    const { name, start, end } = callee.property;
    if (Object.hasOwn(METHODS, name)) add(start, end, METHODS[name]);
    if (LIST_CALLS.has(name)) add(callee.object.end, node.end, "");
  },
  ArrayExpression(node, { parent, add }) {
    const isPart = parent.type === "NewExpression" || parent.type === "SpreadElement";
    if (node.elements.length > 0 && !isPart) add(node.start, node.end, "[]");
  },
  ExpressionStatement(node, { add }) {
    if (node.directive == null) add(node.start, node.end, ";");
  },
  ContinueStatement(node, { add }) {
    add(node.start, node.end, ";");
  },
  BreakStatement(node, { add }) {
    add(node.start, node.end, ";");
  },
};

export function mutated(text, { start, end, replacement }) {
  return text.slice(0, start) + replacement + text.slice(end);
}
