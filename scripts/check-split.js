/**
 * Cuts every definition below a folder in every place where it may be cut, and holds both sides to what it was:
 * `npm run check:split -- <folder> [--verbose]`. Each written definition must validate, by stepfare's own reader and
 * by asl-validator; each scenario (success, every Task failing with every error that anybody speaks of) must end with
 * the same output and error, after the same calls with the same arguments at the same moments.
 */
import path from "node:path";
import process from "node:process";
import aslValidator from "asl-validator";
import { bundleSource, importAll } from "./import-source.js";

/** asl-validator takes half a second for each: those of the longest cut are enough. */
const VALIDATED_BY_OTHERS = 1;

async function main([folder, ...flags]) {
  if (folder === undefined) throw new Error("usage: npm run check:split -- <folder> [--verbose]");
  const { urls, remove } = await bundleSource({
    changed: "src/recommendation/changed-workflow.ts",
    act: "test/recommendation/split/act-out-split.ts",
    find: "src/source/find-workflows.ts",
    read: "src/workflow/definition/read-definition.ts",
    shell: "src/node-shell.ts",
    text: "src/workflow/text/source-text.ts",
  });
  try {
    const source = await importAll(urls);
    const shell = source.shell.nodeShell();
    const { workflows } = await source.find.findWorkflows(shell, [path.resolve(folder)]);
    const checks = [];
    for (const workflow of workflows) checks.push(await check(workflow, source));
    report(checks, flags.includes("--verbose"));
    process.exitCode = checks.some(({ faults }) => faults.length > 0) ? 1 : 0;
  } finally {
    await remove();
  }
}

async function check({ name, at, stateMachine }, source) {
  const where = `${at.file}:${at.line}`;
  const faults = [];
  const original = source.changed.writtenDefinition(stateMachine);
  // What was no definition that AWS takes before need not be one afterwards.
  const isValid = faultsOf(original, source).length === 0;
  const { splits, refused } = isValid ? source.act.everyCut(name, stateMachine) : { splits: [], refused: [] };
  const others = splits.length > 0 && otherFaults(original).length === 0;
  const longest = [...splits].sort((a, b) => sizeOf(b) - sizeOf(a)).slice(0, VALIDATED_BY_OTHERS);
  const tally = {
    where,
    cuts: splits.length,
    refused: refused.length,
    validated: others ? 1 : 0,
    traces: 0,
    failing: 0,
    children: 0,
    faults,
  };
  const scenarios = splits.length === 0 ? [] : source.act.scenariosOf(stateMachine);
  for (const split of splits) {
    const definitions = [split.written.parent, ...split.written.children.map(({ definition }) => definition)];
    for (const definition of definitions) {
      const found = faultsOf(definition, source);
      if (longest.includes(split) && others) found.push(...otherFaults(definition));
      faults.push(...found.map((fault) => `${split.label}: ${fault}`));
    }
    for (const scenario of scenarios) {
      const compared = await source.act.compareSplit(stateMachine, split.written, scenario);
      tally.traces += 1;
      if (compared.status !== "SUCCEEDED") tally.failing += 1;
      tally.children += compared.children;
      faults.push(
        ...compared.differences.map((difference) => `${split.label}, ${scenario.label}: ${difference}`),
      );
    }
  }
  return tally;
}

function faultsOf(definition, source) {
  const { diagnostics } = source.read.readDefinition(source.text.sourceOfValue(definition));
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ code, message }) => `${code}: ${message}`);
}

function otherFaults(definition) {
  const { isValid, errorsText } = aslValidator(definition);
  return isValid ? [] : [errorsText()];
}

function sizeOf({ written }) {
  return JSON.stringify(written.children.map(({ definition }) => definition)).length;
}

function report(checks, verbose) {
  const sum = (key) => checks.reduce((total, each) => total + each[key], 0);
  for (const { where, cuts, traces, children, faults } of checks) {
    if (verbose && cuts > 0) console.log(`${where}: ${cuts} cuts, ${traces} traces, ${children} children`);
    for (const fault of faults.slice(0, verbose ? Infinity : 3)) console.log(`${where}: ${fault}`);
    if (!verbose && faults.length > 3) console.log(`${where}: … and ${faults.length - 3} more`);
  }
  const cut = checks.filter(({ cuts }) => cuts > 0).length;
  console.log(
    `${checks.length} definitions, ${cut} of them cut in ${sum("cuts")} places, ${sum("validated")} of these valid by asl-validator before (${sum("refused")} refused for what crosses); ` +
      `${sum("traces")} traces (${sum("failing")} that fail) with ${sum("children")} children acted out; ` +
      `${checks.reduce((total, { faults }) => total + faults.length, 0)} differences`,
  );
}

await main(process.argv.slice(2));
