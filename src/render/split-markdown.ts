/** A split report as Markdown, with the written definitions: a page to review. */
import { diagnosticsView } from "./analysis-markdown.ts";
import { sectionView } from "./section-view.ts";
import { markdownTemplate } from "./markdown-template.ts";
import splitTemplate from "../../templates/split.md.hbs";
import type { SplitReport } from "../report/split-report.ts";
import type { ListOptions } from "./list-cut.ts";
import { splitNotes, splitSections } from "./split-sections.ts";

const template = markdownTemplate(splitTemplate);

export function renderSplitMarkdown(report: SplitReport, options: ListOptions): string {
  const { resources, parent, children, name } = report;
  const definitions = [
    ...(parent === null ? [] : [{ title: `${name} (parent)`, text: JSON.stringify(parent, null, 2) }]),
    ...children.map((child) => ({ title: child.name, text: JSON.stringify(child.definition, null, 2) })),
  ];
  return template({
    name,
    notes: splitNotes(report),
    sections: splitSections(report, options).map(sectionView),
    resources: resources === null ? null : { language: resources.language, text: resources.text },
    definitions,
    diagnostics: diagnosticsView(report.diagnostics, options),
  });
}
