/** Call slots let only so many calls be under way at one time, over all regions: each large answer takes memory while it is read. */

export type CallSlots = <T>(call: () => Promise<T>) => Promise<T>;

export function callSlots(slots: number): CallSlots {
  let free = slots;
  const waiting: (() => void)[] = [];
  return async (call) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await call();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
