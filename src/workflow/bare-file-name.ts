/** A bare file name is a definition file's name without its folders and endings: `orders/flow.asl.json` is `flow`. */
export function bareFileName(file: string): string {
  const base = file.slice(file.lastIndexOf("/") + 1);
  return base.replace(/(?:\.(?:asl|json|ya?ml|jsonc|json5))+$/i, "") || base;
}
