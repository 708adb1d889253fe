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
/** Letters are 12 px high: drawn smaller than this a whole cannot be read, and the view starts with a part that can. */
const TELLING = 0.7;
const READABLE = 0.85;
const PAN = 60;
const LEAST_HEIGHT = 260;

export function startGraphs(data: PageData, root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>(".stage")) {
    const article = element.closest<HTMLElement>("article[data-workflow]");
    const workflow = article === null ? undefined : data.report?.workflows[Number(article.dataset.workflow)];
    const currency = data.report?.currency ?? "USD";
    if (article !== null && workflow !== undefined) startGraph(element, article, { workflow, currency });
    else startStage(element);
  }
}

interface Subject {
  readonly workflow: WorkflowReport;
  readonly currency: string;
}

export function startGraph(element: HTMLElement, article: HTMLElement, subject: Subject): void {
  startStage(element);
  element.querySelector('[data-zoom="clear"]')!.addEventListener("click", () => lightPath(article, null));
  startStates(element, subject);
  startPaths(article, subject.workflow);
}

/** The drawing alone, to be moved and zoomed. */
function startStage(element: HTMLElement): void {
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
  startTools(element, stage);
  const { viewed } = svg.dataset;
  if (viewed !== undefined) return lookAt(stage, viewed);
  whenSeen(canvas, () => {
    if (!matchMedia("print").matches) openView(stage);
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

/** The pane is as high as the drawing needs, and no higher than the style allows. */
function openView(stage: Stage): void {
  const { canvas, svg, width, height, view } = stage;
  const whole = wholeScale(stage);
  view.scale = whole >= TELLING ? whole : READABLE;
  const needed = view.scale * height;
  if (needed < canvas.clientHeight) canvas.style.height = `${Math.max(LEAST_HEIGHT, needed)}px`;
  centre(stage);
  // Too large to be read as a whole: begin with what has changed, or else where the execution begins.
  const first = svg.querySelector<SVGGraphicsElement>(".state.added, .state.changed, .dot");
  if (whole < TELLING && first !== null) {
    const [seenWidth, seenHeight] = [canvas.clientWidth / view.scale, canvas.clientHeight / view.scale];
    const box = first.getBBox();
    if (seenWidth < width) view.x = between(0, box.x + (box.width - seenWidth) / 2, width - seenWidth);
    if (seenHeight < height) view.y = between(0, box.y + (box.height - seenHeight) / 2, height - seenHeight);
  }
  show(stage);
}

function between(least: number, value: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

function fit(stage: Stage): void {
  stage.view.scale = wholeScale(stage);
  centre(stage);
  show(stage);
}

/** At which all of it is in sight. */
function wholeScale({ canvas, width, height }: Stage): number {
  return Math.min(canvas.clientWidth / width, canvas.clientHeight / height, 1.15);
}

function centre({ canvas, width, height, view }: Stage): void {
  view.x = (width - canvas.clientWidth / view.scale) / 2;
  view.y = Math.min(0, (height - canvas.clientHeight / view.scale) / 2);
}

function show({ canvas, svg, view, width, height }: Stage): void {
  const [seenWidth, seenHeight] = [canvas.clientWidth / view.scale, canvas.clientHeight / view.scale];
  view.x = between(-seenWidth / 2, view.x, width - seenWidth / 2);
  view.y = between(-seenHeight / 2, view.y, height - seenHeight / 2);
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
    if (event.button === 0) held = { x: event.clientX, y: event.clientY };
  });
  addEventListener("pointermove", (event) => {
    if (held === null) return;
    canvas.classList.add("held");
    view.x -= (event.clientX - held.x) / view.scale;
    // Up and down a finger scrolls the page.
    if (event.pointerType !== "touch") view.y -= (event.clientY - held.y) / view.scale;
    held = { x: event.clientX, y: event.clientY };
    show(stage);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    addEventListener(end, () => {
      held = null;
      canvas.classList.remove("held");
    });
  }
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
  else if (event.key === "0") fit(stage);
  else return;
  event.preventDefault();
}

function startTools(element: HTMLElement, stage: Stage): void {
  const tools = element.querySelector<HTMLElement>(".tools")!;
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const what = (event.target as HTMLElement).dataset.zoom;
    const middle = [stage.canvas.clientWidth / 2, stage.canvas.clientHeight / 2] as const;
    if (what === "in") zoom(stage, STEP, middle);
    if (what === "out") zoom(stage, 1 / STEP, middle);
    if (what === "fit") fit(stage);
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
