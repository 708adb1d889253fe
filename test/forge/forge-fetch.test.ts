import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { redact } from "../../src/redact.ts";
import { forgeFetch } from "../../src/forge/forge-fetch.ts";
import { secretsOf, tokenFor } from "../../src/forge/forge-token.ts";
import { waitForRateLimits } from "../../src/forge/rate-limit-wait.ts";
import type { ForgeName, PullRequestPlace } from "../../src/pull-request-comment.ts";

const opened: Server[] = [];

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  opened.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeEach(() => {
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"]) {
    vi.stubEnv(name, "");
    vi.stubEnv(name.toLowerCase(), "");
  }
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(
    opened.splice(0).map((server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    }),
  );
});

const fetch = forgeFetch({ timeoutMs: 30_000 });

describe("a forge fetch", () => {
  test("carries method, headers and body, and brings status, headers and body", async () => {
    const origin = await listen((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        response
          .writeHead(201, { "x-seen": `${request.method} ${String(request.headers["x-key"])}` })
          .end(`got ${body}`);
      });
    });
    const answer = await fetch(origin, { method: "POST", headers: { "x-key": "1" }, body: "ünïcode" });
    expect([answer.status, answer.headers.get("x-seen"), await answer.text()]).toEqual([
      201,
      "POST 1",
      "got ünïcode",
    ]);
  });

  test("an answer without a body is one", async () => {
    const origin = await listen((_, response) => response.writeHead(204).end());
    const answer = await fetch(origin, { method: "DELETE" });
    expect([answer.status, await answer.text()]).toEqual([204, ""]);
  });

  test("follows a repository that has moved on its host, with its token", async () => {
    const seen: string[] = [];
    const origin = await listen((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      if (request.url === "/old") response.writeHead(307, { location: "/new" }).end();
      else response.end("{}");
    });
    const init = { method: "POST", headers: { authorization: "token t" }, body: "{}" };
    expect((await fetch(`${origin}/old`, init)).status).toBe(200);
    expect(seen).toEqual(["POST /old token t", "POST /new token t"]);
  });

  test("neither takes a token to another host, nor a POST where only a GET may follow, nor goes in circles", async () => {
    const asked: string[] = [];
    const other = await listen((_, response) => {
      asked.push("other");
      response.end();
    });
    const origin = await listen((request, response) => {
      asked.push(request.url ?? "");
      const location = request.url === "/away" ? `${other}/x` : "/circle";
      response.writeHead(request.url === "/see" ? 302 : 307, { location }).end();
    });
    expect((await fetch(`${origin}/away`)).status).toBe(307);
    expect((await fetch(`${origin}/see`, { method: "POST", body: "" })).status).toBe(302);
    expect((await fetch(`${origin}/circle`)).status).toBe(307);
    expect(asked).toEqual(["/away", "/see", "/circle", "/circle", "/circle", "/circle"]);
  });

  test.each([
    ["a refused connection", async () => "http://127.0.0.1:1/", /connection was refused/],
    ["a silent host", () => listen(() => {}), /no answer within 0.1 s/],
    [
      "an answer that breaks off",
      () =>
        listen((_, response) => {
          response.writeHead(200, { "content-length": "1000" }).write("half");
          setTimeout(() => response.destroy(), 20);
        }),
      /connection broke off|aborted/,
    ],
  ])("%s is told as it is", async (name, start, reason) => {
    // Only silence is waited for: the others are told at once, on however busy a machine.
    const run = forgeFetch({ timeoutMs: name === "a silent host" ? 100 : 30_000 })(await start());
    await expect(run).rejects.toMatchObject({ kind: "unavailable", message: expect.stringMatching(reason) });
  });

  test("goes through the proxy of the environment, and tells nothing of its password", async () => {
    const origin = await listen((_, response) => response.end("through"));
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on("connect", (request, client) => {
      asked.push(request.url ?? "");
      const [host, port] = (request.url ?? "").split(":");
      const target = connect(Number(port), host, () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        target.pipe(client).pipe(target);
      });
      for (const socket of [target, client]) socket.on("error", () => target.destroy());
    });
    opened.push(proxy);
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    vi.stubEnv("HTTP_PROXY", `http://me:hidden@127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    expect(await (await fetch(origin)).text()).toBe("through");
    expect(asked).toEqual([new URL(origin).host]);
    vi.stubEnv("HTTP_PROXY", "socks5://me:hidden@127.0.0.1:1");
    const failure = await fetch(origin).catch((error: Error) => error.message);
    expect(failure).toMatch(/not an http/);
    expect(failure).not.toContain("hidden");
  });
});

describe("waiting for rate limits", () => {
  function waiting(answers: readonly Response[], maxWaitMs = 100_000) {
    const said: string[] = [];
    let asked = 0;
    const wait = waitForRateLimits(async () => answers[Math.min(asked++, answers.length - 1)]!.clone(), {
      maxWaitMs,
      secondMs: 0,
      label: "Forge",
      report: (message) => void said.push(message),
    });
    return { said, wait, asked: () => asked };
  }

  const limited = (headers: Record<string, string>, status = 429, body = "{}") =>
    new Response(body, { status, headers });

  test("Retry-After as a date, and a reset", async () => {
    const soon = new Date(Date.now() + 20_000);
    const reset = String(Math.floor(soon.getTime() / 1000));
    const answers = [
      limited({ "retry-after": soon.toUTCString() }),
      limited({ "ratelimit-reset": reset }),
      limited({ "retry-after": "2" }, 503),
      new Response("done"),
    ];
    const { wait, said } = waiting(answers);
    expect(await (await wait("x")).text()).toBe("done");
    expect(said.map((line) => Number(/waiting (\d+) s/.exec(line)?.[1]))).toEqual([
      expect.closeTo(20, -1),
      expect.closeTo(20, -1),
      2,
    ]);
  });

  test("all waits of a run count together, and a bound is told", async () => {
    const { wait, said, asked } = waiting([limited({ "retry-after": "40" })], 100_000);
    expect((await wait("x")).status).toBe(429);
    expect(asked()).toBe(3);
    expect(said.at(-1)).toMatch(/would be open again in 40 s/);
    expect((await wait("y")).status).toBe(429);
    expect(asked()).toBe(4);
  });

  test.each([
    ["a 403 that is about rights", limited({}, 403, '{"message":"Resource not accessible by integration"}')],
    ["a 503 without a time", limited({}, 503)],
    ["a 403 with requests left", limited({ "x-ratelimit-remaining": "12" }, 403, '{"message":"no"}')],
  ])("%s is not waited for", async (_, answer) => {
    const { wait, said, asked } = waiting([answer]);
    await wait("x");
    expect([asked(), said]).toEqual([1, []]);
  });
});

describe("tokens", () => {
  const placeOn = (forge: ForgeName, changes: Partial<PullRequestPlace> = {}): PullRequestPlace => ({
    forge,
    apiUrl: "https://api",
    repo: "a/b",
    pullRequest: 1,
    head: null,
    time: null,
    fork: null,
    ci: null,
    ...changes,
  });

  test("the first variable that is set, or the one that is named", () => {
    const env = { GITHUB_TOKEN: " ", GH_TOKEN: "gh-1\n", MINE: "mine" };
    expect(tokenFor(placeOn("github"), env, null)).toBe("gh-1");
    expect(tokenFor(placeOn("github"), env, "MINE")).toBe("mine");
    const pipelines = { SYSTEM_ACCESSTOKEN: "$(System.AccessToken)", AZURE_DEVOPS_EXT_PAT: "pat" };
    expect(tokenFor(placeOn("azure"), pipelines, null)).toBe("pat");
  });

  test.each([
    ["github", { ci: "GitHub Actions" }, {}, /github\.token/],
    ["azure", { ci: "Azure Pipelines" }, {}, /System\.AccessToken/],
    ["gitlab", { ci: "GitLab CI" }, { CI_JOB_TOKEN: "job-token-1" }, /CI_JOB_TOKEN cannot write notes/],
    ["bitbucket", { fork: true }, {}, /from forks are given no secrets/],
    ["bitbucket", {}, {}, /--token-env/],
  ] as const)("%s without one: %j %j", (forge, place, env, hint) => {
    const missing = () => tokenFor(placeOn(forge, place), env, null);
    expect(missing).toThrow(
      expect.objectContaining({ code: "no-forge-token", hint: expect.stringMatching(hint) }),
    );
  });

  test("one that no header can carry is refused, and not repeated", () => {
    expect(() => tokenFor(placeOn("github"), { GITHUB_TOKEN: "to ken\r\nx: y" }, null)).toThrow(
      /^The token in GITHUB_TOKEN holds a space/,
    );
  });

  test("no way of writing one is left in a message", () => {
    const env = { BITBUCKET_TOKEN: "me@example.com:s3cret/+=", AZURE_DEVOPS_EXT_PAT: "pat-123" };
    const basic = (text: string) => Buffer.from(text).toString("base64");
    const message = [
      "s3cret/+=",
      "me@example.com:s3cret/+=",
      encodeURIComponent("s3cret/+="),
      basic("me@example.com:s3cret/+="),
      basic(":pat-123"),
    ].join(" and ");
    const safe = redact(message, secretsOf(env, null));
    for (const part of message.split(" and ")) expect(safe).not.toContain(part);
    expect(safe).toMatch(/\[redacted\]/);
  });
});
