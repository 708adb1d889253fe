/** A Terraform module is a folder of `.tf` and `.tf.json` files, its blocks by what they declare. */
import { folderOf } from "../repository.ts";
import type { Repository } from "../repository.ts";
import { parseHcl } from "./hcl-body-parser.ts";
import { parseHclJson } from "./hcl-json.ts";
import type { Attribute, Block, Body } from "./hcl-syntax.ts";
import { placeAt, sourceText } from "../file-text.ts";
import type { Diagnostic } from "../../diagnostic.ts";

export interface TerraformModule {
  readonly folder: string;
  readonly variables: ReadonlyMap<string, Block>;
  readonly locals: ReadonlyMap<string, Attribute>;
  readonly outputs: ReadonlyMap<string, Block>;
  /** By `type.name`. */
  readonly resources: ReadonlyMap<string, Block>;
  readonly data: ReadonlyMap<string, Block>;
  readonly calls: ReadonlyMap<string, Block>;
  readonly diagnostics: readonly Diagnostic[];
  /** Its text speaks of state machines, so that what it does not say of them matters. */
  readonly mentionsMachine: boolean;
}

const MENTION = /aws_sfn_|step[-_]?functions?|state[-_]?machine|\bsfn\b/i;

/** The command whose output needs no evaluation here. */
export const MAKE_A_PLAN = "terraform plan -out plan.tfplan && terraform show -json plan.tfplan > plan.json";

/** All modules of a repository by folder, if any speaks of state machines; files that Terraform fetched are left out. */
export function readModules(repository: Repository): ReadonlyMap<string, TerraformModule> {
  const filesOf = new Map<string, string[]>();
  for (const path of repository.paths) {
    if (!/\.tf(?:\.json)?$/.test(path) || /(?:^|\/)\.terraform\//.test(path)) continue;
    const files = filesOf.get(folderOf(path)) ?? [];
    files.push(path);
    filesOf.set(folderOf(path), files);
  }
  const all = [...filesOf.values()].flat();
  if (!all.some((file) => MENTION.test(repository.read(file) ?? ""))) return new Map();
  return new Map([...filesOf].map(([folder, files]) => [folder, readModule(repository, folder, files)]));
}

function readModule(repository: Repository, folder: string, files: readonly string[]): TerraformModule {
  const bodies: Body[] = [];
  const diagnostics: Diagnostic[] = [];
  let mentionsMachine = false;
  for (const file of files.toSorted(byOverride)) {
    const text = repository.read(file);
    if (text === null) continue;
    mentionsMachine ||= MENTION.test(text);
    const source = sourceText(file, text);
    const { body, problems } = file.endsWith(".json") ? parseHclJson(source) : parseHcl(source);
    bodies.push(body);
    for (const { message, offset } of problems) {
      const at = placeAt(source, offset);
      const hint = `Correct it, or make a plan and analyse that: ${MAKE_A_PLAN}`;
      diagnostics.push({ code: "terraform-syntax", severity: "warning", message, at, hint });
    }
  }
  return { folder, ...sortBlocks(bodies.flatMap((body) => body.blocks)), diagnostics, mentionsMachine };
}

/** Terraform reads `override.tf` and `*_override.tf` last; their arguments replace earlier ones. */
function byOverride(left: string, right: string): number {
  const rank = (file: string): number => (/(?:^|[/_])override\.tf(?:\.json)?$/.test(file) ? 1 : 0);
  return rank(left) - rank(right) || (left < right ? -1 : 1);
}

function sortBlocks(
  blocks: readonly Block[],
): Omit<TerraformModule, "folder" | "diagnostics" | "mentionsMachine"> {
  const ofType = (type: string): Map<string, Block> => {
    const named = new Map<string, Block>();
    for (const block of blocks) {
      if (block.type !== type) continue;
      const name = block.labels.join(".");
      const before = named.get(name);
      named.set(name, before === undefined ? block : override(before, block));
    }
    return named;
  };
  const locals = blocks
    .filter((block) => block.type === "locals")
    .flatMap((block) => [...block.body.attributes]);
  return {
    variables: ofType("variable"),
    locals: new Map(locals),
    outputs: ofType("output"),
    resources: ofType("resource"),
    data: ofType("data"),
    calls: ofType("module"),
  };
}

function override(before: Block, after: Block): Block {
  const types = new Set(after.body.blocks.map((block) => block.type));
  const blocks = [...before.body.blocks.filter((block) => !types.has(block.type)), ...after.body.blocks];
  const attributes = new Map([...before.body.attributes, ...after.body.attributes]);
  return { ...before, body: { attributes, blocks } };
}
