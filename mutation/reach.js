/** Which tests reach a source file: those that import it, or import what does, as far as static and dynamic imports of literals tell. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseAst } from "rolldown/parseAst";

const IMPORTS = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
]);

/** `reaches(test, file)`; each file is parsed once. */
export function reachOf() {
  const imports = new Map();
  const reached = new Map();
  const importsOf = (file) => {
    if (!imports.has(file)) imports.set(file, readImports(file));
    return imports.get(file);
  };
  const allFrom = (test) => {
    const seen = new Set([test]);
    for (const file of seen) for (const next of importsOf(file)) seen.add(next);
    return seen;
  };
  return (test, file) => {
    if (!reached.has(test)) reached.set(test, allFrom(test));
    return reached.get(test).has(file);
  };
}

function readImports(file) {
  if (!/\.[jt]s$/.test(file)) return [];
  const found = [];
  const open = [parseAst(readFileSync(file, "utf8"), { lang: file.endsWith(".ts") ? "ts" : "js" })];
  for (const node of open) {
    const source = IMPORTS.has(node.type) && node.importKind !== "type" ? node.source?.value : null;
    const imported = source?.startsWith?.(".") ? path.resolve(path.dirname(file), source) : null;
    if (imported !== null && existsSync(imported)) found.push(imported);
    for (const value of Object.values(node))
      for (const child of Array.isArray(value) ? value : [value])
        if (typeof child?.type === "string") open.push(child);
  }
  return found;
}
