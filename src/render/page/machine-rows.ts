/** Machine rows are the machines of a month as a table that may be ten thousand long: sorted, sifted, and drawn a screenful at a time. */
import type { MachineReport, MonthlyReport } from "../../report/monthly/monthly-report.ts";
import { typeWords } from "../analysis-words.ts";
import { durationWords, moneyWords, quantityWords, signedMoney } from "../number-words.ts";
import { type Html, html } from "./html.ts";
import { badge } from "./page-parts.ts";
import { type PageCell, type PageColumn, type PageTable, rowsMarkup, tableMarkup } from "./page-table.ts";
import { drawColumnChart } from "./column-chart.ts";
import { compactMoney } from "./compact-words.ts";

/** Rows drawn at once; the rest on demand. */
export const ROWS_AT_ONCE = 100;

type Month = Pick<MonthlyReport, "currency"> & { readonly months: readonly { readonly month: string }[] };

interface MachineColumn extends PageColumn {
  /** What it is sorted by. */
  readonly worth: (machine: MachineReport) => number | string | null;
  readonly cell: (machine: MachineReport, month: Month) => PageCell;
}

function numberColumn(
  head: string,
  worth: (machine: MachineReport) => number | null,
  words: (value: number, month: Month) => string,
): MachineColumn {
  return {
    head,
    align: "right",
    isSorted: true,
    worth,
    cell: (machine, month) => {
      const value = worth(machine);
      return { body: value === null ? "unknown" : words(value, month), value };
    },
  };
}

const money = (value: number, { currency }: Month): string => moneyWords(value, currency);

/** Null where another type saves nothing. */
function savingOf({ recommendation: { saving } }: MachineReport): number | null {
  return saving !== null && saving > 0 ? saving : null;
}

export const MACHINE_COLUMNS: readonly MachineColumn[] = [
  {
    head: "machine",
    align: "left",
    isSorted: true,
    worth: ({ name }) => name,
    cell: ({ name, arn }) => ({
      body: html`<button type="button" class="unfold" data-arn="${arn}" aria-expanded="false">
        ${name}
      </button>`,
    }),
  },
  {
    head: "type",
    align: "left",
    isSorted: true,
    worth: ({ type }) => type,
    cell: ({ type }) => ({ body: typeWords(type) }),
  },
  {
    head: "account",
    align: "left",
    isSorted: true,
    worth: ({ account }) => account,
    cell: ({ account }) => ({ body: account }),
  },
  {
    head: "region",
    align: "left",
    isSorted: true,
    worth: ({ region }) => region,
    cell: ({ region }) => ({ body: region }),
  },
  numberColumn("executions", ({ executions }) => executions, quantityWords),
  numberColumn("cost a month", ({ monthlyCost }) => monthlyCost, money),
  {
    ...numberColumn(
      "change",
      ({ difference }) => difference,
      (value, { currency }) => signedMoney(value, currency),
    ),
    cell: ({ difference }, { currency }) =>
      difference === null
        ? { body: "" }
        : {
            body: signedMoney(difference, currency),
            value: difference,
            tone: difference > 0 ? "bad" : difference < 0 ? "good" : "",
          },
  },
  {
    ...numberColumn("saving", savingOf, money),
    cell: (machine, { currency }) => {
      const saving = savingOf(machine);
      return saving === null
        ? { body: "" }
        : {
            body: html`${moneyWords(saving, currency)}
              <small>as ${typeWords(machine.recommendation.type)}</small>`,
            value: saving,
            tone: "good",
          };
    },
  },
  {
    head: "rests on",
    align: "left",
    isSorted: true,
    worth: ({ basis }) => basis,
    cell: ({ basis }) => ({
      body: badge(basis, basis === "counted" ? "good" : basis === "unknown" ? "bad" : "warn"),
    }),
  },
];

export function machineTable(machines: readonly MachineReport[], month: Month): Html {
  return tableMarkup({
    caption: "Machines",
    isStacked: true,
    columns: MACHINE_COLUMNS,
    rows: rowsOf(machines, month),
  });
}

/** More rows for the table that stands. */
export function machineRows(machines: readonly MachineReport[], month: Month): Html {
  return rowsMarkup({ isStacked: true, columns: MACHINE_COLUMNS, rows: rowsOf(machines, month) });
}

function rowsOf(machines: readonly MachineReport[], month: Month): PageTable["rows"] {
  return machines.map((machine) => ({
    key: machine.arn,
    cells: MACHINE_COLUMNS.map(({ cell }) => cell(machine, month)),
  }));
}

/** What a row unfolds to. */
export function machineDetail(machine: MachineReport, month: Month): Html {
  const { arn, recommendation, durationMs, tags, costs, costPerMillion, downstreamMonthlyCost } = machine;
  const { currency, months } = month;
  const pairs: readonly (readonly [string, string])[] = [
    ["cost per million executions", moneyWords(costPerMillion, currency)],
    ["transitions a month", quantityWords(machine.transitions)],
    ...(machine.requests === null ? [] : [["requests a month", quantityWords(machine.requests)] as const]),
    ...(machine.gbSeconds === null
      ? []
      : [["GB-seconds a month", quantityWords(machine.gbSeconds)] as const]),
    ["neighbouring services", moneyWords(downstreamMonthlyCost, currency)],
    ["duration, mean", durationMs === null ? "unknown" : durationWords(durationMs.mean)],
    [
      "as the recommended type",
      `${typeWords(recommendation.type)}, ${moneyWords(recommendation.monthlyCost, currency)}`,
    ],
    ...(costs.length > 1
      ? costs.map(
          (cost, index) => [`cost in ${months[index]?.month ?? ""}`, moneyWords(cost, currency)] as const,
        )
      : []),
  ];
  return html`<div class="unfolded">
    <dl class="pairs">
      ${pairs.map(
        ([label, words]) =>
          html`<dt>${label}</dt>
            <dd>${words}</dd>`,
      )}
    </dl>
    <div>
      ${recommendation.blocker !== null && html`<p>${badge("not as Express", "bad")} ${recommendation.blocker}</p>`}
      ${recommendation.cautions.map((caution) => html`<p>${badge("▲ caution", "warn")} ${caution}</p>`)}
      ${
        costs.length > 1 &&
        drawColumnChart({
          title: `Cost of ${machine.name} by month`,
          columns: costs.map((value, index) => ({ label: months[index]?.month ?? "", value })),
          words: (value) => compactMoney(value, currency),
        })
      }
      ${
        tags !== null &&
        tags.length > 0 &&
        html`<p>${tags.map(({ key, value }) => html`${badge(`${key}: ${value}`)} `)}</p>`
      }
      <p class="more"><code>${arn}</code></p>
    </div>
  </div>`;
}
