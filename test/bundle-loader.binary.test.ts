/** The bundle's loader keeps what V8 compiled for the next run, and nothing that goes wrong with it changes what a run does. */
import { spawnSync } from "node:child_process";
import { chown, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

describe("the code kept beside the bundle", () => {
  let installed: string;

  beforeAll(async () => {
    installed = path.join(await mkdtemp(path.join(tmpdir(), "stepfare-loader-")), "package");
    const filter = (from: string) => !/code-cache|types/.test(from);
    for (const folder of ["bin", "dist"])
      await cp(folder, path.join(installed, folder), { recursive: true, filter });
  });

  afterAll(() => rm(path.dirname(installed), { recursive: true, force: true }));

  const inBundle = (...names: readonly string[]) => path.join(installed, "dist", ...names);
  const kept = async () =>
    (await readdir(inBundle("code-cache"), { recursive: true }).catch((): string[] => []))
      .filter((file) => path.dirname(file) !== ".")
      .map((file) => inBundle("code-cache", file))
      .sort();

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

  test("is there after the first run, whole, grows no more by runs of its kind, and every run says the same", async () => {
    const definition = path.join(installed, "alone.asl.json");
    await cp("examples/order-processing.asl.json", definition);
    const analyze = ["analyze", definition];
    const first = run({}, ...analyze);
    expect(first).toMatchObject({ status: 0, stderr: "" });
    const files = await kept();
    // The main job needs no more than three chunks, and what joins them.
    const names = files.map((file) => path.basename(file).replace(/-.{8}\.cjs$/, ""));
    expect(names).toStrictEqual(["analysis", "cli.cjs", "prices", "rolldown-runtime", "start"]);
    expect(files.filter((file) => !file.endsWith(".cjs"))).toStrictEqual([]);
    const code = () => Promise.all(files.map(async (file) => (await readFile(file)).toString("base64", 8)));
    expect(run({}, ...analyze)).toStrictEqual(first);
    const before = await code();
    for (let again = 0; again < 3; again++) expect(run({}, ...analyze)).toStrictEqual(first);
    expect(await kept()).toStrictEqual(files);
    expect((await code()).map(({ length }) => length)).toStrictEqual(before.map(({ length }) => length));
  });

  test("grows by runs of another kind, asked ever more seldom whether one was", async () => {
    const fileOf = async (name: string) =>
      (await kept()).find((each) => path.basename(each).startsWith(name))!;
    const sizeOf = async (name: string) => (await stat(await fileOf(name))).size;
    const anHourLater = async () => {
      const then = new Date(Date.now() - 60 * 60 * 1000);
      for (const file of await kept()) await utimes(file, then, then);
    };
    const analyze = (...more: readonly string[]) =>
      expect(run({}, "analyze", path.resolve("examples/card-payment.asl.json"), ...more).status).toBe(0);
    analyze("--format", "json");
    const [start, analysis] = [await sizeOf("start-"), await sizeOf("analysis-")];
    analyze();
    expect(await sizeOf("analysis-")).toBeGreaterThan(1.05 * analysis);
    await anHourLater();
    run({}, "--help");
    expect(await sizeOf("start-")).toBeGreaterThan(1.05 * start);
    for (let again = 0; again < 3; again++) analyze();
    const asked = await stat(await fileOf("analysis-"));
    analyze();
    expect((await stat(await fileOf("analysis-"))).mtimeMs).toBe(asked.mtimeMs);
  });

  test("is made by a long run for want of a short one, and grows by short ones alone", async () => {
    const long = path.join(installed, "long.cjs");
    await writeFile(long, "while (process.cpuUsage().user < 2e6) for (let i = 0; i < 1e7; i++);");
    const sizes = async () => Promise.all((await kept()).map(async (file) => (await stat(file)).size));
    const analyzeAfter = (before: string, ...more: readonly string[]) => {
      const definition = path.resolve("examples/card-payment.asl.json");
      expect(run({ NODE_OPTIONS: `--require=${before}` }, "analyze", definition, ...more).status).toBe(0);
    };
    analyzeAfter(long, "--format", "json");
    const files = await kept();
    expect(files.length).toBeGreaterThan(3);
    // What was hot in the long run is known with its code, to every run that takes it.
    analyzeAfter("node:fs", "--format", "json");
    expect(await kept()).toStrictEqual([]);
    analyzeAfter("node:fs", "--format", "json");
    expect(await kept()).toStrictEqual(files);
    const json = await sizes();
    analyzeAfter(long);
    expect(await sizes()).toStrictEqual(json);
    analyzeAfter("node:fs");
    expect(Math.max(...(await sizes()))).toBeGreaterThan(1.05 * Math.max(...json));
  });

  test("is not made by a run that failed, which has seen little of it", async () => {
    expect(run({}, "analyze", inBundle("no-such-path"))).toMatchObject({ status: 2 });
    expect(await kept()).toStrictEqual([]);
  });

  test.each([
    ["emptied", () => Buffer.alloc(0)],
    ["cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ["zeroed in the middle", (bytes: Buffer) => Buffer.from(bytes).fill(0, 4096)],
    ["of other bits", (bytes: Buffer) => bytes.map((byte, i) => (i % 97 === 60 ? byte ^ 0x55 : byte))],
  ])("%s, is made again", async (_how, spoil) => {
    const first = run();
    const files = await kept();
    for (const file of files) await writeFile(file, spoil(await readFile(file)));
    const largest = files.find((file) => path.basename(file).startsWith("start-"))!;
    const spoilt = await readFile(largest);
    expect(run()).toStrictEqual(first);
    expect((await readFile(largest)).equals(spoilt)).toBe(false);
  });

  test("is not taken for a chunk that has changed, be it as long as before", async () => {
    const before = run();
    const start = (await readdir(inBundle())).find((file) => file.startsWith("start-"))!;
    const cli = inBundle(start);
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

  test("made under other flags stands beside it, once for all that are none of V8's", async () => {
    const first = run();
    const files = await kept();
    const under = (flags: string) => expect(run({ NODE_OPTIONS: flags })).toStrictEqual(first);
    for (const flags of ["--no-warnings", "--no-deprecation", "--require=node:fs"]) under(flags);
    expect(await kept()).toHaveLength(2 * files.length);
    expect(await kept()).toEqual(expect.arrayContaining(files));
    // To the code that it makes, this matters to some versions of V8.
    under("--max-old-space-size=1024");
    expect([2, 3].map((copies) => copies * files.length)).toContain((await kept()).length);
  });

  test("is not made for another's installation", async (context) => {
    if (process.geteuid?.() !== 0) return context.skip();
    await chown(inBundle(), 65_534, 65_534);
    try {
      expect(run()).toMatchObject({ status: 0, stderr: "" });
      expect(await kept()).toStrictEqual([]);
    } finally {
      await chown(inBundle(), 0, 0);
    }
  });

  test("is left out where nothing can be written", async () => {
    // A file in the folder's place: not even root can write into it.
    await writeFile(inBundle("code-cache"), "");
    expect(run()).toMatchObject({ status: 0, stderr: "" });
  });

  test("a broken bundle is told in one line", async () => {
    const cli = inBundle("cli.cjs");
    const text = await readFile(cli, "utf8");
    try {
      await writeFile(cli, "}");
      const { status, stderr } = run();
      expect(stderr).toMatch(/^stepfare: it could not be started: .+\n$/);
      expect(status).toBe(70);
    } finally {
      await writeFile(cli, text);
    }
  });

  test("texts of other languages that lie beside the installation are none of ours", async () => {
    const asked = () => run({ LANG: "en_US.UTF-8" }, "--help");
    const before = asked();
    expect(before.stdout).toContain("Commands:");
    const locales = path.join(installed, "..", "locales");
    await mkdir(locales);
    for (const name of ["en.json", "en_US.json", "C.json"]) await writeFile(path.join(locales, name), "{bad");
    expect(asked()).toStrictEqual(before);
  });
});
