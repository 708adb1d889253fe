import { readFileSync } from "node:fs";
import { HtmlValidate } from "html-validate";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCapacity } from "../../src/commands/capacity.ts";
import { runReconcile } from "../../src/commands/reconcile.ts";
import { runReport } from "../../src/commands/report.ts";
import { diffRenderers } from "../../src/render/diff-renderers.ts";
import type { FleetMachine } from "../../src/workflow/fleet/fleet.ts";
import { ACCOUNT, billOf, billedSum, transitions } from "../commands/bill-rows.ts";
import { fleet, machine } from "../commands/fleet-fixture.ts";
import { fakeShell } from "../fake-shell.ts";
import { changedWorkflow, diffOf } from "../render/sample-diffs.ts";
import { openChromium } from "../../scripts/chromium.js";
import { spiltTexts, visitPage, violationsOf } from "./page-visit.ts";

const EVIL = `</script><script>window.ran=1</script><img src=x onerror="window.ran=2">`;

/** As many machines as are asked for, each with a name and costs of its own; the first has names that want to run. */
function machines(count: number, busier: number): readonly FleetMachine[] {
  return Array.from({ length: count }, (_, index) => {
    const started = Math.round((busier * 1e7) / (1 + index));
    const region = ["eu-west-1", "us-east-1"][index % 2]!;
    const { metrics, ...given } = machine(index === 0 ? EVIL : `machine-${index}`, started, { region });
    return {
      ...given,
      tags: [{ key: index === 0 ? EVIL : "team", value: index % 3 === 0 ? "orders" : "search" }],
      metrics: { ...metrics!, transitions: 3 * started },
    };
  });
}

let browser: Browser | null = null;
const pages = new Map<string, string>();
beforeAll(async () => {
  browser = await openChromium();
  const written = (month: string, count: number, busier: number) => fleet(machines(count, busier), { month });
  const shell = fakeShell({
    files: {
      "2026-09.json": written("2026-09", 120, 1),
      "2026-10.json": written("2026-10", 121, 1.5),
      "card.asl.json": readFileSync("examples/card-payment.asl.json"),
      "nightly-transcoding.asl.json": readFileSync("examples/nightly-transcoding.asl.json"),
      "stepfare.yml": readFileSync("examples/stepfare.yml"),
    },
    bill: billOf([
      ...machines(121, 1.5).map(({ name, region, metrics }) =>
        transitions(name, metrics!.transitions! * (name === "machine-7" ? 2 : 1), {
          region,
          resource: `arn:aws:states:${region}:${ACCOUNT}:stateMachine:${name}`,
        }),
      ),
      transitions("Forgotten", 900_000),
      billedSum({ lineType: "Credit", cost: -5 }),
    ]),
  });
  const asPage = async (name: string, run: (output: string) => Promise<unknown>) => {
    await run(name);
    pages.set(name, shell.fileText(name));
  };
  await asPage("monthly", (output) =>
    runReport(shell, { fleets: ["2026-09.json", "2026-10.json"], bill: ["cur"], format: "html", output }),
  );
  await asPage("bill", (output) =>
    runReconcile(shell, { fleets: ["2026-10.json"], bill: ["cur"], format: "html", output }),
  );
  await asPage("storm", (output) =>
    runCapacity(shell, {
      definition: "card.asl.json",
      rate: "50/s",
      peak: "200/s",
      storm: "500",
      format: "html",
      output,
    }),
  );
  await asPage("map", (output) =>
    runCapacity(shell, { definition: "nightly-transcoding.asl.json", window: "6h", format: "html", output }),
  );
  const long = { added: ["Poll", "W".repeat(80)], removed: [], renamed: [] };
  const chain = Array.from({ length: 30 }, (_, at) => at);
  const graph = {
    nodes: chain.map((at) => ({
      name: `WAIT_FOR_MANAGER_APPROVAL_W${at}`,
      type: "Task",
      status: at === 28 ? ("added" as const) : ("unchanged" as const),
      within: null,
    })),
    edges: chain.slice(1).map((at) => ({ from: at - 1, to: at })),
  };
  const diff = diffOf([
    changedWorkflow("orders"),
    changedWorkflow(EVIL, { states: long, graph }),
    changedWorkflow("huge", { graph: null }),
  ]);
  const options = { columns: 80, colour: false, verbose: false, top: 10, details: true, graphs: true };
  pages.set("diff", await diffRenderers.html(diff, options));
}, 360_000);
afterAll(() => browser?.close());

const NAMES = ["monthly", "bill", "storm", "map", "diff"];

test.each(NAMES)("the %s page's markup is valid", async (name) => {
  const validator = new HtmlValidate({
    extends: ["html-validate:recommended"],
    rules: { "void-style": "off", "no-trailing-whitespace": "off" },
  });
  const { results } = await validator.validateString(pages.get(name)!);
  const found = results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message }) => `${ruleId}: ${message}`),
  );
  expect(found).toEqual([]);
});

test("a quota that is not enough is exceeded", async () => {
  const shell = fakeShell({ files: { "card.asl.json": readFileSync("examples/card-payment.asl.json") } });
  await runCapacity(shell, { definition: "card.asl.json", rate: "9000/s", format: "html" });
  expect(shell.stdout.text).toMatch(/<p class="sentence">[^.]*start-execution[^.]* exceeded\./);
});

describe("in a browser", () => {
  async function inPage(name: string, act: (page: Page) => Promise<void>, how = {}): Promise<void> {
    const { page, errors, requests, close } = await visitPage(browser!, pages.get(name)!, how);
    await act(page);
    expect(await page.evaluate("window.ran")).toBeUndefined();
    expect([...errors, ...requests]).toEqual([]);
    await close();
  }

  test.each(NAMES)("the %s page can be read by everyone, at either width", async (name) => {
    if (browser === null) return;
    await inPage(
      name,
      async (page) => {
        expect(await violationsOf(page)).toEqual([]);
        await page.setViewportSize({ width: 1440, height: 900 });
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(1440);
        await page.setViewportSize({ width: 360, height: 900 });
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
      },
      { colorScheme: name === "diff" ? "dark" : "light" },
    );
  });

  test("a month's machines are searched, filtered, sorted and unfolded", async () => {
    if (browser === null) return;
    await inPage("monthly", async (page) => {
      const names = () => page.locator("[data-machines] .unfold").allTextContents();
      const shown = () => page.textContent("[data-paging] [role=status]");
      expect(await shown()).toBe("100 of 121 shown.");
      expect((await names())[0]!.trim()).toBe(EVIL);
      await page.click(".unfold >> nth=1");
      // On paper all stand, and afterwards what stood before.
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      expect(await names()).toHaveLength(121);
      await page.evaluate("dispatchEvent(new Event('afterprint'))");
      expect(await shown()).toBe("100 of 121 shown.");
      expect(await names()).toHaveLength(100);
      await page.click("[data-paging] button");
      expect(await shown()).toBe("121 of 121 shown.");
      expect(await names()).toHaveLength(121);
      // What was there is left as it was.
      expect(await page.textContent(".unfolded")).toContain("machine-1");

      await page.fill("[name=search]", "team:orders machine-2");
      await expect.poll(shown, { timeout: 15_000 }).toBe("3 of 3 shown.");
      for (const name of await names()) expect(name).toContain("machine-2");
      await page.selectOption("[name=region]", "us-east-1");
      await expect.poll(shown, { timeout: 15_000 }).toBe("2 of 2 shown.");

      await page.click('[data-machines] th:has-text("executions") button');
      const executions = async () =>
        (await page
          .locator("[data-machines] td:nth-child(5)")
          .evaluateAll((cells) =>
            cells.map((cell) => Number(cell.getAttribute("data-value"))),
          )) as readonly number[];
      const falling = await executions();
      expect(falling).toEqual(falling.toSorted((a, b) => b - a));
      await page.click('[data-machines] th:has-text("executions") button');
      expect(await executions()).toEqual(falling.toReversed());

      await page.click('[data-machines] th:has-text("saving") button');
      await page.click('[data-machines] th:has-text("saving") button');
      const saving = await page.locator("[data-machines] td:nth-child(8)").allTextContents();
      const isKnown = saving.map((text) => text.trim() !== "");
      expect(isKnown).toEqual(isKnown.toSorted((one, other) => Number(other) - Number(one)));

      await page.fill("[name=search]", "onerror");
      await page.selectOption("[name=region]", "");
      await expect.poll(shown, { timeout: 15_000 }).toBe("1 of 1 shown.");
      await page.click(".unfold");
      const detail = await page.textContent(".unfolded");
      expect(detail).toContain("cost per million executions");
      expect(detail).toContain(EVIL);
      await page.fill("[name=search]", "nobody has this");
      await expect
        .poll(() => page.textContent("[data-machines]"), { timeout: 15_000 })
        .toBe("No machine fits.");
    });
  });

  test("a month's machines can be read and sorted on a phone", async () => {
    if (browser === null) return;
    await inPage(
      "monthly",
      async (page) => {
        expect(await page.locator("[data-machines] th").first().isVisible()).toBe(false);
        const first = page.locator("[data-machines] tbody tr").first();
        const third = page.locator("[data-machines] .unfold").nth(2);
        expect((await third.textContent())!.trim()).toBe("machine-2");
        const box = await first.locator("td", { hasText: "$" }).first().boundingBox();
        expect(box!.x + box!.width).toBeLessThanOrEqual(360);
        await page.selectOption("[name=sort]", { label: "machine" });
        await expect
          .poll(async () => (await third.textContent())!.trim(), { timeout: 15_000 })
          .toBe("machine-2");
      },
      { width: 360 },
    );
  });

  test("a bill's gaps are told by cause and by machine, on a page of its own and in the month's", async () => {
    if (browser === null) return;
    for (const name of ["bill", "monthly"]) {
      await inPage(name, async (page) => {
        const causes = await page.locator('[aria-label="Causes of the gap"] .bars-row').allTextContents();
        expect(causes.map((text) => text.replaceAll(/\s+/g, " ").trim()).slice(0, 3)).toEqual([
          expect.stringMatching(/^billed beyond what was counted \+\$140\.6/),
          "of machines that are not in the fleet +$22.50",
          "credits -$5.00",
        ]);
        const gaps = page.locator('[aria-label="Gaps to the bill"] tbody tr');
        expect(await gaps.first().textContent()).toMatch(
          /machine-7.*11,250,000 state transitions are billed/s,
        );
        const gap = page.locator('[aria-label="Gaps to the bill"] th', { hasText: "gap" });
        await gap.locator("button").click();
        await gap.locator("button").click();
        expect(await gaps.first().textContent()).toContain("-$5.00 Credit");
      });
    }
  });

  test("a diff says because of which states, and draws them", async () => {
    if (browser === null) return;
    await inPage("diff", async (page) => {
      expect(await page.textContent(".bars-row.because")).toContain("Poll added");
      expect(await page.locator(".state.added .name").first().textContent()).toBe("Poll");
      expect(await page.locator("h2", { hasText: EVIL }).count()).toBe(1);
      expect(await page.locator(".part", { hasText: "huge" }).last().textContent()).toContain("Not drawn");
      // A long drawing starts with what is new, at a size that can be read, and can be moved from there.
      const stage = page.locator(".stage").nth(1);
      const [pane, added] = [stage.locator(".canvas"), stage.locator(".state.added .box")];
      const [outer, inner] = [(await pane.boundingBox())!, (await added.boundingBox())!];
      expect(inner.y).toBeGreaterThan(outer.y);
      expect(inner.y + inner.height).toBeLessThan(outer.y + outer.height);
      expect(inner.width).toBeGreaterThanOrEqual(170);
      expect(await page.locator(".beyond").nth(1).isVisible()).toBe(true);
      await stage.locator('[data-zoom="fit"]').click();
      expect(await page.locator(".beyond").nth(1).isVisible()).toBe(false);
      expect(await spiltTexts(page)).toEqual([]);
      // On paper all of it is drawn, not its top.
      const seen = () => page.locator("svg.graph").first().getAttribute("viewBox");
      const before = await seen();
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      expect(await seen()).toMatch(/^0 0 \d/);
      await page.evaluate("dispatchEvent(new Event('afterprint'))");
      expect(await seen()).toBe(before);
    });
  });

  test("a storm is drawn column by column, a Map's settings by the time they take", async () => {
    if (browser === null) return;
    await inPage("storm", async (page) => {
      expect(await page.locator("svg.chart rect.area").count()).toBeGreaterThan(20);
      expect(await page.textContent(".sentence")).toContain(
        "start-execution is the nearest limit, 66.7% used",
      );
    });
    await inPage("map", async (page) => {
      expect(await page.textContent(".facts")).toMatch(/TranscodeAll takes\s*32 min/);
      expect(
        await page.locator('[aria-label="How long each setting takes"] .bars-row').count(),
      ).toBeGreaterThan(2);
    });
  });
});
