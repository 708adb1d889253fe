/** The corpus worker finds the definitions below a folder and analyses one at a time, so that one that hangs is known by name. */
import { parentPort, workerData } from "node:worker_threads";
import { brokenLaws, brokenNumbers } from "./analysis-laws.js";
import { importAll } from "./import-source.js";
import { brokenProposals } from "./proposal-laws.js";

const EXECUTIONS = 1_000_000;
const TOP = 50;
const TRANSITION_RULE = "start+entered";

const source = await importAll(workerData.urls);
const priceList = source.prices.priceListOf("us-east-1");
const found = await source.find.findWorkflows(source.shell.nodeShell(), [workerData.folder]);
parentPort.postMessage({
  found: [
    ...found.workflows.map((workflow, index) => ({ ...known(workflow), index })),
    ...found.notAnalysed.map((one) => ({ ...known(one), index: null })),
  ],
  unreadable: found.diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ code, at }) => ({ code, file: at?.file ?? "" })),
});
parentPort.on("message", (index) => void check(found.workflows[index]).then(answer, crash));

function known({ name, foundIn, at, diagnostics }) {
  const errors = errorsOf(diagnostics);
  const warnings = diagnostics.filter(({ severity }) => severity === "warning").map(({ code }) => code);
  return { name, foundIn, file: at.file, errors, warnings };
}

function errorsOf(diagnostics) {
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ code, message }) => ({ code, message }));
}

function answer(result) {
  parentPort.postMessage({ checked: result });
}

function crash(error) {
  parentPort.postMessage({ checked: { broken: [`it threw: ${error.stack}`], problems: [] } });
}

async function check(workflow) {
  const context = { parseJsonata: source.jsonata.jsonataParserFor([workflow]), taskDuration: null };
  const perExecution = analysed(workflow, { context, executions: null });
  const [report] = perExecution.workflows;
  if (report === undefined)
    return { broken: brokenNumbers(perExecution), problems: errorsOf(perExecution.diagnostics) };
  const once = analysed(workflow, { context, executions: EXECUTIONS });
  const twice = analysed(workflow, { context, executions: 2 * EXECUTIONS });
  for (const render of Object.values(source.renderers.analysisRenderers)) {
    await render(once, { columns: 80, colour: false, verbose: true, top: TOP });
  }
  const broken = brokenLaws({
    perExecution: report,
    once: once.workflows[0],
    twice: twice.workflows[0],
    profile: profileOf(workflow, context),
    executions: EXECUTIONS,
  });
  const proposals = await brokenProposals(asDeclared(workflow, EXECUTIONS), {
    source,
    analyse: (changed) => analysed(changed, { context, executions: EXECUTIONS }).workflows[0],
    month: { context, executions: EXECUTIONS, priceList, transitionRule: TRANSITION_RULE },
  });
  broken.push(...proposals.broken);
  const read = new Set(workflow.diagnostics);
  const told = [...proposals.told, ...once.workflows[0].findings.map(({ rule }) => rule)];
  return {
    broken,
    told,
    problems: errorsOf(report.diagnostics.filter((diagnostic) => !read.has(diagnostic))),
  };
}

function asDeclared(workflow, executions) {
  const executionsPerMonth =
    executions === null
      ? null
      : { value: executions, low: executions, high: executions, basis: "declared", note: null };
  return { ...workflow, workload: { ...workflow.workload, executionsPerMonth } };
}

function analysed(workflow, { context, executions }) {
  return source.analysis.buildAnalysis({
    workflows: [asDeclared(workflow, executions)],
    priceList,
    transitionRule: TRANSITION_RULE,
    context,
    top: TOP,
    diagnostics: [],
  });
}

function profileOf({ stateMachine, workload }, context) {
  return source.profile.profileExecution(stateMachine, {
    ...context,
    workload,
    childEnds: () => null,
    stand: ({ figure }) => figure.value,
    measure: source.spent.EVERYTHING,
    kept: new Map(),
  });
}
