/** Input nobody would hand over on purpose: each is handled or refused with its place, soon, and nothing of it reaches the terminal raw. */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AnalysisReport } from "../src/report/analysis-report.ts";

const binary = path.resolve("bin/stepfare.js");
const MOST_SECONDS = 80;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "stepfare-bad-input-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function analyze(...options: string[]): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [binary, "analyze", ...options], {
    cwd: folder,
    encoding: "utf8",
    timeout: MOST_SECONDS * 1000,
    env: { ...process.env, NO_COLOR: "1", COLUMNS: "100" },
    maxBuffer: 1 << 28,
  });
  // A run past its time is killed and has no status.
  expect(status).not.toBeNull();
  expect(stderr).not.toContain("this is a bug in stepfare");
  for (const text of [stdout, stderr]) expect(rawControls(text)).toEqual([]);
  return { status, stdout, stderr };
}

/** Control characters other than a line's end (CSV's has two), and those that turn the reading direction. */
function rawControls(text: string): number[] {
  return [...text.replaceAll("\r\n", "\n")]
    .map((character) => character.codePointAt(0)!)
    .filter((code) => (code < 0x20 && code !== 0x0a) || (code >= 0x7f && code < 0xa0) || turns(code));
}

function turns(code: number): boolean {
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

async function written(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(path.join(folder, name), content);
  return name;
}

function report(...options: string[]): AnalysisReport {
  const { status, stdout } = analyze(...options, "--format", "json");
  expect(status).toBe(0);
  return JSON.parse(stdout) as AnalysisReport;
}

function codes({ diagnostics, workflows }: AnalysisReport): string[] {
  return [...diagnostics, ...workflows.flatMap((workflow) => workflow.diagnostics)].map(({ code }) => code);
}

const PASS = { Type: "Pass", End: true };
const ONE = JSON.stringify({ StartAt: "A", States: { A: PASS } });

function named(name: string): string {
  const key = JSON.stringify(name);
  return `{"StartAt":${key},"States":{${key}:${JSON.stringify(PASS)}}}`;
}

describe("nothing to analyse: exit 2, and why", () => {
  test.each([
    ["not-json.asl.json", "{ this is not JSON", "not-json.asl.json:1:"],
    ["prose.asl.json", "Dear reader, this is a letter.", "prose.asl.json:1:"],
    ["list.asl.json", "[1, 2, 3]", "no-definition"],
    ["not-asl.asl.json", '{ "hello": "world" }', "not-asl.asl.json:1:"],
    ["empty.asl.json", "", "empty.asl.json"],
    ["blank.asl.json", " \n\n ", "blank.asl.json"],
    ["null.asl.json", "null", "no-definition"],
    [
      "nowhere.asl.json",
      '{ "StartAt": "B", "States": { "A": { "Type": "Pass", "End": true } } }',
      "unknown-target",
    ],
  ])("%s", async (name, content, said) => {
    const { status, stderr } = analyze(await written(name, content));
    expect(status).toBe(2);
    expect(stderr).toContain(said);
  });

  test("a file that is not there", () => {
    const { status, stderr } = analyze("missing.asl.json");
    expect(status).toBe(2);
    expect(stderr).toContain("missing.asl.json");
  });

  test("UTF-16 cut in the middle of a character, and bytes that are no text", async () => {
    const cut = await written(
      "cut.asl.json",
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(ONE, "utf16le").subarray(0, 21)]),
    );
    expect(analyze(cut).status).toBe(2);
    const bytes = await written(
      "bytes.asl.json",
      Uint8Array.from({ length: 4096 }, (_, i) => (i * 89) % 256),
    );
    expect(analyze(bytes).status).toBe(2);
  });
});

describe("unusual text, read as it is meant", () => {
  test.each([
    ["bom.asl.json", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(ONE)])],
    ["utf16le.asl.json", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(ONE, "utf16le")])],
    ["utf16be.asl.json", Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(ONE, "utf16le").swap16()])],
  ])("%s", async (name, content) => {
    const { workflows } = report(await written(name, content), "--executions", "1M");
    expect(workflows[0]!.transitions.mean).toBe(2);
    expect(codes({ diagnostics: [], workflows } as unknown as AnalysisReport)).toEqual([]);
  });

  test("duplicate keys: a diagnostic at the second one, and an analysis", async () => {
    const text =
      '{ "StartAt": "A", "States": {\n "A": { "Type": "Pass", "End": true },\n "A": { "Type": "Succeed" } } }';
    const analysis = report(await written("twice.asl.json", text));
    const [duplicate] = analysis.workflows[0]!.diagnostics.filter(({ code }) => code.includes("duplicate"));
    expect(duplicate!.at).toMatchObject({ line: 3 });
  });
});

describe("names that would like to be something else", () => {
  const unicode = "é漢字🎉".repeat(30).slice(0, 80);
  const NAMES = [
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "a | b | c",
    "`code` and **bold** <script>alert(1)</script>",
    "\u001b[31mred\u001b[0m \u001b]0;title\u0007",
    "a\nb\rc\td",
    "\u202egnp.exe",
    unicode,
    "{{definition}} {{{raw}}}",
    '=HYPERLINK("http://example.com")',
  ];
  // Each leads to the next. Written by hand: an object literal's __proto__ is no key.
  const links = NAMES.map((name, at) => {
    const next = at + 1 < NAMES.length ? { Next: NAMES[at + 1] } : { End: true };
    return `${JSON.stringify(name)}:${JSON.stringify({ Type: "Pass", ...next })}`;
  });
  const chain = `{"StartAt":${JSON.stringify(NAMES[0])},"States":{${links.join(",")}}}`;

  test.each(["table", "markdown", "csv"])("all in one definition, as %s", async (format) => {
    const { status, stdout } = analyze(
      await written("names.asl.json", chain),
      "--format",
      format,
      "--verbose",
    );
    expect(status).toBe(0);
    if (format === "markdown") expect(stdout).not.toContain("<script>");
  });

  test("all in one definition, and each as the only state of its own", async () => {
    const alone = NAMES.map((name, at) =>
      written(`alone-${String(at).padStart(2, "0")}.asl.json`, named(name)),
    );
    const files = [await written("names.asl.json", chain), ...(await Promise.all(alone))];
    const [together, ...each] = report(...files).workflows;
    expect(together!.states.map((state) => state.name)).toEqual(NAMES);
    expect(together!.transitions.mean).toBe(NAMES.length + 1);
    expect(each.map(({ states }) => states.map((state) => state.name))).toEqual(NAMES.map((name) => [name]));
    for (const { transitions } of each) expect(transitions.mean).toBe(2);
  });
});

describe("size and depth", () => {
  const longChain = (length: number): string => {
    const states = Array.from({ length }, (_, at) => {
      const link = at === length - 1 ? '"End":true' : `"Next":"S${at + 1}"`;
      return `"S${at}":{"Type":"Pass",${link}}`;
    });
    return `{"StartAt":"S0","States":{${states.join(",")}}}`;
  };

  // AWS takes no larger one, and what recurses over a chain overflows its stack at ten thousand or so.
  test("a definition of 1 MB says that AWS takes no more", async () => {
    const states = longChain(30_000);
    expect(states.length).toBeGreaterThan(1_048_576);
    const { workflows } = report(await written("large.asl.json", states), "--executions", "1");
    expect(workflows[0]!.transitions.mean).toBe(30_001);
    expect(workflows[0]!.limits.find(({ code }) => code === "definition-size")!.text).toContain(
      "larger than",
    );
  });

  test("20,000 states in a chain, as a table", async () => {
    const { status, stdout } = analyze(await written("chain.asl.json", longChain(20_000)));
    expect(status).toBe(0);
    expect(stdout).toContain("20,001 transitions per execution");
  });

  test("2^200 paths are counted, not walked", async () => {
    const states = Array.from({ length: 200 }, (_, at) => {
      const next = at === 199 ? "End" : `C${at + 1}`;
      return [
        [
          `C${at}`,
          { Type: "Choice", Choices: [{ Variable: "$.a", IsNull: true, Next: `A${at}` }], Default: `B${at}` },
        ],
        [`A${at}`, { Type: "Pass", Next: next }],
        [`B${at}`, { Type: "Pass", Next: next }],
      ];
    }).flat() as [string, object][];
    const definition = {
      StartAt: "C0",
      States: Object.fromEntries([...states, ["End", { Type: "Succeed" }]]),
    };
    const { workflows } = report(await written("paths.asl.json", JSON.stringify(definition)));
    expect(workflows[0]!.paths.count).toBe((2n ** 200n).toString());
  });

  test.each([
    ["arrays", "[".repeat(100_000) + "]".repeat(100_000)],
    ["objects", '{"a":'.repeat(100_000) + "1" + "}".repeat(100_000)],
  ])("JSON %s 100,000 deep", async (_, deep) => {
    const text = `{"StartAt":"A","States":{"A":{"Type":"Pass","Result":${deep},"End":true}}}`;
    const { status } = analyze(await written("deep.asl.json", text));
    expect([0, 2]).toContain(status);
  });

  test("Maps in Maps, 500 deep", async () => {
    let definition: object = { StartAt: "A", States: { A: PASS } };
    for (let depth = 0; depth < 500; depth += 1) {
      definition = {
        StartAt: `M${depth}`,
        States: { [`M${depth}`]: { Type: "Map", ItemProcessor: definition, End: true } },
      };
    }
    const { status } = analyze(await written("maps.asl.json", JSON.stringify(definition)));
    expect([0, 2]).toContain(status);
  });

  test("YAML that names itself, and YAML that would grow to gigabytes", async () => {
    const cyclic = "StartAt: A\nStates: &states\n  A:\n    Type: Pass\n    Result: *states\n    End: true\n";
    expect([0, 2]).toContain(analyze(await written("cyclic.asl.yaml", cyclic)).status);
    const levels = Array.from({ length: 12 }, (_, at) => {
      const before = at === 0 ? '"lol"' : `*l${at - 1}`;
      return `l${at}: &l${at} [${Array.from({ length: 10 }, () => before).join(", ")}]`;
    });
    const bomb = `${levels.join("\n")}\nStartAt: A\nStates: { A: { Type: Pass, Result: *l11, End: true } }\n`;
    expect([0, 2]).toContain(analyze(await written("bomb.asl.yaml", bomb)).status);
  });
});

describe("figures that cannot be", () => {
  const choice = {
    StartAt: "Route",
    States: {
      Route: {
        Type: "Choice",
        Choices: [
          { Variable: "$.a", IsNull: true, Next: "A" },
          { Variable: "$.b", IsNull: true, Next: "B" },
        ],
        Default: "C",
      },
      A: PASS,
      B: PASS,
      C: PASS,
    },
  };

  async function withWorkload(states: string): Promise<Run> {
    await written("choice.asl.json", JSON.stringify(choice));
    await written("stepfare.yml", `workflows:\n  choice:\n    states:\n${states}`);
    const run = analyze("choice.asl.json", "--executions", "1M");
    await rm(path.join(folder, "stepfare.yml"));
    return run;
  }

  test.each([
    ["shares above 1 together", "      Route: { choices: { A: 0.7, B: 0.6 } }\n", /stepfare\.yml:4.*1\.3/],
    ["a share above 1", "      Route: { choices: { A: 1.2 } }\n", /stepfare\.yml:4/],
    ["a negative share", "      Route: { choices: { A: -0.1 } }\n", /stepfare\.yml:4/],
    ["a share that is no number", "      Route: { choices: { A: .nan } }\n", /stepfare\.yml:4/],
    ["an endless duration", "      A: { duration: .inf }\n", /stepfare\.yml:4/],
    ["negative items", "      A: { items: -3 }\n", /stepfare\.yml:4/],
    ["a low above its high", "      A: { items: { low: 5, likely: 3, high: 1 } }\n", /stepfare\.yml:4/],
    ["an unknown key", "      A: { itmes: 3 }\n", /items/],
    ["YAML that is none", "      A: { items: [}\n", /stepfare\.yml:4/],
  ])("%s: exit 2, with the place", async (_, states, said) => {
    const { status, stderr } = await withWorkload(states);
    expect(status).toBe(2);
    expect(stderr).toMatch(said);
  });

  test("a share for a state that is not there: a warning with the nearest name", async () => {
    const { status, stdout } = await withWorkload("      Ruote: { choices: { A: 0.5 } }\n");
    expect(status).toBe(0);
    expect(stdout).toMatch(/Ruote[\s\S]*Route/);
  });

  test.each([
    ["--executions", "-5"],
    ["--executions", "NaN"],
    ["--executions", "many"],
    ["--format", "poem"],
    ["--region", "mars-1"],
    ["--unheard-of", "1"],
  ])("%s %s: exit 2", async (...options) => {
    const { status, stderr } = analyze(await written("one.asl.json", ONE), ...options);
    expect(status).toBe(2);
    expect(stderr).toContain("stepfare:");
  });
});

test("a definition with errors: all of them at once, and an analysis of the rest", async () => {
  const definition = {
    StartAt: "A",
    States: {
      A: { Type: "Pass", Next: "Nowhere" },
      B: { Type: "Pass", End: true },
      C: { Type: "Wait", Seconds: "ten", End: true },
      D: { Type: "Tusk", End: true },
    },
  };
  const analysis = report(
    await written("errors.asl.json", JSON.stringify(definition, null, 2)),
    "--executions",
    "1M",
  );
  const errors = analysis.workflows[0]!.diagnostics.filter(({ severity }) => severity === "error");
  expect(errors.map(({ code }) => code)).toEqual(
    expect.arrayContaining(["unknown-target", "unreachable-state", "wrong-type", "unknown-state-type"]),
  );
  for (const { at } of errors) expect(at).toMatchObject({ file: "errors.asl.json" });
  expect(analysis.workflows[0]!.transitions.mean).toBe(2);
});

test("the order workflow of the examples: $175.40 as Standard, Express blocked by the token Task at its line", () => {
  const { status, stdout } = analyze(
    path.resolve("examples/order-processing.asl.json"),
    "--executions",
    "1M",
  );
  expect(status).toBe(0);
  const words = stdout.replaceAll(/\s+/g, " ");
  expect(words).toContain("$175.40");
  expect(words).toMatch(/ManualReview \(order-processing\.asl\.json ?:16\): it waits for a task token/);
});
