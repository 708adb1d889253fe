/** The verdict is the answer in a sentence, why, and the few numbers that matter most. */
import { executionsWords, savingWords, spreadWords, typeWords } from "../analysis-words.ts";
import { writeHeadline } from "../headline.ts";
import { durationWords, moneyWords, quantityWords } from "../number-words.ts";
import { type Html, html } from "./html.ts";
import { type Fact, badge, factsMarkup } from "./page-parts.ts";
import type { PartContext } from "./part-context.ts";

export function verdictMarkup(context: PartContext): Html {
  const { workflow, report } = context;
  const { changes, why, reasons, breakEven, limits } = writeHeadline(workflow, report);
  return html`<div class="verdict ${changes ? "changes" : "keeps"}">
      <p class="sentence">
        ${verdictSentence(context)}
        ${badge(`confidence: ${workflow.recommendation.confidence}`, workflow.recommendation.confidence)}
      </p>
      ${why !== "" && html`<p>${why}</p>`}
      ${
        reasons.lines.length > 0 &&
        html`<p>${reasons.title}</p>
          <ul>
            ${reasons.lines.map((line) => html`<li>${line}</li>`)}
          </ul>
          ${reasons.more !== "" && html`<p class="more">${reasons.more.replace("under As Express below", "below")}</p>`}`
      }
      ${breakEven !== "" && html`<p>${breakEven}.</p>`}
      ${limits.map((line) => html`<p class="warn"><span aria-hidden="true">▲</span> ${line}</p>`)}
    </div>
    ${factsMarkup(factsOf(context))}`;
}

/** What to do about the type, and what that costs or saves. */
function verdictSentence({ workflow, report, scale }: PartContext): string {
  const { type, recommendation, estimates } = workflow;
  const { monthlyCost, costPerExecution } = estimates[type];
  const cost =
    monthlyCost === null
      ? `${scale.words(costPerExecution)} ${scale.perExecutions}`
      : `${moneyWords(monthlyCost, report.currency)} a month`;
  if (recommendation.type === type) return `Keep ${typeWords(type)}: ${cost}.`;
  const saving = savingWords(workflow, report.currency);
  return `Change to ${typeWords(recommendation.type)}${saving === "" ? "" : `: ${saving}`}, now ${cost} as ${typeWords(type)}.`;
}

function factsOf({ workflow, report, scale }: PartContext): readonly Fact[] {
  const { transitions, durationMs, type, estimates } = workflow;
  const estimate = estimates[type];
  const each: Fact = {
    label: `Cost ${scale.perExecutions}`,
    words: scale.words(estimate.costPerExecution),
    exact: estimate.costPerExecution === null ? null : estimate.costPerExecution * scale.executions,
    note: `as ${typeWords(type)}, list price`,
  };
  const month: Fact = {
    label: "Cost a month",
    words: moneyWords(estimate.monthlyCost, report.currency),
    exact: estimate.monthlyCost,
    note: executionsWords(workflow),
  };
  return [
    ...(workflow.executionsPerMonth === null ? [each, month] : [month, each]),
    {
      label: "Transitions per execution",
      words: quantityWords(transitions.mean),
      exact: transitions.mean,
      note: spreadWords(workflow),
    },
    {
      label: "Duration per execution",
      words: durationWords(durationMs.mean),
      exact: durationMs.mean,
      note: `median ${durationWords(durationMs.p50)}, p99 ${durationWords(durationMs.p99)}; task durations: ${durationMs.basis}`,
    },
  ];
}
