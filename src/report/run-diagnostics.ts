/** Says what the analysis itself learned about a workflow: figures that cannot be, and what its numbers leave out. */
import type { WorkflowEstimates } from "../cost/workflow-estimates.ts";
import { decimalText } from "../decimal-text.ts";
import type { Diagnostic, Severity } from "../diagnostic.ts";
import { computesTolerance } from "../graph/map-runs.ts";
import type { RunProblem } from "../graph/run-context.ts";
import { once } from "../once.ts";
import type { ExpressEligibility } from "../recommendation/express-eligibility.ts";
import { MOST_PLANNED_STATES, isTooManyStates } from "../recommendation/split/split-workflow.ts";
import type { WorkflowType } from "../workflow/state-machine.ts";
import type { Locate } from "../workflow/workflow.ts";

interface Diagnosing {
  readonly estimates: WorkflowEstimates;
  readonly locate: Locate;
  readonly declared: WorkflowType;
  readonly eligibility: ExpressEligibility;
}

export function diagnoseRun({ estimates, locate, declared, eligibility }: Diagnosing): readonly Diagnostic[] {
  const { problems, run } = estimates.likely.profile;
  const at = once(() => locate(run.graph.scope.pointer));
  return [
    ...problems.map((problem) => diagnoseProblem(problem, locate)),
    ...(declared === "EXPRESS" ? rejectedAsExpress(eligibility, locate) : []),
    ...computedTolerances(estimates, locate),
    ...unknownLambdas(estimates, at),
    ...movedTogether(estimates, at),
    ...(declared === "STANDARD" ? splitNotPlanned(estimates, at) : []),
  ];
}

const WORDS: Readonly<Record<RunProblem["code"], { readonly severity: Severity; readonly hint: string }>> = {
  "choice-shares": {
    severity: "error",
    hint: "Give shares that sum to 1, or leave some undeclared: the rest goes to Default.",
  },
  "endless-loop": {
    severity: "error",
    hint: "Give the Choice that closes the loop a share above 0 for its way out, or declare its rounds.",
  },
  "rounds-without-loop": {
    severity: "warning",
    hint: "Declare rounds on the Choice that leads back to the loop's start and out of it.",
  },
  "constants-not-followed": {
    severity: "info",
    hint: "Declare the Choice's shares or rounds to say how often the loop runs.",
  },
};

function diagnoseProblem(
  { code, pointer, state, message, declaredAt }: RunProblem,
  locate: Locate,
): Diagnostic {
  const { severity, hint } = WORDS[code];
  return { code, severity, message: `${state}: ${message}`, at: declaredAt ?? locate(pointer), hint };
}

/** An Express machine that holds a blocker is refused by AWS, or cut off: not a matter of price. */
function rejectedAsExpress({ blockers }: ExpressEligibility, locate: Locate): readonly Diagnostic[] {
  return blockers.map(({ code, state, pointer, text }) => ({
    code: `express-${code}`,
    severity: "error",
    message: `this workflow is declared EXPRESS, but ${state === null ? "" : `${state}: `}${text}`,
    at: locate(pointer),
    hint: "Declare it STANDARD, or move this part into a Standard workflow.",
  }));
}

/** Where children are known to fail: how many of them fail the Map decides what follows. */
function computedTolerances({ likely }: WorkflowEstimates, locate: Locate): readonly Diagnostic[] {
  return likely.profile.children
    .filter(({ state, failed }) => failed > 0 && computesTolerance(state))
    .map(({ state }) => ({
      code: "computed-tolerance",
      severity: "warning",
      message: `${state.name}: how many failed items it tolerates is computed at run time; all that fail are taken to be tolerated`,
      at: locate(state.pointer),
      hint: null,
    }));
}

function unknownLambdas({ byType }: WorkflowEstimates, at: () => Diagnostic["at"]): readonly Diagnostic[] {
  const names = byType.STANDARD.likely.unknownLambdas;
  if (names.length === 0) return [];
  const shown = names.slice(0, 3).join(", ");
  const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
  return [
    {
      code: "unknown-lambda-cost",
      severity: "info",
      message: `the Lambda GB-seconds of ${shown}${more} are not in the neighbouring services: their memory or duration is not known`,
      get at() {
        return at();
      },
      hint: "Declare lambda: { memoryMB } and duration for these states in stepfare.yml.",
    },
  ];
}

function movedTogether(
  { movedTogether: count }: WorkflowEstimates,
  at: () => Diagnostic["at"],
): readonly Diagnostic[] {
  if (count === 0) return [];
  return [
    {
      code: "figures-moved-together",
      severity: "info",
      message: `${count} of the figures with a range were moved together, not one by one, for the range of this workflow's cost`,
      get at() {
        return at();
      },
      hint: null,
    },
  ];
}

function splitNotPlanned({ likely }: WorkflowEstimates, at: () => Diagnostic["at"]): readonly Diagnostic[] {
  if (!isTooManyStates(likely.profile)) return [];
  const count = decimalText(likely.profile.states.length);
  return [
    {
      code: "split-not-planned",
      severity: "info",
      message: `whether a split would cost less is not known: it has ${count} states, and parts to cut are looked for among ${decimalText(MOST_PLANNED_STATES)} at most`,
      get at() {
        return at();
      },
      hint: "Move a part into a workflow of its own, and analyse both.",
    },
  ];
}
