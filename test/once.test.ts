import { expect, test } from "vitest";
import { keptIn, lazyFields, once } from "../src/once.ts";

test("what is asked for again is not made again, undefined included", () => {
  let made = 0;
  const answer = once(() => void made++);
  answer();
  answer();
  expect(made).toBe(1);
});

test("a field is made when it is read, and a copy or JSON of the whole has them all in order", () => {
  const made: string[] = [];
  const data = lazyFields<{ b: number; a: number }>({
    b: () => made.push("b"),
    a: () => made.push("a"),
  });
  expect(made).toEqual([]);
  expect(data.a).toBe(1);
  expect(made).toEqual(["a"]);
  expect(JSON.stringify(data)).toBe('{"b":2,"a":1}');
  expect({ ...data }).toEqual({ b: 2, a: 1 });
  expect(made).toEqual(["a", "b"]);
});

test("what has its descriptors makes no field anew", () => {
  let made = 0;
  const data = lazyFields<{ a: number }>({ a: () => (made += 1) });
  const copy = Object.defineProperties({ b: 0 }, Object.getOwnPropertyDescriptors(data));
  expect(copy).toEqual({ a: 1, b: 0 });
  expect(data.a).toBe(1);
  expect(made).toBe(1);
});

test.each([new Map<object, string | null>(), new WeakMap<object, string | null>()])(
  "what is made for a key is made once for it, null included",
  (kept) => {
    const [one, other] = [{}, {}];
    const made: string[] = [];
    const ask = (key: object, value: string | null) =>
      keptIn(kept, key, () => {
        made.push(String(value));
        return value;
      });
    expect([ask(one, null), ask(other, "b"), ask(one, "c"), ask(other, "d")]).toEqual([null, "b", null, "b"]);
    expect(made).toEqual(["null", "b"]);
  },
);
