/** The monthly sections are a monthly report in plain words, in the order every format tells it. */
import type { CostGroup, MonthlyReport } from "../../report/monthly/monthly-report.ts";
import { type EstimateType, typeWords } from "../analysis-words.ts";
import { barText } from "../bar-text.ts";
import { BENEATH, leftColumn, rightColumn } from "../capacity-columns.ts";
import { type ListOptions, cutList } from "../list-cut.ts";
import { moneyWords, quantityWords, shareWords, signedMoney } from "../number-words.ts";
import { type ReportSection, type SectionCell, shownSections } from "../report-section.ts";
import { machineNames } from "../../report/monthly/machine-names.ts";
import { reconciliationSections } from "./reconciliation-sections.ts";
import { watchSections } from "./watch-sections.ts";

export function monthlySections(report: MonthlyReport, options: ListOptions): readonly ReportSection[] {
  const names = machineNames(report);
  return shownSections([
    trendSection(report),
    machineSection(report, names, options),
    savingSection(report, names, options),
    moverSection(report, names, options),
    leftOutSection(report, names, options),
    ...watchSections(report, names, options),
    ...groupSections(report, options),
    neighbourSection(report),
    sharingSection(report),
    ...(report.reconciliation === null ? [] : reconciliationSections(report.reconciliation, options)),
  ]);
}

const MONTH_CELLS = 20;

type Names = ReturnType<typeof machineNames>;

function trendSection({ months, currency }: MonthlyReport): ReportSection {
  const most = Math.max(...months.map(({ monthlyCost }) => monthlyCost ?? 0));
  return {
    title: "Months",
    aside: "whole months; of one that is not over, at its rate so far",
    columns: [
      leftColumn("month"),
      rightColumn("cost"),
      rightColumn("so far"),
      rightColumn("executions"),
      rightColumn("machines"),
      rightColumn("possible saving"),
      { head: "", align: "left", drawing: true },
    ],
    rows:
      months.length < 2 && months[0]?.costSoFar == null
        ? []
        : months.map((month) => [
            month.month,
            moneyWords(month.monthlyCost, currency),
            month.costSoFar === null ? "" : moneyWords(month.costSoFar, currency),
            quantityWords(month.executions),
            quantityWords(month.machines),
            moneyWords(month.saving, currency),
            barText(month.monthlyCost ?? 0, most, MONTH_CELLS),
          ]),
    more: null,
  };
}

function machineSection(
  { machines, currency, totals }: MonthlyReport,
  names: Names,
  options: ListOptions,
): ReportSection {
  const { shown, more } = cutList(machines, "machines", options);
  return {
    title: "Machines",
    aside: "dearest first",
    columns: [
      leftColumn("machine"),
      leftColumn("type"),
      rightColumn("executions"),
      rightColumn("cost"),
      rightColumn("change"),
      rightColumn("beside"),
      leftColumn("rests on"),
    ],
    rows: [
      ...shown.map((machine) => [
        names(machine.arn, machine.name),
        typeWords(machine.type),
        quantityWords(machine.executions),
        moneyWords(machine.monthlyCost, currency),
        machine.difference === null ? "" : signedMoney(machine.difference, currency),
        moneyWords(machine.downstreamMonthlyCost, currency),
        machine.basis,
      ]),
      [
        total("all"),
        "",
        total(quantityWords(totals.executions)),
        total(moneyWords(totals.monthlyCost, currency)),
        "",
        "",
        "",
      ],
    ],
    more,
  };
}

function total(text: string): SectionCell {
  return { text, tone: "total" };
}

function savingSection(
  { machines, currency }: MonthlyReport,
  names: Names,
  options: ListOptions,
): ReportSection {
  const saving = machines
    .filter(({ recommendation }) => (recommendation.saving ?? 0) > 0)
    .sort((a, b) => b.recommendation.saving! - a.recommendation.saving!);
  const { shown, more } = cutList(saving, "machines", options);
  return {
    title: "Savings",
    aside:
      "by the other type, a new machine each, where AWS accepts it; to Express only what may run more than once",
    columns: [
      leftColumn("machine"),
      leftColumn("from"),
      leftColumn("to"),
      rightColumn("cost"),
      rightColumn("as that"),
      rightColumn("saved"),
    ],
    rows: shown.map(({ arn, name, type, monthlyCost, recommendation }) => [
      names(arn, name),
      typeWords(type),
      typeWords(recommendation.type),
      moneyWords(monthlyCost, currency),
      moneyWords(recommendation.monthlyCost, currency),
      { text: moneyWords(recommendation.saving, currency), tone: "good" },
    ]),
    more,
  };
}

/** Share of the change below which a reason stands in the JSON alone. */
const WORTH_A_WORD = 0.001;

function moverSection(
  { movers, currency, change }: MonthlyReport,
  names: Names,
  options: ListOptions,
): ReportSection {
  const { shown, more } = cutList(movers, "machines that moved", options);
  return {
    title: "Movers",
    aside: change === null ? "" : `against ${change.month}`,
    columns: [
      leftColumn("machine"),
      rightColumn("before"),
      rightColumn("now"),
      rightColumn("change"),
      BENEATH,
    ],
    rows: shown.map(({ arn, name, before, after, difference, because }) => [
      names(arn, name),
      before === null ? "" : moneyWords(before, currency),
      after === null ? "" : moneyWords(after, currency),
      { text: signedMoney(difference, currency), tone: difference > 0 ? "bad" : "good" },
      because
        .filter(({ cost }) => Math.abs(cost) >= WORTH_A_WORD * Math.abs(difference))
        .map(({ text, cost }) => `${signedMoney(cost, currency)} ${text}`)
        .join("; "),
    ]),
    more,
  };
}

function leftOutSection(
  { change, currency }: MonthlyReport,
  names: Names,
  options: ListOptions,
): ReportSection {
  const { shown, more } = cutList(change?.leftOut ?? [], "machines", options);
  return {
    title: "Not compared",
    aside: "their cost is known in one of the months only: they are on neither side of the change",
    columns: [leftColumn("machine"), rightColumn("before"), rightColumn("now"), leftColumn("why")],
    rows: shown.map(({ arn, name, before, after, text }) => [
      names(arn, name),
      before === null ? "" : moneyWords(before, currency),
      after === null ? "" : moneyWords(after, currency),
      text,
    ]),
    more,
  };
}

/** A group of one says nothing that the total has not said. */
function groupSections({ groups, currency }: MonthlyReport, options: ListOptions): readonly ReportSection[] {
  const sections = [
    { title: "Accounts", groups: groups.account },
    { title: "Regions", groups: groups.region },
    {
      title: "Types",
      groups: groups.type.map((group) => ({ ...group, key: typeWords(group.key as EstimateType) })),
    },
    ...groups.tags
      .filter(({ tag }) => options.verbose || !tag.startsWith("aws:"))
      .map(({ tag, groups: values }) => ({
        title: `Tag ${tag}`,
        groups: values.map((group) => ({ ...group, key: group.key ?? "(untagged)" })),
      })),
  ];
  return sections
    .filter((section) => section.groups.length > 1)
    .map((section) => groupSection(section, currency, options));
}

function groupSection(
  { title, groups }: { readonly title: string; readonly groups: readonly CostGroup[] },
  currency: string,
  options: ListOptions,
): ReportSection {
  const { shown, more } = cutList(groups, "groups", options);
  return {
    title,
    aside: "",
    columns: [
      leftColumn(""),
      rightColumn("machines"),
      rightColumn("executions"),
      rightColumn("cost"),
      rightColumn("share"),
      rightColumn("change"),
      rightColumn("possible saving"),
    ],
    rows: shown.map(({ key, machines, executions, monthlyCost, share, difference, saving }) => [
      key,
      quantityWords(machines),
      quantityWords(executions),
      moneyWords(monthlyCost, currency),
      share === null ? "" : shareWords(share),
      difference === null ? "" : signedMoney(difference, currency),
      moneyWords(saving, currency),
    ]),
    more,
  };
}

function neighbourSection({ neighbours, currency }: MonthlyReport): ReportSection {
  return {
    title: "Neighbouring services",
    aside: "in none of the costs above",
    columns: [leftColumn("usage"), rightColumn("quantity"), leftColumn("unit"), rightColumn("cost")],
    rows: neighbours.map(({ usageType, quantity, unit, cost }) => [
      usageType,
      quantityWords(quantity),
      unit,
      moneyWords(cost, currency),
    ]),
    more: null,
  };
}

function sharingSection({ sharing, currency, totals }: MonthlyReport): ReportSection {
  const { free, assumption, consolidatedMonthlyCost } = sharing;
  const consolidated =
    consolidatedMonthlyCost === null
      ? []
      : [
          [
            "all of one payer",
            quantityWords(totals.transitions),
            "",
            moneyWords(consolidatedMonthlyCost, currency),
          ],
        ];
  return {
    title: "Free tier",
    aside: assumption,
    columns: [
      leftColumn("account"),
      rightColumn("transitions"),
      rightColumn("free"),
      rightColumn("worth, or the total"),
    ],
    rows: [
      ...free
        .filter(({ used }) => used > 0)
        .map((each) => [
          each.account,
          quantityWords(each.used),
          quantityWords(each.free),
          moneyWords(each.worth, currency),
        ]),
      ...consolidated,
    ],
    more: null,
  };
}
