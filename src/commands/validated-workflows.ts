/** Validated workflows carry what AWS's own validator says of their definitions, beside what stepfare says. */
import type { DefinitionVerdict } from "../observation/fleet-collection.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Shell } from "../shell.ts";
import type { StateMachine } from "../workflow/state-machine.ts";
import type { Workflow } from "../workflow/workflow.ts";

/** A tenth of AWS's quota would do; a few definitions are validated at most. */
const RATE = 0.5;

/** Asks ValidateStateMachineDefinition in the region of the run; nothing is created or changed there. */
export async function validateWithAws(
  shell: Shell,
  workflows: readonly Workflow[],
  region: string,
): Promise<readonly Workflow[]> {
  const asked = workflows.map((workflow) => ({
    workflow,
    definition: definitionText(workflow.stateMachine),
  }));
  const whole = asked.filter(({ definition }) => !definition.includes("${"));
  const aws = await shell.aws();
  const verdicts = await aws.validateDefinitions(
    whole.map(({ workflow, definition }) => ({ definition, type: workflow.type ?? "STANDARD" })),
    { profile: null, regions: [region], rate: RATE },
  );
  const byWorkflow = new Map(whole.map(({ workflow }, index) => [workflow, verdicts[index]!]));
  return workflows.map((workflow) => {
    const verdict = byWorkflow.get(workflow);
    const added = verdict === undefined ? [notAsked(workflow)] : diagnosticsOf(workflow, verdict);
    return { ...workflow, diagnostics: [...workflow.diagnostics, ...added] };
  });
}

/** The definition as AWS would receive it, put together from what was read. */
function definitionText({ comment, queryLanguage, timeoutSeconds, startAt, states }: StateMachine): string {
  return JSON.stringify({
    ...(comment === null ? {} : { Comment: comment }),
    ...(queryLanguage === "JSONPath" ? {} : { QueryLanguage: queryLanguage }),
    ...(timeoutSeconds === null ? {} : { TimeoutSeconds: timeoutSeconds }),
    StartAt: startAt,
    States: Object.fromEntries(states.map(({ name, fields }) => [name, fields])),
  });
}

function notAsked({ name, at }: Workflow): Diagnostic {
  return {
    code: "not-validated-by-aws",
    severity: "info",
    message: `AWS was not asked about ${name}: it holds placeholders that only a deployment fills in`,
    at,
    hint: null,
  };
}

function diagnosticsOf(
  workflow: Workflow,
  { diagnostics, failure }: DefinitionVerdict,
): readonly Diagnostic[] {
  if (failure !== null) {
    return [
      {
        code: "not-validated-by-aws",
        severity: "warning",
        message: `AWS could not be asked about ${workflow.name}: ${failure}`,
        at: workflow.at,
        hint: "Allow states:ValidateStateMachineDefinition, or leave --validate-with-aws out.",
      },
    ];
  }
  return diagnostics.map(({ code, severity, message, location }) => ({
    code: `aws-${code.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`,
    severity,
    message: `AWS: ${message}`,
    at: location === null ? workflow.at : workflow.locate(pointerOf(location)),
    hint: null,
  }));
}

/** AWS writes `/States/Pay/Next`; a leading `$` or `#` is no part of a pointer. */
function pointerOf(location: string): string {
  const path = location.replace(/^[$#]/, "");
  return path === "" || path.startsWith("/") ? path : `/${path}`;
}
