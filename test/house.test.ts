/** The walls of the house: which room may import which, how files are named and how long they grow. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { cruise, type ICruiseResult, type IForbiddenRuleType } from "dependency-cruiser";
import { globSync } from "tinyglobby";
import { beforeAll, describe, expect, test } from "vitest";

/** Each room with the rooms it may import; the reason is what a failing build prints. */
const rooms: Record<string, { mayImport: readonly string[]; because: string }> = pipeline();

function pipeline() {
  const river: readonly (readonly string[])[] = [
    ["workflow"],
    ["graph"],
    ["scenario", "observation"],
    ["usage"],
    ["cost"],
    ["capacity"],
    ["recommendation"],
    ["report"],
  ];
  const because = "data flows one way: a room imports only rooms further up the river";
  const walls: Record<string, { mayImport: readonly string[]; because: string }> = {};
  const upstream: string[] = [];
  for (const stage of river) {
    for (const room of stage) walls[room] = { mayImport: [...upstream], because };
    upstream.push(...stage);
  }
  return {
    ...walls,
    render: { mayImport: ["report"], because: "a renderer turns a report into text and computes nothing" },
    source: { mayImport: ["workflow"], because: "finding workflows knows nothing of what they cost" },
    aws: { mayImport: ["workflow", "observation"], because: "AWS is where workflows and figures come from" },
    bill: { mayImport: ["workflow", "usage"], because: "a bill is billed usage, nothing more" },
    page: {
      mayImport: [...upstream, "render"],
      because: "a page's script draws and calculates with the pure rooms, in a browser",
    },
    forge: { mayImport: [], because: "a forge is handed text and knows nobody" },
    commands: {
      mayImport: [...upstream, "source", "render"],
      because: "commands reach AWS, bills and forges through the Shell, so that tests need no mocks",
    },
  };
}

const edges = [
  "src/cli.ts",
  "src/node-shell.ts",
  "src/node-output.ts",
  "src/node-fault.ts",
  "src/node-git.ts",
  "src/aws/",
  "src/bill/",
  "src/forge/",
];
const edgePattern = `^(${edges.join("|").replaceAll(".", "\\.")})`;

function roomRules(): IForbiddenRuleType[] {
  return Object.entries(rooms).map(([room, { mayImport, because }]) => ({
    name: `${room}-imports-only-its-upstream`,
    severity: "error",
    comment: because,
    from: { path: `^src/${room}/` },
    to: { path: "^src/[^/]+/", pathNot: `^src/(${[room, ...mayImport].join("|")})/` },
  }));
}

/** A package that only some rooms may import. */
function keptIn(packages: string, places: string, because: string): IForbiddenRuleType {
  return {
    name: `${packages.replaceAll(/[^a-z0-9]+/gi, "-")}-only-in-its-place`,
    severity: "error",
    comment: because,
    from: { path: "^src/", pathNot: places },
    to: { path: `(^|node_modules/)(${packages})(/|$)` },
  };
}

const rules: IForbiddenRuleType[] = [
  ...roomRules(),
  {
    name: "no-cycles",
    severity: "error",
    comment: "a cycle means two files are one idea, or a wall is in the wrong place",
    from: { path: "^src/" },
    to: { circular: true },
  },
  {
    name: "nothing-missing",
    severity: "error",
    comment: "an import that resolves to nothing hides from every other rule",
    from: { path: "^src/" },
    to: { couldNotResolve: true },
  },
  {
    name: "node-only-at-the-edges",
    severity: "error",
    comment: "pure rooms take literals and give literals: files and clocks belong to the Shell",
    from: { path: "^src/", pathNot: edgePattern },
    to: { dependencyTypes: ["core"] },
  },
  {
    name: "rooms-do-not-see-the-front-door",
    severity: "error",
    comment: "rooms know neither options nor the outside world; commands hand them data",
    from: { path: "^src/[^/]+/", pathNot: "^src/commands/" },
    to: { path: "^src/(cli|config|shell|node-shell|library)\\.ts$" },
  },
  {
    name: "nobody-imports-the-cli",
    severity: "error",
    comment: "the command line is the last stage; the library must not pull it in",
    from: { path: "^src/" },
    to: { path: "^src/cli\\.ts$" },
  },
  ...["aws", "bill", "forge"].map((edge): IForbiddenRuleType => ({
    name: `${edge}-behind-the-shell`,
    severity: "error",
    comment: "the real Shell alone opens the doors to the network, and only when a command needs them",
    from: { path: "^src/", pathNot: `^src/(node-shell\\.ts|${edge}/)` },
    to: { path: `^src/${edge}/` },
  })),
  keptIn("@aws-sdk|@smithy", "^src/aws/", "only aws/ speaks to AWS, and is loaded only when asked"),
  keptIn("hyparquet|hyparquet-compressors|csv-parse", "^src/bill/", "bills are read in one place"),
  keptIn("@duckdb", "^$", "it tests the query, and is not there when stepfare runs"),
  keptIn("yargs", "^src/(cli\\.ts|commands/)", "options are parsed once, at the wall"),
  keptIn("cli-table3|handlebars", "^src/render/", "how it looks is render's business alone"),
];

function sources() {
  return globSync("src/**/*.ts").sort();
}

function roomsThatStand() {
  const folders = sources()
    .map((file) => file.split("/"))
    .filter((parts) => parts.length > 2);
  return [...new Set(folders.map((parts) => parts[1]!))];
}

/** The code alone: comments and the insides of strings say anything they like. */
function withoutWords(code: string) {
  return code.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, (words) =>
    "\n".repeat(words.split("\n").length - 1),
  );
}

describe("walls", () => {
  let found: ICruiseResult;

  beforeAll(async () => {
    const result = await cruise(["src"], {
      ruleSet: { forbidden: rules },
      validate: true,
      // TypeScript 7 has no compiler API; without this parser the cruise sees no modules and is content.
      parser: "swc",
      tsPreCompilationDeps: true,
      doNotFollow: { path: "node_modules" },
      moduleSystems: ["es6", "cjs"],
      enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
    });
    found = result.output as ICruiseResult;
  }, 60_000);

  test("every source file is seen", () => {
    const seen = found.modules.map((module) => module.source).filter((source) => source.startsWith("src/"));
    expect(seen.toSorted().filter((source) => source.endsWith(".ts"))).toEqual(sources());
    expect(seen.length).toBeGreaterThan(20);
    const imports = found.modules.flatMap((module) => module.dependencies);
    expect(imports.length, "imports, type imports among them, are seen").toBeGreaterThan(seen.length / 2);
  });

  test("no wall is crossed", () => {
    const crossings = found.summary.violations.map(
      ({ rule, from, to }) =>
        `${from} → ${to}: ${rule.name}: ${rules.find(({ name }) => name === rule.name)?.comment}`,
    );
    expect(crossings).toEqual([]);
  });

  test("every room has a wall", () => {
    for (const room of roomsThatStand()) expect(Object.keys(rooms)).toContain(room);
  });
});

describe("files", () => {
  const forbiddenWords =
    /(^|-)(index|utils?|helpers?|common|types?|misc|shared|manager|service|engine|processor)$/;

  test("are named in kebab-case, for one concept, each name once", () => {
    const names = sources().map((file) => path.basename(file).replace(/(\.d)?\.ts$/, ""));
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
    expect(names.filter((name) => forbiddenWords.test(name))).toEqual([]);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  test("are small", async () => {
    const lengths = await Promise.all(
      sources().map(async (file) => ({
        file,
        lines: (await readFile(file, "utf8")).trimEnd().split("\n").length,
      })),
    );
    const sorted = lengths.map(({ lines }) => lines).toSorted((a, b) => a - b);
    console.info(`src/: ${sorted.length} files, median ${sorted[Math.floor(sorted.length / 2)]} lines`);
    expect(lengths.filter(({ lines }) => lines > 400)).toEqual([]);
  });

  test("open with a sentence saying what they are", async () => {
    const silent = [];
    for (const file of sources()) {
      if (!(await readFile(file, "utf8")).startsWith("/**")) silent.push(file);
    }
    expect(silent).toEqual([]);
  });

  test("leave the outside world to the edges", async () => {
    const world =
      /(?<![.\w$])(process\s*[.[]|console\s*\.|Date\.now|Math\.random|new Date\(\s*\)|globalThis\b|fetch\()/;
    const reaching = [];
    for (const file of sources().filter((source) => !new RegExp(edgePattern).test(source))) {
      for (const [at, line] of withoutWords(await readFile(file, "utf8"))
        .split("\n")
        .entries()) {
        if (world.test(line)) reaching.push(`${file}:${at + 1}: ${line.trim()}`);
      }
    }
    expect(reaching).toEqual([]);
  });

  test("export by name", async () => {
    const nameless = [];
    for (const file of sources().filter((source) => !source.endsWith(".d.ts"))) {
      const code = withoutWords(await readFile(file, "utf8"));
      if (/\bexport\s+default\b|\bas\s+default\b/.test(code)) nameless.push(file);
    }
    expect(nameless).toEqual([]);
  });

  test("of templates escape everything they print", async () => {
    const raw = [];
    for (const file of globSync("templates/**/*.hbs")) {
      if (/\{\{\{|\{\{~?&/.test(await readFile(file, "utf8"))) raw.push(file);
    }
    expect(raw).toEqual([]);
  });
});

describe("tests", () => {
  test("that run the built program say so in their name, so that it is built for them", async () => {
    const unannounced = [];
    for (const file of globSync("test/**/*.test.ts", { ignore: "test/house.test.ts" })) {
      const runsBinary = /bin\/stepfare|dist\/(cli|library)\.js/.test(await readFile(file, "utf8"));
      if (runsBinary && !file.endsWith(".binary.test.ts")) unannounced.push(file);
    }
    expect(unannounced).toEqual([]);
  });
});

describe("the map", () => {
  test("names every room and every file at the root of src/", async () => {
    const map = await readFile("src/README.md", "utf8");
    const rootFiles = sources()
      .filter((file) => file.split("/").length === 2)
      .map((file) => path.basename(file));
    const wanted = [
      ...roomsThatStand().map((room) => `\`${room}/\``),
      ...rootFiles.map((file) => `\`${file}\``),
    ];
    expect(wanted.filter((name) => !map.includes(name))).toEqual([]);
  });
});
