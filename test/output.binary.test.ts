/** Whatever standard output is, all of a report arrives there, and no more is loaded for it than it takes. */
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const binary = path.resolve("bin/stepfare.js");
const ARGS = ["analyze", path.resolve("examples/order-processing.asl.json")];
/** A page is longer than any pipe holds. */
const PAGE = [...ARGS, "--format", "html"];

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), "stepfare-output-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

function inBash(script: string, args: readonly string[] = PAGE) {
  const { stdout, stderr, status } = spawnSync(
    "bash",
    ["-o", "pipefail", "-c", script, process.execPath, binary, ...args],
    {
      cwd: folder,
      encoding: "utf8",
    },
  );
  return { stdout, stderr, status };
}

describe("a page longer than a pipe holds", () => {
  test("is the same in a file, in a pipe that is read late, and in one that was told not to wait", async () => {
    const page = inBash(`"$0" "$@" > page.html; cat page.html`);
    expect(page.stdout.length).toBeGreaterThan(100_000);
    expect(page).toMatchObject({ stderr: "", status: 0 });
    expect(inBash(`"$0" "$@" | (sleep 0.7; cat)`)).toStrictEqual(page);
    // Node's own stream sets the pipe's mode, which its child then shares.
    await writeFile(
      path.join(folder, "parent.cjs"),
      `process.stdout; process.exitCode = require("node:child_process").spawnSync(process.execPath, process.argv.slice(2), { stdio: "inherit" }).status;`,
    );
    expect(inBash(`"$0" parent.cjs "$@" | (sleep 0.7; cat)`)).toStrictEqual(page);
  });

  test("is cut off without a word by a reader that has gone", () => {
    const { stdout, stderr, status } = inBash(`"$0" "$@" | head -c 100`);
    expect({ length: stdout.length, stderr, status }).toStrictEqual({ length: 100, stderr: "", status: 0 });
  });
});

test.each([
  ["a pipe", `"$0" "$@" | cat`],
  ["a file", `"$0" "$@" > out.txt`],
])("Node's streams are not loaded to write to %s", async (_what, script) => {
  await writeFile(
    path.join(folder, "loaded.cjs"),
    `process.on("exit", () => require("node:fs").writeFileSync("loaded.txt", process.moduleLoadList.join("\\n")));
process.argv.splice(1, 1);
require(process.argv[1]);`,
  );
  for (const args of [["--help"], ARGS]) {
    const { stderr, status } = inBash(script.replace(`"$@"`, `loaded.cjs "$@"`), args);
    expect({ stderr, status }).toStrictEqual({ stderr: "", status: 0 });
    const loaded = (await readFile(path.join(folder, "loaded.txt"), "utf8")).split("\n");
    expect(loaded).toContain("NativeModule fs");
    expect(loaded).not.toContain("NativeModule internal/streams/writable");
  }
});
