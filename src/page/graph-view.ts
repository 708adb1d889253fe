/** A graph view is a workflow's drawing that moves: zoomed and dragged by mouse or keys, its states chosen, its paths lit. */
import type { WorkflowReport } from "../report/analysis-report.ts";
import { htmlText } from "../render/page/html.ts";
import { stateDetail } from "../render/page/state-detail.ts";
import { lightPath, startPaths } from "./lit-path.ts";
import type { PageData } from "./page-data.ts";

interface View {
  x: number;
  y: number;
  /** Drawn pixels per pixel of the screen. */
  scale: number;
}

interface Stage {
  readonly canvas: HTMLElement;
  readonly svg: SVGSVGElement;
  readonly width: number;
  readonly height: number;
  readonly view: View;
}

const STEP = 1.25;
const MOST_SCALE = 3;
/** Drawn smaller than this a whole says nothing: then the view starts where the execution does, large enough to be read. */
const TELLING = 0.42;
const READABLE = 0.55;
const PAN = 60;
const LEAST_HEIGHT = 260;

export function startGraphs(data: PageData, root: ParentNode): void {
  for (const article of root.querySelectorAll<HTMLElement>("article[data-workflow]")) {
    const workflow = data.report?.workflows[Number(article.dataset.workflow)];
    const stage = article.querySelector<HTMLElement>(".stage");
    const currency = data.report?.currency ?? "USD";
    if (workflow !== undefined && stage !== null) startGraph(stage, article, { workflow, currency });
  }
}

interface Subject {
  readonly workflow: WorkflowReport;
  readonly currency: string;
}

export function startGraph(
  element: HTMLElement,
  article: HTMLElement,
  { workflow, currency }: Subject,
): void {
  const canvas = element.querySelector<HTMLElement>(".canvas")!;
  const svg = element.querySelector<SVGSVGElement>("svg.graph")!;
  const stage: Stage = {
    canvas,
    svg,
    width: Number(svg.dataset.width),
    height: Number(svg.dataset.height),
    view: { x: 0, y: 0, scale: 1 },
  };
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  startMoving(stage);
  startTools(element, stage, article);
  startStates(element, { workflow, currency });
  startPaths(article, workflow);
  const { viewed } = svg.dataset;
  if (viewed !== undefined) return lookAt(stage, viewed);
  whenSeen(canvas, () => {
    // As high as the drawing needs, and no higher than the style allows.
    const needed = 1.15 * stage.height * Math.min(1, canvas.clientWidth / stage.width);
    if (needed < canvas.clientHeight) canvas.style.height = `${Math.max(LEAST_HEIGHT, needed)}px`;
    if (!matchMedia("print").matches) fit(stage, "readable");
  });
}

/** Drawn anew, it is seen from where it was. */
function lookAt(stage: Stage, viewed: string): void {
  const [x = 0, y = 0, width = 1] = viewed.split(" ").map(Number);
  Object.assign(stage.view, { x, y, scale: stage.canvas.clientWidth / width });
  stage.svg.setAttribute("viewBox", viewed);
}

/** A workflow that is folded has no size until it is opened. */
function whenSeen(canvas: HTMLElement, act: () => void): void {
  if (canvas.clientWidth > 0) return act();
  const observer = new ResizeObserver(() => {
    if (canvas.clientWidth === 0) return;
    observer.disconnect();
    act();
  });
  observer.observe(canvas);
}

function fit(stage: Stage, how: "readable" | "whole"): void {
  const { canvas, width, height, view } = stage;
  const whole = Math.min(canvas.clientWidth / width, canvas.clientHeight / height, 1.15);
  view.scale = how === "whole" || whole >= TELLING ? whole : READABLE;
  const [seenWidth, seenHeight] = [canvas.clientWidth / view.scale, canvas.clientHeight / view.scale];
  view.x = (width - seenWidth) / 2;
  view.y = seenHeight > height ? (height - seenHeight) / 2 : 0;
  // Too wide to be read as a whole: begin where the execution begins.
  const start =
    how === "readable" && seenWidth < width ? stage.svg.querySelector<SVGGraphicsElement>(".dot") : null;
  if (start !== null) view.x = start.getBBox().x - seenWidth / 2;
  show(stage);
}

function show({ canvas, svg, view, width, height }: Stage): void {
  const [seenWidth, seenHeight] = [canvas.clientWidth / view.scale, canvas.clientHeight / view.scale];
  view.x = Math.min(Math.max(view.x, -seenWidth / 2), width - seenWidth / 2);
  view.y = Math.min(Math.max(view.y, -seenHeight / 2), height - seenHeight / 2);
  svg.setAttribute("viewBox", `${view.x} ${view.y} ${seenWidth} ${seenHeight}`);
  const isWhole =
    view.x <= 1 && view.y <= 1 && view.x + seenWidth >= width - 1 && view.y + seenHeight >= height - 1;
  const beyond = canvas.closest(".part")?.querySelector<HTMLElement>(".beyond");
  if (beyond) beyond.hidden = isWhole;
}

function zoom(stage: Stage, by: number, [x, y]: readonly [number, number]): void {
  const { canvas, view, width, height } = stage;
  const least = Math.min(0.2, canvas.clientWidth / width, canvas.clientHeight / height);
  const scale = Math.min(MOST_SCALE, Math.max(least, view.scale * by));
  view.x += x / view.scale - x / scale;
  view.y += y / view.scale - y / scale;
  view.scale = scale;
  show(stage);
}

function startMoving(stage: Stage): void {
  const { canvas, view } = stage;
  let held: { x: number; y: number } | null = null;
  canvas.addEventListener(
    "wheel",
    (event) => {
      // Without a key the page scrolls on, as everywhere else in it.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { left, top } = canvas.getBoundingClientRect();
      zoom(stage, event.deltaY < 0 ? STEP : 1 / STEP, [event.clientX - left, event.clientY - top]);
    },
    { passive: false },
  );
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && event.pointerType !== "touch") held = { x: event.clientX, y: event.clientY };
  });
  addEventListener("pointermove", (event) => {
    if (held === null) return;
    canvas.classList.add("held");
    view.x -= (event.clientX - held.x) / view.scale;
    view.y -= (event.clientY - held.y) / view.scale;
    held = { x: event.clientX, y: event.clientY };
    show(stage);
  });
  addEventListener("pointerup", () => {
    held = null;
    canvas.classList.remove("held");
  });
  canvas.addEventListener("keydown", (event) => moveByKey(event, stage));
}

const PANS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-PAN, 0],
  ArrowRight: [PAN, 0],
  ArrowUp: [0, -PAN],
  ArrowDown: [0, PAN],
};

function moveByKey(event: KeyboardEvent, stage: Stage): void {
  const { canvas, view } = stage;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const middle = [canvas.clientWidth / 2, canvas.clientHeight / 2] as const;
  const pan = event.target === canvas ? PANS[event.key] : undefined;
  if (pan !== undefined) {
    view.x += pan[0] / view.scale;
    view.y += pan[1] / view.scale;
    show(stage);
  } else if (event.key === "+" || event.key === "=") zoom(stage, STEP, middle);
  else if (event.key === "-") zoom(stage, 1 / STEP, middle);
  else if (event.key === "0") fit(stage, "whole");
  else return;
  event.preventDefault();
}

function startTools(element: HTMLElement, stage: Stage, article: HTMLElement): void {
  const tools = element.querySelector<HTMLElement>(".tools")!;
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const what = (event.target as HTMLElement).dataset.zoom;
    const middle = [stage.canvas.clientWidth / 2, stage.canvas.clientHeight / 2] as const;
    if (what === "in") zoom(stage, STEP, middle);
    if (what === "out") zoom(stage, 1 / STEP, middle);
    if (what === "fit") fit(stage, "whole");
    if (what === "clear") lightPath(article, null);
  });
}

/** One state can be reached by Tab, the others from it by the arrow keys. */
function startStates(element: HTMLElement, subject: Subject): void {
  const states = [...element.querySelectorAll<SVGGElement>(".state")];
  states[0]?.setAttribute("tabindex", "0");
  const detail = element.querySelector<HTMLElement>(".detail")!;
  detail.hidden = false;
  for (const [index, state] of states.entries()) {
    state.addEventListener("click", () => choose(state, element, subject));
    state.addEventListener("keydown", (event) => {
      const to = { ArrowDown: index + 1, ArrowRight: index + 1, ArrowUp: index - 1, ArrowLeft: index - 1 }[
        event.key
      ];
      if (event.key === "Enter" || event.key === " ") choose(state, element, subject);
      else if (to === undefined || states[to] === undefined) return;
      else focusOn(states[to], states);
      event.preventDefault();
    });
  }
}

function focusOn(state: SVGGElement, states: readonly SVGGElement[]): void {
  for (const each of states) each.setAttribute("tabindex", each === state ? "0" : "-1");
  state.focus();
}

function choose(state: SVGGElement, element: HTMLElement, { workflow, currency }: Subject): void {
  for (const chosen of element.querySelectorAll(".state.chosen")) chosen.classList.remove("chosen");
  state.classList.add("chosen");
  const detail = element.querySelector<HTMLElement>(".detail")!;
  detail.innerHTML = htmlText(stateDetail(state.dataset.state ?? "", workflow, currency));
}
