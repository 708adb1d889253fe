/** The package as it is published: what is in it, that it runs, and that it passes on its licences. */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
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

let home: string;
let folder: string;
let tarball: string;
let files: readonly string[];
/** As a project has it that depends on it. */
let installed: string;

/** With nothing of this machine's npm: an empty home, no network, this very Node first on the path. */
const env = () => ({
  HOME: home,
  PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ""}`,
  npm_config_cache: path.join(home, "cache"),
  npm_config_offline: "true",
  npm_config_audit: "false",
  npm_config_fund: "false",
  npm_config_update_notifier: "false",
  NO_COLOR: "1",
});
const at = async (command: string, args: readonly string[], cwd = folder) =>
  run(command, [...args], { cwd, env: env() });

// Packed once and installed once: npm takes seconds for each.
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "stepfare-consumer-"));
  home = await mkdtemp(path.join(tmpdir(), "stepfare-home-"));
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", home]);
  const [packed] = JSON.parse(stdout) as [{ filename: string; files: readonly { path: string }[] }];
  files = packed.files.map((file) => file.path);
  tarball = path.join(home, packed.filename);
  await writeFile(path.join(folder, "package.json"), '{ "private": true, "type": "module" }');
  await at("npm", ["install", tarball]);
  installed = path.join(folder, "node_modules", manifest.name);
}, 120_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
});

describe("the package", () => {
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
    const apart = /^(src|test|scripts|bench|node_modules|dist\/code-cache)\//;
    expect(files.filter((file) => apart.test(file))).toEqual([]);
  });

  test("holds the pictures that its README shows", async () => {
    const readme = await readFile("README.md", "utf8");
    const shown = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, file]) => file!);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter((file) => !files.includes(file))).toStrictEqual([]);
  });

  test("holds whatever its pages link to", async () => {
    const missing = await Promise.all(
      files
        .filter((file) => file.endsWith(".md"))
        .map(async (file) => {
          const text = (await readFile(path.join(installed, file), "utf8")).replaceAll(/```.*?```/gs, "");
          return [...text.matchAll(/\]\(([^)#\s]+)/g)]
            .map(([, link]) => link!)
            .filter((link) => !/^[a-z]+:/.test(link))
            .map((link) => path.posix.join(path.posix.dirname(file), link).replace(/\/$/, ""))
            .filter((to) => !files.some((each) => each === to || each.startsWith(`${to}/`)))
            .map((to) => `${file}: ${to}`);
        }),
    );
    expect(missing.flat()).toStrictEqual([]);
  });

  test("needs nothing beside itself: no dependencies, and every chunk loads alone", async () => {
    expect(manifest.dependencies ?? {}).toEqual({});
    const chunks = files.filter((file) => /^dist\/[^/]+\.c?js$/.test(file));
    expect(chunks).toEqual(expect.arrayContaining(["dist/cli.cjs", "dist/library.js"]));
    const loader = JSON.stringify(path.join(installed, "bin/bundle-loader.js"));
    const loads = chunks
      .filter((file) => file.endsWith(".cjs"))
      .map((file) => `load(${JSON.stringify(path.basename(file))});`);
    const library = JSON.stringify(pathToFileURL(path.join(installed, "dist/library.js")).href);
    const script = [
      `import loader from ${loader};`,
      `const { load } = loader.openBundle(${JSON.stringify(path.join(installed, "dist"))});`,
      ...loads,
      `await import(${library});`,
    ];
    const { stderr } = await run(process.execPath, ["--input-type=module", "--eval", script.join("\n")]);
    expect(stderr).toBe("");
    // The loader knows no import(): what is loaded later is required, Node's own modules among it.
    const texts = await Promise.all(chunks.map((file) => readFile(path.join(installed, file), "utf8")));
    expect(texts.flatMap((text) => text.match(/(?<![.\w])import\(["'`].{0,40}/g) ?? [])).toEqual([]);
  });

  test("says its version, with nothing on stderr", async () => {
    const bin = path.join(installed, manifest.bin.stepfare ?? "");
    const { stdout, stderr } = await run(process.execPath, [bin, "--version"]);
    expect(stdout).toMatch(/^\S+ \(AWS price lists up to 20\d\d-\d\d-\d\d\)\n$/);
    expect(stdout.split(" ")[0]).toBe(manifest.version);
    expect(stderr).toBe("");
  });

  test("without dist/ says how to make it", async () => {
    const bare = path.join(home, "bare");
    await cp(path.join(installed, "bin"), path.join(bare, "bin"), { recursive: true });
    await cp(path.join(installed, "package.json"), path.join(bare, "package.json"));
    const outcome = run(process.execPath, [path.join(bare, "bin/stepfare.js")]);
    await expect(outcome).rejects.toMatchObject({
      code: 70,
      stderr: expect.stringContaining("npm run build"),
    });
  });
});

describe("the tarball", () => {
  const BUDGET_BYTES = 2_000_000;
  test("is at most 2 MB", async () => {
    expect((await stat(tarball)).size).toBeLessThanOrEqual(BUDGET_BYTES);
  });

  test("installs offline and alone, without scripts, and does the main job by npx", async () => {
    expect(await readdir(path.join(folder, "node_modules"))).toStrictEqual([
      ".bin",
      ".package-lock.json",
      "stepfare",
    ]);
    const scripts = Object.keys(
      (JSON.parse(await readFile("package.json", "utf8")) as { scripts: object }).scripts,
    );
    for (const name of ["preinstall", "install", "postinstall"]) expect(scripts).not.toContain(name);
    const { stdout } = await at("npx", [
      "--no",
      "--",
      "stepfare",
      "analyze",
      "node_modules/stepfare/examples/order-processing.asl.json",
      "--executions",
      "1M",
    ]);
    expect(stdout).toContain("$175.40 a month as Standard");
  });

  test("installs globally, with its man page", async () => {
    const prefix = path.join(home, "global");
    await at("npm", ["install", "--global", "--prefix", prefix, tarball]);
    const { stdout } = await at(path.join(prefix, "bin", "stepfare"), ["explain", "polling-loop"]);
    expect(stdout).toContain("polling-loop");
    expect(await readFile(path.join(prefix, "share/man/man1/stepfare.1"), "utf8")).toContain(
      ".TH STEPFARE 1",
    );
  });

  test("its types hold in a strict project, its library runs", async () => {
    await writeFile(
      path.join(folder, "use.ts"),
      `import { analyzeDefinition, diffAnalyses, estimateCost, readHistory, traceExecution, UserError } from "stepfare";
import type { AnalysisReport, DiffReport, Estimate, ExecutionTrace, TraceOptions, WorkflowReport } from "stepfare";
const definition = { StartAt: "A", States: { A: { Type: "Succeed" } } };
const report: WorkflowReport = analyzeDefinition(definition, { executions: "1M" });
const name: string = report.name;
const estimate: Estimate = estimateCost(definition, { type: "EXPRESS" });
const options: TraceOptions = { input: {}, results: {} };
const trace: ExecutionTrace = await traceExecution(definition, options);
const compare = (before: AnalysisReport, after: AnalysisReport): DiffReport => diffAnalyses(before, after);
const { transitions } = readHistory([]);
// @ts-expect-error: options are checked
analyzeDefinition("{}", { type: "FAST" });
export { name, estimate, trace, compare, transitions, UserError };
`,
    );
    const options = [
      "--strict",
      "--module",
      "nodenext",
      "--target",
      "es2022",
      "--types",
      "",
      "--skipLibCheck",
      "false",
    ];
    const tsc = path.resolve("node_modules/typescript/bin/tsc");
    await at(process.execPath, [tsc, "--noEmit", ...options, "use.ts"]);
    const script =
      'import { analyzeDefinition } from "stepfare"; console.log(analyzeDefinition({ StartAt: "A", States: { A: { Type: "Succeed" } } }).name)';
    expect((await at(process.execPath, ["--input-type=module", "--eval", script])).stdout).toBe("workflow\n");
  });

  test("publint and attw find nothing", async () => {
    const bin = (name: string, file: string) => path.resolve("node_modules", name, file);
    const linted = await at(process.execPath, [bin("publint", "src/cli.js"), tarball, "--strict"]);
    expect(linted.stdout).toContain("All good!");
    const types = await at(process.execPath, [
      bin("@arethetypeswrong/cli", "dist/index.js"),
      tarball,
      "--profile",
      "esm-only",
      "--no-emoji",
    ]);
    expect(types.stdout).toContain("OK (ESM)");
  });
});

test("THIRD-PARTY-NOTICES.md lists what is bundled (mend with `npm run notices`)", async () => {
  expect(await readFile("THIRD-PARTY-NOTICES.md", "utf8")).toBe(await notices());
});
