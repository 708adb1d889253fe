import { existsSync, readFileSync } from "node:fs";
import { globSync } from "tinyglobby";
import { describe, expect, test } from "vitest";

const PAGES = globSync(["*.md", "docs/**/*.md", "src/**/*.md", "test/**/*.md"]);
const ROOTS = "bench|docs|examples|fuzz|mutation|pricing|schemas|scripts|src|templates|test";
const CODE = /`([^`\n]+)`/g;
const PATH = new RegExp(`^(?:${ROOTS})/[\\w./-]*$`);

/** What stands in a page as code and begins with a folder of the repository, alone or in a command. */
function pathsIn(page: string): readonly string[] {
  const spans = [...readFileSync(page, "utf8").matchAll(CODE)].map(([, span]) => span!);
  return spans.flatMap((span) => span.split(" ").filter((word) => PATH.test(word)));
}

describe("the guides", () => {
  test("name files that there are", () => {
    const named = PAGES.flatMap((page) => pathsIn(page).map((path) => ({ page, path })));
    expect(named.map(({ path }) => path)).toContain("test/house.test.ts");
    expect(named.filter(({ path }) => !existsSync(path))).toStrictEqual([]);
  });
});
