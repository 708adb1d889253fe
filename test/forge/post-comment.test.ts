import { afterEach, describe, expect, test } from "vitest";
import { openForgeDoor } from "../../src/forge/forge-door.ts";
import { formatMarker, parseMarker, visibleBody } from "../../src/forge/comment-marker.ts";
import { FORGES, type CommentPost, type ForgeName } from "../../src/pull-request-comment.ts";
import { UserError } from "../../src/user-error.ts";
import { startForge, type ForgeServer } from "./forge-server.ts";
import { HEAD, PIPELINE_TOKEN, TOKEN, type ForgeWorld } from "./forge-world.ts";

const NOW = new Date("2026-01-15T12:00:00Z");
const TIME = "2026-01-15T11:00:00.000Z";
const EARLIER = "2026-01-15T10:00:00.000Z";
const LATER = "2026-01-15T11:30:00.000Z";
const OTHER_HEAD = "2222222222222222222222222222222222222222";

const VARIABLES = {
  github: "GITHUB_TOKEN",
  gitlab: "GITLAB_TOKEN",
  bitbucket: "BITBUCKET_TOKEN",
  azure: "SYSTEM_ACCESSTOKEN",
} as const;

const opened: ForgeServer[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()));
});

async function open(forge: ForgeName, world: Partial<ForgeWorld> & { base?: string } = {}) {
  const server = await startForge(forge, world);
  opened.push(server);
  return server;
}

interface Poster {
  readonly said: string[];
  post(changes?: Partial<CommentPost>): ReturnType<ReturnType<typeof openForgeDoor>["post"]>;
}

function poster(
  server: ForgeServer,
  world: { token?: string; timeoutMs?: number; head?: string | null; paced?: boolean } = {},
): Poster {
  const { token = TOKEN, timeoutMs = 2000, head = HEAD, paced = false } = world;
  const said: string[] = [];
  const door = openForgeDoor({
    env: { [VARIABLES[server.place.forge]]: token },
    now: () => NOW,
    readFile: () => Promise.reject(new Error("no file")),
    secondMs: 2,
    timeoutMs,
    paced,
  });
  return {
    said,
    post: (changes = {}) =>
      door.post(
        { ...server.place, head },
        {
          key: "default",
          time: TIME,
          behaviour: "update",
          worthFirst: true,
          dryRun: false,
          tokenVariable: null,
          maxWaitMs: 120_000,
          body: () => "Costs $5 more.",
          report: (message) => void said.push(message),
          ...changes,
        },
      ),
  };
}

function written(
  forge: ForgeName,
  body: string,
  {
    time = EARLIER,
    key = "default",
    head = HEAD,
  }: { time?: string; key?: string; head?: string | null } = {},
) {
  const marker = { key, timeMs: Date.parse(time), head };
  return `${formatMarker(marker, forge === "bitbucket" ? "link" : "html")}\n\n${body}`;
}

function stored(bodies: readonly (string | { body: string; author: string })[]): ForgeWorld["comments"] {
  return bodies.map((one, at) => {
    const { body, author } = typeof one === "string" ? { body: one, author: "stepfare-bot" } : one;
    return { id: 11 + at, author, body, hidden: false };
  });
}

const shown = (server: ForgeServer) =>
  server.world.comments.filter(({ hidden }) => !hidden).map(({ body }) => visibleBody(body));

async function failureOf(run: Promise<unknown>): Promise<UserError> {
  const error = await run.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

describe.each(FORGES)("%s", (forge) => {
  test("a first run makes one comment, marked with key, time and head", async () => {
    const server = await open(forge);
    const outcome = await poster(server).post({ key: "part/a (b) -->" });
    expect(outcome).toMatchObject({ action: "created", deleted: 0, hidden: 0 });
    expect(outcome.url).toMatch(/^https?:.*101/);
    const [comment] = server.world.comments;
    expect(parseMarker(comment!.body, NOW.getTime())).toEqual({
      key: "part/a (b) -->",
      timeMs: Date.parse(TIME),
      head: HEAD,
    });
    expect(shown(server)).toEqual(["Costs $5 more."]);
    expect(
      comment!.body.startsWith(forge === "bitbucket" ? "[//]: # (stepfare:v1 " : "<!-- stepfare:v1 "),
    ).toBe(true);
  });

  test("update: an earlier comment is changed in place, others are let alone", async () => {
    const others = ["Nice work", written(forge, "other part", { key: "b" })];
    const comments = stored([...others, written(forge, "Costs $1 more.")]);
    const server = await open(forge, { comments, pageSize: 2 });
    expect(await poster(server).post()).toMatchObject({ action: "updated" });
    expect(server.world.comments.map(({ id }) => id)).toEqual([11, 12, 13]);
    expect(shown(server)).toEqual(["Nice work", "other part", "Costs $5 more."]);
    expect(server.writes()).toHaveLength(1);
  });

  test("new: the earlier comment stays", async () => {
    const server = await open(forge, { comments: stored([written(forge, "Costs $1 more.")]) });
    expect(await poster(server).post({ behaviour: "new" })).toMatchObject({ action: "created" });
    expect(shown(server)).toEqual(["Costs $1 more.", "Costs $5 more."]);
  });

  test("delete-and-new: the new one stands before the earlier ones go", async () => {
    const comments = stored([
      written(forge, "Costs $1 more."),
      "Nice work",
      written(forge, "Costs $2 more."),
    ]);
    const server = await open(forge, { comments });
    expect(await poster(server).post({ behaviour: "delete-and-new" })).toMatchObject({
      action: "created",
      deleted: 2,
    });
    expect(shown(server)).toEqual(["Nice work", "Costs $5 more."]);
    expect(server.writes().map((write) => write.split(" ")[0])).toEqual(["POST", "DELETE", "DELETE"]);
  });

  test("hide-and-new: where the forge can", async () => {
    const comments = stored([written(forge, "Costs $1 more."), written(forge, "Costs $2 more.")]);
    comments[0]!.hidden = true;
    const server = await open(forge, { comments });
    if (forge === "github") {
      expect(await poster(server).post({ behaviour: "hide-and-new" })).toMatchObject({
        action: "created",
        hidden: 1,
      });
      expect(shown(server)).toEqual(["Costs $5 more."]);
      expect(server.world.comments).toHaveLength(3);
      expect(server.writes().filter((write) => write.endsWith("/graphql"))).toHaveLength(1);
      return;
    }
    const failure = await failureOf(poster(server).post({ behaviour: "hide-and-new" }));
    expect(failure).toMatchObject({ code: "cannot-hide", exitCode: 2 });
    expect(failure.hint).toMatch(/update, new or delete-and-new/);
    expect(server.requests).toEqual([]);
  });

  test.each(["update", "new", "delete-and-new"] as const)(
    "%s: a body that stands already is not posted",
    async (behaviour) => {
      const server = await open(forge, { comments: stored([written(forge, "Costs $5 more.\r\n")]) });
      expect(await poster(server).post({ behaviour })).toMatchObject({
        action: "kept",
        reason: "the comment says this already",
      });
      expect(server.writes()).toEqual([]);
    },
  );

  test.each(["update", "new", "delete-and-new"] as const)(
    "%s: a later run's comment is not overwritten",
    async (behaviour) => {
      const comments = stored([written(forge, "Costs $9 more.", { time: LATER })]);
      const server = await open(forge, { comments });
      const outcome = await poster(server).post({ behaviour });
      expect(outcome).toMatchObject({ action: "kept", reason: expect.stringContaining(LATER) });
      expect(server.writes()).toEqual([]);
    },
  );

  test("a run for a commit that is no longer the head says nothing", async () => {
    const server = await open(forge, { head: OTHER_HEAD });
    const outcome = await poster(server).post();
    expect(outcome).toMatchObject({
      action: "kept",
      reason: expect.stringContaining("moved on from 111111111111"),
    });
    expect(server.writes()).toEqual([]);
  });

  test("a run that does not know its commit takes the pull request's head", async () => {
    const server = await open(forge);
    await poster(server, { head: null }).post();
    const marker = parseMarker(server.world.comments[0]!.body, NOW.getTime());
    expect(HEAD.startsWith(marker?.head ?? "none")).toBe(true);
  });

  test("what somebody else marked, or somebody edited, is not ours", async () => {
    const mine = written(forge, "Costs $1 more.");
    const comments = stored([
      { author: "mallory", body: written(forge, "Costs nothing.", { time: LATER }) },
      mine.replace("head=1", "head=x"),
      mine.replace("stepfare:v1", "stepfare:v2"),
      `Look: ${mine}`,
      written(forge, "From the future", { time: "2031-01-01T00:00:00.000Z" }),
    ]);
    const before = structuredClone(comments);
    const server = await open(forge, { comments });
    expect(await poster(server).post()).toMatchObject({ action: "created" });
    expect(server.world.comments.slice(0, -1)).toEqual(before);
  });

  test("where the token cannot tell whose it is, the marker decides", async () => {
    const comments = stored([written(forge, "Costs $1 more.")]);
    const server = await open(forge, { comments, viewerKnown: false });
    expect(await poster(server).post()).toMatchObject({ action: "updated" });
    expect(shown(server)).toEqual(["Costs $5 more."]);
  });

  test("a change too small for a first comment makes none, but mends one that stands", async () => {
    const empty = await open(forge);
    expect(await poster(empty).post({ worthFirst: false })).toMatchObject({ action: "kept", url: null });
    expect(empty.writes()).toEqual([]);
    const server = await open(forge, { comments: stored([written(forge, "Costs $9 more.")]) });
    expect(await poster(server).post({ worthFirst: false, behaviour: "delete-and-new" })).toMatchObject({
      action: "updated",
    });
    expect(shown(server)).toEqual(["Costs $5 more."]);
  });

  test("dry run: looks, and writes nothing", async () => {
    const server = await open(forge, { comments: stored([written(forge, "Costs $1 more.")]) });
    const outcome = await poster(server).post({ dryRun: true, behaviour: "delete-and-new" });
    expect(outcome).toMatchObject({ action: "created", deleted: 1 });
    expect(server.writes()).toEqual([]);
  });

  test("the body is cut to what the forge takes", async () => {
    const server = await open(forge);
    const asked: number[] = [];
    await poster(server).post({
      body: (limit) => {
        asked.push(limit);
        return "x".repeat(limit);
      },
    });
    expect(new Set(asked).size, "one limit was enough").toBe(1);
    expect(server.world.comments[0]!.body.length).toBeGreaterThan(server.world.limit - 2);
  });

  test("a forge that takes less than it says gets less", async () => {
    const limit = { github: 65_536, gitlab: 1_000_000, bitbucket: 32_768, azure: 150_000 }[forge];
    const server = await open(forge, { limit: Math.floor(limit * 0.8) });
    expect(await poster(server).post({ body: (room) => "x".repeat(room) })).toMatchObject({
      action: "created",
    });
    expect(server.world.comments[0]!.body.length).toBeGreaterThan(limit * 0.7);
    expect(server.writes()).toHaveLength(2);
  });

  test("a body that its writer did not cut is cut, and says so", async () => {
    const server = await open(forge);
    await poster(server).post({ body: () => "line of text\n".repeat(100_000) });
    const { body } = server.world.comments[0]!;
    expect(body).toMatch(/line of text\n\n_The rest is cut/);
    expect(body.length).toBeLessThanOrEqual(server.world.limit);
  });
});

describe.each(FORGES)("%s, failing", (forge) => {
  const isPost = ({ method }: { method: string }) => method === "POST";
  const isGet = ({ method }: { method: string }) => method === "GET";
  const isChange = ({ method }: { method: string }) => method === "PATCH" || method === "PUT";

  test("a token without rights: the right is named", async () => {
    const failure = await failureOf(poster(await open(forge, { readOnly: true })).post());
    expect(failure).toMatchObject({ code: "forge-forbidden", exitCode: 3 });
    expect(failure.hint).toMatch(
      {
        github: /pull-requests: write/,
        gitlab: /scope `api`/,
        bitbucket: /write:pullrequest/,
        azure: /Contribute to pull requests/,
      }[forge],
    );
    expect(failure.message).toMatch(/the answer was 403: \S/);
  });

  test("a wrong token is said to be wrong, and is not repeated", async () => {
    const wrong = "wrong-token-0123456789";
    const failure = await failureOf(poster(await open(forge), { token: wrong }).post());
    expect(failure).toMatchObject({ code: "forge-unauthorised", exitCode: 3 });
    expect(`${failure.message} ${failure.hint}`).not.toContain(wrong);
  });

  test("no token: the variables are named", async () => {
    const failure = await failureOf(poster(await open(forge), { token: "" }).post());
    expect(failure).toMatchObject({ code: "no-forge-token", exitCode: 2 });
    expect(failure.message).toContain(VARIABLES[forge]);
  });

  test("no such pull request", async () => {
    const server = await open(forge);
    const door = openForgeDoor({
      env: { [VARIABLES[forge]]: TOKEN },
      now: () => NOW,
      readFile: () => Promise.reject(new Error("none")),
      secondMs: 2,
    });
    const place = { ...server.place, pullRequest: 404 };
    const post = { key: "k", time: TIME, behaviour: "update", worthFirst: true, dryRun: false } as const;
    const failure = await failureOf(
      door.post(place, { ...post, tokenVariable: null, maxWaitMs: 0, body: () => "x", report: () => {} }),
    );
    expect(failure).toMatchObject({ code: "forge-not-found", exitCode: 3 });
  });

  test("a fault of the forge while reading passes", async () => {
    const server = await open(forge);
    server.failNext(isGet, { status: 502, body: "<html>Bad gateway</html>" });
    server.failNext(isGet, { drop: true });
    expect(await poster(server).post()).toMatchObject({ action: "created" });
    expect(server.world.comments).toHaveLength(1);
  });

  test("a fault while updating passes", async () => {
    const server = await open(forge, { comments: stored([written(forge, "Costs $1 more.")]) });
    server.failNext(isChange, { status: 503, body: { message: "busy" } });
    server.failNext(isChange, { status: 409, body: { message: "somebody else is writing" } });
    expect(await poster(server).post()).toMatchObject({ action: "updated" });
    expect(shown(server)).toEqual(["Costs $5 more."]);
  });

  test("a comment that was made although the answer was a fault is not made twice", async () => {
    const server = await open(forge);
    server.failNext(isPost, { status: 500, body: { message: "oops" } }, true);
    expect(await poster(server).post()).toMatchObject({ action: "created" });
    expect(shown(server)).toEqual(["Costs $5 more."]);
  });

  test("a slow answer to a comment that was made is not waited for, and the comment not made twice", async () => {
    const server = await open(forge);
    server.failNext(isPost, { silence: true }, true);
    expect(await poster(server, { timeoutMs: 200 }).post({ behaviour: "new" })).toMatchObject({
      action: "created",
    });
    expect(shown(server)).toEqual(["Costs $5 more."]);
  });

  test("a forge that stays silent ends the run", async () => {
    const server = await open(forge);
    for (let i = 0; i < 20; i++) server.failNext(() => true, { silence: true });
    const failure = await failureOf(poster(server, { timeoutMs: 60 }).post());
    expect(failure).toMatchObject({ code: "forge-unavailable", exitCode: 3 });
    expect(failure.message).toContain("no answer within 0.06 s");
  });

  test("a comment that is deleted meanwhile is made anew", async () => {
    const server = await open(forge, { comments: stored([written(forge, "Costs $1 more.")]) });
    server.failNext(isChange, { status: 404, body: { message: "Not Found" } });
    expect(await poster(server).post()).toMatchObject({ action: "created" });
  });

  test("a rate limit is waited for as long as it says", async () => {
    const server = await open(forge);
    server.failNext(isPost, { status: 429, headers: { "retry-after": "3" }, body: { message: "slow down" } });
    const run = poster(server);
    expect(await run.post()).toMatchObject({ action: "created" });
    expect(run.said).toEqual([expect.stringMatching(/rate limit is used up: waiting 3 s/)]);
    expect(server.world.comments).toHaveLength(1);
  });

  test("a rate limit beyond the bound ends the run", async () => {
    const server = await open(forge);
    const fault = { status: 429, headers: { "retry-after": "3600" }, body: { message: "slow down" } };
    for (let i = 0; i < 10; i++) server.failNext(isPost, fault);
    const run = poster(server);
    const failure = await failureOf(run.post());
    expect(failure).toMatchObject({ code: "forge-rate-limited", exitCode: 3 });
    expect(run.said).toEqual([expect.stringMatching(/3600 s/)]);
    expect(server.writes()).toHaveLength(1);
  });

  test("what cannot be deleted is told, and the new comment stands", async () => {
    const server = await open(forge, { comments: stored([written(forge, "Costs $1 more.")]) });
    server.failNext(({ method }) => method === "DELETE", { status: 403, body: { message: "not yours" } });
    const run = poster(server);
    expect(await run.post({ behaviour: "delete-and-new" })).toMatchObject({ action: "created", deleted: 0 });
    expect(run.said).toEqual([expect.stringMatching(/stays as it is.*not yours/)]);
  });

  test("of two first comments of racing runs the later run's stays", async () => {
    const server = await open(forge);
    const early = poster(server).post({ time: EARLIER, body: () => "early" });
    const late = poster(server).post({ time: LATER, body: () => "late" });
    await Promise.all([early, late]);
    await poster(server).post({ time: LATER, body: () => "late" });
    expect(shown(server)).toEqual(["late"]);
  });
});

describe("GitHub's own", () => {
  test("Enterprise Server: REST under /api/v3, GraphQL beside it", async () => {
    const server = await open("github", { base: "/api/v3", comments: stored([written("github", "old")]) });
    expect(await poster(server).post({ behaviour: "hide-and-new" })).toMatchObject({ hidden: 1 });
    expect(server.requests.map(({ path }) => path)).toContain("/api/graphql");
    expect(server.requests.every(({ path }) => path.startsWith("/api/"))).toBe(true);
  });

  test("the primary limit, a 403 with its reset, is waited for", async () => {
    const server = await open("github");
    const reset = Math.ceil(Date.now() / 1000) + 4;
    server.failNext(() => true, {
      status: 403,
      headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) },
      body: { message: "API rate limit exceeded for installation ID 1." },
    });
    const run = poster(server);
    expect(await run.post()).toMatchObject({ action: "created" });
    expect(run.said).toEqual([expect.stringMatching(/waiting [456] s/)]);
  });

  test("the secondary limit without a time is waited for a minute", async () => {
    const server = await open("github");
    server.failNext(({ method }) => method === "POST", {
      status: 403,
      body: { message: "You have exceeded a secondary rate limit. Please wait." },
    });
    const run = poster(server);
    expect(await run.post()).toMatchObject({ action: "created" });
    expect(run.said).toEqual([expect.stringMatching(/waiting 60 s/)]);
  });

  test("a second lies between two writes, as GitHub asks", async () => {
    const server = await open("github", { comments: stored([written("github", "Costs $1 more.")]) });
    const started = performance.now();
    expect(await poster(server, { paced: true }).post({ behaviour: "delete-and-new" })).toMatchObject({
      deleted: 1,
    });
    expect(performance.now() - started).toBeGreaterThan(900);
  });

  test("an app's comments are found by its bot's name", async () => {
    const body = written("github", "Costs $1 more.");
    const comments = stored([
      { author: "github-actions[bot]", body },
      { author: "mallory", body },
    ]);
    const server = await open("github", { comments, viewer: "github-actions[bot]", viewerKnown: false });
    await poster(server).post();
    expect(shown(server)).toEqual(["Costs $5 more.", "Costs $1 more."]);
  });

  test("a locked conversation: GitHub's own words are handed on", async () => {
    const server = await open("github");
    server.failNext(({ method }) => method === "POST", {
      status: 403,
      body: { message: "Unable to create comment because issue is locked." },
    });
    expect((await failureOf(poster(server).post())).message).toContain("issue is locked");
  });
});

describe("others' own", () => {
  test("GitLab under a path of its host", async () => {
    const server = await open("gitlab", { base: "/gitlab/api/v4" });
    expect(await poster(server).post()).toMatchObject({ action: "created" });
    expect(server.requests[0]!.path).toMatch(/^\/gitlab\/api\/v4\/projects\/acme%2Fbackend%2Fshop\//);
  });

  test("Bitbucket: an API token is given with its e-mail address, and no part of it is repeated", async () => {
    const server = await open("bitbucket");
    expect(await poster(server, { token: `someone@example.com:${TOKEN}` }).post()).toMatchObject({
      action: "created",
    });
    server.failNext(() => true, { status: 400, body: { error: { message: `bad ${TOKEN}` } } });
    const failure = await failureOf(poster(server, { token: `someone@example.com:${TOKEN}` }).post());
    expect(failure.message).toContain("bad [redacted]");
  });

  test("Bitbucket: a next page elsewhere is not asked for with the token", async () => {
    const server = await open("bitbucket");
    const page = { values: [], next: "http://elsewhere.example/2.0/steal" };
    server.failNext(({ path }) => path.endsWith("/comments"), { status: 200, body: page });
    expect((await failureOf(poster(server).post())).message).toContain("another host");
  });

  test("Azure: a pipeline's own token is a bearer", async () => {
    const server = await open("azure");
    expect(await poster(server, { token: PIPELINE_TOKEN }).post()).toMatchObject({ action: "created" });
  });

  test.each(FORGES)("%s: an address that is no API's is told as such", async (forge) => {
    const server = await open(forge);
    for (let i = 0; i < 20; i++) server.failNext(() => true, { status: 200, body: "<html>Welcome</html>" });
    const failure = await failureOf(poster(server).post());
    expect(failure.exitCode).toBe(3);
    expect(failure.message).toMatch(/no list of comments|not JSON/);
  });

  test("Azure: a thread waits for nobody", async () => {
    const server = await open("azure");
    await poster(server).post();
    const made = server.requests.find(({ method }) => method === "POST");
    expect(made!.body).toEqual({
      comments: [{ parentCommentId: 0, content: expect.any(String), commentType: 1 }],
    });
    expect(made!.query.get("api-version")).toBe("6.0");
  });
});
