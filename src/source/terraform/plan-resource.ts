/** A plan resource is one instance of a resource in a plan or state, with what is known of its values. */
import { isJsonObject, pointerTo } from "../../workflow/text/json-value.ts";
import type { JsonValue } from "../../workflow/text/json-value.ts";
import { placeholderOf } from "./hcl-value.ts";
import { itemsOf, memberOf, referencesOf } from "./plan-references.ts";
import type { PlanAddress } from "./plan-references.ts";

export interface PlanResource extends PlanAddress {
  readonly address: string;
  readonly values: JsonValue;
  /** The same shape, `true` where a value is known only after it is applied. */
  readonly unknown: JsonValue | undefined;
  /** Of the values in the file. */
  readonly pointer: string;
}

/**
 * What will be there: resources of a plan that are not deleted, or those of a state.
 * Format: https://developer.hashicorp.com/terraform/internals/json-format
 */
export function listPlanResources(show: JsonValue): readonly PlanResource[] {
  const changes = memberOf(show, "resource_changes");
  if (changes !== undefined) return itemsOf(changes).flatMap(readChange);
  const key = memberOf(show, "planned_values") === undefined ? "values" : "planned_values";
  const root = memberOf(memberOf(show, key), "root_module");
  return root === undefined ? [] : listModuleResources(root, pointerTo("", key, "root_module"));
}

function readChange(resource: JsonValue, index: number): readonly PlanResource[] {
  const change = memberOf(resource, "change");
  const values = memberOf(change, "after");
  // A replaced object that still waits for its deletion carries `deposed`.
  if (!isJsonObject(values) || memberOf(resource, "deposed") !== undefined) return [];
  const pointer = pointerTo("", "resource_changes", index, "change", "after");
  return readAddress(resource, { values, unknown: memberOf(change, "after_unknown"), pointer });
}

interface PlanValues {
  readonly values: JsonValue;
  readonly unknown: JsonValue | undefined;
  readonly pointer: string;
}

function readAddress(resource: JsonValue, known: PlanValues): readonly PlanResource[] {
  const [address, type, name] = ["address", "type", "name"].map((key) => memberOf(resource, key));
  if (typeof address !== "string" || typeof type !== "string" || typeof name !== "string") return [];
  if (memberOf(resource, "mode") === "data") return [];
  const end = address.lastIndexOf(`${type}.${name}`);
  const written = memberOf(resource, "module_address");
  const module = typeof written === "string" ? written : address.slice(0, Math.max(0, end - 1));
  return [{ address, type, name, module, ...known }];
}

function listModuleResources(root: JsonValue, rootPointer: string): readonly PlanResource[] {
  const found: PlanResource[] = [];
  const waiting = [{ module: root, pointer: rootPointer }];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { module, pointer } = next;
    itemsOf(memberOf(module, "resources")).forEach((resource, index) => {
      const values = memberOf(resource, "values");
      if (!isJsonObject(values)) return;
      const at = pointerTo(pointer, "resources", index, "values");
      found.push(...readAddress(resource, { values, unknown: undefined, pointer: at }));
    });
    itemsOf(memberOf(module, "child_modules")).forEach((child, index) => {
      waiting.push({ module: child, pointer: pointerTo(pointer, "child_modules", index) });
    });
  }
  return found;
}

export type ValuePath = readonly (string | number)[];

/** The value at a path; undefined when it is not known or not set. */
export function planValue(resource: PlanResource, ...path: ValuePath): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(memberOf, resource.values);
}

export function planText(resource: PlanResource, ...path: ValuePath): string | null {
  const value = planValue(resource, ...path);
  return typeof value === "string" ? value : null;
}

export function planNumber(resource: PlanResource, ...path: ValuePath): number | null {
  const value = planValue(resource, ...path);
  return typeof value === "number" ? value : null;
}

export function planBool(resource: PlanResource, ...path: ValuePath): boolean | null {
  const value = planValue(resource, ...path);
  return typeof value === "boolean" ? value : null;
}

/** A known text; else placeholders of what it refers to, the first alone or all; else "". */
export function planReference(resource: PlanResource, options: ReferenceOptions, ...path: ValuePath): string {
  const known = planText(resource, ...path);
  if (known !== null) return known;
  const references = referencesOf(options.configuration, resource, path);
  return references
    .slice(0, options.all === true ? undefined : 1)
    .map(placeholderOf)
    .join(" ");
}

interface ReferenceOptions {
  readonly configuration: JsonValue | undefined;
  readonly all?: boolean;
}
