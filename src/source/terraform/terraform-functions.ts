/** Terraform's functions are those of its language that need nothing but their arguments and the repository's files. */
import type { Repository } from "../repository.ts";
import { COLLECTION_FUNCTIONS } from "./hcl-collection-functions.ts";
import { ENCODING_FUNCTIONS } from "./hcl-encoding-functions.ts";
import { fileFunctions } from "./hcl-file-functions.ts";
import type { HclFunction } from "./hcl-function.ts";
import { TEXT_FUNCTIONS } from "./hcl-text-functions.ts";
import { TYPE_FUNCTIONS } from "./hcl-type-functions.ts";

/** By name; `core::upper` is the same as `upper`. */
export function terraformFunctions(
  repository: Repository,
  rootFolder: string,
): (name: string) => HclFunction | null {
  const all = new Map([
    ...TEXT_FUNCTIONS,
    ...COLLECTION_FUNCTIONS,
    ...ENCODING_FUNCTIONS,
    ...TYPE_FUNCTIONS,
    ...fileFunctions(repository, rootFolder),
  ]);
  return (name) => all.get(name.replace(/^core::/, "")) ?? null;
}
