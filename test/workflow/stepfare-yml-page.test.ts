/** The page on stepfare.yml: its examples are valid, and it names every key. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { readWorkloadFile } from "../../src/workflow/workload/whole-workload-file.ts";

const page = await readFile("docs/stepfare-yml.md", "utf8");
const schema = await readFile("schemas/stepfare.schema.json", "utf8");

function keysOf(node: unknown, found = new Set<string>()): Set<string> {
  if (typeof node !== "object" || node === null) return found;
  for (const [keyword, value] of Object.entries(node)) {
    if (keyword === "properties") for (const key of Object.keys(value as object)) found.add(key);
    keysOf(value, found);
  }
  return found;
}

describe("docs/stepfare-yml.md", () => {
  it("opens with an example that is valid", () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
    const { workloadFile, errors } = readWorkloadFile(example, "stepfare.yml");
    expect(errors).toStrictEqual([]);
    expect(workloadFile?.workflows[0]?.workload.states.size).toBe(3);
  });

  it("shows errors as they are", () => {
    const [first] = readWorkloadFile("regoin: x", "stepfare.yml").errors;
    expect(page).toContain(`stepfare.yml:1:1: ${first?.message}`);
  });

  it("names every key of the schema", () => {
    const keys = [...keysOf(JSON.parse(schema))];
    expect(keys.length).toBeGreaterThan(30);
    expect(
      keys.filter((key) => !new RegExp(`\\b${key.replace("$", "\\$")}\\b|\`\\${key}\``).test(page)),
    ).toStrictEqual([]);
  });
});
