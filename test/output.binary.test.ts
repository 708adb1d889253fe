/** Whatever standard output is, all of a report arrives there, and no more is loaded for it than it takes. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
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

/** Half a megabyte in a failed comparison is not read by anybody. */
const inShort = ({ stdout, ...rest }: ReturnType<typeof inBash>) => ({
  ...rest,
  length: stdout.length,
  hash: createHash("sha256").update(stdout).digest("hex"),
});

describe("a page longer than a pipe holds", () => {
  test("is the same in a file, in a pipe that is read late, and in one that was told not to wait", async () => {
    const page = inShort(inBash(`"$0" "$@" > page.html; cat page.html`));
    expect(page.length).toBeGreaterThan(100_000);
    expect(page).toMatchObject({ stderr: "", status: 0 });
    expect(inShort(inBash(`"$0" "$@" | (sleep 0.7; cat)`))).toStrictEqual(page);
    // Node's own stream sets the mode of a pipe, for all that share it and as long as it lives.
    await writeFile(
      path.join(folder, "share.cjs"),
      `const { existsSync, writeFileSync } = require("node:fs");
process.stdout;
writeFileSync("shared", "");
setInterval(() => existsSync("written") && process.exit(), 20);`,
    );
    const shared = `("$0" share.cjs & until [ -e shared ]; do sleep 0.02; done; "$0" "$@"; echo $? > written; wait)`;
    expect(inShort(inBash(`${shared} | (sleep 0.7; cat)`))).toStrictEqual(page);
    expect(await readFile(path.join(folder, "written"), "utf8")).toBe("0\n");
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
