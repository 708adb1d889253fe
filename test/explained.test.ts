/** Pages: every rule and every code that the source can say has one with an example before and after, and no page stands alone. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { emittedCodes } from "../scripts/emitted-codes.js";
import { indexText, readPages } from "../scripts/explained-pages.js";
import { rules } from "../src/recommendation/rule-list.ts";
import { globSync } from "tinyglobby";

interface Page {
  readonly kind: "rule" | "diagnostic";
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

const pages = (await readPages()) as readonly Page[];
const idsOf = (kind: Page["kind"]): readonly string[] =>
  pages.filter((page) => page.kind === kind).map(({ id }) => id);

describe("pages", () => {
  it("are there for every rule, and for nothing else", () => {
    expect(idsOf("rule")).toStrictEqual(rules.map(({ id }) => id).toSorted());
  });

  it("are there for every code that the source can say, and for nothing else", async () => {
    expect(idsOf("diagnostic")).toStrictEqual(await emittedCodes());
  });

  it("are bundled: the index gives them", async () => {
    const { default: bundled } = await import("../docs/explained.md");
    expect(bundled).toStrictEqual(pages);
  });

  it("are listed in the index, which is up to date: npm run pages", async () => {
    expect(await readFile("docs/explained.md", "utf8")).toBe(indexText(pages));
  });

  it.each(pages.map((page) => [page.id, page] as const))(
    "%s has its code, an example before and one after",
    (id, page) => {
      expect(page.text.startsWith(`# ${page.title}\n\n\`${id}\``)).toBe(true);
      const [, before, after] =
        /## Before\n\n```\w+\n([\s\S]+?)\n```\n\n## After\n\n```\w+\n([\s\S]+?)\n```/.exec(page.text) ?? [];
      expect(before).toBeTruthy();
      expect(after).toBeTruthy();
      expect(before).not.toBe(after);
    },
  );

  it("of rules carry the rule's title, name an AWS page and say how to silence it", () => {
    for (const { id, title } of rules) {
      const page = pages.find((each) => each.id === id);
      expect(page?.title).toBe(title);
      expect(page?.text).toContain("https://docs.aws.amazon.com/");
      expect(page?.text).toContain(`rule: ${id}, reason:`);
    }
  });
});

describe("rules", () => {
  it("are files of their own, named by their ids", () => {
    const files = globSync("src/recommendation/rules/*.ts").map((file) => file.replace(/^.*\/|\.ts$/g, ""));
    expect(files.toSorted()).toStrictEqual(rules.map(({ id }) => id).toSorted());
  });
});
