/** The what-if form turns a workflow's knobs and has the page drawn anew, with the numbers the command line would give. */
import type { ParseJsonata } from "../graph/constant-expression.ts";
import { breakEvenWords, typeWords } from "../render/analysis-words.ts";
import { workflowScale } from "../render/cost-scale.ts";
import { moneyWords } from "../render/number-words.ts";
import { type Html, html, htmlText } from "../render/page/html.ts";
import { exactSpan } from "../render/page/page-parts.ts";
import type { WorkflowReport } from "../report/analysis-report.ts";
import { type Supposition, type WhatIf, type WhatIfSubject, suppose } from "../report/what-if.ts";
import { unpackWorkflow } from "../workflow/packed-workflow.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { writeWorkloadFile } from "../workflow/workload/workload-yaml.ts";
import { knobWords, parseKnob, sliderOf, valueOfSlider } from "./knob-words.ts";
import { type Knob, knobsOf } from "./knobs.ts";

export interface WhatIfPlace {
  readonly element: HTMLElement;
  readonly whatIf: WhatIf;
  readonly subject: WhatIfSubject;
  /** As the page was made. */
  readonly report: WorkflowReport;
  readonly currency: string;
  readonly parseJsonata: ParseJsonata | null;
  readonly redraw: (report: WorkflowReport, supposition: Supposition) => void;
}

/** Those that move the result most are in sight at once. */
const FIRST_KNOBS = 12;
const WAIT_MS = 120;

export function startWhatIf(place: WhatIfPlace): void {
  const { element, whatIf, subject, report } = place;
  const workflow = unpackWorkflow(whatIf.workflows[subject.members[0]!]!);
  const knobs = knobsOf(workflow, report, place.parseJsonata);
  element.innerHTML = htmlText(formMarkup(place, knobs));
  element.querySelector(".outcome")!.innerHTML = htmlText(outcomeMarkup(place, report));
  element.hidden = false;
  const turned = new Map<string, number>();
  let waiting = 0;
  const recalculate = (): void => {
    const supposition = supposed(element, workflow, { knobs, turned });
    const now = suppose(whatIf, subject, { supposition, parseJsonata: place.parseJsonata });
    if (now !== null) tell(place, now, { supposition, workflow });
  };
  const later = (): void => {
    clearTimeout(waiting);
    waiting = setTimeout(recalculate, WAIT_MS);
  };
  element.addEventListener("input", (event) => {
    if (turn(event.target as HTMLElement, knobs, turned)) later();
  });
  element.querySelector("[data-reset]")!.addEventListener("click", () => {
    turned.clear();
    element.querySelector("form")!.reset();
    for (const knob of element.querySelectorAll(".knob")) knob.classList.remove("moved");
    for (const field of element.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    recalculate();
  });
  element.querySelector("[data-copy]")!.addEventListener("click", () => void copy(element));
  element.querySelector("form")!.addEventListener("submit", (event) => event.preventDefault());
  element.querySelector("textarea")!.value = fileOf(workflow, supposed(element, workflow, { knobs, turned }));
}

interface Turning {
  readonly knobs: readonly Knob[];
  readonly turned: ReadonlyMap<string, number>;
}

function supposed(element: HTMLElement, workflow: Workflow, { knobs, turned }: Turning): Supposition {
  const chosen = (name: string): string =>
    element.querySelector<HTMLSelectElement>(`select[name="${name}"]`)!.value;
  // In the order of the knobs: what is said of all Tasks comes before what is said of one.
  const workload = knobs.reduce((given, knob) => {
    const value = turned.get(knob.id);
    return value === undefined ? given : knob.turn(given, value);
  }, workflow.workload);
  return {
    region: chosen("region"),
    transitionRule: chosen("rule") as Supposition["transitionRule"],
    workload,
  };
}

/** Slider and field follow each other. Whether anything changed. */
function turn(target: HTMLElement, knobs: readonly Knob[], turned: Map<string, number>): boolean {
  if (target instanceof HTMLSelectElement) return true;
  const row = target.closest<HTMLElement>(".knob");
  const knob = knobs.find(({ id }) => id === row?.dataset.knob);
  if (row === null || knob === undefined || !(target instanceof HTMLInputElement)) return false;
  const [slider, field] = [
    row.querySelector<HTMLInputElement>('input[type="range"]')!,
    row.querySelector<HTMLInputElement>('input[type="text"]')!,
  ];
  const began = beginning(knob);
  if (target === slider) {
    const value = valueOfSlider(knob.unit, Number(slider.value), began);
    field.value = knobWords(knob.unit, value);
    field.removeAttribute("aria-invalid");
    turned.set(knob.id, value);
  } else {
    const parsed = parseKnob(knob.unit, field.value);
    const note = row.querySelector<HTMLElement>(".more")!;
    note.textContent = parsed.ok ? "" : parsed.problem;
    if (!parsed.ok) {
      field.setAttribute("aria-invalid", "true");
      return false;
    }
    field.removeAttribute("aria-invalid");
    slider.value = String(sliderOf(knob.unit, parsed.value, began));
    turned.set(knob.id, parsed.value);
  }
  row.classList.add("moved");
  return true;
}

/** Of what nobody has said, a slider begins at a million executions, or at one. */
function beginning({ unit, value }: Knob): number {
  return value !== null && value > 0 ? value : unit === "rate" ? 1e6 : 1;
}

interface Told {
  readonly supposition: Supposition;
  readonly workflow: Workflow;
}

function tell(place: WhatIfPlace, now: WorkflowReport, { supposition, workflow }: Told): void {
  place.element.querySelector(".outcome")!.innerHTML = htmlText(outcomeMarkup(place, now));
  place.element.querySelector("textarea")!.value = fileOf(workflow, supposition);
  place.redraw(now, supposition);
}

function fileOf(workflow: Workflow, { region, transitionRule, workload }: Supposition): string {
  const { name, stateMachine } = workflow;
  return writeWorkloadFile({ name, region, transitionRule, stateMachine, workload });
}

async function copy(element: HTMLElement): Promise<void> {
  const area = element.querySelector("textarea")!;
  const told = element.querySelector<HTMLElement>("[data-copied]")!;
  try {
    await navigator.clipboard.writeText(area.value);
    told.textContent = "Copied.";
  } catch {
    area.closest("details")!.open = true;
    area.select();
    told.textContent = "It is selected below: copy it with Ctrl+C.";
  }
}

function outcomeMarkup({ report: before, currency }: WhatIfPlace, now: WorkflowReport): Html {
  const types = (["STANDARD", "EXPRESS", "SPLIT"] as const).flatMap((type) => {
    const [was, is] = [before.estimates[type], now.estimates[type]];
    if (was === null || is === null) return [];
    const scale = workflowScale(before, currency);
    const isMonthly = is.monthlyCost !== null;
    const words = (cost: number | null): string =>
      isMonthly ? moneyWords(cost, currency) : scale.words(cost);
    const [from, to] = isMonthly
      ? [was.monthlyCost, is.monthlyCost]
      : [was.costPerExecution, is.costPerExecution];
    const per = isMonthly ? "a month" : scale.per;
    return [
      html`<p data-outcome="${type}">
        ${typeWords(type)} ${exactSpan(words(to), to)} ${per} <small>before: ${words(from)}</small>
      </p>`,
    ];
  });
  const even = breakEvenWords(now);
  return html`${types}
    <p>
      ${now.recommendation.type === now.type ? "Keep" : "Change to"}
      ${typeWords(now.recommendation.type)}.${even !== "" && ` Break-even at ${even}.`}
    </p>`;
}

function formMarkup({ element, whatIf, report }: WhatIfPlace, knobs: readonly Knob[]): Html {
  const id = `what-if-${element.closest<HTMLElement>("article")?.dataset.workflow ?? ""}`;
  const rank = new Map(report.recommendation.assumptions.map(({ text }, index) => [text, index]));
  const ranked = [...knobs].sort((one, other) => rankOf(one, rank) - rankOf(other, rank));
  const first = new Set(ranked.slice(0, FIRST_KNOBS));
  const [shown, others] = [knobs.filter((knob) => first.has(knob)), knobs.filter((knob) => !first.has(knob))];
  return html`<details>
    <summary>What if … <small>change figures and see at once what follows</small></summary>
    <form>
      <div class="outcome" aria-live="polite"></div>
      <div class="knobs">
        ${selectMarkup({ id, name: "region", label: "Region", options: whatIf.priceLists.map(({ region }) => region).sort(), chosen: whatIf.region })}
        ${selectMarkup({ id, name: "rule", label: "Counted as transitions", options: ["entered", "start+entered", "start+entered+end"], chosen: whatIf.transitionRule })}
        ${shown.map((knob, index) => knobMarkup(knob, `${id}-${index}`))}
      </div>
      ${
        others.length > 0 &&
        html`<details>
          <summary>All other figures <small>${others.length}</small></summary>
          <div class="knobs">${others.map((knob, index) => knobMarkup(knob, `${id}-more-${index}`))}</div>
        </details>`
      }

      <p class="actions">
        <button type="button" data-copy>Copy stepfare.yml</button
        ><button type="button" data-reset>Back to the beginning</button>
        <span data-copied role="status"></span>
      </p>
      <details>
        <summary>stepfare.yml that says the same</summary>
        <textarea
          class="yaml"
          readonly
          spellcheck="false"
          aria-label="stepfare.yml that says the same"
        ></textarea>
      </details>
    </form>
  </details>`;
}

/** The workflow's own first, then by what they move. */
function rankOf({ id, label }: Knob, rank: ReadonlyMap<string, number>): number {
  if (!id.includes(":")) return -1;
  const [state = "", what = ""] = label.split(": ");
  for (const [text, index] of rank)
    if (text.includes(state) && text.includes(what.split(" ")[0] ?? "")) return index;
  return rank.size;
}

interface Selecting {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly options: readonly string[];
  readonly chosen: string;
}

function selectMarkup({ id, name, label, options, chosen }: Selecting): Html {
  return html`<div class="knob">
    <label for="${id}-${name}">${label}</label
    ><select id="${id}-${name}" name="${name}">
      ${options.map((option) => html`<option${option === chosen && html` selected`}>${option}</option>`)}
    </select>
  </div>`;
}

function knobMarkup(knob: Knob, id: string): Html {
  const { label, unit, value, isDefault } = knob;
  const slider = sliderOf(unit, value ?? beginning(knob), beginning(knob));
  return html`<div class="knob" data-knob="${knob.id}">
    <label for="${id}"
      >${label}${isDefault && html` <small>${value === null ? "not said" : "default"}</small>`}</label
    >
    <input type="range" min="0" max="1000" value="${slider}" aria-label="${label}" /><input
      type="text"
      id="${id}"
      value="${knobWords(unit, value)}"
      autocomplete="off"
      inputmode="text"
    />
    <p class="more" role="status"></p>
  </div>`;
}
