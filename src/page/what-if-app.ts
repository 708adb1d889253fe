/** The what-if app is an analysis page's script: the page app, and the analysis itself to calculate with other figures. */
import { startGraph, startGraphs } from "./graph-view.ts";
import { readPageData, type PageData } from "./page-data.ts";
import { startLinks } from "./open-target.ts";
import { openForPrint } from "./paper.ts";
import { startTables } from "./sorted-table.ts";
import { startWhatIf } from "./what-if-form.ts";
import { htmlText } from "../render/page/html.ts";
import { workflowParts, workflowVerdict, workflowWhere } from "../render/page/workflow-page.ts";
import type { AnalysisReport, WorkflowReport } from "../report/analysis-report.ts";
import type { WhatIf } from "../report/what-if.ts";

document.documentElement.classList.add("js");
const data = readPageData();
startTables(document.body);
startGraphs(data, document.body);
openForPrint();
startLinks();
startAll(data);

function startAll({ report, whatIf }: PageData): void {
  if (report === undefined || whatIf === null || whatIf === undefined) return;
  for (const article of document.querySelectorAll<HTMLElement>("article[data-workflow]")) {
    const index = Number(article.dataset.workflow);
    const subject = (whatIf as WhatIf).subjects[index];
    const element = article.querySelector<HTMLElement>(".what-if");
    if (subject === null || subject === undefined || element === null) continue;
    startWhatIf({
      element,
      whatIf: whatIf as WhatIf,
      subject,
      report: report.workflows[index]!,
      currency: report.currency,
      parseJsonata: window.parseJsonata ?? null,
      redraw: (workflow, { region, transitionRule }) =>
        redraw(article, index, { workflow, report: { ...report, region, transitionRule } }),
    });
  }
}

/** What scenarios gave and what was found in the definition stays as it was. */
const KEPT = new Set(["scenarios", "findings"]);

function redraw(
  article: HTMLElement,
  index: number,
  { workflow, report }: { readonly workflow: WorkflowReport; readonly report: AnalysisReport },
): void {
  const layout = data.layouts?.[index] ?? null;
  const level = article.closest("details") === null ? 2 : 3;
  const page = { workflow, report, prefix: `w${index}`, level, layout } as const;
  const where = article.querySelector(".where") ?? document.querySelector(".top .where");
  if (where !== null) where.textContent = workflowWhere(page);
  replace(article, "verdict", htmlText(workflowVerdict(page)));
  for (const { name, markup } of workflowParts(page)) {
    if (!KEPT.has(name)) replace(article, name, htmlText(markup));
  }
  startTables(article);
  const stage = article.querySelector<HTMLElement>(".stage");
  if (stage !== null) startGraph(stage, article, { workflow, currency: report.currency });
}

/** What was unfolded stays so, and the drawing is seen from where it was. */
function replace(article: HTMLElement, name: string, markup: string): void {
  const part = article.querySelector<HTMLElement>(`[data-part="${name}"]`);
  if (part === null) return;
  const open = [...part.querySelectorAll("details")].map((details) => details.open);
  const viewed = part.querySelector("svg.graph")?.getAttribute("viewBox") ?? null;
  const height = part.querySelector<HTMLElement>(".canvas")?.style.height ?? "";
  part.innerHTML = markup;
  part.querySelectorAll("details").forEach((details, at) => (details.open = open[at] ?? details.open));
  const svg = part.querySelector("svg.graph");
  if (svg === null || viewed === null) return;
  svg.setAttribute("data-viewed", viewed);
  part.querySelector<HTMLElement>(".canvas")!.style.height = height;
}
