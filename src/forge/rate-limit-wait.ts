/** The rate limit wait is a fetch that waits as long as a forge asks it to, up to a bound, and says so. */
import { isRateLimit } from "./forge-failure.ts";
import type { ForgeFetch } from "./forge-fetch.ts";

export interface RateLimitOptions {
  /** For all waits of one run together. */
  readonly maxWaitMs: number;
  /** What a second lasts: 1000 but for tests. */
  readonly secondMs: number;
  /** For people: "GitHub". */
  readonly label: string;
  report(message: string): void;
}

/** "If the retry-after header is absent, wait for at least one minute": GitHub's rule for its secondary limits. */
const UNSAID_SECONDS = 60;
const MAX_WAITS = 5;

/** An answer whose wait would pass the bound is handed on as it is. */
export function waitForRateLimits(fetch: ForgeFetch, options: RateLimitOptions): ForgeFetch {
  let waitedMs = 0;
  let waits = 0;
  return async (url, init) => {
    for (;;) {
      const response = await fetch(url, init);
      if (![403, 429, 503].includes(response.status)) return response;
      const headers = Object.fromEntries(response.headers.entries());
      const text = await response.clone().text();
      if (!isRateLimit({ status: response.status, headers, text })) return response;
      const seconds = askedSeconds(headers);
      const waitMs = seconds * options.secondMs;
      if (waits === MAX_WAITS || waitedMs + seconds * 1000 > options.maxWaitMs) {
        options.report(`${options.label}'s rate limit is used up, and would be open again in ${seconds} s.`);
        return response;
      }
      options.report(`${options.label}'s rate limit is used up: waiting ${seconds} s, as it asks.`);
      waits++;
      waitedMs += seconds * 1000;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  };
}

/** Whole seconds, at least 1. Retry-After may be a date; resets are seconds since 1970. */
function askedSeconds(headers: Readonly<Record<string, string>>): number {
  const after = headers["retry-after"];
  if (after !== undefined && /^\d+$/.test(after.trim())) return Math.max(1, Number(after));
  const reset = headers["x-ratelimit-reset"] ?? headers["ratelimit-reset"];
  const until = after !== undefined ? Date.parse(after) : Number(reset) * 1000;
  if (!Number.isFinite(until)) return UNSAID_SECONDS;
  // One more, so that the next try comes after the reset.
  return Math.max(1, Math.ceil((until - Date.now()) / 1000) + 1);
}
