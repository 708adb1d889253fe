/** A state's detail is what the page says of one state that was chosen: its visits, its price, its findings. */
import type { StateReport, WorkflowReport } from "../../report/analysis-report.ts";
import { workflowScale, type CostScale } from "../cost-scale.ts";
import { quantityWords, shareWords } from "../number-words.ts";
import { type Html, NO_HTML, html } from "./html.ts";
import { badge } from "./page-parts.ts";
import { exactWords } from "./page-table.ts";

export function stateDetail(pointer: string, workflow: WorkflowReport, currency: string): Html {
  const state = workflow.states.find((each) => each.pointer === pointer);
  if (state === undefined) return NO_HTML;
  const scale = workflowScale(workflow, currency);
  const picture = workflow.pictures?.states.find((each) => each.pointer === pointer);
  return html`<p class="sub">${state.name}</p>
    <p class="more">
      ${state.type}${picture !== undefined && picture.does !== "" && html` · <code>${picture.does}</code>`}
    </p>
    <dl class="pairs">
      ${pairsOf(state, workflow, scale).map(
        ({ label, words, exact }) =>
          html`<dt>${label}</dt><dd${exact !== null && html` title="${exactWords(exact)}"`}>${words}</dd>`,
      )}
    </dl>
    ${branchesOf(state, workflow)} ${notesOf(state, workflow)}
    <p class="more"><code>${state.pointer}</code></p>`;
}

interface Pair {
  readonly label: string;
  readonly words: string;
  readonly exact: number | null;
}

function pairsOf(state: StateReport, workflow: WorkflowReport, scale: CostScale): readonly Pair[] {
  const count = (label: string, value: number | null): readonly Pair[] =>
    value === null || value === 0 ? [] : [{ label, words: quantityWords(value), exact: value }];
  const total = workflow.transitions.entered + workflow.transitions.retries;
  const cost = state.standardCost;
  return [
    { label: "visits per execution", words: quantityWords(state.visits), exact: state.visits },
    ...count("retries", state.retries),
    ...count("iterations each", state.type === "Map" ? state.iterations : null),
    ...count("child executions", state.childExecutions),
    { label: "transitions", words: quantityWords(state.transitions), exact: state.transitions },
    {
      label: "of all transitions",
      words: shareWords(total === 0 ? 0 : state.transitions / total),
      exact: null,
    },
    ...count("history events", state.historyEvents),
    {
      label: `Standard, ${scale.per}`,
      words: scale.words(cost),
      exact: cost === null ? null : cost * scale.executions,
    },
    ...neighboursOf(state, workflow, scale),
  ];
}

/** What the services it calls bill, where the definition shows it. */
function neighboursOf(
  { name }: StateReport,
  { estimates, type }: WorkflowReport,
  scale: CostScale,
): readonly Pair[] {
  return estimates[type].downstream
    .filter((item) => item.state === name && item.cost !== null)
    .map((item) => ({
      label: `${item.text.replace(` of ${name}`, "")}, ${item.per === "month" ? "a month" : scale.per}`,
      words: scale.words(item.per === "month" ? item.cost! / scale.executions : item.cost),
      exact: item.per === "month" ? item.cost : item.cost! * scale.executions,
    }));
}

function branchesOf({ name, type }: StateReport, { branches }: WorkflowReport): Html {
  const own = type === "Choice" ? branches.filter(({ state }) => state === name) : [];
  if (own.length === 0) return NO_HTML;
  return html`<dl class="pairs">
    ${own.map(
      ({ to, share, basis }) =>
        html`<dt>→ ${to}</dt>
          <dd>${shareWords(share)} ${badge(basis, basis)}</dd>`,
    )}
  </dl>`;
}

function notesOf({ name }: StateReport, { findings, opportunities, eligibility }: WorkflowReport): Html {
  const notes = [
    ...opportunities
      .filter(({ states }) => states.includes(name))
      .map(({ advice, rule }) => html`<li>${badge("saves", "good")} ${advice} <code>${rule}</code></li>`),
    ...findings
      .filter(({ states }) => states.includes(name))
      .map(
        ({ text, rule, severity }) =>
          html`<li>
            ${badge(severity, severity === "error" ? "bad" : severity === "warning" ? "warn" : "")} ${text}.
            <code>${rule}</code>
          </li>`,
      ),
    ...eligibility.EXPRESS.blockers
      .filter(({ state }) => state === name)
      .map(({ text }) => html`<li>${badge("not as Express", "bad")} ${text}</li>`),
  ];
  return notes.length === 0
    ? html`<p class="more">No findings.</p>`
    : html`<ul class="items">
        ${notes}
      </ul>`;
}
