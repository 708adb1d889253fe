/** The intrinsic functions against the examples of https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html */
import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { passOutput, tracePass } from "../trace-output.ts";

async function valueOf(call: string, input: unknown = {}, seed = 0): Promise<unknown> {
  const output = await passOutput({ "value.$": call }, input, { seed });
  return (output as { value: unknown }).value;
}

async function errorOf(call: string, input: unknown = {}) {
  const { error } = await tracePass({ Parameters: { "value.$": call } }, input);
  return error;
}

describe("documented results", () => {
  const inputArray = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  test.each<[string, unknown, unknown]>([
    ["States.Array($.Id)", { Id: 123456 }, [123456]],
    ["States.Array()", {}, []],
    ["States.ArrayPartition($.inputArray,4)", { inputArray }, [[1, 2, 3, 4], [5, 6, 7, 8], [9]]],
    ["States.ArrayContains($.inputArray, $.lookingFor)", { inputArray, lookingFor: 5 }, true],
    ["States.ArrayContains($.a, $.b)", { a: [{ x: [1] }], b: { x: [1] } }, true],
    ["States.ArrayRange(1, 9, 2)", {}, [1, 3, 5, 7, 9]],
    ["States.ArrayRange(3, 1, -1)", {}, [3, 2, 1]],
    ["States.ArrayGetItem($.inputArray, $.index)", { inputArray, index: 5 }, 6],
    ["States.ArrayLength($.inputArray)", { inputArray }, 9],
    ["States.ArrayUnique($.inputArray)", { inputArray: [1, 2, 3, 3, 3, 3, 3, 3, 4] }, [1, 2, 3, 4]],
    [
      "States.ArrayUnique($.a)",
      { a: [{ x: 1, y: 2 }, { y: 2, x: 1 }, null, null, "1", 1] },
      [{ x: 1, y: 2 }, null, "1", 1],
    ],
    ["States.Base64Encode($.input)", { input: "Data to encode" }, "RGF0YSB0byBlbmNvZGU="],
    ["States.Base64Decode($.base64)", { base64: "RGVjb2RlZCBkYXRh" }, "Decoded data"],
    ["States.Base64Decode(States.Base64Encode('Grüße 🎉'))", {}, "Grüße 🎉"],
    [
      "States.Hash($.Data, $.Algorithm)",
      { Data: "input data", Algorithm: "SHA-1" },
      "aaff4a450a104cd177d28d18d74485e8cae074b7",
    ],
    ["States.Hash('input data', 'MD5')", {}, "812f45842bc6d66ee14572ce20db8e86"],
    [
      "States.JsonMerge($.json1, $.json2, false)",
      { json1: { a: { a1: 1, a2: 2 }, b: 2 }, json2: { a: { a3: 1, a4: 2 }, c: 3 } },
      { a: { a3: 1, a4: 2 }, b: 2, c: 3 },
    ],
    ["States.StringToJson($.escapedJsonString)", { escapedJsonString: '{"foo": "bar"}' }, { foo: "bar" }],
    ["States.JsonToString($.u)", { u: { name: "bar", n: [1] } }, '{"name":"bar","n":[1]}'],
    ["States.MathAdd($.value1, $.step)", { value1: 111, step: -1 }, 110],
    ["States.MathAdd(1.5, -3.5)", {}, -1],
    [
      "States.StringSplit($.inputString, $.splitter)",
      { inputString: "1,2,3,4,5", splitter: "," },
      ["1", "2", "3", "4", "5"],
    ],
    [
      "States.StringSplit($.inputString, $.splitter)",
      { inputString: "This.is+a,test=string", splitter: ".+,=" },
      ["This", "is", "a", "test", "string"],
    ],
    ["States.Format('Hello, my name is {}.', $.name)", { name: "Arnav" }, "Hello, my name is Arnav."],
    ["States.Format('{}: {} {}', $.a, true, null)", { a: { b: 1 } }, '{"b":1}: true null'],
    [String.raw`States.Format('\'it\' is \{{}\}', 7)`, {}, "'it' is {7}"],
    [
      "States.Format('{}.{}.{}', States.ArrayGetItem(States.StringSplit(States.ArrayGetItem(States.StringSplit($.ImageRecipe.Arn, '/'), 2), '.'), 0), States.ArrayGetItem(States.StringSplit(States.ArrayGetItem(States.StringSplit($.ImageRecipe.Arn, '/'), 2), '.'), 1), 'x')",
      { ImageRecipe: { Arn: "arn:aws:imagebuilder/recipe/1.2.3" } },
      "1.2.x",
    ],
    [
      "States.Array($['with, comma'], $.list[?(@.n == 2)].n)",
      { "with, comma": 1, list: [{ n: 2 }] },
      [1, [2]],
    ],
  ])("%s", async (call, input, expected) => {
    expect(await valueOf(call, input)).toEqual(expected);
  });

  test("hashes of each length", async () => {
    const lengths = { MD5: 32, "SHA-1": 40, "SHA-256": 64, "SHA-384": 96, "SHA-512": 128 };
    for (const [algorithm, length] of Object.entries(lengths)) {
      expect(await valueOf(`States.Hash('x', '${algorithm}')`)).toMatch(new RegExp(`^[0-9a-f]{${length}}$`));
    }
    // FIPS 180 test vector.
    expect(await valueOf("States.Hash('abc', 'SHA-256')")).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });

  test("a UUID is version 4, differs from the next, and comes from the seed", async () => {
    const pair = (seed: number) =>
      valueOf("States.Array(States.UUID(), States.UUID())", {}, seed) as Promise<string[]>;
    const [first, second] = await pair(7);
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(first).not.toBe(second);
    expect(await pair(7)).toEqual([first, second]);
    expect(await pair(8)).not.toEqual([first, second]);
  });

  test("MathRandom includes its start and not its end, and repeats for its own seed", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: 1, max: 5 }),
        async (seed, from, span) => {
          const value = (await valueOf(`States.MathRandom(${from}, ${from + span})`, {}, seed)) as number;
          expect(Number.isInteger(value) && value >= from && value < from + span).toBe(true);
        },
      ),
    );
    const call = "States.MathRandom(1, 1000000, 3)";
    expect(await valueOf(call, {}, 1)).toBe(await valueOf(call, {}, 2));
  });
});

describe("refused arguments raise States.IntrinsicFailure", () => {
  test.each([
    "States.ArrayPartition('no array', 2)",
    "States.ArrayPartition($.list, 0)",
    "States.ArrayRange(0, 5, 0)",
    "States.ArrayRange(0, 1000, 1)",
    "States.ArrayGetItem($.list, 9)",
    "States.ArrayLength('text')",
    "States.ArrayUnique(1)",
    "States.ArrayContains($.long, 1)",
    "States.Base64Encode($.long)",
    "States.Base64Encode(1)",
    "States.Hash('x', 'CRC')",
    "States.JsonMerge($.o, $.o, true)",
    "States.JsonMerge($.o, 1, false)",
    "States.MathRandom(3, 3)",
    "States.MathAdd(1, 'two')",
    "States.MathAdd(2147483647, 1)",
    "States.StringToJson('{')",
    "States.StringSplit(1, ',')",
    "States.Format('{} {}', 1)",
    "States.Format('{}', 1, 2)",
    "States.Format('{ }', 1)",
    "States.UUID(1)",
    "States.JsonToString()",
  ])("%s", async (call) => {
    const input = { list: [1, 2, 3], o: {}, long: "x".repeat(10_001) };
    const failure = await errorOf(call, input);
    expect(failure?.error).toBe("States.IntrinsicFailure");
    expect(failure?.cause).toContain(`The function '${call}' had the following error: `);
  });

  test("a path that leads nowhere is a runtime error, in AWS's words", async () => {
    expect(await errorOf("States.Array($.nope)", { a: 1 })).toEqual({
      error: "States.Runtime",
      cause:
        "An error occurred while executing the state 'P' (entered at the event id #2). The function 'States.Array($.nope)' had the following error: The JsonPath argument for the field '$.nope' could not be found in the input '{\"a\":1}'",
    });
  });

  test.each([
    "States.Nothing()",
    "States.Array(",
    "States.Array(1) x",
    "States.Format('open)",
    "States.Array(,)",
    `${"States.Array(".repeat(11)}${")".repeat(11)}`,
  ])("%s is no call", async (call) => {
    expect((await errorOf(call))?.error).toBe("States.Runtime");
  });
});
