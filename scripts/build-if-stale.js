/** The set-up of the binary tests: builds when dist/ is missing or older than anything it is made from. */
import { stat } from "node:fs/promises";
import { glob } from "tinyglobby";
import { build } from "./build.js";

const sources = [
  "src/**",
  "templates/**",
  "pricing/**",
  "schemas/**",
  "scripts/*.js",
  "tsconfig.types.json",
  "package*.json",
];

async function modifiedAt(file) {
  return (await stat(file)).mtimeMs;
}

async function isStale() {
  const built = await modifiedAt("dist/cli.cjs").catch(() => 0);
  const times = await Promise.all((await glob(sources)).map(modifiedAt));
  return Math.max(...times) > built;
}

export async function setup() {
  if (await isStale()) await build();
}
