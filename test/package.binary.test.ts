/** The package as it is published: what is in it, that it runs, and that it passes on its licences. */
import { execFile, execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { notices } from "../scripts/notices.js";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<".", { readonly types: string; readonly default: string }>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(await readFile("package.json", "utf8")) as Manifest;
const run = promisify(execFile);

function packedFiles(): string[] {
  const listing = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [packed] = JSON.parse(listing) as [{ files: { path: string }[] }];
  return packed.files.map((file) => file.path);
}

describe("the package", () => {
  let files: string[];
  let installed: string;

  beforeAll(async () => {
    files = packedFiles();
    installed = await mkdtemp(path.join(tmpdir(), "stepfare-package-"));
    for (const file of files) {
      await mkdir(path.dirname(path.join(installed, file)), { recursive: true });
      await cp(file, path.join(installed, file));
    }
  });

  afterAll(() => rm(installed, { recursive: true, force: true }));

  test("holds what its manifest promises, and neither sources nor tests", () => {
    const relative = (file: string) => file.replace(/^\.\//, "");
    const { types, default: library } = manifest.exports["."];
    const promised = [
      manifest.bin.stepfare ?? "",
      types,
      library,
      "LICENSE",
      "README.md",
      "THIRD-PARTY-NOTICES.md",
    ];
    for (const file of promised) expect(files).toContain(relative(file));
    expect(files.filter((file) => /^(src|test|scripts|bench|node_modules)\//.test(file))).toEqual([]);
  });

  test("needs nothing beside itself: no dependencies, and every chunk loads alone", async () => {
    expect(manifest.dependencies ?? {}).toEqual({});
    const chunks = files.filter((file) => /^dist\/[^/]+\.js$/.test(file));
    expect(chunks).toContain("dist/cli.js");
    const imports = chunks.map(
      (file) => `await import(${JSON.stringify(pathToFileURL(path.join(installed, file)))});`,
    );
    const { stderr } = await run(process.execPath, ["--input-type=module", "--eval", imports.join("\n")]);
    expect(stderr).toBe("");
  });

  test("says its version, with nothing on stderr", async () => {
    const bin = path.join(installed, manifest.bin.stepfare ?? "");
    const { stdout, stderr } = await run(process.execPath, [bin, "--version"]);
    expect(stdout.trim()).toBe(manifest.version);
    expect(stderr).toBe("");
  });

  test("without dist/ says how to make it", async () => {
    const bare = path.join(installed, "bare");
    await cp(path.join(installed, "bin"), path.join(bare, "bin"), { recursive: true });
    await cp(path.join(installed, "package.json"), path.join(bare, "package.json"));
    const outcome = run(process.execPath, [path.join(bare, "bin/stepfare.js")]);
    await expect(outcome).rejects.toMatchObject({
      code: 70,
      stderr: expect.stringContaining("npm run build"),
    });
  });
});

test("THIRD-PARTY-NOTICES.md lists what is bundled (mend with `npm run notices`)", async () => {
  expect(await readFile("THIRD-PARTY-NOTICES.md", "utf8")).toBe(await notices());
});
