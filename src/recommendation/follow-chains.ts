/** State chains are states that follow each other with no other way into any but the first. */

/** Each chain of two or more, from its first state on; `followerOf` gives the state that continues one, if any does. */
export function followChains<T>(
  states: readonly T[],
  followerOf: (state: T) => T | undefined,
): readonly (readonly T[])[] {
  const followers = new Set(states.map(followerOf));
  return states
    .filter((state) => !followers.has(state))
    .map((first) => {
      const chain = new Set([first]);
      for (let next = followerOf(first); next !== undefined && !chain.has(next); next = followerOf(next))
        chain.add(next);
      return [...chain];
    })
    .filter((chain) => chain.length > 1);
}
