/** The analysis page is an analysis report as one file to look at: the verdict first, then the workflow drawn and told part by part. */
import type { AnalysisReport, WorkflowReport } from "../../report/analysis-report.ts";
import type { WhatIf } from "../../report/what-if.ts";
import { footNotes, typeWords } from "../analysis-words.ts";
import { diagnosticsOf } from "../diagnostic-text.ts";
import { unsummedWords } from "../fleet-section.ts";
import { countedWords, moneyWords, perMillionWords, quantityWords } from "../number-words.ts";
import { graphWorkflow } from "../workflow-graph.ts";
import { diagnosticsMarkup } from "./diagnostic-parts.ts";
import { type GraphLayout, layOutGraph } from "./graph-layout.ts";
import { type Html, NO_HTML, html } from "./html.ts";
import { pageDocument } from "./page-document.ts";
import { breakable, contentsMarkup, footMarkup, headMarkup } from "./page-frame.ts";
import { factsMarkup } from "./page-parts.ts";
import { tableMarkup } from "./page-table.ts";
import { MOST_DRAWN, type WorkflowPage } from "./part-context.ts";
import { workflowParts, workflowVerdict, workflowWhere } from "./workflow-page.ts";

export interface AnalysisPageOptions {
  /** Workflows told in detail; the others have their row in the table. */
  readonly detailed: number;
  /** What the page's script needs to calculate anew; null = it does not. */
  readonly whatIf: WhatIf | null;
  readonly scripts: readonly string[];
}

export function renderAnalysisPage(report: AnalysisReport, options: AnalysisPageOptions): string {
  const { workflows } = report;
  const detailed = workflows.slice(0, Math.max(1, options.detailed));
  const isOne = workflows.length === 1;
  const pages = detailed.map((workflow, index) => pageOf(workflow, report, { index, isOne }));
  const [only] = pages;
  const body = isOne && only !== undefined ? onePage(only, options) : fleetPage(pages, report);
  return pageDocument({
    title: isOne
      ? `${workflows[0]!.name} – stepfare`
      : `${countedWords(workflows.length, "workflow")} – stepfare`,
    body,
    data: {
      kind: "analysis",
      report: { ...report, workflows: detailed.map(dataOf) },
      layouts: pages.map(({ layout }) => layout),
      whatIf: options.whatIf,
    },
    scripts: options.scripts,
  });
}

/** The script draws from it again; what it never shows is left out. */
function dataOf(workflow: WorkflowReport): WorkflowReport {
  return {
    ...workflow,
    diagnostics: [],
    states: workflow.states.map((state) => ({ ...state, ids: [] as never })),
  };
}

function pageOf(
  workflow: WorkflowReport,
  report: AnalysisReport,
  { index, isOne }: { readonly index: number; readonly isOne: boolean },
): WorkflowPage {
  return { workflow, report, prefix: `w${index}`, level: isOne ? 2 : 3, layout: layoutOf(workflow) };
}

function layoutOf(workflow: WorkflowReport): GraphLayout | null {
  const { pictures } = workflow;
  return pictures === undefined ? null : layOutGraph(graphWorkflow(workflow, pictures, MOST_DRAWN));
}

function onePage(page: WorkflowPage, { whatIf }: AnalysisPageOptions): Html {
  const { workflow, report } = page;
  const parts = workflowParts(page).filter(({ title }) => title !== "");
  return html`${headMarkup(workflow.name, workflowWhere(page))} ${contentsMarkup(parts)}
    <main id="content">
      <article class="workflow" data-workflow="0">${workflowMarkup(page, whatIf !== null)}</article>
      ${diagnosticsMarkup([...report.diagnostics, ...diagnosticsOf(workflow)], 2)}
    </main>
    ${footMarkup(footNotes(report))}`;
}

/** Each part in a place of its own, so that it can be drawn anew. */
function workflowMarkup(page: WorkflowPage, hasWhatIf: boolean): Html {
  return html`<div data-part="verdict">${workflowVerdict(page)}</div>
    ${hasWhatIf && html`<div class="what-if" hidden></div>`}
    ${workflowParts(page).map(({ name, markup }) => html`<div data-part="${name}">${markup}</div> `)}`;
}

function fleetPage(pages: readonly WorkflowPage[], report: AnalysisReport): Html {
  const { workflows, totals, currency } = report;
  const told =
    pages.length < workflows.length
      ? `The ${quantityWords(pages.length)} most expensive are told in detail below; --top ${workflows.length} tells all.`
      : "";
  return html`${headMarkup(countedWords(workflows.length, "workflow"), report.region)}
    <main id="content">
      ${workflows.length === 0 ? html`<p class="sentence">No workflows found.</p>` : NO_HTML}
      ${
        workflows.length > 0 &&
        html`<div class="verdict">
            <p class="sentence">${fleetSentence(report)}</p>
            ${unsummedWords(report).map((line) => html`<p>${line}</p>`)}
          </div>
          ${factsMarkup([
            {
              label: "Cost a month",
              words: moneyWords(totals.monthlyCost, currency),
              exact: totals.monthlyCost,
              note: "as declared",
            },
            {
              label: "With every change of type",
              words: moneyWords(totals.recommendedMonthlyCost, currency),
              exact: totals.recommendedMonthlyCost,
            },
            {
              label: "With neighbouring services",
              words: moneyWords(totals.withDownstream, currency),
              exact: totals.withDownstream,
            },
            {
              label: "Workflows",
              words: quantityWords(workflows.length),
              note: totals.unknown === 0 ? "" : `${quantityWords(totals.unknown)} without a known month`,
            },
          ])}
          <section class="part" aria-labelledby="workflows">
            <h2 id="workflows">Workflows <small>most expensive first</small></h2>
            ${fleetTable(report, pages.length)} ${told !== "" && html`<p class="more">${told}</p>`}
          </section>`
      }
      ${pages.map(
        (page, index) =>
          html`<details class="one" ${index === 0 && html` open`}>
            <summary>
              <h2 id="${page.prefix}">${page.workflow.name}</h2>
              <span>${summaryWords(page.workflow, currency)}</span>
            </summary>
            <article class="workflow" data-workflow="${index}">
              <p class="where">${workflowWhere(page)}</p>
              ${workflowMarkup(page, true)}${diagnosticsMarkup(diagnosticsOf(page.workflow), 3)}
            </article>
          </details> `,
      )}
      ${diagnosticsMarkup(report.diagnostics, 2)}
    </main>
    ${footMarkup(footNotes(report))}`;
}

function fleetSentence({ totals, currency, workflows }: AnalysisReport): string {
  if (totals.monthlyCost === null)
    return "Nobody has said how often these run: costs are per million executions.";
  const changes = workflows.filter(({ type, recommendation }) => recommendation.type !== type).length;
  const month = `${moneyWords(totals.monthlyCost, currency)} a month`;
  if (changes === 0 || totals.saving === null || totals.saving <= 0)
    return `${month}; no change of type would save.`;
  return `${month}, of which ${moneyWords(totals.saving, currency)} would be saved by changing the type of ${countedWords(changes, "workflow")}.`;
}

function summaryWords({ estimates, type }: WorkflowReport, currency: string): string {
  const { monthlyCost, costPerExecution } = estimates[type];
  return monthlyCost === null
    ? `${perMillionWords(costPerExecution, currency)} per million`
    : `${moneyWords(monthlyCost, currency)} a month`;
}

function fleetTable({ workflows, currency }: AnalysisReport, detailed: number): Html {
  return tableMarkup({
    caption: "Workflows",
    isStacked: true,
    columns: [
      { head: "workflow", align: "left", isSorted: true },
      { head: "type", align: "left", isSorted: true },
      { head: "transitions", align: "right", isSorted: true },
      { head: "per million", align: "right", isSorted: true },
      { head: "per month", align: "right", isSorted: true },
      { head: "better as", align: "left", isSorted: true },
      { head: "saving", align: "right", isSorted: true },
      { head: "where", align: "left", isSorted: true },
    ],
    rows: workflows.map((workflow, index) => {
      const { name, type, at, transitions, estimates, recommendation } = workflow;
      const { costPerExecution, monthlyCost } = estimates[type];
      const changes = recommendation.type !== type;
      const saving = recommendation.saving ?? recommendation.savingPerMillion;
      const unit = recommendation.saving === null ? " per million" : "";
      return {
        cells: [
          {
            body: index < detailed ? html`<a href="#w${index}">${breakable(name)}</a>` : breakable(name),
            tone: "long",
          },
          { body: typeWords(type) },
          { body: quantityWords(transitions.mean), value: transitions.mean },
          {
            body: perMillionWords(costPerExecution, currency),
            value: costPerExecution === null ? null : costPerExecution * 1e6,
          },
          { body: monthlyCost === null ? "" : moneyWords(monthlyCost, currency), value: monthlyCost },
          { body: changes ? typeWords(recommendation.type) : "", tone: "good" },
          { body: changes ? `${moneyWords(saving, currency)}${unit}` : "", value: changes ? saving : null },
          { body: breakable(`${at.file}:${at.line}`), tone: "long" },
        ],
      };
    }),
  });
}
