/** The peer: asl-validator over the definition files of a file or folder, as its own command line goes about it. */
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import aslValidator from "asl-validator";
import { globSync } from "tinyglobby";

const [target] = process.argv.slice(2);
const files = statSync(target).isDirectory()
  ? globSync(["**/*.asl.json", "**/*.asl"], { cwd: target, absolute: true })
  : [path.resolve(target)];

let valid = 0;
for (const file of files) {
  try {
    if (aslValidator(JSON.parse(readFileSync(file, "utf8"))).isValid) valid += 1;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
}
console.log(`${valid} of ${files.length} valid`);
process.exitCode = files.length === 0 ? 2 : 0;
