import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { neverFailing, outputStream } from "../src/node-output.ts";
import { cacheFolder, nodeShell } from "../src/node-shell.ts";
import type { FolderEntry, ListOptions } from "../src/shell.ts";
import { columnsOf, usesColour } from "../src/shell.ts";
import { UserError } from "../src/user-error.ts";

const shell = nodeShell();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepfare-shell-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function listed(options?: ListOptions): Promise<string[]> {
  const entries: FolderEntry[] = [];
  for await (const entry of shell.list(folder, options)) entries.push(entry);
  return entries.map((entry) => `${entry.kind} ${shell.paths.relative(folder, entry.path)}`);
}

describe("files", () => {
  it("tells what cannot be read, and why", async () => {
    const missing = shell.readFile(join(folder, "none.json"));
    await expect(missing).rejects.toBeInstanceOf(UserError);
    await expect(shell.readFile(join(folder, "none.json"))).rejects.toMatchObject({
      code: "unreadable-file",
      exitCode: 2,
      message: expect.stringMatching(/none\.json: there is no such file/),
    });
    await expect(shell.readFile(folder)).rejects.toMatchObject({
      message: expect.stringMatching(/is a folder/),
    });
  });

  it("says what stands at a path", async () => {
    await writeFile(join(folder, "a"), "12345");
    expect(await shell.stat(join(folder, "a"))).toStrictEqual({ kind: "file", size: 5 });
    expect(await shell.stat(folder)).toMatchObject({ kind: "folder" });
    expect(await shell.stat(join(folder, "b"))).toBeNull();
    expect(await shell.stat(join(folder, "a", "b"))).toBeNull();
  });

  it("lists a folder before what it holds, and neither enters what it is told to leave nor follows links", async () => {
    await mkdir(join(folder, "b", "c"), { recursive: true });
    await mkdir(join(folder, "node_modules"));
    await Promise.all(
      ["a.json", "b/c/d.json", "node_modules/e.json"].map((file) => writeFile(join(folder, file), "")),
    );
    await symlink(folder, join(folder, "loop"));
    const enter = (entry: FolderEntry) => entry.name !== "node_modules";
    expect(await listed({ enter })).toStrictEqual([
      "file a.json",
      "folder b",
      "folder b/c",
      "file b/c/d.json",
      "link loop",
      "folder node_modules",
    ]);
  });

  it("follows links once when asked to, even in a circle", async () => {
    await mkdir(join(folder, "a"));
    await writeFile(join(folder, "a", "x"), "");
    await symlink(folder, join(folder, "a", "loop"));
    expect(await listed({ followLinks: true })).toStrictEqual(["folder a", "folder a/loop", "file a/x"]);
  });

  it("matches globs, sorted, without what is ignored", async () => {
    await mkdir(join(folder, "b"));
    await Promise.all(
      ["z.asl.json", "b/y.asl.json", "b/n.json"].map((file) => writeFile(join(folder, file), "")),
    );
    const found = await shell.glob(["**/*.json"], { cwd: folder, ignore: ["**/n.json"] });
    expect(found).toStrictEqual([join(folder, "b", "y.asl.json"), join(folder, "z.asl.json")]);
  });
});

describe("writeFileAtomic", () => {
  it("makes the folder, replaces the file, keeps its mode, and leaves nothing else behind", async () => {
    const file = join(folder, "deep", "report.json");
    await shell.writeFileAtomic(file, "one");
    await writeFile(file, "one", { mode: 0o640 });
    const before = (await stat(file)).mode;
    await shell.writeFileAtomic(file, "two");
    expect(await readFile(file, "utf8")).toBe("two");
    expect((await stat(file)).mode).toBe(before);
    expect(await readdir(join(folder, "deep"))).toStrictEqual(["report.json"]);
  });

  it("writes through a link", async () => {
    await writeFile(join(folder, "real"), "one");
    await symlink(join(folder, "real"), join(folder, "link"));
    await shell.writeFileAtomic(join(folder, "link"), "two");
    expect(await readFile(join(folder, "real"), "utf8")).toBe("two");
    expect((await readdir(folder)).sort()).toStrictEqual(["link", "real"]);
  });

  it("tells why it cannot, and leaves no draft", async () => {
    await expect(shell.writeFileAtomic(folder, "x")).rejects.toMatchObject({ code: "unwritable-file" });
    await writeFile(join(folder, "file"), "");
    await expect(shell.writeFileAtomic(join(folder, "file", "x"), "x")).rejects.toBeInstanceOf(UserError);
    expect(await readdir(folder)).toStrictEqual(["file"]);
  });
});

describe("output", () => {
  const streamThatFails = (code: string) =>
    new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })),
    }) as unknown as NodeJS.WriteStream;

  it("goes quiet when the reader has gone", async () => {
    const stream = outputStream(streamThatFails("EPIPE"), {});
    await expect(stream.write("a")).resolves.toBeUndefined();
    await expect(stream.write("b")).resolves.toBeUndefined();
  });

  it("does not hide any other failure", async () => {
    await expect(outputStream(streamThatFails("ENOSPC"), {}).write("a")).rejects.toMatchObject({
      code: "unwritable-output",
      message: expect.stringMatching(/no space left/),
    });
  });

  it("does where what is said beside the output cannot be written", async () => {
    const stream = neverFailing(outputStream(streamThatFails("ENOSPC"), {}));
    await expect(stream.write("a")).resolves.toBeUndefined();
  });
});

describe("terminal facts", () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: "1" }, true, false],
    [{ NO_COLOR: "" }, true, true],
    [{ FORCE_COLOR: "1" }, false, true],
    [{ FORCE_COLOR: "0" }, true, false],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, true, false],
    [{ TERM: "dumb" }, true, false],
  ])("colour with %j on a terminal %j: %j", (env, isTTY, colour) => {
    expect(usesColour(env, isTTY)).toBe(colour);
  });

  it("takes the terminal's width before COLUMNS", () => {
    expect(columnsOf({ COLUMNS: "100" }, 80)).toBe(80);
    expect(columnsOf({ COLUMNS: "100" }, undefined)).toBe(100);
    expect(columnsOf({ COLUMNS: "wide" }, undefined)).toBeNull();
  });

  it("finds the cache folder of each platform", () => {
    expect(cacheFolder("linux", { XDG_CACHE_HOME: "/x" }, "/home/a")).toBe("/x/stepfare");
    expect(cacheFolder("linux", { XDG_CACHE_HOME: "relative" }, "/home/a")).toBe("/home/a/.cache/stepfare");
    expect(cacheFolder("darwin", {}, "/Users/a")).toBe("/Users/a/Library/Caches/stepfare");
    expect(cacheFolder("win32", { LOCALAPPDATA: "C:\\L" }, "C:\\U")).toBe("C:\\L\\stepfare\\Cache");
  });
});
