/** Takes the pictures of the README anew: the page of an example, and the comment on a pull request that changes one. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { marked } from "marked";
import { openChromium } from "./chromium.js";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const pictures = path.join(root, "docs", "images");
const examples = path.join(root, "examples");
const folder = await mkdtemp(path.join(tmpdir(), "stepfare-pictures-"));

/** Relative to `cwd`, so that no place of this machine stands in a picture. */
async function stepfare(cwd, ...args) {
  const bin = path.join(root, "bin", "stepfare.js");
  const { stdout } = await promisify(execFile)(process.execPath, [bin, ...args], { cwd, maxBuffer: 1e8 });
  return stdout;
}

async function analysisPage() {
  return stepfare(
    ...[root, "analyze", "examples/order-processing.asl.json", "--executions", "1M"],
    ...["--format", "html"],
  );
}

/** The order saga asks for the parcel's label until there is one: what a reviewer would not see the price of. */
async function pullRequestComment() {
  const [base, head] = [path.join(folder, "base"), path.join(folder, "head")];
  const figures =
    "workflows: { order-saga: { executionsPerMonth: 1M, states: { LabelReady: { rounds: 6 } } } }\n";
  for (const side of [base, head]) {
    await mkdir(side);
    await cp(path.join(examples, "order-saga.asl.json"), path.join(side, "order-saga.asl.json"));
    await writeFile(path.join(side, "stepfare.yml"), figures);
  }
  const saga = JSON.parse(await readFile(path.join(examples, "order-saga.asl.json"), "utf8"));
  const { CreateShipment, ReserveInventory } = saga.States;
  const [Resource, Retry] = ["arn:aws:states:::lambda:invoke", ReserveInventory.Retry];
  const Choices = [{ Variable: "$.label.ready", BooleanEquals: true, Next: "OrderComplete" }];
  const changed = {
    ...saga,
    States: {
      ...saga.States,
      CreateShipment: { ...CreateShipment, Next: "WaitForLabel" },
      WaitForLabel: { Type: "Wait", Seconds: 20, Next: "GetLabel" },
      GetLabel: { Type: "Task", Resource, Retry, TimeoutSeconds: 10, Next: "LabelReady" },
      LabelReady: { Type: "Choice", Choices, Default: "WaitForLabel" },
    },
  };
  await writeFile(path.join(head, "order-saga.asl.json"), JSON.stringify(changed, null, 2));
  const markdown = await stepfare(
    ...[folder, "diff", "--base", "base", "head", "--format", "markdown", "--no-graphs"],
  );
  return commentPage(await marked.parse(markdown));
}

/** Roughly as a forge shows it. */
function commentPage(comment) {
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8" /><title>Comment</title><style>
    body { margin: 0; padding: 16px; font: 14px/1.5 system-ui, sans-serif; color: #1f2328; background: #fff; }
    .comment { border: 1px solid #d1d9e0; border-radius: 6px; }
    .by { padding: 8px 16px; border-bottom: 1px solid #d1d9e0; background: #f6f8fa; color: #59636e; border-radius: 6px 6px 0 0; }
    .by b { color: #1f2328; }
    .text { padding: 2px 16px 8px; }
    table { border-collapse: collapse; margin: 8px 0 16px; }
    th, td { border: 1px solid #d1d9e0; padding: 6px 13px; }
    h3 { font-size: 1.25em; margin: 12px 0; }
    code { background: #eff1f3; border-radius: 6px; padding: 0.2em 0.4em; font-size: 85%; }
    ul { padding-left: 2em; }
  </style></head><body><div class="comment"><div class="by"><b>github-actions</b> commented</div>
  <div class="text">${comment}</div></div></body></html>`;
}

/** Of the whole page, of its first `height` pixels, or of the part under a heading. */
async function takePicture(browser, { name, text, width, height, heading }) {
  const file = path.join(folder, `${name}.html`);
  await writeFile(file, text);
  const page = await browser.newPage({ viewport: { width, height: height ?? 400 }, reducedMotion: "reduce" });
  await page.goto(pathToFileURL(file).href);
  const picture = path.join(pictures, `${name}.png`);
  const part = page.locator(".part", { hasText: heading }).first();
  if (heading === undefined) await page.screenshot({ path: picture, fullPage: height === undefined });
  else await part.screenshot({ path: picture });
  await page.close();
  process.stdout.write(`${path.relative(root, picture)}\n`);
}

const browser = await openChromium();
if (browser === null) process.exitCode = 1;
else {
  await mkdir(pictures, { recursive: true });
  const text = await analysisPage();
  await takePicture(browser, { name: "page", text, width: 1100, height: 1050 });
  await takePicture(browser, { name: "drawing", text, width: 1100, heading: "The workflow" });
  await takePicture(browser, { name: "comment", text: await pullRequestComment(), width: 860 });
  await browser.close();
}
await rm(folder, { recursive: true, force: true });
