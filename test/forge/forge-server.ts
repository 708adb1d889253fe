/** A forge server is a forge on this machine: it keeps comments, speaks one forge's API after its documentation, and fails on demand. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Fault, ForgeWorld, Request, Routes } from "./forge-world.ts";
import { HEAD } from "./forge-world.ts";
import { azureRoutes } from "./azure-routes.ts";
import { bitbucketRoutes } from "./bitbucket-routes.ts";
import { githubRoutes } from "./github-routes.ts";
import { gitlabRoutes } from "./gitlab-routes.ts";
import type { ForgeName, PullRequestPlace } from "../../src/pull-request-comment.ts";

export interface ForgeServer {
  readonly world: ForgeWorld;
  readonly place: PullRequestPlace;
  readonly requests: readonly Request[];
  /** All that were no GET, as `METHOD path`. */
  writes(): readonly string[];
  /** The next request that fits fails; `done`: after the forge has done it. */
  failNext(fits: (request: Request) => boolean, fault: Fault, done?: boolean): void;
  close(): Promise<void>;
}

const FORGES: Readonly<Record<ForgeName, { routes: Routes; limit: number; repo: string; base: string }>> = {
  github: { routes: githubRoutes, limit: 65_536, repo: "acme/shop", base: "" },
  gitlab: { routes: gitlabRoutes, limit: 1_000_000, repo: "acme/backend/shop", base: "/api/v4" },
  bitbucket: { routes: bitbucketRoutes, limit: 32_768, repo: "acme/shop", base: "/2.0" },
  azure: { routes: azureRoutes, limit: 150_000, repo: "Web Shop/shop", base: "/acme" },
};

export async function startForge(
  forge: ForgeName,
  options: Partial<ForgeWorld> & { base?: string } = {},
): Promise<ForgeServer> {
  const { routes, limit, repo, base } = FORGES[forge];
  const { base: path = base, ...changes } = options;
  const world: ForgeWorld = {
    head: HEAD,
    viewer: "stepfare-bot",
    viewerKnown: true,
    readOnly: false,
    pageSize: 100,
    comments: [],
    nextId: 101,
    limit,
    origin: "",
    ...changes,
  };
  const requests: Request[] = [];
  const faults: { fits: (request: Request) => boolean; fault: Fault; done: boolean }[] = [];
  const server = createServer((incoming, response) => void serve(incoming, response));
  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request = await readRequest(incoming);
    requests.push(request);
    const at = faults.findIndex(({ fits }) => fits(request));
    const [failing] = at < 0 ? [] : faults.splice(at, 1);
    const reply = failing === undefined || failing.done ? routes(request, world) : null;
    answer(response, failing?.fault ?? reply ?? { status: 500 });
  };
  world.origin = await listen(server);
  const place = {
    forge,
    apiUrl: `${world.origin}${path}`,
    repo,
    pullRequest: 7,
    head: world.head,
    time: null,
    fork: null,
    ci: null,
  };
  return {
    world,
    place,
    requests,
    writes: () => requests.filter(({ method }) => method !== "GET").map((one) => `${one.method} ${one.path}`),
    failNext: (fits, fault, done = false) => void faults.push({ fits, fault, done }),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const url = new URL(incoming.url ?? "/", "http://forge");
  return {
    method: incoming.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: text === "" ? null : JSON.parse(text),
  };
}

function answer(response: ServerResponse, fault: Fault): void {
  if ("silence" in fault) return;
  if ("drop" in fault) {
    response.destroy();
    return;
  }
  const { status, headers = {}, body } = fault;
  if (body === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  const isPage = typeof body === "string";
  const type = isPage ? "text/html; charset=utf-8" : "application/json; charset=utf-8";
  response.writeHead(status, { "content-type": type, ...headers }).end(isPage ? body : JSON.stringify(body));
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
