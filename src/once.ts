/** What is worked out when it is first asked for, and then kept: what nobody reads of a report costs nothing. */
export function once<T>(make: () => T): () => T {
  let pending: (() => T) | null = make;
  let made: T;
  return () => {
    if (pending !== null) {
      made = pending();
      // What it was made from can go.
      pending = null;
    }
    return made;
  };
}

/** Plain data, in the order given, of which each field is made when it is first read. */
export function lazyFields<T extends object>(makers: { readonly [Key in keyof T]: () => T[Key] }): T {
  const descriptors = Object.entries<() => unknown>(makers).map(
    ([name, make]): [string, PropertyDescriptor] => [
      name,
      { get: once(make), enumerable: true, configurable: true },
    ],
  );
  return Object.defineProperties({} as T, Object.fromEntries(descriptors));
}
