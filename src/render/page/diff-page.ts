/** The diff page is a diff as one file to look at: how much more or less, because of which states, and the workflows drawn. */
import type { DiffReport, DiffWorkflow } from "../../report/diff-report.ts";
import {
  changeSection,
  dustWords,
  findingWords,
  footWords,
  headlineWords,
  isTold,
  lineTransitions,
  lineWords,
  partsOf,
  sharedWords,
  stateWords,
  verdictWords,
  weightyLines,
} from "../diff-words.ts";
import { placeWords } from "../diagnostic-text.ts";
import { countedWords, moneyWords, signedMoney } from "../number-words.ts";
import { changeBars } from "./bars.ts";
import { diagnosticsMarkup } from "./diagnostic-parts.ts";
import { drawDiff } from "./diff-drawing.ts";
import { type Html, html } from "./html.ts";
import { pageDocument } from "./page-document.ts";
import { frameMarkup } from "./page-frame.ts";
import { type Fact, badge, exactSpan, factsMarkup, type PagePart } from "./page-parts.ts";
import { sectionTable } from "./page-table.ts";

export function renderDiffPage(diff: DiffReport, scripts: readonly string[]): string {
  const told = diff.workflows.filter(isTold);
  const body = frameMarkup({
    heading: headlineWords(diff),
    where: `${diff.base} → ${diff.head} · ${diff.region} · ${countedWords(told.length, "changed workflow")} of ${diff.workflows.length}`,
    lead: leadMarkup(diff),
    parts: [
      ...(told.length === 0 ? [] : [changedPart(told, diff)]),
      ...told.map((workflow, index) => workflowPart(workflow, index, diff.currency)),
    ],
    end: diagnosticsMarkup(diff.diagnostics, 2),
    notes: [sharedWords(diff) ?? "", footWords(diff)].filter((note) => note !== ""),
  });
  return pageDocument({
    title: `${headlineWords(diff)} – stepfare diff`,
    body,
    data: { kind: "diff" },
    scripts,
  });
}

function leadMarkup(diff: DiffReport): Html {
  const { verdict } = diff;
  return html`<div class="verdict ${verdict.passed ? "changes" : "keeps"}">
      <p class="sentence">
        ${verdict.passed ? badge("✓ passed", "good") : badge("✕ failed", "bad")} ${verdictWords(diff)}
      </p>
      ${verdict.reasons.map((reason) => html`<p class="warn"><span aria-hidden="true">✕</span> ${reason}</p>`)}
      ${verdict.warnings.map((reason) => html`<p class="warn"><span aria-hidden="true">▲</span> ${reason}</p>`)}
    </div>
    ${factsMarkup(factsOf(diff))}`;
}

/** By the month where it is known, else by a million executions. */
function factsOf({ totals, currency }: DiffReport): readonly Fact[] {
  const isMonthly = totals.before !== null || totals.after !== null;
  const { before, after, difference } = isMonthly ? totals : totals.perMillion;
  const note = isMonthly ? "a month" : "per million executions";
  return [
    { label: "Before", words: moneyWords(before, currency), exact: before, note },
    { label: "After", words: moneyWords(after, currency), exact: after, note },
    { label: "Difference", words: signedMoney(difference, currency), exact: difference, note },
  ];
}

function changedPart(told: readonly DiffWorkflow[], { currency }: DiffReport): PagePart {
  return { id: "changed", title: "Changed workflows", body: sectionTable(changeSection(told, currency)) };
}

function workflowPart(workflow: DiffWorkflow, index: number, currency: string): PagePart {
  const { name, per, difference, differencePerMillion, at, graph } = workflow;
  const total = signedMoney(per === "month" ? difference : differencePerMillion, currency);
  const notes = [...stateWords(workflow), ...findingWords(workflow)];
  return {
    id: `d${index}`,
    title: name,
    aside: `${total} per ${per}`,
    body: html`${becauseMarkup(workflow, currency)}
      ${
        notes.length > 0 &&
        html`<ul class="items">
          ${notes.map((note) => html`<li>${note}</li>`)}
        </ul>`
      }
      ${graph !== null ? drawDiff(graph, name) : isUndrawn(workflow) && html`<p class="more">${UNDRAWN}</p>`}
      <p class="more">${placeWords(at)}</p>`,
  };
}

const UNDRAWN =
  "Not drawn: it has more states than a drawing of a change makes clear (40), or its report was saved without its definition.";

/** What is there on one side only, or cannot be read, has nothing to compare. */
function isUndrawn({ status, unread }: DiffWorkflow): boolean {
  return status === "changed" && unread === null;
}

function becauseMarkup(workflow: DiffWorkflow, currency: string): Html {
  const { lines, dust } = weightyLines(workflow);
  const parts = partsOf(lines);
  return changeBars(
    lines.map((line) => {
      const transitions = lineTransitions(line);
      return {
        label: lineWords(line, parts),
        change: line.cost,
        words: html`${exactSpan(signedMoney(line.cost, currency), line.cost)}${transitions !== "" && html` <small>${transitions}</small>`}`,
      };
    }),
    "Because",
    dust !== null && html`<p class="more">${dustWords(dust, currency)}</p>`,
  );
}
