import { afterEach, describe, expect, test } from "vitest";
import { runComment } from "../../src/commands/comment.ts";
import {
  COMMENT_OPTIONS,
  parseCommentOptions,
  type CommentArguments,
} from "../../src/commands/comment-options.ts";
import { readCommentInput } from "../../src/commands/comment-input.ts";
import { openForgeDoor } from "../../src/forge/forge-door.ts";
import type {
  CommentOutcome,
  CommentPost,
  ForgeDoor,
  PullRequestPlace,
} from "../../src/pull-request-comment.ts";
import { UserError } from "../../src/user-error.ts";
import { startForge, type ForgeServer } from "../forge/forge-server.ts";
import { HEAD, TOKEN } from "../forge/forge-world.ts";
import { fakeShell, type FakeWorld } from "../fake-shell.ts";

const PLACE: PullRequestPlace = {
  forge: "github",
  apiUrl: "https://api.github.com",
  repo: "acme/shop",
  pullRequest: 12,
  head: HEAD,
  time: "2026-01-15T11:00:00.000Z",
  fork: null,
  ci: "GitHub Actions",
};

const OUTCOME: CommentOutcome = {
  action: "created",
  reason: "it is the first of its key",
  url: "https://github.com/acme/shop/pull/12#issuecomment-1",
  deleted: 0,
  hidden: 0,
};

interface Diff {
  difference?: number | null;
  status?: string;
  passed?: boolean;
  reasons?: unknown[];
  name?: string;
}

function diffText({
  difference = 12.5,
  status = "changed",
  passed = true,
  reasons = [],
  name = "order",
}: Diff = {}) {
  return JSON.stringify({
    schemaVersion: "1",
    kind: "diff",
    base: "origin/main",
    head: "HEAD",
    currency: "USD",
    totals: { before: 10, after: 22.5, difference },
    verdict: { passed, reasons },
    workflows: [{ name, status, at: null, before: null, after: null, difference, because: [] }],
  });
}

const render = (diff: unknown, limit: number) =>
  `**${(diff as { workflows: { name: string }[] }).workflows[0]?.name}** costs more`.slice(0, limit);

function doorOf(place: Partial<PullRequestPlace> = {}, answer: CommentOutcome | UserError = OUTCOME) {
  const posts: CommentPost[] = [];
  const door: ForgeDoor = {
    locate: async () => ({ ...PLACE, ...place }),
    post: async (_, post) => {
      posts.push(post);
      if (answer instanceof UserError) throw answer;
      return answer;
    },
  };
  return { door, posts };
}

function run(world: FakeWorld, given: CommentArguments = {}) {
  const shell = fakeShell({ ...world, files: { "diff.json": diffText(), ...world.files } });
  return { shell, ended: runComment(shell, parseCommentOptions("diff.json", given), render) };
}

async function failureOf(ended: Promise<unknown>): Promise<UserError> {
  const error = await ended.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

const FORBIDDEN = new UserError("forge-forbidden", "Cannot comment: 403.", "It needs the right.", 3);
const NO_TOKEN = new UserError("no-forge-token", "There is no token.", "Set it.", 2);

describe("comment", () => {
  test("says where, what and why", async () => {
    const { door, posts } = doorOf();
    const { shell, ended } = run({ forge: door });
    expect(await ended).toBe(0);
    expect(shell.stdout.text).toBe(
      `Made a comment on GitHub acme/shop#12: it is the first of its key. ${OUTCOME.url}\n`,
    );
    expect(shell.stderr.text).toBe("");
    expect(posts[0]).toMatchObject({
      key: "default",
      behaviour: "update",
      time: PLACE.time,
      worthFirst: true,
      dryRun: false,
      maxWaitMs: 120_000,
    });
    expect(posts[0]!.body(1000)).toBe("**order** costs more");
  });

  test("without the CI's time its own clock is taken", async () => {
    const { door, posts } = doorOf({ time: null });
    await run({ forge: door, now: new Date("2026-03-01T00:00:00Z") }).ended;
    expect(posts[0]!.time).toBe("2026-03-01T00:00:00.000Z");
  });

  test("reads standard input", async () => {
    const { door, posts } = doorOf();
    const shell = fakeShell({ forge: door, stdin: diffText({ name: "piped" }) });
    expect(await runComment(shell, parseCommentOptions("-", {}), render)).toBe(0);
    expect(posts[0]!.body(100)).toContain("piped");
  });

  test("tells what was deleted and hidden; quiet tells nothing", async () => {
    const { door } = doorOf({}, { ...OUTCOME, deleted: 2, hidden: 1 });
    const loud = run({ forge: door });
    await loud.ended;
    expect(loud.shell.stdout.text).toContain("#12, deleted 2 earlier, hid 1 earlier: ");
    const quiet = run({ forge: door }, { quiet: true });
    await quiet.ended;
    expect(quiet.shell.stdout.text).toBe("");
  });

  test.each([
    [{}, {}, true],
    [{ status: "unchanged", difference: 0 }, {}, true],
    [{ status: "unchanged", difference: 0 }, { "only-when": "changed" }, false],
    [{ status: "unchanged", difference: 0.01 }, { "only-when": "changed" }, true],
    [{ status: "changed", difference: 0 }, { "only-when": "changed" }, true],
    [{ difference: 12.5 }, { "only-when": "beyond", threshold: "12.5" }, false],
    [{ difference: -12.6 }, { "only-when": "beyond", threshold: "12.5" }, true],
    [{ difference: 1 }, { threshold: "0" }, true],
    [{ difference: null }, { threshold: "1000" }, true],
    [{ difference: null, status: "unchanged" }, { threshold: "1000" }, false],
  ])("%j with %j is worth a first comment: %j", async (diff, given, expected) => {
    const { door, posts } = doorOf();
    await run({ forge: door, files: { "diff.json": diffText(diff) } }, given).ended;
    expect(posts[0]!.worthFirst).toBe(expected);
  });

  test("its exit code is the gate's, with the reasons on standard error", async () => {
    const diff = diffText({
      passed: false,
      reasons: ["order: over its budget of $10", { text: "\u001b[31mred" }],
    });
    const { door, posts } = doorOf();
    const failed = run({ forge: door, files: { "diff.json": diff } });
    expect(await failed.ended).toBe(1);
    expect(posts).toHaveLength(1);
    expect(failed.shell.stderr.text).toBe(
      "stepfare: order: over its budget of $10\nstepfare: \\x1b[31mred\n",
    );
    expect(await run({ forge: door, files: { "diff.json": diff } }, { "exit-zero": true }).ended).toBe(0);
  });

  test("dry run: says what it would do, shows the body, and gives the CI no orders", async () => {
    const { door, posts } = doorOf();
    const files = { "diff.json": diffText({ name: "::set-env name=PATH::x\n##vso[task.setvariable]y" }) };
    const env = { GITHUB_STEP_SUMMARY: "/summary" };
    const dry = run({ forge: door, files, env }, { "dry-run": true, summary: true });
    expect(await dry.ended).toBe(0);
    expect(posts[0]!.dryRun).toBe(true);
    expect(dry.shell.stdout.text).toMatch(/^Would make a comment on GitHub acme\/shop#12: /);
    expect(dry.shell.stdout.text).toContain("| **::set-env");
    expect(dry.shell.stdout.text).not.toMatch(/^\s*::|##vso\[/m);
    expect(dry.shell.files.has("/summary")).toBe(false);
  });

  test("--summary: appends to what the step wrote before", async () => {
    const { door } = doorOf();
    const world = { forge: door, env: { GITHUB_STEP_SUMMARY: "/summary" }, files: { "/summary": "before" } };
    const { shell, ended } = run(world, { summary: true });
    await ended;
    expect(shell.fileText("/summary")).toBe("before\n**order** costs more\n");
  });
});

describe("where the comment may not be posted", () => {
  const env = { GITHUB_STEP_SUMMARY: "/summary" };

  test.each([
    ["a fork", { fork: true }, FORBIDDEN],
    ["nobody knows whether a fork", { fork: null }, FORBIDDEN],
    ["a fork without secrets", { fork: true }, NO_TOKEN],
  ])("%s: the body is kept, and the exit code is the gate's", async (_, place, failure) => {
    for (const passed of [true, false]) {
      const { door } = doorOf(place, failure);
      const files = { "diff.json": diffText({ passed, reasons: ["too much"] }) };
      const { shell, ended } = run({ forge: door, env, files });
      expect(await ended).toBe(passed ? 0 : 1);
      expect(shell.fileText("stepfare-comment.md")).toBe("**order** costs more\n");
      expect(shell.fileText("/summary")).toBe("**order** costs more\n");
      expect(shell.stderr.text).toContain("kept in stepfare-comment.md and the job summary");
      expect(shell.stderr.text).toContain(`warning: ${failure.message}\n  ${failure.hint}`);
    }
  });

  test("the base's own branch: the missing right ends the run, the body is kept", async () => {
    const { door } = doorOf({ fork: false }, FORBIDDEN);
    const { shell, ended } = run({ forge: door }, { "fallback-file": "out/body.md" });
    expect(await failureOf(ended)).toBe(FORBIDDEN);
    expect(shell.fileText("out/body.md")).toBe("**order** costs more\n");
    expect(shell.stderr.text).toContain("kept in out/body.md.");
  });

  test("no token, and no fork: the run ends before anything is written", async () => {
    const { door } = doorOf({ fork: false }, NO_TOKEN);
    const { shell, ended } = run({ forge: door, env });
    expect(await failureOf(ended)).toBe(NO_TOKEN);
    expect([...shell.files.keys()]).toEqual(["/project/diff.json"]);
  });

  test("Azure Pipelines: the file is put on the run's page", async () => {
    const { door } = doorOf({ forge: "azure", fork: true }, FORBIDDEN);
    const { shell, ended } = run({ forge: door, env: { TF_BUILD: "True" } });
    expect(await ended).toBe(0);
    expect(shell.stdout.text).toBe("##vso[task.uploadsummary]/project/stepfare-comment.md\n");
  });
});

describe("a file that is no diff", () => {
  test("and cannot be rendered", async () => {
    const shell = fakeShell({ files: { "diff.json": diffText({ status: "changed" }) } });
    const input = await readCommentInput(shell, "diff.json", (diff) =>
      (diff as { none: { text: string } }).none.text.trim(),
    );
    expect(() => input.body(100)).toThrow("diff.json is a damaged diff: it cannot be rendered");
  });

  test.each([
    ["", "diff.json is empty"],
    ["{", "diff.json is not JSON"],
    ["null", "diff.json is no report"],
    ["[]", "diff.json is no report"],
    [JSON.stringify({ schemaVersion: "1", kind: "analysis" }), 'of the kind "analysis", not "diff"'],
    [JSON.stringify({ schemaVersion: "2", kind: "diff" }), 'a diff of schema "2"'],
    [JSON.stringify({ kind: "diff" }), "a diff of schema"],
    [JSON.stringify({ schemaVersion: "1", kind: "diff" }), "a damaged diff: totals"],
    [diffText({ status: "exploded" }), "a damaged diff: workflows.0.status"],
  ])("%j", async (text, problem) => {
    const { door, posts } = doorOf();
    const failure = await failureOf(run({ forge: door, files: { "diff.json": text } }).ended);
    expect(failure).toMatchObject({ code: "not-a-diff", exitCode: 2 });
    expect(failure.message).toContain(problem);
    expect(posts).toEqual([]);
  });

  test("that is not there", async () => {
    const { door } = doorOf();
    const shell = fakeShell({ forge: door });
    const ended = runComment(shell, parseCommentOptions("none.json", {}), render);
    expect((await failureOf(ended)).code).toBe("unreadable-file");
  });
});

describe("options", () => {
  test("defaults are those that are described", () => {
    const options = parseCommentOptions("diff.json", {});
    expect(options).toMatchObject({
      key: COMMENT_OPTIONS.key.default,
      behaviour: COMMENT_OPTIONS.behaviour.default,
      fallbackFile: COMMENT_OPTIONS["fallback-file"].default,
      onlyWhen: "always",
      maxWaitMs: 120_000,
    });
    expect(parseCommentOptions("diff.json", { "max-wait": COMMENT_OPTIONS["max-wait"].default })).toEqual(
      options,
    );
  });

  test("are read as people write them", () => {
    const given = { "pull-request": "#12", head: "E83C516", "max-wait": "90s", threshold: 5, key: " api " };
    expect(parseCommentOptions("d", given)).toMatchObject({
      place: { pullRequest: 12, head: "e83c516" },
      maxWaitMs: 90_000,
      onlyWhen: "beyond",
      threshold: 5,
      key: "api",
    });
  });

  test("all that is wrong is told at once, and a token is not repeated", () => {
    const given = {
      forge: "sourceforge",
      "pull-request": "twelve",
      head: "main",
      key: " ",
      "only-when": "beyond",
      threshold: "-1",
      "max-wait": "5",
      "token-env": "ghp_secret-token",
      repo: ["a/b", "c/d"],
    };
    const failure = (() => {
      try {
        return parseCommentOptions("d", given);
      } catch (error) {
        return error as UserError;
      }
    })() as UserError;
    expect(failure).toMatchObject({ code: "invalid-option", exitCode: 2 });
    const named = failure.message.split("\n").map((line) => /^--[\w-]+/.exec(line)?.[0]);
    expect(new Set(named)).toEqual(
      new Set(
        Object.keys(given)
          .filter((one) => one !== "only-when")
          .map((one) => `--${one}`),
      ),
    );
    expect(failure.message).not.toContain("ghp_");
  });

  test.each([
    [{ "only-when": "beyond" }, /write --threshold/],
    [{ "only-when": "changed", threshold: "5" }, /means nothing/],
  ])("%j contradict themselves", (given, problem) => {
    expect(() => parseCommentOptions("d", given)).toThrow(problem);
  });
});

describe("through the real door", () => {
  let server: ForgeServer | null = null;

  afterEach(async () => {
    await server?.close();
  });

  test("from the CI's environment to the comment, and again", async () => {
    server = await startForge("github");
    const env = {
      GITHUB_ACTIONS: "true",
      GITHUB_API_URL: server.place.apiUrl,
      GITHUB_REPOSITORY: "acme/shop",
      GITHUB_REF: "refs/pull/7/merge",
      GITHUB_TOKEN: TOKEN,
    };
    const now = new Date("2026-01-15T12:00:00Z");
    const forge = openForgeDoor({ env, now: () => now, readFile: () => Promise.reject(new Error("none")) });
    const first = run({ forge, env, now });
    expect(await first.ended).toBe(0);
    expect(server.world.comments.map(({ body }) => body)).toEqual([
      `<!-- stepfare:v1 key=default time=2026-01-15T12:00:00.000Z head=${HEAD} -->\n\n**order** costs more`,
    ]);
    const again = run({ forge, env, now });
    expect(await again.ended).toBe(0);
    expect(again.shell.stdout.text).toContain("No comment is made or changed");
    server.world.readOnly = true;
    const refused = run({ forge, env, now, files: { "diff.json": diffText({ name: "other" }) } });
    expect(await refused.ended).toBe(0);
    expect(refused.shell.stderr.text).toContain("pull-requests: write");
    expect(refused.shell.fileText("stepfare-comment.md")).toBe("**other** costs more\n");
  });
});
