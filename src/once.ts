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

interface Keeping<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): unknown;
}

/** What a map has at a key; where it has nothing, what is made for it, which it then has. */
export function keptIn<Key, Value extends object | string | number | boolean | null>(
  kept: Keeping<Key, Value>,
  key: Key,
  make: () => Value,
): Value {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = make();
  kept.set(key, made);
  return made;
}

/** Where an object of lazy fields keeps what makes them, and what is made. Copying its descriptors copies it along. */
const KEPT = Symbol("kept");

type Kept = Readonly<Record<string, () => unknown>>;

/** One for each name, so that all objects with the same fields have one shape: making them takes half the time. */
const descriptors = new Map<string, PropertyDescriptor>();

/** Plain data, in the order given, of which each field is made when it is first read. */
export function lazyFields<T extends object>(makers: { readonly [Key in keyof T]: () => T[Key] }): T {
  const kept: Record<string, () => unknown> = {};
  const fields = Object.defineProperty({}, KEPT, { value: kept });
  for (const name of Object.keys(makers)) {
    kept[name] = once(makers[name as keyof T]);
    Object.defineProperty(fields, name, descriptorOf(name));
  }
  return fields as T;
}

function descriptorOf(name: string): PropertyDescriptor {
  return keptIn(descriptors, name, () => ({
    get(this: { readonly [KEPT]: Kept }) {
      return this[KEPT][name]!();
    },
    enumerable: true,
    configurable: true,
  }));
}
