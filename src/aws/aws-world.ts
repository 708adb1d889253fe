/** The AWS world is what all clients of a run share: pace, counted calls, time limits, and how each client is made. */
import type {
  AwsCredentialIdentityProvider,
  FinalizeHandler,
  HandlerExecutionContext,
  MetadataBearer,
  Pluggable,
} from "@smithy/types";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";
import { paceOf } from "./api-pace.ts";
import { type Clock, type TokenBucket, realClock, tokenBucket } from "./token-bucket.ts";

export interface AwsWorld {
  readonly clock: Clock;
  /** Part of AWS's default request quotas that may be used. */
  readonly rate: number;
  /** Attempts of this run by IAM action. */
  readonly counts: Map<string, number>;
  readonly buckets: Map<string, TokenBucket>;
  /** Somebody has just used the quotas up: wait for the refill from the first call on. */
  readonly bucketsStartEmpty: boolean;
  readonly requestTimeoutMs: number;
  readonly maxAttempts: number;
}

/** Whose credentials speak: the caller's own, or those of a role taken in another account. */
export interface Access {
  /** Tells accesses apart: `self`, or the role's ARN. */
  readonly id: string;
  /** Null until an ARN has told. */
  readonly account: string | null;
  readonly profile: string | null;
  /** Null = the SDK's own chain. */
  readonly credentials: AwsCredentialIdentityProvider | null;
}

/** Long enough for GetMetricData with 500 metrics, short enough that a dead connection is noticed. */
const REQUEST_TIMEOUT_MS = 60_000;
const MAX_ATTEMPTS = 8;

export function openWorld(rate: number, given: Partial<AwsWorld> = {}): AwsWorld {
  return {
    clock: realClock,
    rate,
    counts: new Map(),
    buckets: new Map(),
    bucketsStartEmpty: false,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    maxAttempts: MAX_ATTEMPTS,
    ...given,
  };
}

/** What every client is made with. `region` null = the one that environment or profile name. */
export function clientConfig(world: AwsWorld, access: Access, region: string | null) {
  // The bundle holds the SDK that was tested, so its word on Node versions to come is nothing the user could act on.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  return {
    ...(region === null ? {} : { region }),
    ...(access.profile === null ? {} : { profile: access.profile }),
    ...(access.credentials === null ? {} : { credentials: access.credentials }),
    maxAttempts: world.maxAttempts,
    retryMode: "adaptive" as const,
    requestHandler: {
      connectionTimeout: Math.min(10_000, world.requestTimeoutMs),
      requestTimeout: world.requestTimeoutMs,
      throwOnRequestTimeout: true,
      ...proxyAgent(region),
    },
  };
}

/** The SDK knows no proxies; HTTPS_PROXY and NO_PROXY are heeded as downloads heed them. */
function proxyAgent(region: string | null): { readonly httpsAgent?: HttpsProxyAgent<string> } {
  const proxy = getProxyForUrl(`https://states.${region ?? "us-east-1"}.amazonaws.com`);
  return proxy === "" || !URL.canParse(proxy) ? {} : { httpsAgent: new HttpsProxyAgent(proxy) };
}

const PREFIXES: ReadonlyMap<string, string> = new Map([
  ["SFNClient", "states"],
  ["CloudWatchClient", "cloudwatch"],
  ["CloudWatchLogsClient", "logs"],
  ["ResourceGroupsTaggingAPIClient", "tag"],
  ["OrganizationsClient", "organizations"],
  ["AccountClient", "account"],
  ["STSClient", "sts"],
]);

/**
 * Paces and counts every attempt, the SDK's own retries included: it stands inside the retry loop, and before signing,
 * so that a signature does not grow old while its call waits.
 */
export function paced<Input extends object, Output extends MetadataBearer>(
  world: AwsWorld,
  access: Access,
  region: string,
): Pluggable<Input, Output> {
  const pace =
    (
      next: FinalizeHandler<Input, Output>,
      context: HandlerExecutionContext,
    ): FinalizeHandler<Input, Output> =>
    async (args) => {
      const action = actionOf(context);
      const bucket = bucketOf(world, `${access.id} ${region} ${action}`, () =>
        paceOf(action, region, world.rate),
      );
      await bucket.take();
      world.counts.set(action, (world.counts.get(action) ?? 0) + 1);
      try {
        return await next(args);
      } catch (error) {
        if (/Throttl|TooManyRequests|LimitExceeded/.test((error as Error).name)) bucket.drain();
        throw error;
      }
    };
  return {
    applyToStack: (stack) =>
      stack.addRelativeTo(pace, { name: "stepfarePace", relation: "after", toMiddleware: "retryMiddleware" }),
  };
}

function actionOf({ clientName = "", commandName = "" }: HandlerExecutionContext): string {
  return `${PREFIXES.get(clientName) ?? clientName}:${commandName.replace(/Command$/, "")}`;
}

function bucketOf(world: AwsWorld, key: string, pace: () => ReturnType<typeof paceOf>): TokenBucket {
  const known = world.buckets.get(key);
  if (known !== undefined) return known;
  const made = tokenBucket(pace(), world.clock);
  if (world.bucketsStartEmpty) made.drain();
  world.buckets.set(key, made);
  return made;
}
