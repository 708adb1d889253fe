import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { parse } from "yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runAnalyze } from "../../src/commands/analyze.ts";
import { analyzeDefinition } from "../../src/library.ts";
import type { AnalysisReport, Estimate } from "../../src/report/analysis-report.ts";
import { fakeShell } from "../fake-shell.ts";
import { openChromium } from "../../scripts/chromium.js";
import { visitPage } from "./page-visit.ts";

const example = (name: string) => readFileSync(`examples/${name}`, "utf8");

const LOOP = {
  QueryLanguage: "JSONata",
  StartAt: "Begin",
  States: {
    Begin: { Type: "Pass", Assign: { tries: 0 }, Next: "Ask" },
    Ask: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Assign: { tries: "{% $tries + 1 %}" },
      Next: "Ready?",
    },
    "Ready?": {
      Type: "Choice",
      Choices: [{ Condition: "{% $tries < 4 %}", Next: "Ask" }],
      Default: "Which",
    },
    Which: {
      Type: "Choice",
      Choices: [{ Condition: "{% $states.input.large %}", Next: "Many" }],
      Default: "Done",
    },
    Many: {
      Type: "Map",
      ItemProcessor: {
        StartAt: "One",
        States: { One: { Type: "Task", Resource: "arn:aws:states:::dynamodb:putItem", End: true } },
      },
      Next: "Done",
    },
    Done: { Type: "Succeed" },
  },
};

const PARENT = {
  StartAt: "Start child",
  States: {
    "Start child": {
      Type: "Task",
      Resource: "arn:aws:states:::states:startExecution.sync:2",
      Parameters: { StateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:order-saga" },
      End: true,
    },
  },
};

const POLLING = {
  StartAt: "Ask",
  States: {
    Ask: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Next: "Ready?" },
    "Ready?": {
      Type: "Choice",
      Choices: [
        { Variable: "$.s", StringEquals: "DONE", Next: "Done" },
        { Variable: "$.s", StringEquals: "LOST", Next: "Tell" },
      ],
      Default: "Wait",
    },
    Wait: { Type: "Wait", Seconds: 5, Next: "Ask" },
    Tell: { Type: "Task", Resource: "arn:aws:states:::sns:publish", Next: "Done" },
    Done: { Type: "Succeed" },
  },
};

interface Case {
  readonly files: Readonly<Record<string, string>>;
  /** The workflow whose figures are turned, and its place in the page. */
  readonly name: string;
  readonly place: number;
  readonly alone: string | null;
  readonly turns: Readonly<Record<string, string>>;
  readonly region: string;
  /** Turned last and never the one to begin with: once it is in the file that is handed out, all is. */
  readonly rule: "entered" | "start+entered+end";
}

const cases: Readonly<Record<string, Case>> = {
  "a saga with scenarios": {
    files: { "order-saga.asl.json": example("order-saga.asl.json"), "stepfare.yml": example("stepfare.yml") },
    name: "order-saga",
    place: 0,
    alone: example("order-saga.asl.json"),
    turns: {
      executionsPerMonth: "2,500,000",
      "/States/ChargeCard:failureRate": "20%",
      "/States/ReserveInventory:duration": "1.5s",
    },
    region: "eu-west-1",
    rule: "start+entered+end",
  },
  "a JSONata loop with a Map": {
    files: { "loop.asl.json": JSON.stringify(LOOP) },
    name: "loop",
    place: 0,
    alone: JSON.stringify(LOOP),
    turns: {
      executionsPerMonth: "300k",
      "/States/Which:choices:Many": "35%",
      "/States/Many:items": "120",
      payloadKB: "40",
    },
    region: "us-east-1",
    rule: "entered",
  },
  "a loop of declared rounds": {
    files: {
      "polling.asl.json": JSON.stringify(POLLING),
      "stepfare.yml": JSON.stringify({
        workflows: { polling: { executionsPerMonth: 100_000, states: { "Ready?": { rounds: 4 } } } },
      }),
    },
    name: "polling",
    place: 0,
    alone: JSON.stringify(POLLING),
    turns: { "/States/Ready?:choices:Tell": "90%", "/States/Ready?:rounds": "7.5" },
    region: "us-east-1",
    rule: "entered",
  },
  "a workflow that another one starts": {
    files: {
      "order-saga.asl.json": example("order-saga.asl.json"),
      "parent.asl.json": JSON.stringify(PARENT),
      "stepfare.yml": JSON.stringify({ workflows: { parent: { executionsPerMonth: 5000 } } }),
    },
    name: "parent",
    place: -1,
    alone: null,
    turns: { executionsPerMonth: "2M" },
    region: "us-east-1",
    rule: "entered",
  },
};

/** On a busy machine the page may take its time. */
const PATIENCE = { timeout: 15_000, interval: 50 };

let browser: Browser | null = null;
beforeAll(async () => {
  browser = await openChromium();
}, 360_000);
afterAll(() => browser?.close());

async function analysed(files: Case["files"], format: "html" | "json") {
  const shell = fakeShell({ files });
  await runAnalyze(shell, { paths: ["."], format });
  return shell.stdout.text;
}

/** The case's page with its what-if unfolded. */
async function opened(chromium: Browser, name: string) {
  const visit = await visitPage(chromium, await analysed(cases[name]!.files, "html"));
  await visit.page.click(".what-if summary");
  return visit;
}

/** Both types' cost a month, as the page shows them to the last digit. */
async function shown(page: Page, article: string): Promise<readonly number[]> {
  const costs = ["STANDARD", "EXPRESS"].map((type) =>
    page.getAttribute(`${article} [data-outcome="${type}"] b`, "data-value"),
  );
  return (await Promise.all(costs)).map(Number);
}

function monthly(estimates: Readonly<Record<"STANDARD" | "EXPRESS", Estimate>>): readonly number[] {
  return [estimates.STANDARD.monthlyCost!, estimates.EXPRESS.monthlyCost!];
}

describe("what-if gives the numbers of the command line and of the library", () => {
  for (const [name, { files, name: workflow, place, alone, turns, region, rule }] of Object.entries(cases)) {
    test(`for ${name}`, async (context) => {
      if (browser === null) return context.skip("no Chromium");
      const before = JSON.parse(await analysed(files, "json")) as AnalysisReport;
      const index = place >= 0 ? place : before.workflows.findIndex((each) => each.name === workflow);
      const article = `article[data-workflow="${index}"]`;
      const visit = await visitPage(browser, await analysed(files, "html"));
      const { page } = visit;
      if (place < 0) {
        const one = page.locator("details.one", { has: page.locator(article) });
        await one.evaluate((each: { open?: boolean }) => (each.open = false));
        await page.click(`a[href="#w${index}"]`);
        expect(await page.locator(article).isVisible()).toBe(true);
      }
      await page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))");
      for (const [knob, words] of Object.entries(turns))
        await page.fill(`${article} [data-knob="${knob}"] input[type=text]`, words);
      await page.selectOption(`${article} select[name=region]`, region);
      await page.selectOption(`${article} select[name=rule]`, rule);
      // Under the page's own policy nothing can be evaluated in it while it waits; so it is asked again and again.
      const handedOut = () => page.inputValue(`${article} textarea`);
      await expect.poll(handedOut, PATIENCE).toContain(`region: ${region}\ntransitionRule: ${rule}`);
      const file = await handedOut();
      const costs = await shown(page, article);
      // No digits that only a binary fraction has.
      expect(file).not.toMatch(/\d\.\d{13}/);

      // What it is said to come to is what the command says of the file that it hands out.
      const merged = { ...files, "stepfare.yml": withOthers(file, files["stepfare.yml"]) };
      const after = JSON.parse(await analysed(merged, "json")) as AnalysisReport;
      const told = after.workflows.find((each) => each.name === workflow)!;
      monthly(told.estimates).forEach((cost, at) => expect(costs[at]).toBeCloseTo(cost, 8));
      expect(costs).not.toEqual(monthly(before.workflows[index]!.estimates));
      if (alone !== null) {
        const { workflows } = parse(file) as { workflows: Record<string, object> };
        const options = { region, transitionRule: rule, workload: workflows[workflow]! };
        monthly(analyzeDefinition(alone, { name: workflow, ...options }).estimates).forEach((cost, at) =>
          expect(costs[at]).toBeCloseTo(cost, 8),
        );
      }
      // And the rest of the page follows.
      const facts = await page.textContent(`${article} .facts`);
      const executions = told.executionsPerMonth!.value.toLocaleString("en-US");
      expect(await page.textContent(place < 0 ? `${article} .where` : ".where")).toContain(
        `${executions} executions a month`,
      );
      expect(facts).toContain((await page.textContent(`${article} [data-outcome="STANDARD"] b`))!.trim());

      await page.click(`${article} [data-reset]`);
      const first = await shown(page, article);
      monthly(before.workflows[index]!.estimates).forEach((cost, at) => {
        if (cost !== null) expect(first[at]).toBeCloseTo(cost, 8);
      });
      expect([...visit.errors, ...visit.requests]).toEqual([]);
      await visit.close();
    });
  }

  test("a share turned leaves declared rounds as they are", async (context) => {
    if (browser === null) return context.skip("no Chromium");
    const visit = await opened(browser, "a loop of declared rounds");
    const { page } = visit;
    const tell = page.locator('[data-knob="/States/Ready?:choices:Tell"]');
    expect(await tell.textContent()).toContain("of what leaves the loop");
    expect(await tell.locator("input[type=text]").inputValue()).toBe("50%");
    await tell.locator("input[type=text]").fill("0%");
    await expect.poll(() => page.inputValue("textarea"), PATIENCE).toContain("Tell: 0");
    expect(await page.inputValue("textarea")).toContain("rounds: 4");
    // The start, Ask and Ready? four times, Wait three times, Done.
    const transitions = await page.locator(".facts", { hasText: "Transitions" }).textContent();
    expect(transitions).toMatch(/Transitions per execution\s*13/);
    await visit.close();
  });

  test("and refuses what stepfare.yml would refuse", async (context) => {
    if (browser === null) return context.skip("no Chromium");
    const visit = await opened(browser, "a saga with scenarios");
    const { page } = visit;
    const row = page.locator('[data-knob="/States/ChargeCard:duration"]');
    await row.locator("input[type=text]").fill("12");
    expect(await row.locator(".more").textContent()).toContain("has no unit");
    expect(await row.locator("input[type=text]").getAttribute("aria-invalid")).toBe("true");
    await row.locator("input[type=range]").focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.inputValue("textarea"), PATIENCE).toContain("ChargeCard: { duration: 8");
    expect(await row.locator("input[type=text]").inputValue()).toMatch(/^8\d0ms$/);
    await visit.close();
  });
});

/** The file that the page hands out, with what was said of other workflows. */
function withOthers(file: string, said: string | undefined): string {
  const others = said === undefined ? { workflows: {} } : (parse(said) as { workflows: object });
  const own = parse(file) as { workflows: object };
  return JSON.stringify({ ...others, ...own, workflows: { ...others.workflows, ...own.workflows } });
}
