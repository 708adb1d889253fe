/** The bundle's loader keeps what V8 compiled for the next run, and nothing that goes wrong with it changes what a run does. */
import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

describe("the code kept beside the bundle", () => {
  let installed: string;

  beforeAll(async () => {
    installed = await mkdtemp(path.join(tmpdir(), "stepfare-loader-"));
    const filter = (from: string) => !/code-cache|types/.test(from);
    for (const folder of ["bin", "dist"])
      await cp(folder, path.join(installed, folder), { recursive: true, filter });
  });

  afterAll(() => rm(installed, { recursive: true, force: true }));

  const inBundle = (...names: readonly string[]) => path.join(installed, "dist", ...names);
  const cacheFolder = () => inBundle("code-cache", `${process.version}-${process.arch}`);
  const kept = async () => (await readdir(cacheFolder()).catch((): string[] => [])).sort();

  beforeEach(() => rm(inBundle("code-cache"), { recursive: true, force: true }));

  function run(env: Readonly<Record<string, string>> = {}, ...asked: readonly string[]) {
    const bin = path.join(installed, "bin/stepfare.js");
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [bin, ...(asked.length === 0 ? ["--version"] : asked)],
      { encoding: "utf8", env: { ...process.env, ...env } },
    );
    return { stdout, stderr, status };
  }

  test("is there after the first run, whole, stays as it is, and the next run says the same", async () => {
    const analyze = ["analyze", path.resolve("examples/order-processing.asl.json")];
    const first = run({}, ...analyze);
    expect(first).toMatchObject({ status: 0, stderr: "" });
    const files = await kept();
    expect(files).toContain("cli.cjs");
    expect(files.filter((file) => !file.endsWith(".cjs"))).toStrictEqual([]);
    const bytes = () => Promise.all(files.map((file) => readFile(path.join(cacheFolder(), file), "base64")));
    const before = await bytes();
    expect(run({}, ...analyze)).toStrictEqual(first);
    expect(await kept()).toStrictEqual(files);
    expect(await bytes()).toStrictEqual(before);
  });

  test.each([
    ["emptied", () => Buffer.alloc(0)],
    ["cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ["zeroed in the middle", (bytes: Buffer) => Buffer.from(bytes).fill(0, 4096)],
    ["of other bits", (bytes: Buffer) => bytes.map((byte, i) => (i % 97 === 60 ? byte ^ 0x55 : byte))],
  ])("%s, is made again", async (_how, spoil) => {
    const first = run();
    for (const file of await kept()) {
      const at = path.join(cacheFolder(), file);
      await writeFile(at, spoil(await readFile(at)));
    }
    const spoilt = await readFile(path.join(cacheFolder(), "cli.cjs"));
    expect(run()).toStrictEqual(first);
    expect((await readFile(path.join(cacheFolder(), "cli.cjs"))).equals(spoilt)).toBe(false);
  });

  test("is not taken for a chunk that has changed, be it as long as before", async () => {
    const before = run();
    const cli = inBundle("cli.cjs");
    const text = await readFile(cli, "utf8");
    try {
      await writeFile(cli, text.replaceAll("AWS price lists up to", "AWS price lists as of"));
      expect(run().stdout).toBe(before.stdout.replace("up to", "as of"));
    } finally {
      await writeFile(cli, text);
    }
  });

  test("is left out where Node is told to keep none", async () => {
    expect(run({ NODE_DISABLE_COMPILE_CACHE: "1" })).toMatchObject({ status: 0, stderr: "" });
    expect(await kept()).toStrictEqual([]);
  });

  test("is left out where nothing can be written", async () => {
    // A file in the folder's place: not even root can write into it.
    await writeFile(inBundle("code-cache"), "");
    expect(run()).toMatchObject({ status: 0, stderr: "" });
  });
});
