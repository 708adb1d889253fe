/**
 * A service's resources are what it adds to its stack in CloudFormation's own words, under `resources`: one template, or a list
 * of parts of it. https://www.serverless.com/framework/docs/providers/aws/guide/resources
 */
import { parseTemplate } from "../cloudformation/parse-template.ts";
import { findWorkflowsIn } from "../cloudformation/find-template-workflows.ts";
import type { TemplateWorkflows } from "../cloudformation/find-template-workflows.ts";
import type { FoundLambda } from "../found-workflow.ts";
import type { Diagnostic } from "../../diagnostic.ts";
import { shown } from "../../workflow/definition/field-reader.ts";
import { placeAt, sourceText } from "../file-text.ts";
import type { SourceText } from "../file-text.ts";
import { ANALYSE_AROUND, resolvePath } from "../repository.ts";
import { entriesOf, measureParts, valueAt } from "../../workflow/yaml/value-node.ts";
import type { MapEntry, ValueNode } from "../../workflow/yaml/value-node.ts";
import { MAKE_A_PACKAGE } from "./service-file.ts";
import type { ServerlessService } from "./serverless-variables.ts";

type Found = Pick<TemplateWorkflows, "workflows" | "diagnostics" | "parameters">;

/** Files that are templates of their own are left to be found as such. */
export function findResourceWorkflows(
  service: ServerlessService,
  { lambdas, parameters }: Beside,
): readonly Found[] {
  const outside = { workflows: [], diagnostics: partsOutside(service), parameters: [] };
  const found = templatesOf(service).map(({ source, root }) => {
    const { read, region } = service;
    const within = findWorkflowsIn(root, { source, read, foundIn: "serverless" }, { parameters, region });
    const workflows = within.workflows.map((one) => ({
      ...one,
      lambdas: [...one.lambdas, ...lambdas],
      diagnostics: one.diagnostics.map((diagnostic) =>
        diagnostic.code === "unknown-definition" ? { ...diagnostic, hint: MAKE_A_PACKAGE } : diagnostic,
      ),
    }));
    return { ...within, workflows };
  });
  return [outside, ...found];
}

interface Beside {
  /** The functions of the service. */
  readonly lambdas: readonly FoundLambda[];
  readonly parameters: ReadonlyMap<string, string>;
}

interface Template {
  readonly source: SourceText;
  readonly root: ValueNode;
}

function templatesOf(service: ServerlessService): readonly Template[] {
  const { source, root } = service.main;
  const written = valueAt(root, "resources");
  const sections = partsOf(written).flatMap(entriesOf);
  const included = resourcesIn(sections).flatMap((value) => includedResources(value, service));
  return [{ source, root: joinSections(sections, written ?? root) }, ...included];
}

function partsOf(value: ValueNode | undefined): readonly ValueNode[] {
  return value?.kind === "list" ? value.items : value === undefined ? [] : [value];
}

function resourcesIn(sections: readonly MapEntry[]): readonly ValueNode[] {
  return sections.filter(({ key }) => key === "Resources").flatMap(({ value }) => partsOf(value));
}

/** Parts in files that may not be read. */
function partsOutside({ main: { source, root }, folder }: ServerlessService): readonly Diagnostic[] {
  const parts = partsOf(valueAt(root, "resources"));
  return [...parts, ...resourcesIn(parts.flatMap(entriesOf))].flatMap((value): readonly Diagnostic[] => {
    const path = includedFile(value);
    if (path === null || resolvePath(folder, path) !== null) return [];
    const message = `Resources are in ${shown(path)}, outside of the folder that is read.`;
    const at = placeAt(source, value.start);
    return [{ code: "definition-outside", severity: "warning", message, at, hint: ANALYSE_AROUND }];
  });
}

/** The path of `${file(resources.yml)}`; null for another value. */
function includedFile(value: ValueNode): string | null {
  const [, path = ""] = (value.kind === "scalar" && /^\s*\$\{file\(([^()]+)\)\}\s*$/.exec(value.text)) || [];
  return path === "" ? null : path.trim().replaceAll(/^["']|["']$/g, "");
}

/** `Resources: ${file(resources.yml)}`, where the file holds nothing but resources. */
function includedResources(value: ValueNode, { folder, read }: ServerlessService): readonly Template[] {
  const path = includedFile(value);
  const resolved = path === null ? null : resolvePath(folder, path);
  const text = resolved === null ? null : read(resolved);
  if (resolved === null || text === null) return [];
  const source = sourceText(resolved, text);
  const { root } = parseTemplate(source);
  if (root?.kind !== "map" || valueAt(root, "Resources") !== undefined) return [];
  return [{ source, root: joinSections([{ key: "Resources", keyStart: 0, value: root }], root) }];
}

/** The entries of all sections of one name stand in one. */
function joinSections(sections: readonly MapEntry[], { start, pointer }: ValueNode): ValueNode {
  const names = [...new Set(sections.map(({ key }) => key))];
  const entries = names.map((name) => {
    const same = sections.filter(({ key, value }) => key === name && value.kind === "map");
    const held = same.flatMap(({ value }) => entriesOf(value));
    return {
      key: name,
      keyStart: same[0]?.keyStart ?? start,
      value: mapOf(held, same[0]?.value ?? { start, pointer }),
    };
  });
  return mapOf(entries, { start, pointer });
}

function mapOf(
  entries: readonly MapEntry[],
  { start, pointer }: Pick<ValueNode, "start" | "pointer">,
): ValueNode {
  return { kind: "map", entries, start, pointer, ...measureParts(entries.map(({ value }) => value)) };
}
