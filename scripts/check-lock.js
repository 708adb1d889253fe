/** The lock's completeness: a platform package that npm silently left out breaks `npm ci` on other machines. */
import { readFile } from "node:fs/promises";

const { packages } = JSON.parse(await readFile("package-lock.json", "utf8"));

/** As Node looks it up: beside the package's own folder, then in each folder above. */
function isLocked(from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1))) {
    if (Object.hasOwn(packages, `${folder}${folder && "/"}node_modules/${name}`)) return true;
    if (folder === "") return false;
  }
}

const missing = [];
for (const [folder, { optionalDependencies = {} }] of Object.entries(packages)) {
  for (const name of Object.keys(optionalDependencies)) {
    if (!isLocked(folder, name)) missing.push(`${folder}: ${name}`);
  }
}
const hosts = Object.entries(packages).filter(([, { resolved }]) => resolved?.startsWith("http"));

for (const each of missing) console.error(`not in package-lock.json: ${each}`);
for (const [folder] of hosts) console.error(`package-lock.json names a registry host: ${folder}`);
process.exitCode = missing.length + hosts.length > 0 ? 1 : 0;
