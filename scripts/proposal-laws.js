/**
 * Laws that every proposed change obeys, whatever the definition: it saves what the analysis of the changed definition
 * says, what is told to be ready to use is a definition that AWS takes, and what is told to do the same does the same.
 */
const MOST_VARIANTS = 24;

/** `analyse`: the report of a workflow; `source`: modules of src/ by key; `month`: context, executions and price list. */
export async function brokenProposals(workflow, { source, analyse, month }) {
  const proposed = proposalsOf(workflow, { source, month });
  const broken = proposed.broken.map(({ rule, error }) => `${rule} threw: ${error}`);
  if (proposed.opportunities.length === 0) return { broken, told: [] };
  const before = analyse(workflow);
  for (const proposal of proposed.opportunities) {
    const label = `${proposal.rule} (${proposal.states.join(", ")})`;
    const found = [
      ...brokenSaving(proposal, { before, after: analyse(proposal.workflow) }),
      ...(proposal.isMechanical ? brokenPatch(proposal, workflow) : []),
      ...(await brokenBehaviour(proposal, { workflow, source })),
    ];
    broken.push(...found.map((sentence) => `${label}: ${sentence}`));
  }
  return { broken, told: proposed.opportunities.map(({ rule }) => rule) };
}

function proposalsOf(workflow, { source, month }) {
  const { stateMachine, workload } = workflow;
  const { executions, priceList } = month;
  const context = { ...month.context, childEnds: () => null };
  const basis = { priceList, transitionRule: month.transitionRule, others: source.lines.NO_OTHER_USAGE };
  const estimates = source.estimates.estimateWorkflow({ stateMachine, workload, context, executions, basis });
  const eligibility = source.eligibility.judgeExpress(estimates.profile, workload);
  const declared = workflow.type ?? "STANDARD";
  return source.review.reviewWorkflow({
    workflow,
    estimates,
    eligibility,
    choice: source.choice.chooseType({ declared, estimates, eligibility, priceList }),
    startedTypes: new Map(),
    pricing: { context, executions, basis },
    rules: { opportunities: source.rules.opportunityRules, findings: [] },
  });
}

const CENT = 0.005;

/** Where a change lets more executions fail, what they skip is no saving: no more than the difference is told. */
function brokenSaving({ estimatedMonthlySavings: told, paidEitherWay = [], goingOn }, { before, after }) {
  if (told === null) return [];
  if (after === undefined) return ["the changed definition cannot be analysed"];
  const [old, now] = [before, after].map((report) => monthOf(report, paidEitherWay));
  if (old === null || now === null) return [];
  const dust = 1e-9 * Math.abs(old);
  const apart = old - now - told;
  return Math.abs(goingOn === undefined ? apart : Math.min(0, apart)) <= CENT + dust
    ? []
    : [`saves ${told}, but analyses differ by ${old - now}`];
}

/** Null where a price is not known. */
function monthOf({ estimates, type }, apart) {
  const { monthlyCost, downstream } = estimates[type];
  const costs = [
    monthlyCost,
    ...downstream.filter(({ usageType }) => !apart.includes(usageType)).map(({ cost }) => cost),
  ];
  return costs.includes(null) ? null : costs.reduce((sum, cost) => sum + cost, 0);
}

/** Errors that the definition had not before. */
function brokenPatch({ workflow: changed }, workflow) {
  const known = new Set(workflow.diagnostics.map(({ code }) => code));
  return changed.diagnostics
    .filter(({ severity, code }) => severity === "error" && !known.has(code))
    .map(({ code, message }) => `its patch gives ${code}: ${message}`);
}

async function brokenBehaviour(
  { change, isMechanical, keepsBehaviour, workflow: changed },
  { workflow, source },
) {
  if (!isMechanical || !keepsBehaviour || change.length === 0) return [];
  const broken = [];
  const [old, now] = [workflow, changed].map(({ stateMachine }) =>
    source.changed.writtenDefinition(stateMachine),
  );
  for (const given of variantsOf(workflow.stateMachine, source)) {
    const ends = [await endOf(old, given, source), await endOf(now, given, source)];
    if (ends[0] !== ends[1]) broken.push(`executions part: ${ends[0]} before, ${ends[1]} after`);
  }
  return broken.slice(0, 1);
}

async function endOf(definition, given, source) {
  const trace = await source.trace
    .traceExecution(definition, given)
    .catch((error) => ({ status: `no trace: ${error.message}`, output: null, error: null }));
  const { status, output, error } = trace;
  return JSON.stringify([status, output, error?.error ?? null]);
}

/** Made-up data, once for each text or number that a Choice compares with, and once for each Task that fails. */
function variantsOf(machine, source) {
  const data = source.plausible.plausibleData(machine);
  const states = source.placed.everyState(machine, "STANDARD").map(({ state }) => state);
  const tasks = states.filter(({ type }) => type === "Task").map(({ name }) => name);
  const results = (output) => Object.fromEntries(tasks.map((name) => [name, { output }]));
  const compared = new Set(
    states
      .filter(({ type }) => type === "Choice")
      .flatMap(({ fields }) =>
        [
          ...JSON.stringify(fields).matchAll(/"(?:String|Numeric|Boolean)\w+":("(?:[^"\\]|\\.)*"|[\w.-]+)/g),
        ].map(([, literal]) => literal),
      ),
  );
  const variants = [
    { input: data, results: results(data) },
    ...[...compared].map((literal) => {
      const changed = JSON.parse(JSON.stringify(data).replaceAll('"given"', () => literal));
      return { input: changed, results: results(changed) };
    }),
    ...tasks.map((name) => ({
      input: data,
      results: { ...results(data), [name]: { error: "Injected.Fault", cause: "injected" } },
    })),
  ];
  return variants.slice(0, MOST_VARIANTS);
}
