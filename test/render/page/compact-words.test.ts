import { expect, test } from "vitest";
import { compactMoney } from "../../../src/render/page/compact-words.ts";

test("an amount is as short as its size, whatever its sign", () => {
  const words = (value: number) => compactMoney(value, "USD");
  expect([1234, 12, 0, 1e-9].map(words)).toStrictEqual(["$1.23K", "$12", "$0", "$1E-9"]);
  expect([-1234, -12, -1e-9].map(words)).toStrictEqual(["-$1.23K", "-$12", "-$1E-9"]);
});
