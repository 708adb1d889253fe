/** A page visit is a report page opened in a real browser, with all that it said and asked for while it was open. */
import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";

export interface PageVisit {
  readonly page: Page;
  /** Errors on the console and errors thrown: of which there must be none. */
  readonly errors: readonly string[];
  /** Addresses asked for besides the page itself. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export interface Visiting {
  readonly width?: number;
  readonly colorScheme?: "light" | "dark";
}

const ADDRESS = "http://report.invalid/page.html";

/** The page is served from memory under an address of no place, so that anything else it asks for shows. */
export async function visitPage(
  browser: Browser,
  text: string,
  { width = 1440, colorScheme = "light" }: Visiting = {},
): Promise<PageVisit> {
  const context: BrowserContext = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const errors: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.route("**/*", (route) => {
    const address = route.request().url();
    if (address === ADDRESS) return route.fulfill({ contentType: "text/html; charset=utf-8", body: text });
    requests.push(address);
    return route.abort();
  });
  await page.goto(ADDRESS);
  return { page, errors, requests, close: () => context.close() };
}

interface AxeViolation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe finds wrong, a line each. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const violations = (await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)",
  )) as readonly AxeViolation[];
  return violations.flatMap(({ id, help, nodes }) =>
    nodes
      .slice(0, 3)
      .map(({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 160)} ${failureSummary}`),
  );
}

/** Texts of a drawing that stick out of the box they stand in. */
export async function spiltTexts(page: Page): Promise<unknown> {
  return page.evaluate(`[...document.querySelectorAll("svg.graph .state")].flatMap((state) => {
    const box = state.querySelector(".box").getBBox();
    return [...state.querySelectorAll("text")].flatMap((text) => {
      const { x, width } = text.getBBox();
      return width > 0 && (x < box.x || x + width > box.x + box.width) ? [text.textContent] : [];
    });
  })`);
}
