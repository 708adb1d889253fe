/** A resource's value is its arguments as far as they are written; what a deployment computes stays a reference to it. */
import { evaluate } from "./hcl-evaluation.ts";
import { renderTemplate } from "./hcl-file-functions.ts";
import type { Scope } from "./hcl-scope.ts";
import type { Block, Expression, Span } from "./hcl-syntax.ts";
import { faultValue, unknownValue } from "./hcl-value.ts";
import type { HclValue } from "./hcl-value.ts";
import { expandBlock } from "./terraform-expansion.ts";
import type { TerraformModule } from "./terraform-module.ts";

/** Evaluates a name once and keeps it. */
export type Remember = (key: string, make: () => HclValue, at: Span) => HclValue;

export interface ResourceNames {
  readonly mode: "" | "data.";
  readonly module: TerraformModule;
  readonly prefix: string;
  readonly scope: () => Scope;
  readonly remember: Remember;
}

/** Resources of a type: their arguments as far as they are written and known. */
export function resourcesOf(type: string, names: ResourceNames, at: Span): HclValue {
  const blocks = names.mode === "" ? names.module.resources : names.module.data;
  const reference = `${names.prefix}${names.mode}${type}`;
  return unknownValue(reference, at, (name) => {
    const block = blocks.get(`${type}.${String(name)}`);
    return block === undefined ? null : resourceValue(block, `${reference}.${String(name)}`, names, at);
  });
}

function resourceValue(block: Block, address: string, names: ResourceNames, at: Span): HclValue {
  const { instances, isCounted } = expandBlock(block, names.scope());
  return unknownValue(address, at, (key) => {
    if (!isCounted)
      return argumentOf(block, String(key), { ...names, address, instanceScope: names.scope() });
    if (instances === null) return null;
    const instance = instances.find((candidate) => String(candidate.key) === String(key));
    const indexed = `${address}[${JSON.stringify(key)}]`;
    if (instance === undefined)
      return typeof key === "number" ? faultValue(`There is no ${indexed}`, at, indexed) : null;
    const context = { ...names, address: indexed, instanceScope: instance.scope };
    return unknownValue(indexed, at, (name) => argumentOf(block, String(name), context));
  });
}

interface ArgumentContext extends ResourceNames {
  readonly address: string;
  readonly instanceScope: Scope;
}

/** Null for what a deployment computes, and for what is not known: then the reference itself says it best. */
function argumentOf(block: Block, name: string, context: ArgumentContext): HclValue | null {
  const { instanceScope: scope, address, remember } = context;
  const attribute = block.body.attributes.get(name);
  const key = `${address}.${name}`;
  if (attribute === undefined) return computedArgument(block, name, context);
  const value = remember(key, () => evaluate(attribute.expression, scope), attribute.span);
  if (value.kind === "unknown" || (value.kind === "string" && value.isOpen && name !== "content"))
    return null;
  return value;
}

/** What some data sources make of their arguments without asking anybody. */
function computedArgument(
  block: Block,
  name: string,
  { instanceScope: scope, address, remember }: ArgumentContext,
): HclValue | null {
  const [type] = block.labels;
  const argument = (key: string): Expression | undefined => block.body.attributes.get(key)?.expression;
  if (type === "template_file" && name === "rendered") {
    const template = argument("template");
    const vars = argument("vars");
    if (template === undefined) return null;
    return remember(
      `${address}.${name}`,
      () => {
        const text = evaluate(template, scope);
        const values = vars === undefined ? undefined : evaluate(vars, scope);
        return text.kind === "string" ? renderTemplate(text, values, { at: template.span, scope }) : text;
      },
      block.span,
    );
  }
  const filename = argument("filename");
  if (type !== "local_file" || name !== "content" || filename === undefined) return null;
  return scope.call("file", [evaluate(filename, scope)], { at: filename.span, scope });
}
