/** A monthly report as Markdown: whole for a wiki or a review, brief for a chat. */
import briefTemplate from "../../../templates/monthly-brief.md.hbs";
import monthlyTemplate from "../../../templates/monthly.md.hbs";
import type { MonthlyReport } from "../../report/monthly/monthly-report.ts";
import { diagnosticsView } from "../analysis-markdown.ts";
import { typeWords } from "../analysis-words.ts";
import type { ListOptions } from "../list-cut.ts";
import { markdownTemplate } from "../markdown-template.ts";
import { moneyWords, signedMoney } from "../number-words.ts";
import { chatText } from "../safe-text.ts";
import { sectionView } from "../section-view.ts";
import { machineNames } from "../../report/monthly/machine-names.ts";
import { monthlyHeadline } from "./monthly-headline.ts";
import { monthlySections } from "./monthly-sections.ts";

const whole = markdownTemplate(monthlyTemplate);
const brief = markdownTemplate(briefTemplate);

export function renderMonthlyMarkdown(report: MonthlyReport, options: ListOptions): string {
  const [first = "", ...others] = monthlyHeadline(report);
  return whole({
    title: `State machines in ${report.month}`,
    first,
    others,
    reasons: report.verdict.reasons,
    sections: monthlySections(report, options).map(sectionView),
    ...diagnosticsView(report.diagnostics, options),
  });
}

const FEW = 3;

/** No table, no more than a screen: chats draw neither. */
export function renderMonthlyBrief(report: MonthlyReport): string {
  const names = machineNames(report);
  const { currency } = report;
  const [first = "", ...others] = monthlyHeadline(report);
  const saving = [...report.machines]
    .filter(({ recommendation }) => (recommendation.saving ?? 0) > 0)
    .sort((a, b) => b.recommendation.saving! - a.recommendation.saving!);
  const markdown = brief({
    first,
    others,
    reasons: report.verdict.reasons,
    lines: [
      ...report.movers
        .slice(0, FEW)
        .map(
          ({ arn, name, difference, because }) =>
            `${names(arn, name)} ${signedMoney(difference, currency)}: ${because[0]?.text ?? ""}`,
        ),
      ...saving
        .slice(0, FEW)
        .map(
          ({ arn, name, recommendation }) =>
            `${names(arn, name)} as ${typeWords(recommendation.type)} saves ${moneyWords(recommendation.saving, currency)} a month`,
        ),
      ...report.anomalies.slice(0, FEW).map(({ arn, name, text }) => `${names(arn, name)}: ${text}`),
    ],
  });
  return chatText(markdown);
}
