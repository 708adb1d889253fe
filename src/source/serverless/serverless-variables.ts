/**
 * Serverless variables are `${source:address, fallback}`: worked out where the answer stands in files of the service; what
 * only the deployment, its environment or AWS knows stays a placeholder. https://www.serverless.com/framework/docs/guides/variables
 */
import { sourceText, placeAt } from "../file-text.ts";
import type { SourceText } from "../file-text.ts";
import { resolvePath } from "../repository.ts";
import { parseTemplate } from "../cloudformation/parse-template.ts";
import { functionCall } from "../cloudformation/template-tags.ts";
import { valueAt } from "../../workflow/yaml/value-node.ts";
import type { ValueNode } from "../../workflow/yaml/value-node.ts";
import type { Place } from "../../diagnostic.ts";
import { asText, itemsOf, memberOf, unknownValue } from "./serverless-value.ts";
import type { ServerlessValue } from "./serverless-value.ts";
import { splitAlternatives, splitVariables } from "./variable-text.ts";

export interface ServerlessService {
  readonly main: Document;
  /** Folder of the service: `file(…)` starts there. */
  readonly folder: string;
  readonly region: string | null;
  readonly read: (path: string) => string | null;
  /** Files that are read, by path; null for what cannot be. */
  readonly documents: Map<string, Document | null>;
  /** Values left to work out; none are left once variables include each other too often or too deep. */
  readonly budget: { left: number };
}

export interface Document {
  readonly source: SourceText;
  readonly root: ValueNode;
}

/** What is being worked out: variables that come upon themselves have no value. */
interface Working {
  readonly service: ServerlessService;
  readonly document: Document;
  readonly open: readonly string[];
  /** Levels above, of all files on the way: values that include each other could nest deeper than a stack holds. */
  readonly level: number;
}

const MAX_OPEN = 50;
const MAX_LEVEL = 400;
export const MAX_VALUES = 200_000;

/** The value at a path of keys of the service's own file; undefined when it is not written. */
export function valueOfService(
  service: ServerlessService,
  ...keys: readonly string[]
): ServerlessValue | undefined {
  return lookUp(keys, { service, document: service.main, open: [], level: 0 });
}

/** Node by node, so that nothing is worked out that nobody asks for; a variable on the way is followed. */
function lookUp(keys: readonly string[], working: Working): ServerlessValue | undefined {
  let node: ValueNode | undefined = working.document.root;
  for (const [index, key] of keys.entries()) {
    if (node?.kind === "scalar") return memberOf(resolve(node, working), ...keys.slice(index));
    if (node?.kind === "list" && /^\d+$/.test(key)) node = node.items[Number(key)];
    else node = valueAt(node, key);
  }
  return node === undefined ? undefined : resolve(node, working);
}

/** What is too deep, or too much, stays a placeholder; the service's budget then tells. */
function resolve(node: ValueNode, around: Working): ServerlessValue {
  const at = placeAt(around.document.source, node.start, node.pointer);
  const working = { ...around, level: around.level + 1 };
  if (working.level > MAX_LEVEL) working.service.budget.left = 0;
  if (working.service.budget.left <= 0) return unknownValue("…", at);
  working.service.budget.left--;
  if (node.kind === "scalar") {
    if (typeof node.value !== "string") return { kind: "plain", value: node.value, at };
    return node.text.includes("${")
      ? resolveText(node.text, at, working)
      : { kind: "text", text: node.text, at };
  }
  if (node.kind === "list")
    return { kind: "list", items: node.items.map((item) => resolve(item, working)), at };
  const call = functionCall(node);
  if (call !== null) return resolveFunction(call.name, resolve(call.argument, working), at);
  const entries = node.entries.map(({ key, keyStart, value }) => {
    const member = resolve(value, working);
    const place = placeAt(working.document.source, keyStart, value.pointer);
    // A member that a variable brings in from another file keeps the place where it was written.
    return [key, member.at.file === place.file ? { ...member, at: place } : member] as const;
  });
  return { kind: "object", entries: new Map(entries), at };
}

/** CloudFormation's functions, which Serverless hands on as they are. */
function resolveFunction(name: string, argument: ServerlessValue, at: Place): ServerlessValue {
  const parts = argument.kind === "list" ? argument.items.map(asText) : [asText(argument)];
  if (name === "Ref") return unknownValue(parts[0] ?? "", at);
  if (name === "Fn::GetAtt") return unknownValue(parts.join("."), at);
  if (name === "Fn::Sub") return { kind: "text", text: parts[0] ?? "", at };
  if (name === "Fn::Join" && argument.kind === "list" && argument.items[1]?.kind === "list") {
    return { kind: "text", text: itemsOf(argument.items[1]).map(asText).join(parts[0]), at };
  }
  return unknownValue([name.replace("Fn::", ""), ...parts.slice(0, 3)].join("."), at);
}

function resolveText(text: string, at: Place, working: Working): ServerlessValue {
  const parts = splitVariables(text);
  const values = parts.map(({ inner, whole }): ServerlessValue => {
    if (inner === null) return { kind: "text", text: whole, at };
    return resolveVariable(inner, at, working) ?? unknownValue(inner, at);
  });
  const [only] = values;
  return values.length === 1 && only !== undefined
    ? only
    : { kind: "text", text: values.map(asText).join(""), at };
}

/** The first alternative that has a value; null when none has. */
function resolveVariable(inner: string, at: Place, working: Working): ServerlessValue | null {
  if (working.open.includes(inner) || working.open.length >= MAX_OPEN) return null;
  const inside = { ...working, open: [...working.open, inner] };
  const flat = inner.includes("${") ? asText(resolveText(inner, at, inside)) : inner;
  for (const alternative of splitAlternatives(flat)) {
    const value = literalOf(alternative, at) ?? resolveAddress(alternative, at, inside);
    if (value !== null && value.kind !== "unknown") return value;
  }
  return null;
}

function literalOf(text: string, at: Place): ServerlessValue | null {
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  if (quoted) return { kind: "text", text: quoted[2] ?? "", at };
  if (text === "true" || text === "false") return { kind: "plain", value: text === "true", at };
  return /^-?\d+(?:\.\d+)?$/.test(text) ? { kind: "plain", value: Number(text), at } : null;
}

/** Null for what lies outside of the service's files: environment, options, other stacks, secrets. */
function resolveAddress(address: string, at: Place, working: Working): ServerlessValue | null {
  const { service } = working;
  const file = /^file\((.+?)\)(?::(.*))?$/s.exec(address);
  if (file) return resolveFile((file[1] ?? "").trim(), file[2] ?? "", working);
  const [source, rest] = splitOnce(address);
  const main = { ...working, document: service.main };
  if (source === "self") return rest === "" ? null : (lookUp(rest.split("."), main) ?? null);
  if (source === "sls" && rest === "stage") {
    return lookUp(["provider", "stage"], main) ?? { kind: "text", text: "dev", at };
  }
  if (source === "aws" && rest === "region" && service.region !== null) {
    return { kind: "text", text: service.region, at };
  }
  return null;
}

function splitOnce(address: string): readonly [string, string] {
  const colon = address.indexOf(":");
  return colon < 0 ? [address, ""] : [address.slice(0, colon), address.slice(colon + 1)];
}

function resolveFile(path: string, key: string, working: Working): ServerlessValue | null {
  const { service } = working;
  const resolved = resolvePath(service.folder, path.replaceAll(/^["']|["']$/g, ""));
  if (resolved === null) return null;
  if (!/\.(?:json|jsonc|json5|ya?ml|asl)$/i.test(resolved)) {
    const text = /\.(?:[cm]?[jt]s)$/i.test(resolved) ? null : service.read(resolved);
    return text === null
      ? null
      : { kind: "text", text, at: { file: resolved, line: 1, column: 1, pointer: "" } };
  }
  const document = documentAt(resolved, service);
  if (document === null) return null;
  return lookUp(key === "" ? [] : key.split("."), { ...working, document }) ?? null;
}

function documentAt(path: string, { documents, read }: ServerlessService): Document | null {
  const known = documents.get(path);
  if (known !== undefined) return known;
  const text = read(path);
  const source = sourceText(path, text ?? "");
  const { root } = text === null ? { root: null } : parseTemplate(source);
  const document = root === null ? null : { source, root };
  documents.set(path, document);
  return document;
}
