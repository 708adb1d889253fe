/** A token bucket paces calls: it holds `size` tokens, refills by `perSecond`, and each call takes one, waiting its turn. */

export interface Pace {
  readonly size: number;
  readonly perSecond: number;
}

/** Time as the bucket sees it; a test hands in its own. */
export interface Clock {
  /** Milliseconds, from any origin. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export interface TokenBucket {
  /** Settles when the call may be made; calls go in the order in which they ask. */
  take(): Promise<void>;
  /** AWS has refused a call although we kept to the pace: others use the quota too, so nothing is left in it. */
  drain(): void;
}

export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

export function tokenBucket({ size, perSecond }: Pace, clock: Clock): TokenBucket {
  // Below zero: calls that wait have taken tokens that are still to come.
  let tokens = size;
  let refilledAt = clock.now();
  const refill = (): void => {
    const now = clock.now();
    tokens = Math.min(size, tokens + ((now - refilledAt) / 1000) * perSecond);
    refilledAt = now;
  };
  return {
    take: async () => {
      refill();
      tokens -= 1;
      if (tokens < 0) await clock.sleep((-tokens / perSecond) * 1000);
    },
    drain: () => {
      refill();
      tokens = Math.min(tokens, 0);
    },
  };
}
