/** A machine view is a month's machines in a table that is searched, filtered and sorted by its data, and drawn a screenful at a time. */
import type { MachineReport } from "../report/monthly/monthly-report.ts";
import { typeWords } from "../render/analysis-words.ts";
import { quantityWords } from "../render/number-words.ts";
import { type Html, html, htmlText } from "../render/page/html.ts";
import {
  MACHINE_COLUMNS,
  ROWS_AT_ONCE,
  machineDetail,
  machineRows,
  machineTable,
} from "../render/page/machine-rows.ts";

export interface MonthlyData {
  readonly currency: string;
  readonly months: readonly { readonly month: string }[];
  /** Dearest first. */
  readonly machines: readonly MachineReport[];
}

interface Sorting {
  readonly column: number;
  readonly isRising: boolean;
}

const WAIT_MS = 80;

export function startMachines(data: MonthlyData): void {
  const place = document.querySelector<HTMLElement>("[data-machines]")!;
  const sieve = document.querySelector<HTMLElement>(".sieve")!;
  const paging = document.querySelector<HTMLElement>("[data-paging]")!;
  const texts = new Map(data.machines.map((machine) => [machine, searchText(machine)]));
  let sorting: Sorting | null = null;
  let found: readonly MachineReport[] = [];
  let shown = 0;
  sieve.innerHTML = htmlText(sieveMarkup(data));
  sieve.hidden = false;

  const draw = (): void => {
    found = sorted(sifted(data.machines, sieve, texts), sorting);
    shown = Math.min(ROWS_AT_ONCE, found.length);
    place.innerHTML = htmlText(machineTable(found.slice(0, shown), data));
    if (found.length === 0) place.textContent = "No machine fits.";
    paging.innerHTML = htmlText(pagingMarkup(shown, found.length));
    startHeads(place, sorting, (next) => {
      sorting = next;
      draw();
    });
  };
  // The rows that stand are left alone, with what is unfolded among them.
  const drawMore = (): void => {
    const next = found.slice(shown, shown + ROWS_AT_ONCE);
    place.querySelector("tbody")!.insertAdjacentHTML("beforeend", htmlText(machineRows(next, data)));
    shown += next.length;
    paging.innerHTML = htmlText(pagingMarkup(shown, found.length));
    paging.querySelector("button")?.focus();
  };
  printAll(() => {
    const last = place.querySelector("tbody")?.lastElementChild;
    if (last === null || last === undefined || shown === found.length) return () => undefined;
    last.insertAdjacentHTML("afterend", htmlText(machineRows(found.slice(shown), data)));
    paging.innerHTML = htmlText(pagingMarkup(found.length, found.length));
    return () => {
      while (last.nextElementSibling !== null) last.nextElementSibling.remove();
      paging.innerHTML = htmlText(pagingMarkup(shown, found.length));
    };
  });
  let waiting = 0;
  sieve.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLSelectElement && target.name === "sort") sorting = sortingBy(target.value);
    clearTimeout(waiting);
    waiting = setTimeout(draw, WAIT_MS);
  });
  paging.addEventListener("click", (event) => {
    if ((event.target as HTMLElement).matches("button")) drawMore();
  });
  place.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLButtonElement>("button.unfold");
    if (button !== null) unfold(button, data);
  });
  draw();
}

/** On paper all rows are drawn that fit what is searched for. `draw` gives what takes them back. */
function printAll(draw: () => () => void): void {
  let undo: (() => void) | null = null;
  addEventListener("beforeprint", () => (undo ??= draw()));
  addEventListener("afterprint", () => {
    undo?.();
    undo = null;
  });
}

function searchText({ name, arn, tags, account, region }: MachineReport): string {
  const own = (tags ?? []).map(({ key, value }) => `${key}:${value}`);
  return [name, arn, account, region, ...own].join(" ").toLowerCase();
}

function sifted(
  machines: readonly MachineReport[],
  sieve: HTMLElement,
  texts: ReadonlyMap<MachineReport, string>,
): readonly MachineReport[] {
  const chosen = (name: string): string =>
    sieve.querySelector<HTMLInputElement | HTMLSelectElement>(`[name="${name}"]`)?.value ?? "";
  const [wanted, type, account, region, what] = ["search", "type", "account", "region", "what"].map(chosen);
  const words = (wanted ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return machines.filter(
    (machine) =>
      (type === "" || machine.type === type) &&
      (account === "" || machine.account === account) &&
      (region === "" || machine.region === region) &&
      fits(machine, what ?? "") &&
      words.every((word) => texts.get(machine)!.includes(word)),
  );
}

function fits({ recommendation, difference, monthlyCost }: MachineReport, what: string): boolean {
  if (what === "saving") return (recommendation.saving ?? 0) > 0;
  if (what === "dearer") return (difference ?? 0) > 0;
  return what !== "unknown" || monthlyCost === null;
}

/** Made once: it is asked thousands of times. */
const byName = new Intl.Collator("en", { numeric: true });

/** What is not known stands last either way. */
function sorted(machines: readonly MachineReport[], sorting: Sorting | null): readonly MachineReport[] {
  if (sorting === null) return machines;
  const { worth } = MACHINE_COLUMNS[sorting.column]!;
  const turn = sorting.isRising ? 1 : -1;
  const worths = machines.map((machine) => ({ machine, value: worth(machine) }));
  worths.sort(({ value: one }, { value: other }) => {
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    if (typeof one === "number" && typeof other === "number") return turn * (one - other);
    return turn * byName.compare(String(one), String(other));
  });
  return worths.map(({ machine }) => machine);
}

function startHeads(place: HTMLElement, sorting: Sorting | null, sort: (next: Sorting) => void): void {
  place.querySelectorAll<HTMLTableCellElement>("th[data-sort]").forEach((head, column) => {
    head.dataset.started = "";
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    const isOwn = sorting?.column === column;
    if (isOwn) head.setAttribute("aria-sort", sorting.isRising ? "ascending" : "descending");
    const isFirstRising = !head.classList.contains("num");
    button.addEventListener("click", () => {
      sort({ column, isRising: isOwn ? !sorting.isRising : isFirstRising });
      place.querySelectorAll<HTMLElement>("th button")[column]?.focus();
    });
  });
}

/** By a column's place; "" = as they come. */
function sortingBy(place: string): Sorting | null {
  const column = Number(place);
  return place === "" ? null : { column, isRising: MACHINE_COLUMNS[column]!.align === "left" };
}

function unfold(button: HTMLButtonElement, data: MonthlyData): void {
  const row = button.closest("tr")!;
  const isOpen = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!isOpen));
  if (isOpen) {
    row.nextElementSibling?.remove();
    return;
  }
  const machine = data.machines.find(({ arn }) => arn === button.dataset.arn);
  if (machine === undefined) return;
  const detail = document.createElement("tr");
  const cell = detail.insertCell();
  cell.colSpan = MACHINE_COLUMNS.length;
  cell.innerHTML = htmlText(machineDetail(machine, data));
  row.after(detail);
}

function pagingMarkup(shown: number, found: number): Html {
  const left = found - shown;
  return html`<span role="status">${quantityWords(shown)} of ${quantityWords(found)} shown.</span>${
      left > 0 &&
      html` <button type="button" class="light">
        Show ${quantityWords(Math.min(left, ROWS_AT_ONCE))} more
      </button>`
    }`;
}

function sieveMarkup({ machines }: MonthlyData): Html {
  const values = (of: (machine: MachineReport) => string): readonly string[] =>
    [...new Set(machines.map(of))].sort();
  return html`<label
      >Search <input type="search" name="search" placeholder="name, ARN or tag" autocomplete="off"
    /></label>
    ${selectMarkup(
      "Type",
      "type",
      [...values(({ type }) => type)].map((type) => [type, typeWords(type as "STANDARD")]),
    )}
    ${selectMarkup("Account", "account", values(({ account }) => account).map(same))}
    ${selectMarkup("Region", "region", values(({ region }) => region).map(same))}
    ${selectMarkup("Only", "what", [
      ["saving", "that could save"],
      ["dearer", "that became dearer"],
      ["unknown", "of unknown cost"],
    ])}
    <label class="headless"
      >Sort by
      <select name="sort">
        <option value="">cost, dearest first</option>
        ${MACHINE_COLUMNS.map(({ head }, index) => html`<option value="${index}">${head}</option>`)}
      </select></label
    >`;
}

function same(value: string): readonly [string, string] {
  return [value, value];
}

function selectMarkup(label: string, name: string, options: readonly (readonly [string, string])[]): Html {
  return html`<label
    >${label}
    <select name="${name}">
      <option value="">all</option>
      ${options.map(([value, words]) => html`<option value="${value}">${words}</option>`)}
    </select></label
  >`;
}
