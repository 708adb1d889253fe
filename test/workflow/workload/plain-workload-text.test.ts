/** A plain workload file is read as the parser of all of YAML reads it, place by place, or left to it. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { globSync } from "tinyglobby";
import { expect, it } from "vitest";
import { readAllWorkloadText } from "../../../src/workflow/workload/all-workload-text.ts";
import type { Path, WorkloadText } from "../../../src/workflow/workload/workload-text.ts";
import { readPlainWorkloadText } from "../../../src/workflow/workload/plain-workload-text.ts";

/** Of each value, and of what is not there. */
function pathsOf(value: unknown, at: Path = []): readonly Path[] {
  const keys: Path =
    value !== null && typeof value === "object"
      ? Array.isArray(value)
        ? [...value.keys()]
        : Object.keys(value)
      : [];
  const below = keys.flatMap((key) =>
    pathsOf((value as Record<string | number, unknown>)[key], [...at, key]),
  );
  return [at, [...at, "lost"], ...below];
}

const shown = ({ locate, ...text }: WorkloadText) => ({
  ...text,
  places: pathsOf(text.value).map((path) => [locate(path, "key"), locate(path, "value")]),
});

/** Whether the text was plain; what was read of it must be what all of YAML reads. */
function isReadAlike(text: string): boolean {
  const read = readPlainWorkloadText(text, "stepfare.yml");
  if (read !== null) expect(shown(read)).toStrictEqual(shown(readAllWorkloadText(text, "stepfare.yml")));
  return read !== null;
}

const TEXTS = [
  ...globSync("examples/**/stepfare.yml", { absolute: true }).map((file) => readFileSync(file, "utf8")),
  `region: eu-west-1 # there
prices: { discount: 9%, list: prices.json }
workflows:
  "orders":
    executionsPerMonth: 1.5M
    states:
      Pay:
        duration: { p50: 1s, p99: 3s }
        errors: [ { error: States.Timeout, share: 1% } ]
      200:
      x y: {items: 10..20}
`,
];

it("as it stands, with any line ends", () => {
  for (const text of TEXTS) {
    expect(isReadAlike(text)).toBe(true);
    expect(isReadAlike(text.replaceAll("\n", "\r\n"))).toBe(true);
  }
  expect(TEXTS.length).toBeGreaterThan(1);
});

it.each([
  ["an alias", "a: &b 1\nc: *b\n"],
  ["a merge", "a: { b: 1 }\nc:\n  <<: { d: 2 }\n"],
  ["a key that stands twice", "a: 1\na: 2\n"],
  ["a tag", "a: !!str 1\n"],
  ["too deep", Array.from({ length: 40 }, (_, at) => `${" ".repeat(at)}a:`).join("\n") + " 1\n"],
  ["nothing", "# all is as it is by default\n"],
])("%s is left", (_what, text) => {
  expect(readPlainWorkloadText(text, "stepfare.yml")).toBeNull();
});

it("with a character put in, left out or doubled, anywhere", () => {
  const marks = [..." \n\t:#-[]{}'\"!|>&*,?ab1~%@\\."];
  const edit = fc.record({
    text: fc.constantFrom(...TEXTS),
    at: fc.nat(),
    mark: fc.constantFrom("", ...marks, ...marks.map((mark) => `${mark} `)),
    cut: fc.nat({ max: 3 }),
  });
  let plain = 0;
  fc.assert(
    fc.property(edit, ({ text, at, mark, cut }) => {
      const place = at % text.length;
      if (isReadAlike(text.slice(0, place) + mark + text.slice(place + cut))) plain++;
    }),
    { numRuns: 800 },
  );
  expect(plain).toBeGreaterThan(200);
});
