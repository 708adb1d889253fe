/** A forge fetch is one HTTP request through the proxy that the environment names, answered within a time. */
import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";
import { ForgeFailure } from "./forge-failure.ts";

/** Shaped as the global `fetch`, which ignores proxies before Node 24. */
export type ForgeFetch = (url: string, init?: ForgeRequest) => Promise<Response>;

export interface ForgeRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | null;
  readonly signal?: AbortSignal | null;
}

/** More than any page of comments; an answer beyond it is not one of a forge. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_REDIRECTS = 3;
const BODILESS = new Set([204, 205, 304]);

/** The fetch throws ForgeFailure `unavailable`. */
export function forgeFetch({ timeoutMs }: { readonly timeoutMs: number }): ForgeFetch {
  return async (url, init = {}) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    try {
      return await follow(url, { ...init, signal });
    } catch (error) {
      if (error instanceof ForgeFailure) throw error;
      const reason = timeout.aborted ? `no answer within ${timeoutMs / 1000} s` : reasonOf(error);
      throw new ForgeFailure("unavailable", `${new URL(url).host}: ${reason}`);
    }
  };
}

type SignalledRequest = ForgeRequest & { readonly signal: AbortSignal };

/** A repository that was renamed answers with its new address; a token is not carried to another host. */
async function follow(url: string, init: SignalledRequest): Promise<Response> {
  let address = url;
  for (let redirects = 0; ; redirects++) {
    const response = await answerOf(await send(address, init));
    const target = response.headers.get("location");
    const next = target !== null && URL.canParse(target, address) ? new URL(target, address) : null;
    const repeats = [307, 308].includes(response.status) || (init.method ?? "GET") === "GET";
    if (response.status < 300 || response.status >= 400 || next === null || !repeats) return response;
    if (redirects === MAX_REDIRECTS || next.origin !== new URL(address).origin) return response;
    address = next.href;
  }
}

function send(
  url: string,
  { method = "GET", headers, body, signal }: SignalledRequest,
): Promise<IncomingMessage> {
  const proxy = getProxyForUrl(url);
  if (proxy !== "" && !/^https?:/.test(proxy))
    // The value may hold a password, so it is not repeated.
    throw new Error("the proxy in the environment is not an http:// or https:// URL");
  const payload = body == null ? null : Buffer.from(body);
  return new Promise((resolve, reject) => {
    const request = (url.startsWith("https:") ? requestHttps : requestHttp)(
      url,
      {
        method,
        signal,
        headers: {
          ...headers,
          "accept-encoding": "identity",
          connection: "close",
          ...(payload === null ? {} : { "content-length": payload.byteLength }),
        },
        agent: proxy === "" ? false : new HttpsProxyAgent(proxy),
      },
      resolve,
    );
    request.on("error", reject);
    request.end(payload ?? undefined);
  });
}

async function answerOf(message: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) {
      message.destroy();
      throw new Error(`its answer is larger than ${MAX_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  if (!message.complete) throw new Error("the connection broke off before the end");
  const status = message.statusCode ?? 0;
  if (status < 200 || status > 599) throw new Error(`its answer has the status ${status}`);
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  return new Response(BODILESS.has(status) ? null : Buffer.concat(chunks), { status, headers });
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS.get(code ?? "") ?? (message || code || String(error));
}

const UNTRUSTED = "its certificate is not trusted (NODE_EXTRA_CA_CERTS names more authorities)";

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOTFOUND", "the host's name is not known"],
  ["EAI_AGAIN", "the host's name could not be looked up"],
  ["ECONNREFUSED", "the connection was refused"],
  ["ECONNRESET", "the connection broke off"],
  ["ETIMEDOUT", "the connection timed out"],
  ["ENETUNREACH", "the network cannot be reached"],
  ["SELF_SIGNED_CERT_IN_CHAIN", UNTRUSTED],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", UNTRUSTED],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", UNTRUSTED],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", UNTRUSTED],
]);
