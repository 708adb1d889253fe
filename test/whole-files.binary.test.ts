/** Files are written whole or not at all: on a full disk, into a read-only folder, and when the writer is killed. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const binary = path.resolve("bin/stepfare.js");
const BEFORE = "what stood here before\n";
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "whole-"));
  await cp("examples/order-processing.asl.json", path.join(folder, "a.asl.json"));
  await writeFile(path.join(folder, "out.json"), BEFORE);
});

afterEach(async () => {
  await chmod(folder, 0o755);
  await rm(folder, { recursive: true, force: true });
});

const ARGS = ["analyze", "a.asl.json", "--format", "json", "-o", "out.json"];

test.skipIf(process.platform === "win32")("no room: exit code 2, and the file is as it was", async () => {
  // The limit on the size of files stands for a disk that is full: the write fails in the middle.
  const limited = `trap '' XFSZ; ulimit -f 8; exec "$0" "$@"`;
  const { status, stderr } = spawnSync("bash", ["-c", limited, process.execPath, binary, ...ARGS], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(stderr).toContain("Cannot write");
  expect(status).toBe(2);
  expect(await readFile(path.join(folder, "out.json"), "utf8")).toBe(BEFORE);
  expect((await readdir(folder)).sort()).toStrictEqual(["a.asl.json", "out.json"]);
});

/**
 * Runs a program that must heed a folder's mode. Root heeds none, so it gives up that one right and nothing else:
 * as another user it might not even start, where Node or the project lies in a folder of root's own.
 */
const HEEDING = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-dac_override"] : [];
const [heeding, ...heedingArgs] = [...HEEDING, process.execPath];
const canHeed = spawnSync(heeding, [...heedingArgs, "--version"]).status === 0;

test.skipIf(process.platform === "win32" || !canHeed)("a read-only folder", async () => {
  await chmod(folder, 0o555);
  const { status, stderr } = spawnSync(heeding, [...heedingArgs, binary, ...ARGS], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(stderr).toContain("Cannot write");
  expect(stderr).toContain("permission denied");
  expect(status).toBe(2);
  expect(await readFile(path.join(folder, "out.json"), "utf8")).toBe(BEFORE);
  expect((await readdir(folder)).sort()).toStrictEqual(["a.asl.json", "out.json"]);
});

test.each([
  ["a.asl.json/out.json", "a part of the path is a file, not a folder"],
  ...(existsSync("/dev/full") ? [["/dev/full", "no space left on the device"]] : []),
  ...(existsSync("/proc/self") ? [["/proc/out.json", "no such file or folder"]] : []),
])("%s cannot be written to: exit code 2, the reason, and no draft", async (file = "", reason = "") => {
  const args = [...ARGS.slice(0, -1), file];
  const { status, stderr, stdout } = spawnSync(process.execPath, [binary, ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(stderr).toContain(reason);
  expect({ status, stdout }).toStrictEqual({ status: 2, stdout: "" });
  expect((await readdir(folder)).sort()).toStrictEqual(["a.asl.json", "out.json"]);
});

test.skipIf(!existsSync("/dev/full"))("standard output that is full: exit code 2 and the reason", () => {
  const to = `exec "$0" "$@" > /dev/full`;
  const { status, stderr } = spawnSync("bash", ["-c", to, process.execPath, binary, ...ARGS.slice(0, -2)], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(stderr).toBe("stepfare: Cannot write the output: no space left on the device.\n");
  expect(status).toBe(2);
});

test("killed at any moment: the old file, or the new one", async () => {
  const whole = spawnSync(process.execPath, [binary, ...ARGS.slice(0, -2)], {
    cwd: folder,
    encoding: "utf8",
  }).stdout;
  for (const share of [0.5, 0.8, 0.9, 0.95, 1, 1.1]) {
    const began = performance.now();
    spawnSync(process.execPath, [binary, ...ARGS], { cwd: folder });
    const lasts = performance.now() - began;
    await writeFile(path.join(folder, "out.json"), BEFORE);
    const child = spawn(process.execPath, [binary, ...ARGS], { cwd: folder });
    const ended = new Promise((resolve) => child.once("close", resolve));
    await new Promise((resolve) => setTimeout(resolve, lasts * share));
    child.kill("SIGKILL");
    await ended;
    expect([BEFORE, whole]).toContain(await readFile(path.join(folder, "out.json"), "utf8"));
  }
}, 60_000);
