/** A download is one file fetched over HTTPS, through the proxy that HTTPS_PROXY and NO_PROXY name. */
import { get as getHttp, type IncomingMessage } from "node:http";
import { get as getHttps } from "node:https";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";
import { UserError } from "../user-error.ts";

export interface DownloadOptions {
  /** More bytes than this are refused; 32 MiB when absent. */
  readonly maxBytes?: number;
  /** For the whole download; 60 s when absent. */
  readonly timeoutMs?: number;
}

const DEFAULT_MAX_BYTES = 32 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * The bytes of a URL. Node's own fetch ignores proxies before version 24, so this speaks HTTP itself.
 * Throws a UserError `download-failed` (exit code 3) for everything but a complete answer 200; redirects are not followed.
 */
export async function downloadFile(url: string, options: DownloadOptions = {}): Promise<Uint8Array> {
  const { maxBytes = DEFAULT_MAX_BYTES, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const proxy = proxyFor(url);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await request(url, { proxy, signal });
    if (response.statusCode !== 200) {
      response.destroy();
      throw failure(url, {
        proxy,
        reason: `the answer was ${response.statusCode} ${response.statusMessage ?? ""}`.trim(),
      });
    }
    return await readBody(response, maxBytes);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason = signal.aborted ? `no answer within ${timeoutMs / 1000} s` : reasonOf(error);
    throw failure(url, { proxy, reason });
  }
}

function proxyFor(url: string): URL | null {
  const named = getProxyForUrl(url);
  if (named === "") return null;
  const written = isWithoutScheme(named) ? named.replace(/^https:/, "http:") : named;
  const proxy = URL.canParse(written) ? new URL(written) : null;
  if (proxy !== null && (proxy.protocol === "http:" || proxy.protocol === "https:")) return proxy;
  // The value may hold a password, so it is not repeated.
  const reason = "the proxy in the environment is not an http:// or https:// URL";
  throw failure(url, { proxy: null, reason });
}

/** `HTTPS_PROXY=proxy:8080` means an http proxy to curl and others; getProxyForUrl would give it the URL's own scheme. */
function isWithoutScheme(named: string): boolean {
  const bare = named.slice(named.indexOf("://") + 3);
  const names = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
  return names.some((name) => process.env[name] === bare);
}

function request(
  url: string,
  { proxy, signal }: { proxy: URL | null; signal: AbortSignal },
): Promise<IncomingMessage> {
  const get = url.startsWith("https:") ? getHttps : getHttp;
  return new Promise((resolve, reject) => {
    get(
      url,
      {
        signal,
        headers: { "accept-encoding": "identity", connection: "close", "user-agent": "stepfare" },
        ...(proxy === null ? { agent: false } : { agent: new HttpsProxyAgent(proxy) }),
      },
      resolve,
    ).on("error", reject);
  });
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      response.destroy();
      throw new Error(`it is larger than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  if (!response.complete) throw new Error("the connection broke off before the end");
  return Buffer.concat(chunks);
}

function failure(url: string, { proxy, reason }: { proxy: URL | null; reason: string }): UserError {
  const through = proxy === null ? "" : ` through the proxy ${proxy.host}`;
  return new UserError(
    "download-failed",
    `Cannot download ${url}${through}: ${reason}.`,
    "Check the connection and HTTPS_PROXY, or download the file by other means and hand it over with --file.",
    3,
  );
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS.get(code ?? "") ?? (message || code || String(error));
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOTFOUND", "the host's name is not known"],
  ["EAI_AGAIN", "the host's name could not be looked up"],
  ["ECONNREFUSED", "the connection was refused"],
  ["ECONNRESET", "the connection broke off"],
  ["ETIMEDOUT", "the connection timed out"],
  ["ENETUNREACH", "the network cannot be reached"],
  [
    "SELF_SIGNED_CERT_IN_CHAIN",
    "its certificate is not trusted (NODE_EXTRA_CA_CERTS names more authorities)",
  ],
  [
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "its certificate is not trusted (NODE_EXTRA_CA_CERTS names more authorities)",
  ],
  [
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "its certificate is not trusted (NODE_EXTRA_CA_CERTS names more authorities)",
  ],
]);
