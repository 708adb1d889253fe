/** Executions of the card payment, simulated: a million beside a tenth of it. Fails past 30 s or when memory grows with them. */
import { readFile } from "node:fs/promises";
import { importSource } from "../scripts/import-source.js";

const MOST_SECONDS = 30;
const MOST_HEAP_MB = 64;

export async function prepare() {
  const source = await importSource({
    loop: "src/capacity/event-loop.ts",
    simulated: "src/capacity/simulated-executions.ts",
    profile: "src/graph/execution-profile.ts",
    spent: "src/graph/spent.ts",
    assumption: "src/graph/assumption.ts",
    definition: "src/workflow/definition/read-definition.ts",
    text: "src/workflow/text/source-text.ts",
    match: "src/workflow/workload/workload-file-match.ts",
    reader: "src/workflow/workload/whole-workload-file.ts",
  });
  const { run, context } = await cardPayment(source);
  const simulate = (executions) => {
    const before = process.memoryUsage().heapUsed;
    const started = performance.now();
    const simulation = source.simulated.simulateExecutions(run, context, { executions, seed: 1 });
    const { meanMs } = source.loop.runToEnd(simulation);
    const seconds = (performance.now() - started) / 1000;
    const heapMB = (process.memoryUsage().heapUsed - before) / 2 ** 20;
    if (!(meanMs > 0)) throw new Error("nothing was simulated");
    if (seconds > MOST_SECONDS) throw new Error(`${executions} executions took ${seconds.toFixed(1)} s`);
    if (heapMB > MOST_HEAP_MB) throw new Error(`the heap grew by ${heapMB.toFixed(0)} MB`);
  };
  return {
    title: "simulated executions of examples/card-payment.asl.json",
    rounds: 3,
    contenders: {
      "1,000,000 executions": () => simulate(1_000_000),
      "100,000 executions": () => simulate(100_000),
    },
  };
}

async function cardPayment(source) {
  const read = (name) => readFile(new URL(`../examples/${name}`, import.meta.url), "utf8");
  const text = source.text.readSourceText(await read("card-payment.asl.json"), "card-payment.asl.json");
  const { stateMachine } = source.definition.readDefinition(text);
  const file = source.reader.parseWorkloadFile(await read("stepfare.yml"), "stepfare.yml");
  const { workload } = source.match.workloadFor(file, { name: "card-payment", file: null, aliases: [] });
  const context = { workload, parseJsonata: null, taskDuration: null, childEnds: () => null };
  const { run } = source.profile.profileExecution(stateMachine, {
    ...context,
    stand: source.assumption.atLikely,
    measure: source.spent.EVERYTHING,
    kept: new Map(),
  });
  return { run, context };
}
