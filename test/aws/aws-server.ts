/**
 * A local AWS: an HTTP server that speaks the services' own protocols (AWS JSON 1.0 and 1.1, Query, REST JSON) to the real
 * SDK clients, with paging, request quotas, and every way to refuse. Shapes after the services' public API references.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import quotas from "../../pricing/quotas.json" with { type: "json" };
import type { FakeMachine, FakeMapRun } from "./fake-account.ts";
import { answerCall, refusal, type Refusal, textOf } from "./aws-answers.ts";

export interface AwsCall {
  /** IAM action. */
  readonly action: string;
  readonly region: string;
  readonly account: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Answered, or the error's type. */
  readonly outcome: string;
}

export interface AwsWorldAsServed {
  readonly machines: readonly FakeMachine[];
  readonly mapRuns?: readonly FakeMapRun[];
  readonly logs?: readonly { readonly group: string; readonly timeMs: number; readonly message: string }[];
  readonly organization?: readonly { readonly account: string; readonly status: string }[];
  readonly enabledRegions?: readonly string[];
  /** Data points a page of GetMetricData holds. */
  readonly dataPointsPerPage?: number;
  /** Entries a page of a list holds, where the caller asks for more. */
  readonly mostPerPage?: number;
  /** Times AWS's default request quotas; Infinity = none. */
  readonly quotaFactor?: number;
  /** Called before an answer; a refusal is answered instead. */
  readonly refuse?: (call: Omit<AwsCall, "outcome">, index: number) => Refusal | "break" | "hang" | null;
  /** Milliseconds the server's clock is ahead. */
  readonly clockAheadMs?: number;
  readonly validate?: (definition: string) => readonly object[];
}

export interface AwsServer {
  readonly url: string;
  readonly calls: readonly AwsCall[];
  /** Calls beyond a bucket. */
  readonly throttled: () => number;
  callsOf(action: string): readonly AwsCall[];
  close(): Promise<void>;
}

const SERVICES = new Map([
  ["AWSStepFunctions", "states"],
  ["GraniteServiceVersion20100801", "cloudwatch"],
  ["Logs_20140328", "logs"],
  ["ResourceGroupsTaggingAPI_20170126", "tag"],
  ["AWSOrganizationsV20161128", "organizations"],
]);

/** Five minutes, as Signature Version 4 allows. */
const SKEW_ALLOWED_MS = 300_000;
const OWN_ACCOUNT = "111111111111";

export async function startAwsServer(world: AwsWorldAsServed): Promise<AwsServer> {
  const calls: AwsCall[] = [];
  const take = bucketsOf(world.quotaFactor ?? Infinity);
  let throttled = 0;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = await readCall(request);
    const decided = world.refuse?.(call, calls.length) ?? null;
    if (decided === "hang") {
      calls.push({ ...call, outcome: "hang" });
      return;
    }
    if (decided === "break") {
      calls.push({ ...call, outcome: "break" });
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0", "content-length": "5000" });
      response.write('{"state');
      setTimeout(() => response.destroy(), 5);
      return;
    }
    const date = new Date(Date.now() + (world.clockAheadMs ?? 0));
    const stale = Math.abs(signedAt(request) - date.getTime()) > SKEW_ALLOWED_MS;
    const within = take(`${call.account} ${call.region} ${call.action}`, call);
    if (!within) throttled++;
    const answer =
      decided ??
      (stale
        ? refusal("InvalidSignatureException", "Signature expired: is now earlier than the service's time.")
        : !within
          ? refusal("ThrottlingException", "Rate exceeded")
          : answerCall(world, call));
    const refused = "refused" in answer;
    calls.push({ ...call, outcome: refused ? answer.refused : "answered" });
    send(response, { call, answer, date });
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    throttled: () => throttled,
    callsOf: (action) => calls.filter((call) => call.action === action),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readCall(request: IncomingMessage): Promise<Omit<AwsCall, "outcome">> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  const text = (request.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw).toString("utf8");
  const scope = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? "") ?? [];
  const [, key = "", region = "", service = ""] = scope;
  const account = /^AKIAROLE(\d{12})$/.exec(key)?.[1] ?? OWN_ACCOUNT;
  const target = request.headers["x-amz-target"];
  if (typeof target === "string") {
    const [name = "", operation = ""] = target.split(".");
    const action = `${SERVICES.get(name) ?? name}:${operation}`;
    return { action, region, account, body: JSON.parse(text || "{}") as Record<string, unknown> };
  }
  if (service === "account") {
    return {
      action: "account:ListRegions",
      region,
      account,
      body: JSON.parse(text || "{}") as Record<string, unknown>,
    };
  }
  const form = new URLSearchParams(text);
  return {
    action: `${service}:${form.get("Action") ?? ""}`,
    region,
    account,
    body: Object.fromEntries(form),
  };
}

/** `X-Amz-Date: 20261122T132135Z`. */
function signedAt(request: IncomingMessage): number {
  const written = textOf(request.headers["x-amz-date"]);
  return Date.parse(written.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

interface Sending {
  readonly call: Omit<AwsCall, "outcome">;
  readonly answer: ReturnType<typeof answerCall>;
  readonly date: Date;
}

function send(response: ServerResponse, { call, answer, date }: Sending): void {
  const headers = { date: date.toUTCString(), "x-amzn-requestid": "00000000-0000-0000-0000-000000000000" };
  const query = call.action.startsWith("sts:");
  if ("refused" in answer) {
    const { refused, message, status } = answer;
    if (query) {
      const xml = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${refused}</Code><Message>${message}</Message></Error></ErrorResponse>`;
      response.writeHead(status, { ...headers, "content-type": "text/xml" }).end(xml);
      return;
    }
    const body = JSON.stringify({ __type: `com.amazonaws.service#${refused}`, message });
    response
      .writeHead(status, {
        ...headers,
        "content-type": "application/x-amz-json-1.0",
        "x-amzn-errortype": refused,
      })
      .end(body);
    return;
  }
  const type = query ? "text/xml" : "application/x-amz-json-1.0";
  const body = query ? textOf(answer.body) : JSON.stringify(answer.body);
  response.writeHead(200, { ...headers, "content-type": type }).end(body);
}

/** Takes a token of the call's bucket; false when none is there. The service refills continuously. */
function bucketsOf(factor: number): (key: string, call: { action: string; region: string }) => boolean {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (key, { action, region }) => {
    const rate = defaultRate(action, region);
    if (factor === Infinity || rate === null) return true;
    const now = performance.now();
    const size = rate.bucket * factor;
    const bucket = buckets.get(key) ?? { tokens: size, at: now };
    const tokens = Math.min(size, bucket.tokens + ((now - bucket.at) / 1000) * rate.perSecond * factor);
    const enough = tokens >= 1;
    buckets.set(key, { tokens: enough ? tokens - 1 : tokens, at: now });
    return enough;
  };
}

function defaultRate(action: string, region: string): { bucket: number; perSecond: number } | null {
  if (action === "cloudwatch:GetMetricData") return { bucket: 50, perSecond: 50 };
  const [service, name = ""] = action.split(":");
  if (service !== "states") return null;
  const { allRegions, largeRegions, otherRegions } = quotas.rates;
  const regional = largeRegions.regions.includes(region) ? largeRegions.rates : otherRegions.rates;
  const key = name.charAt(0).toLowerCase() + name.slice(1);
  return new Map(Object.entries({ ...allRegions.rates, ...regional })).get(key) ?? null;
}
