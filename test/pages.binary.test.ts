/** The pages a newcomer reads: every command in them runs, and what they show is what stepfare says. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMMAND_NAMES } from "../src/commands/command-line.ts";
import { openDuck, writeBills } from "./bill/bill-fixture.ts";
import { fleet, machine } from "./commands/fleet-fixture.ts";
import { readWorkloadFile } from "../src/workflow/workload/whole-workload-file.ts";

const guides = (await readdir("docs")).filter((name) => name.endsWith(".md")).sort();
const PAGES = ["README.md", "CONTRIBUTING.md", ...guides.map((name) => `docs/${name}`), "docs/ci/README.md"];
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

/** `stepfare …` of shell blocks, tables and sentences, without what stands before it in the line and the comment after it. */
function commandsIn(text: string): readonly string[] {
  const lines = blocks(text, "sh").flatMap((block) => block.match(/stepfare .*$/gm) ?? []);
  const inBlocks = lines.map((line) => line.replace(/\s+#.*$/, ""));
  const inline = [...text.matchAll(/`(stepfare [^`]+)`/g)].map(([, command = ""]) => command);
  return [...inBlocks, ...inline];
}

/** What a page leaves to the reader to fill in. */
const PLACEHOLDERS: ReadonlyMap<string, string> = new Map([
  ["<code>", "polling-loop"],
  ["<definition>", "order.asl.json"],
]);

/** As a shell splits it: quotes hold a word together. */
function wordsOf(command: string): readonly string[] {
  const words = command.match(/"[^"]*"|\S+/g) ?? [];
  return words.map((word) => PLACEHOLDERS.get(word) ?? word.replaceAll('"', ""));
}

/** Commands that ask AWS or a forge, and where they end without credentials and network: past all that they ask of the user. */
const ASKING: readonly (readonly [pattern: RegExp, says: RegExp])[] = [
  [/^stepfare collect (?!--print-policy)/, /no credentials were found/],
  [/^stepfare reconcile .*(s3:|--athena)/, /credentials/],
  [/^stepfare prices update/, /Cannot download|cannot be reached/],
];

/** It comments on what the diff before it wrote; a test of its own runs the two. */
const COMMENTS = /^stepfare comment /;

/** The page about scenarios speaks of a workflow of its own, which its example is of. */
const SCENARIO_PAGE = "docs/scenarios.md";
const SCENARIO_FOLDER = "acted-out";
const PAYING = {
  StartAt: "Pay",
  States: {
    Pay: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Retry: [{ ErrorEquals: ["Lambda.TooManyRequestsException"] }],
      End: true,
    },
  },
};

/** The pages' order retries: what they say of retry storms is then true of it. */
function retrying(definition: string): string {
  return definition.replaceAll('"Type": "Task",', '"Type": "Task", "Retry": [{ "ErrorEquals": ["Busy"] }],');
}

async function writeScenarios(folder: string): Promise<void> {
  await mkdir(path.join(folder, "inputs"), { recursive: true });
  const [example = ""] = blocks(texts.get(SCENARIO_PAGE) ?? "", "yaml");
  await writeFile(path.join(folder, "order.scenarios.yml"), example);
  await writeFile(path.join(folder, "order.asl.json"), JSON.stringify(PAYING));
  await writeFile(path.join(folder, "inputs", "large-order.json"), "{}");
}

async function writeBillFiles(folder: string, names: readonly string[]): Promise<void> {
  const duck = await openDuck();
  const bills = await writeBills(duck);
  for (const name of names) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    const kind = name.endsWith(".gz") ? "legacy.csv.gz" : "cur.snappy.parquet";
    await cp(bills.get(kind)!, path.join(folder, name));
  }
  await duck.close();
}

describe("the pages", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "stepfare-pages-"));
    await cp("examples", path.join(folder, "examples"), { recursive: true });
    await cp("examples", path.join(folder, "workflows"), { recursive: true });
    const order = await readFile("examples/order-processing.asl.json", "utf8");
    for (const name of ["order.asl.json", "FILE"]) await writeFile(path.join(folder, name), retrying(order));
    await writeScenarios(path.join(folder, SCENARIO_FOLDER));
    const month = fleet([machine("orders", 1_000_000, { region: "us-east-1" })]);
    await mkdir(path.join(folder, "fleets"));
    for (const name of ["fleets/2026-10.json", "fleet.json"]) await writeFile(path.join(folder, name), month);
    const before = fleet([machine("orders", 950_000, { region: "us-east-1" })], { month: "2026-09" });
    await writeFile(path.join(folder, "fleets/2026-09.json"), before);
    await writeBillFiles(folder, ["cur.parquet", "more.csv.gz", "cur/2026-10.parquet"]);
    await git("init", "--quiet");
    await git("add", ".");
    await git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "one");
    await git("update-ref", "refs/remotes/origin/main", "HEAD");
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const git = (...args: readonly string[]) => run("git", args, { cwd: folder });

  /** In an environment of its own, so that neither a CI nor an AWS profile has a say. */
  function start(command: string, page = "") {
    // What could be asked is not there: neither AWS's metadata address nor a way to the network.
    const nowhere = "http://127.0.0.1:9";
    const env = {
      PATH: process.env["PATH"],
      COLUMNS: "80",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_REGION: "us-east-1",
      HTTPS_PROXY: nowhere,
      HTTP_PROXY: nowhere,
    };
    return run(process.execPath, [bin, ...wordsOf(command).slice(1)], {
      cwd: page === SCENARIO_PAGE ? path.join(folder, SCENARIO_FOLDER) : folder,
      env,
    });
  }

  async function stepfare(command: string, page = ""): Promise<string> {
    const { stdout, stderr } = await start(command, page);
    expect(stderr).not.toMatch(/^(stepfare: (?!wrote )|error:|warning:)/m);
    return stdout;
  }

  const commands = [...texts].flatMap(([page, text]) =>
    commandsIn(text).map((command) => ({ page, command })),
  );
  // A command named without its arguments is only spoken of. Each is run once, however many pages name it.
  const seen = new Set<string>();
  const complete = commands.filter(({ command }) => {
    if (/^stepfare (\w+)$/.test(command) || COMMENTS.test(command) || seen.has(command)) return false;
    seen.add(command);
    return true;
  });
  const askingOf = (command: string) => ASKING.find(([pattern]) => pattern.test(command));

  it("name commands that there are", () => {
    const words = commands.map(({ command }) => command.split(" ")[1] ?? "");
    expect(words.length).toBeGreaterThan(10);
    expect(words.filter((word) => !word.startsWith("-") && !COMMAND_NAMES.includes(word))).toStrictEqual([]);
  });

  it.each(complete.filter(({ command }) => askingOf(command)))(
    "$page: $command (asks)",
    async ({ command }) => {
      const [, says] = askingOf(command)!;
      await expect(start(command)).rejects.toMatchObject({ code: 3, stderr: expect.stringMatching(says) });
    },
  );

  it.each(complete.filter(({ command }) => !askingOf(command)))(
    "$page: $command",
    async ({ page, command }) => {
      const said = await stepfare(command, page);
      if (!/ (-o|--output) /.test(command)) expect(said).not.toBe("");
    },
  );

  it.each(["diff.json", "stepfare-diff.json"])(
    "comment on what diff wrote to %s: outside a CI that lacks only the pull request",
    async (file) => {
      const [diff = "", comment = ""] = commands
        .map(({ command }) => command)
        .filter((command) => wordsOf(command).includes(file));
      expect(comment).toMatch(COMMENTS);
      await stepfare(diff);
      await expect(start(comment)).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringContaining("--url"),
      });
    },
  );

  it("name npm scripts that there are", async () => {
    const { scripts } = JSON.parse(await readFile("package.json", "utf8")) as { scripts: object };
    const named = [...texts.values()].flatMap((text) =>
      [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = ""]) => name),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toStrictEqual([]);
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
