/** A lit path is a way through the workflow shown in its drawing: its states and ways bright, all others dimmed. */
import type { PathReport, WorkflowReport } from "../report/analysis-report.ts";

export function startPaths(article: HTMLElement, workflow: WorkflowReport): void {
  const { shown, failurePaths } = workflow.paths;
  const paths = new Map([...shown, ...failurePaths].map((path) => [path.id, path]));
  const top = workflow.pictures?.scopes[0]?.states ?? [];
  const names = new Map(workflow.states.map(({ pointer, name }) => [pointer, name]));
  const pointers = new Map(top.map((pointer) => [names.get(pointer) ?? "", pointer]));
  for (const row of article.querySelectorAll<HTMLTableRowElement>("tr[data-key]")) {
    const path = paths.get(row.dataset.key ?? "");
    const button = row.querySelector<HTMLButtonElement>("button.light");
    if (path === undefined || button === null) continue;
    button.hidden = false;
    button.setAttribute("aria-label", "Show this path in the drawing");
    button.addEventListener("click", () => {
      const isLit = row.classList.contains("lit");
      lightPath(article, isLit ? null : { row, keys: keysOf(path, pointers) });
    });
  }
}

function keysOf(path: PathReport, pointers: ReadonlyMap<string, string>): readonly string[] {
  return path.states.flatMap((name) => pointers.get(name) ?? []);
}

export interface LitPath {
  readonly row: HTMLTableRowElement;
  /** Pointers of its states, in its order. */
  readonly keys: readonly string[];
}

/** Null = no path. */
export function lightPath(article: HTMLElement, path: LitPath | null): void {
  for (const lit of article.querySelectorAll(".lit")) lit.classList.remove("lit");
  for (const button of article.querySelectorAll("button.light")) button.setAttribute("aria-pressed", "false");
  const svg = article.querySelector("svg.graph");
  svg?.classList.toggle("dimmed", path !== null);
  article.querySelector('[data-zoom="clear"]')?.toggleAttribute("hidden", path === null);
  if (path === null || svg === null) return;
  path.row.classList.add("lit");
  path.row.querySelector("button.light")?.setAttribute("aria-pressed", "true");
  const onPath = new Set(path.keys);
  for (const state of svg.querySelectorAll<SVGElement>(".state")) {
    const key = state.dataset.state ?? "";
    const holder = path.keys.find((each) => key === each || key.startsWith(`${each}/`));
    state.classList.toggle("lit", holder !== undefined);
  }
  const steps = new Set(path.keys.map((key, index) => `${key} ${path.keys[index + 1] ?? ""}`));
  for (const way of svg.querySelectorAll<SVGElement>(".way")) {
    const { from = "", to = "" } = way.dataset;
    const isInside = path.keys.some((key) => from.startsWith(`${key}/`));
    // Rounds of a loop that the path goes through are part of it.
    const isRound = way.classList.contains("loop") && onPath.has(from) && onPath.has(to);
    way.classList.toggle("lit", steps.has(`${from} ${to}`) || isInside || isRound);
  }
}
