/** The pages a newcomer reads: every command in them runs, and what they show is what stepfare says. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMMAND_NAMES } from "../src/commands/command-line.ts";
import { openDuck, writeBills } from "./bill/bill-fixture.ts";
import { fleet, machine } from "./commands/fleet-fixture.ts";
import { readWorkloadFile } from "../src/workflow/workload/workload-file-reader.ts";

const PAGES = ["README.md", "docs/how-it-counts.md", "docs/capacity.md"] as const;
const run = promisify(execFile);
const bin = path.resolve("bin/stepfare.js");
const texts = new Map(
  await Promise.all(PAGES.map(async (page) => [page, await readFile(page, "utf8")] as const)),
);
const readme = texts.get("README.md") ?? "";

function blocks(text: string, language: string): readonly string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
    ([, body = ""]) => body,
  );
}

/** `stepfare …` of shell blocks, tables and sentences, without what stands before it in the line. */
function commandsIn(text: string): readonly string[] {
  const inBlocks = blocks(text, "sh").flatMap((block) => block.match(/stepfare .*$/gm) ?? []);
  const inline = [...text.matchAll(/`(stepfare [^`]+)`/g)].map(([, command = ""]) => command);
  return [...inBlocks, ...inline];
}

async function writeBill(file: string): Promise<void> {
  const duck = await openDuck();
  const bills = await writeBills(duck);
  await cp(bills.get("cur.snappy.parquet")!, file);
  await duck.close();
}

describe("the pages", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "stepfare-pages-"));
    await cp("examples", path.join(folder, "examples"), { recursive: true });
    await cp("examples", path.join(folder, "workflows"), { recursive: true });
    const order = await readFile("examples/order-processing.asl.json");
    for (const name of ["order.asl.json", "FILE"]) await writeFile(path.join(folder, name), order);
    const month = fleet([machine("orders", 1_000_000, { region: "us-east-1" })]);
    await mkdir(path.join(folder, "fleets"));
    for (const name of ["fleets/2026-10.json", "fleet.json"]) await writeFile(path.join(folder, name), month);
    await writeBill(path.join(folder, "cur.parquet"));
    await git("init", "--quiet");
    await git("add", ".");
    await git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "one");
    await git("update-ref", "refs/remotes/origin/main", "HEAD");
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const git = (...args: readonly string[]) => run("git", args, { cwd: folder });

  /** In an environment of its own, so that neither a CI nor an AWS profile has a say. */
  function start(command: string) {
    const env = { PATH: process.env["PATH"], COLUMNS: "80" };
    return run(process.execPath, [bin, ...command.split(" ").slice(1)], { cwd: folder, env });
  }

  async function stepfare(command: string): Promise<string> {
    const { stdout, stderr } = await start(command);
    expect(stderr).not.toMatch(/^(stepfare|error|warning):/m);
    return stdout;
  }

  const commands = [...texts].flatMap(([page, text]) =>
    commandsIn(text).map((command) => ({ page, command })),
  );
  // A command named without its arguments is only spoken of; updating prices and commenting need a network.
  const complete = commands.filter(
    ({ command }) => !/^stepfare (\w+|prices update|comment .*)$/.test(command),
  );

  it("name commands that there are", () => {
    const words = commands.map(({ command }) => command.split(" ")[1] ?? "");
    expect(words.length).toBeGreaterThan(10);
    expect(words.filter((word) => !word.startsWith("-") && !COMMAND_NAMES.includes(word))).toStrictEqual([]);
  });

  it.each(complete)("$page: $command", async ({ command }) => {
    const said = await stepfare(command);
    if (!/ (-o|--output) /.test(command)) expect(said).not.toBe("");
  });

  it("comment on what diff wrote: outside a CI that lacks only the pull request", async () => {
    const [diff = "", comment = ""] = commands
      .filter(({ command }) => / diff\.json\b/.test(command))
      .map((each) => each.command);
    await stepfare(diff);
    await expect(start(comment)).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("--url") });
  });

  it("show the first screen as it is", async () => {
    const [block = ""] = blocks(readme, "console");
    const [prompt = "", ...lines] = block.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.at(-1)).toBe("…");
    const said = (await stepfare(prompt.replace(/^\$ /, ""))).split("\n");
    expect(lines.slice(0, -1)).toStrictEqual(said.slice(0, lines.length - 1));
  });

  it("show a stepfare.yml that is valid", () => {
    const [block = ""] = blocks(readme, "yaml");
    const { errors, workloadFile } = readWorkloadFile(block, "stepfare.yml");
    expect(errors).toStrictEqual([]);
    expect(workloadFile?.workflows[0]?.workload.states.size).toBe(3);
  });

  it("show what the library gives", async () => {
    const [block = ""] = blocks(readme, "js");
    const library = pathToFileURL(path.resolve("dist/library.js")).href;
    const program = block.replace('"stepfare"', JSON.stringify(library));
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", program]);
    expect(block).toContain(`// ${stdout.trimEnd()}\n`);
  });

  it("say figures that hold", async () => {
    const page = texts.get("docs/how-it-counts.md") ?? "";
    expect(page).toContain("3,002 transitions a night");
    expect(await stepfare("stepfare analyze examples/nightly-transcoding.asl.json")).toContain(
      "3,002 transitions per execution",
    );
  });

  it("link to files that there are", async () => {
    for (const [page, text] of texts) {
      for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
        await expect(
          stat(path.resolve(path.dirname(page), target)),
          `${page}: ${target}`,
        ).resolves.toBeDefined();
      }
    }
  });
});
