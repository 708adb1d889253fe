/** A sorted table is a table whose heads with `data-sort` are buttons: by worth where cells have one, else by their words. */

export function startTables(root: ParentNode): void {
  const tables = new Map<HTMLTableElement, HTMLTableCellElement[]>();
  for (const head of root.querySelectorAll<HTMLTableCellElement>("th[data-sort]:not([data-started])")) {
    head.dataset.started = "";
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      sortBy(head, head.getAttribute("aria-sort") === "descending" || isFirstRising(head));
    });
    const table = head.closest("table")!;
    tables.set(table, [...(tables.get(table) ?? []), head]);
  }
  for (const [table, heads] of tables) if (table.classList.contains("stacked")) addChoice(table, heads);
}

/** For where the screen is too narrow to show heads. */
function addChoice(table: HTMLTableElement, heads: readonly HTMLTableCellElement[]): void {
  const label = document.createElement("label");
  const select = document.createElement("select");
  label.className = "sort-by";
  label.append("Sort by ", select);
  select.add(new Option("", ""));
  heads.forEach((head, at) => select.add(new Option(head.textContent.trim(), String(at))));
  select.addEventListener("change", () => {
    const head = heads[Number(select.value)];
    if (head !== undefined && select.value !== "") sortBy(head, !head.classList.contains("num"));
  });
  table.parentElement!.before(label);
}

function sortBy(head: HTMLTableCellElement, isRising: boolean): void {
  const body = head.closest("table")!.tBodies[0]!;
  const rows = [...body.rows].map((row) => ({ row, worth: worthOf(row.cells[head.cellIndex]) }));
  rows.sort((one, other) => compare(one.worth, other.worth, isRising ? 1 : -1));
  body.append(...rows.map(({ row }) => row));
  for (const other of head.parentElement!.querySelectorAll("th")) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", isRising ? "ascending" : "descending");
}

/** Words start at A, numbers at the largest. */
function isFirstRising(head: HTMLTableCellElement): boolean {
  return !head.hasAttribute("aria-sort") && !head.classList.contains("num");
}

type Worth = number | string | null;

function worthOf(cell: HTMLTableCellElement | undefined): Worth {
  const value = cell?.dataset.value;
  if (value !== undefined) return Number(value);
  const text = cell?.textContent.trim() ?? "";
  return text === "" || text === "unknown" ? null : text;
}

/** What is not known stands last either way. */
function compare(one: Worth, other: Worth, turn: 1 | -1): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  if (typeof one === "number" && typeof other === "number") return turn * (one - other);
  return turn * String(one).localeCompare(String(other), "en", { numeric: true });
}
