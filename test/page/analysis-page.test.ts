import { readFileSync } from "node:fs";
import { HtmlValidate } from "html-validate";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runAnalyze } from "../../src/commands/analyze.ts";
import { fakeShell } from "../fake-shell.ts";
import { openChromium } from "../../scripts/chromium.js";
import { type PageVisit, spiltTexts, visitPage, violationsOf } from "./page-visit.ts";

const example = (name: string) => readFileSync(`examples/${name}`, "utf8");
const SAGA = {
  "order-saga.asl.json": example("order-saga.asl.json"),
  "stepfare.yml": example("stepfare.yml"),
};

const EVIL = `</script><script>window.ran=1</script>`;
const IMAGE = `<img src=x onerror="window.ran=2">`;
const TURNED = `a\u202egnp.exe`;
const UNBROKEN = "EachOfTheParcels".repeat(5);
const LONG = "An unusually long name of a state that goes on and on until it has all the 80 signs";

/** Names with script, markup and marks that turn the direction of writing, wherever a name can stand. */
const HOSTILE = {
  "evil.asl.json": JSON.stringify({
    Comment: EVIL,
    StartAt: EVIL,
    States: {
      [EVIL]: {
        Type: "Choice",
        Choices: [{ Variable: "$.a", IsPresent: true, Next: IMAGE }],
        Default: LONG.slice(0, 80),
      },
      [IMAGE]: { Type: "Task", Resource: `arn:aws:states:::lambda:invoke${EVIL}`, Next: UNBROKEN },
      [UNBROKEN]: {
        Type: "Map",
        ItemProcessor: { StartAt: "ONE", States: { ONE: { Type: "Pass", End: true } } },
        Next: TURNED,
      },
      [LONG.slice(0, 80)]: { Type: "Pass", Next: TURNED },
      [TURNED]: {
        Type: "Parallel",
        Branches: [{ StartAt: `"'\`=`, States: { [`"'\`=`]: { Type: "Wait", Seconds: 1, End: true } } }],
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "__proto__" }],
        Next: "constructor",
      },
      ["__proto__"]: { Type: "Fail", Error: EVIL },
      constructor: { Type: "Succeed" },
    },
  }),
  "stepfare.yml": JSON.stringify({
    workflows: {
      evil: {
        executionsPerMonth: "1M",
        suppress: [{ rule: "task-without-retry", reason: EVIL }],
      },
    },
  }),
};

let browser: Browser | null = null;
let saga: string;
let hostile: string;
beforeAll(async () => {
  browser = await openChromium();
  saga = await analysisPage(SAGA, ["order-saga.asl.json"]);
  hostile = await analysisPage(HOSTILE, ["evil.asl.json"]);
}, 360_000);
afterAll(() => browser?.close());

async function analysisPage(
  files: Readonly<Record<string, string>>,
  paths: readonly string[],
  options: object = {},
) {
  const shell = fakeShell({ files });
  await runAnalyze(shell, { paths, format: "html", ...options });
  return shell.stdout.text;
}

/** Skipped, loudly, where there is no browser at all. */
function inBrowser(
  name: string,
  act: (visit: (page: string, how?: object) => Promise<PageVisit>) => Promise<void>,
) {
  test(name, async (context) => {
    if (browser === null) return context.skip("no Chromium");
    const visits: PageVisit[] = [];
    await act(async (page, how = {}) => {
      const visit = await visitPage(browser!, page, how);
      visits.push(visit);
      return visit;
    });
    // Whatever was done in it: nothing asked for, nothing failed.
    for (const { errors, requests } of visits) expect([...errors, ...requests]).toEqual([]);
    await Promise.all(visits.map((visit) => visit.close()));
  });
}

test("the markup is valid, names from strangers and all", async () => {
  const validator = new HtmlValidate({
    extends: ["html-validate:recommended"],
    // How the source is laid out is nobody's business.
    rules: { "void-style": "off", "no-trailing-whitespace": "off" },
  });
  const { results } = await validator.validateString(hostile);
  expect(
    results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`)),
  ).toEqual([]);
});

test("the same report gives the same page, to the letter", async () => {
  expect(await analysisPage(SAGA, ["order-saga.asl.json"])).toBe(saga);
});

test("ranges that move nothing are no lack of ranges", async () => {
  const name = "order-processing.asl.json";
  const files = { [name]: example(name), "stepfare.yml": example("stepfare.yml") };
  const page = await analysisPage(files, [name], { executions: "1M" });
  expect(page).toMatch(/<p>\s*No range moves the cost as Standard\./);
});

describe("the analysis page", () => {
  inBrowser("tells a chosen state's visits and price, and lights a path", async (visit) => {
    const { page } = await visit(saga);
    expect(await page.textContent("h1")).toBe("order-saga");
    await page.click('[data-state="/States/ChargeCard"]');
    expect(await page.textContent(".detail")).toMatch(
      /ChargeCard.*visits per execution0\.99.*task-without-retry/s,
    );
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await page.textContent(".detail .sub")).toBe("CreateShipment");

    await page.click("tr[data-key] .light >> nth=2");
    const lit = await page.locator(".state.lit .name").allTextContents();
    expect(lit).toEqual(["ReserveInventory", "OrderFailed"]);
    expect(await page.locator("tr.lit .way-states").textContent()).toContain(
      "ReserveInventory (error caught) → OrderFailed",
    );
    await page.click('[data-zoom="clear"]');
    expect(await page.locator(".lit").count()).toBe(0);
  });

  inBrowser("sorts its paths by what a column is worth", async (visit) => {
    const { page } = await visit(saga);
    const first = page.locator("tr[data-key] >> nth=0");
    await page.click('th:has-text("duration") button >> nth=0');
    const longest = await first.locator("td >> nth=3").getAttribute("data-value");
    await page.click('th:has-text("duration") button >> nth=0');
    const shortest = await first.locator("td >> nth=3").getAttribute("data-value");
    expect(Number(longest)).toBeGreaterThan(Number(shortest));
    expect(await page.getAttribute('th:has-text("duration") >> nth=0', "aria-sort")).toBe("ascending");
  });

  inBrowser("moves its drawing by keys and buttons", async (visit) => {
    const { page } = await visit(saga);
    const view = () => page.getAttribute("svg.graph", "viewBox");
    await page.focus(".canvas");
    const seen = [await view()];
    for (const key of ["+", "ArrowRight", "ArrowDown", "-", "0"]) {
      await page.keyboard.press(key);
      seen.push(await view());
    }
    await page.click('[data-zoom="in"]');
    seen.push(await view());
    for (const [index, each] of seen.slice(1).entries()) expect(each).not.toBe(seen[index]);
  });

  inBrowser("runs nothing that a name holds, and shows names as they are", async (visit) => {
    const { page } = await visit(hostile);
    expect(await page.evaluate("window.ran")).toBeUndefined();
    for (const state of await page.locator(".state").all()) await state.dispatchEvent("click");
    expect(await page.evaluate("window.ran")).toBeUndefined();
    expect(await page.locator("img").count()).toBe(0);
    const text = (await page.textContent("main")) ?? "";
    expect(text).toContain(EVIL);
    expect(text).toContain(IMAGE);
    expect(text).not.toContain("\u202e");
    expect(await spiltTexts(page)).toEqual([]);
  });

  for (const [width, colorScheme, which] of [
    [360, "dark", () => hostile],
    [1440, "light", () => saga],
  ] as const) {
    inBrowser(`can be read at ${width} px in ${colorScheme}, by everyone`, async (visit) => {
      const { page } = await visit(which(), { width, colorScheme });
      expect(await violationsOf(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      const choice = page.locator('[data-part="states"] .sort-by select');
      expect(await choice.isVisible()).toBe(width < 400);
      if (width < 400) {
        await choice.selectOption({ label: "state" });
        expect(await page.getAttribute('[data-part="states"] th:has-text("state")', "aria-sort")).toBe(
          "ascending",
        );
      }
      // A browser without fonts shows nothing, and axe is content with that.
      expect(
        await page.locator("h1").evaluate((heading) => heading.getBoundingClientRect().height),
      ).toBeGreaterThan(20);
    });
  }

  for (const [what, factor, executions] of [
    ["a billionth of a dollar", 1e-5, "1"],
    ["a billion dollars", 1e5, "80M"],
  ] as const) {
    inBrowser(`keeps costs of ${what} in their places`, async (visit) => {
      const list = readFileSync("pricing/us-east-1.json", "utf8").replaceAll(
        /"unitPrice": ([\d.e-]+)/g,
        (_, price: string) => `"unitPrice": ${Number(price) * factor}`,
      );
      const dear = await analysisPage(
        {
          ...SAGA,
          "prices.json": list.replaceAll(/"freePerMonth": \d+/g, '"freePerMonth": 0'),
          "stepfare.yml": "prices: { list: prices.json }",
        },
        ["order-saga.asl.json"],
        { executions },
      );
      const { page } = await visit(dear, { width: 360 });
      expect(await page.textContent(".facts")).toMatch(
        factor < 1 ? /Cost a month\s*\$0\.0000000012\d/ : /Cost a month\s*\$1B/,
      );
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
      const outside = await page.evaluate(
        "[...document.querySelectorAll('svg.chart text')].filter((text) => text.getBBox().x < 0 || text.getBBox().x + text.getBBox().width > 331).map((text) => text.textContent)",
      );
      expect(outside).toEqual([]);
    });
  }

  inBrowser("prints on A4 with all that is folded, and no row cut", async (visit) => {
    const { page } = await visit(saga);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    expect([...pdf.matchAll(/\/Type\s*\/Page\b/g)].length).toBeGreaterThanOrEqual(3);
    const [, width = 0, height = 0] = /MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/.exec(pdf) ?? [];
    expect([Math.round(Number(width)), Math.round(Number(height))]).toEqual([595, 842]);
    // Whatever part of it was looked at, on paper the drawing is whole, and afterwards as it was.
    const seen = () => page.getAttribute("svg.graph", "viewBox");
    await page.click('[data-zoom="in"]');
    const before = await seen();
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await seen()).toMatch(/^0 0 \d/);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await seen()).toBe(before);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".tools").isVisible()).toBe(false);
    const cut = await page.evaluate(
      "[...document.querySelectorAll('tr')].filter((row) => getComputedStyle(row).breakInside !== 'avoid').length",
    );
    expect(cut).toBe(0);
  });
});
