/** The review parts of a workflow's page: what to change and what that saves, what may go wrong, what stands against Express. */
import type { FindingReport, OpportunityReport, Reason } from "../../report/analysis-report.ts";
import { groupAlikeReasons } from "../alike-reasons.ts";
import { placeWords, placesWords } from "../diagnostic-text.ts";
import { countedWords } from "../number-words.ts";
import { opportunitySaving } from "../review-sections.ts";
import { type Html, html } from "./html.ts";
import { badge, exactSpan, type PagePart } from "./page-parts.ts";
import type { PartContext } from "./part-context.ts";

export function opportunityPart({ workflow, report, id }: PartContext): PagePart | null {
  const { opportunities } = workflow;
  if (opportunities.length === 0) return null;
  return {
    id: id("changes"),
    title: "What to change first",
    aside: "each saving is the cost of the workflow less that of the changed one",
    body: html`<ol class="items">
      ${opportunities.map((each) => opportunityMarkup(each, report.currency))}
    </ol>`,
  };
}

function opportunityMarkup(opportunity: OpportunityReport, currency: string): Html {
  const { advice, rule, implementationEffort, conditions, states, at, estimatedMonthlySavings } = opportunity;
  return html`<li>
    <p class="lead">
      ${exactSpan(opportunitySaving(opportunity, currency), estimatedMonthlySavings ?? opportunity.savingPerMillion)}
      ${badge(`${implementationEffort} effort`)} <code>${rule}</code>
    </p>
    <p>${sentenceOf(advice, states)}.</p>
    ${
      conditions.length > 0 &&
      html`<p>Safe if</p>
        <ul>
          ${conditions.map((condition) => html`<li>${condition}</li>`)}
        </ul>`
    }
    <p class="more">${states.join(", ")}${states.length > 0 && " · "}${placeWords(at)}</p>
  </li>`;
}

export function findingPart({ workflow, id }: PartContext): PagePart | null {
  const { findings, checks } = workflow;
  if (findings.length + checks.passed.length + checks.suppressed.length === 0) return null;
  return {
    id: id("findings"),
    title: "Review",
    aside: `${countedWords(findings.length, "finding")}, ${countedWords(checks.passed.length, "check")} passed`,
    body: html`<ul class="items">
        ${alikeFindings(findings).map(findingMarkup)}
      </ul>
      ${
        checks.suppressed.length > 0 &&
        html`<p>Suppressed:</p>
          <ul>
            ${checks.suppressed.map(({ rule, states, reason }) => html`<li><code>${rule}</code> ${states.join(", ")}: ${reason}</li>`)}
          </ul>`
      }
      ${
        checks.passed.length > 0 &&
        html`<details>
          <summary>Checks that passed</summary>
          <ul>
            ${checks.passed.map(({ rule, text }) => html`<li><code>${rule}</code> ${text}</li>`)}
          </ul>
        </details>`
      }`,
  };
}

const SEVERITIES: Readonly<Record<FindingReport["severity"], readonly [tone: string, words: string]>> = {
  error: ["bad", "✕ error"],
  warning: ["warn", "▲ warning"],
  info: ["", "hint"],
};

/** What is to be said of many states alike is said once. */
function alikeFindings(findings: readonly FindingReport[]): readonly (readonly FindingReport[])[] {
  const groups = new Map<string, FindingReport[]>();
  for (const finding of findings) {
    const key = `${finding.rule} ${finding.severity}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
}

function findingMarkup(alike: readonly FindingReport[]): Html {
  const [{ severity, rule, text, remedy, states }, ...others] = alike as [FindingReport, ...FindingReport[]];
  const [tone, words] = SEVERITIES[severity];
  const also = others.flatMap((other) => other.states.slice(0, 1));
  return html`<li>
    <p class="lead">
      ${badge(words, tone)}
      <b>${states.join(", ")}</b
      >${also.length > 0 && html` <small>and ${countedWords(also.length, "more state")}</small>`}
      <code>${rule}</code>
    </p>
    <p>${sentenceOf(text, states)}. ${remedy}</p>
    ${also.length > 0 && html`<p>The same goes for ${also.join(", ")}.</p>`}
    <p class="more">${placesWords(alike.map(({ at }) => at))}</p>
  </li>`;
}

/** Begins with a capital letter, unless it begins with a name. */
function sentenceOf(text: string, states: readonly string[]): string {
  return states.some((name) => text.startsWith(name))
    ? text
    : text.replace(/^./u, (letter) => letter.toUpperCase());
}

export function reasonPart({ workflow, id }: PartContext): PagePart | null {
  const { blockers, cautions } = workflow.eligibility.EXPRESS;
  if (blockers.length + cautions.length === 0) return null;
  const list = (reasons: readonly Reason[], tone: string, words: string): readonly Html[] =>
    groupAlikeReasons(reasons).map((group) => reasonMarkup(group, badge(words, tone)));
  return {
    id: id("reasons"),
    title: "As Express",
    aside: blockers.length > 0 ? "what forbids it, and what to mind" : "allowed; what to mind",
    body: html`<ul class="items">
      ${list(blockers, "bad", "✕ blocked")}${list(cautions, "warn", "▲ caution")}
    </ul>`,
  };
}

function reasonMarkup(group: readonly Reason[], mark: Html): Html {
  const states = group.flatMap(({ state }) => state ?? []);
  return html`<li>
    <p>${mark} <b>${states.join(", ")}</b>${states.length > 0 && ": "}${group[0]!.text}</p>
    <p class="more">${placesWords(group.map(({ at }) => at))}</p>
  </li>`;
}
