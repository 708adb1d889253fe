/** A template resource is one entry of `Resources` that will be deployed, its defaults from SAM's Globals merged in. */
import { shown } from "../../workflow/definition/field-reader.ts";
import { asText, itemsOf } from "./resolved-value.ts";
import type { ResolvedValue } from "./resolved-value.ts";
import { assumeCondition, evaluateCondition } from "./template-condition.ts";
import { entriesOf, measureParts, textOf, valueAt } from "../../workflow/yaml/value-node.ts";
import type { MapEntry, MapNode, ValueNode } from "../../workflow/yaml/value-node.ts";
import type { TemplateScope } from "./template-scope.ts";

export interface TemplateResource {
  readonly id: string;
  readonly type: string;
  /** Of its logical id. */
  readonly start: number;
  readonly pointer: string;
  readonly properties: MapNode;
  /** The template's, with the loop's variable when Fn::ForEach makes the resource. */
  readonly scope: TemplateScope;
}

const MACHINE_TYPE = /^AWS::(?:Serverless|StepFunctions)::StateMachine$/;

export function isMachine(resource: TemplateResource): boolean {
  return MACHINE_TYPE.test(resource.type);
}

/** Every resource but those whose condition is false; a state machine left out so is reported. */
export function listResources(root: ValueNode, scope: TemplateScope): readonly TemplateResource[] {
  const globals = valueAt(root, "Globals");
  return entriesOf(valueAt(root, "Resources"))
    .flatMap((entry) => expandLoop(entry, scope, 0))
    .flatMap(({ entry, scope: own }) => readResource(entry, globals, own));
}

function readResource(
  entry: MapEntry,
  globals: ValueNode | undefined,
  scope: TemplateScope,
): TemplateResource[] {
  const { key: id, keyStart: start, value } = entry;
  const type = textOf(valueAt(value, "Type")) ?? "";
  const written = valueAt(value, "Properties");
  const properties = withGlobals(type, written, globals) ?? emptyMap(value);
  const resource = { id, type, start, pointer: value.pointer, properties, scope };
  const condition = textOf(valueAt(value, "Condition"));
  if (condition === null) return [resource];
  if (!isMachine(resource)) return evaluateCondition(condition, value, scope) === false ? [] : [resource];
  if (assumeCondition(condition, { ...value, start }, scope)) return [resource];
  const message = `The state machine ${shown(id)} is left out: its condition ${shown(condition)} is false.`;
  const hint = "Give other parameters, --parameter Name=value, to have it deployed and planned.";
  scope.report({ code: "left-out-by-condition", severity: "info", message, at: { ...value, start }, hint });
  return [];
}

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html */
function withGlobals(
  type: string,
  written: ValueNode | undefined,
  globals: ValueNode | undefined,
): MapNode | null {
  const own = written?.kind === "map" ? written : null;
  const section = type.startsWith("AWS::Serverless::") ? type.slice("AWS::Serverless::".length) : "";
  const defaults = entriesOf(valueAt(globals, section));
  if (own === null || defaults.length === 0) return own;
  return mergeMaps(own, defaults, 0);
}

/** Maps are merged key by key; anything else that the resource writes stands over the global. */
function mergeMaps(own: MapNode, defaults: readonly MapEntry[], level: number): MapNode {
  const merged = own.entries.map((entry) => {
    const fallback = defaults.find((candidate) => candidate.key === entry.key)?.value;
    if (entry.value.kind !== "map" || fallback?.kind !== "map" || level > 20) return entry;
    return { ...entry, value: mergeMaps(entry.value, fallback.entries, level + 1) };
  });
  const written = new Set(own.entries.map((entry) => entry.key));
  const entries = [...merged, ...defaults.filter((entry) => !written.has(entry.key))];
  return { ...own, entries, ...measureParts(entries.map((entry) => entry.value)) };
}

function emptyMap(at: ValueNode): MapNode {
  return { kind: "map", entries: [], start: at.start, pointer: at.pointer, size: 1, height: 1 };
}

interface LoopedEntry {
  readonly entry: MapEntry;
  readonly scope: TemplateScope;
}

/**
 * `Fn::ForEach::Name: [Variable, [values], { "Prefix${Variable}": … }]` makes one resource a value.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
 */
function expandLoop(entry: MapEntry, scope: TemplateScope, level: number): readonly LoopedEntry[] {
  if (!entry.key.startsWith("Fn::ForEach::")) return [{ entry, scope }];
  const [variable, collection, body] = entry.value.kind === "list" ? entry.value.items : [];
  const name = variable === undefined ? null : textOf(variable);
  const values = collection === undefined ? null : scope.resolve(collection, scope);
  if (name === null || values?.kind !== "list" || body?.kind !== "map" || level > 5) {
    const message = `The loop ${shown(entry.key)} runs over a list that is known only when the template is deployed, so its resources are not read.`;
    const at = { start: entry.keyStart, pointer: entry.value.pointer };
    scope.report({ code: "unknown-loop", severity: "warning", message, at, hint: null });
    return [];
  }
  return itemsOf(values).flatMap((value) => expandBody(body, name, { value, scope, level }));
}

interface LoopTurn {
  readonly value: ResolvedValue;
  readonly scope: TemplateScope;
  readonly level: number;
}

function expandBody(body: MapNode, name: string, { value, scope, level }: LoopTurn): readonly LoopedEntry[] {
  const { text } = asText(value);
  const parameters = new Map(scope.parameters).set(name, { text, type: "text", secret: false });
  const own: TemplateScope = { ...scope, parameters };
  return body.entries.flatMap((entry) => {
    const key = entry.key
      .replaceAll(`\${${name}}`, text)
      .replaceAll(`&{${name}}`, text.replaceAll(/\W/g, ""));
    return expandLoop({ ...entry, key }, own, level + 1);
  });
}

/** A property worked out; undefined when it is not written. */
export function propertyOf(resource: TemplateResource, name: string): ResolvedValue | undefined {
  const node = valueAt(resource.properties, name);
  const value = node === undefined ? undefined : resource.scope.resolve(node, resource.scope);
  return value?.kind === "absent" ? undefined : value;
}
