/** Terraform variables of a root module take their values from `terraform.tfvars` and `*.auto.tfvars` in its folder. */
import { folderOf } from "../repository.ts";
import type { Repository } from "../repository.ts";
import { parseHcl } from "./hcl-body-parser.ts";
import { parseHclJson } from "./hcl-json.ts";
import type { Expression } from "./hcl-syntax.ts";
import { sourceText } from "../file-text.ts";

/** Later files win, in Terraform's order: https://developer.hashicorp.com/terraform/language/values/variables */
export function readVariableFiles(repository: Repository, folder: string): ReadonlyMap<string, Expression> {
  const files = repository.paths
    .filter((path) => folderOf(path) === folder && rankOf(path) > 0)
    .sort((left, right) => rankOf(left) - rankOf(right) || (left < right ? -1 : 1));
  const values = new Map<string, Expression>();
  for (const file of files) {
    const text = repository.read(file);
    if (text === null) continue;
    const body = file.endsWith(".json") ? jsonValues(file, text) : hclValues(file, text);
    for (const [name, expression] of body) values.set(name, expression);
  }
  return values;
}

/** 0 for a file that Terraform does not read by itself. */
function rankOf(path: string): number {
  if (/(?:^|\/)terraform\.tfvars$/.test(path)) return 1;
  if (/(?:^|\/)terraform\.tfvars\.json$/.test(path)) return 2;
  return /\.auto\.tfvars(?:\.json)?$/.test(path) ? 3 : 0;
}

function hclValues(file: string, text: string): readonly (readonly [string, Expression])[] {
  const { body } = parseHcl(sourceText(file, text));
  return [...body.attributes].map(([name, attribute]) => [name, attribute.expression]);
}

/** Read as one `locals` block, which has the same shape. */
function jsonValues(file: string, text: string): readonly (readonly [string, Expression])[] {
  const { body } = parseHclJson(sourceText(file, `{"locals":${text}\n}`));
  return body.blocks.flatMap((block) =>
    [...block.body.attributes].map(([name, { expression }]) => [name, expression] as const),
  );
}
