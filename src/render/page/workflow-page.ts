/** A workflow page is what a page says of one workflow, part by part, each to be drawn anew when a figure changes. */
import { executionsWords, typeWords } from "../analysis-words.ts";
import { placeWords } from "../diagnostic-text.ts";
import { assumptionPart, ledgerPart, limitPart, scenarioPart } from "./basis-parts.ts";
import { type Html, NO_HTML } from "./html.ts";
import { breakEvenPart, typesPart } from "./money-parts.ts";
import { type PagePart, partMarkup } from "./page-parts.ts";
import { type PartContext, type WorkflowPage, partContext } from "./part-context.ts";
import { findingPart, opportunityPart, reasonPart } from "./review-parts.ts";
import { verdictMarkup } from "./verdict.ts";
import { branchPart, graphPart, pathPart, statePart } from "./way-parts.ts";

const PARTS: readonly (readonly [string, (context: PartContext) => PagePart | null])[] = [
  ["types", typesPart],
  ["graph", graphPart],
  ["paths", pathPart],
  ["changes", opportunityPart],
  ["findings", findingPart],
  ["reasons", reasonPart],
  ["break-even", breakEvenPart],
  ["assumptions", assumptionPart],
  ["limits", limitPart],
  ["scenarios", scenarioPart],
  ["branches", branchPart],
  ["states", statePart],
  ["ledger", ledgerPart],
];

export interface DrawnPart {
  readonly name: string;
  /** "" where it has no place in the contents. */
  readonly title: string;
  /** Of its heading; a page scrolls to it. */
  readonly id: string;
  readonly markup: Html;
}

/** In their order, and without those that have nothing to say. */
export function workflowParts(page: WorkflowPage): readonly DrawnPart[] {
  const context = partContext(page);
  return PARTS.map(([name, draw]): DrawnPart => {
    const part = draw(context);
    return part === null
      ? { name, title: "", id: "", markup: NO_HTML }
      : { name, title: part.title, id: part.id, markup: partMarkup(part, page.level) };
  });
}

/** The line under its name. Of several workflows the region is said once, by the page. */
export function workflowWhere({ workflow, report, level }: WorkflowPage): string {
  const own = [typeWords(workflow.type), placeWords(workflow.at), executionsWords(workflow)];
  return [...own, ...(level === 2 ? [report.region] : [])].join(" · ");
}

export function workflowVerdict(page: WorkflowPage): Html {
  return verdictMarkup(partContext(page));
}
