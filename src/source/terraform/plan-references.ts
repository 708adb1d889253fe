/** Plan references tell what an unknown value of a plan is made of, from the plan's copy of the configuration. */
import { isJsonObject, ownValue } from "../../workflow/text/json-value.ts";
import type { JsonValue } from "../../workflow/text/json-value.ts";

/** A resource as a plan or state names it. */
export interface PlanAddress {
  /** `module.orders["eu"]`, or "" for the root module. */
  readonly module: string;
  readonly type: string;
  readonly name: string;
}

/**
 * Addresses that an argument refers to, such as `module.jobs.aws_lambda_function.worker.arn`, the first the most exact;
 * empty when the plan does not say. `path` leads through nested blocks: `["target", 0, "arn"]`.
 * Format: https://developer.hashicorp.com/terraform/internals/json-format#expression-representation
 */
export function referencesOf(
  configuration: JsonValue | undefined,
  address: PlanAddress,
  path: readonly (string | number)[],
): readonly string[] {
  const module = moduleAt(configuration, address.module);
  const resource = itemsOf(memberOf(module, "resources")).find(
    (candidate) =>
      memberOf(candidate, "type") === address.type &&
      memberOf(candidate, "name") === address.name &&
      memberOf(candidate, "mode") !== "data",
  );
  const expression = path.reduce<JsonValue | undefined>(memberOf, memberOf(resource, "expressions"));
  return resolveAll(expression, { configuration, module: address.module, left: MAX_HOPS });
}

/** Through variables and outputs from module to module. */
const MAX_HOPS = 20;

interface Hop {
  readonly configuration: JsonValue | undefined;
  readonly module: string;
  readonly left: number;
}

function resolveAll(expression: JsonValue | undefined, hop: Hop): readonly string[] {
  const written = itemsOf(memberOf(expression, "references")).filter((item) => typeof item === "string");
  // Terraform lists `a.b.c` and then, for its readers' ease, `a.b`.
  const exact = written.filter(
    (one) => !written.some((other) => other.startsWith(`${one}.`) || other.startsWith(`${one}[`)),
  );
  return [...new Set(exact.flatMap((reference) => resolve(reference, hop)))];
}

function resolve(reference: string, hop: Hop): readonly string[] {
  const { configuration, module, left } = hop;
  const [space = "", name = "", member = ""] = reference.split(".");
  const own = [`${module === "" ? "" : `${module}.`}${reference}`];
  if (left === 0) return own;
  if (space === "var" && module !== "") {
    const { parent, call } = splitModule(module);
    const expressions = memberOf(
      memberOf(memberOf(moduleAt(configuration, parent), "module_calls"), call),
      "expressions",
    );
    const found = resolveAll(memberOf(expressions, name.replace(/\[[^]*$/, "")), {
      ...hop,
      module: parent,
      left: left - 1,
    });
    return found.length === 0 ? own : found;
  }
  if (space === "module") {
    const inner = `${module === "" ? "" : `${module}.`}module.${name}`;
    const output = memberOf(memberOf(moduleAt(configuration, inner), "outputs"), member);
    const found = resolveAll(memberOf(output, "expression"), { ...hop, module: inner, left: left - 1 });
    return found.length === 0 ? own : found;
  }
  return own;
}

const MODULE_STEP = /module\.([^.[\]]+)(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?(?:\.|$)/gy;

/** The names of the calls that lead to a module. */
function callsTo(module: string): readonly string[] {
  return [...module.matchAll(new RegExp(MODULE_STEP, "gy"))].flatMap(([, name]) => name ?? []);
}

function moduleAt(configuration: JsonValue | undefined, module: string): JsonValue | undefined {
  return callsTo(module).reduce<JsonValue | undefined>(
    (current, call) => memberOf(memberOf(memberOf(current, "module_calls"), call), "module"),
    memberOf(configuration, "root_module"),
  );
}

function splitModule(module: string): { parent: string; call: string } {
  const steps = [...module.matchAll(new RegExp(MODULE_STEP, "gy"))];
  const last = steps.at(-1);
  return { parent: module.slice(0, last?.index ?? 0).replace(/\.$/, ""), call: last?.[1] ?? "" };
}

/** A member of an object or element of a list; undefined when there is none. */
export function memberOf(value: JsonValue | undefined, key: string | number): JsonValue | undefined {
  if (typeof key === "number") return itemsOf(value)[key];
  return isJsonObject(value) ? ownValue(value, key) : undefined;
}

export function itemsOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}
