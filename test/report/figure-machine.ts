/** A machine with its figures, read as the product reads them. */
import jsonata from "jsonata";
import { LENDING_REGION, borrowPrices } from "../../src/cost/borrowed-price.ts";
import { priceListOf } from "../../src/cost/known-price-lists.ts";
import type { PriceList } from "../../src/cost/price-list.ts";
import type { NestingContext } from "../../src/report/nested-executions.ts";
import { readDefinition } from "../../src/workflow/definition/read-definition.ts";
import { sourceOfValue } from "../../src/workflow/text/source-text.ts";
import { workloadFor } from "../../src/workflow/workload/workload-file-match.ts";
import { parseWorkloadFile } from "../../src/workflow/workload/whole-workload-file.ts";
import { EMPTY_WORKLOAD } from "../../src/workflow/workload/workload.ts";
import type { Workflow } from "../../src/workflow/workflow.ts";
import type { FigureCase } from "./figure-cases.ts";

export function contextOf({ taskDuration }: FigureCase): NestingContext {
  return {
    parseJsonata: (expression) => jsonata(expression).ast(),
    taskDuration: taskDuration ?? null,
  };
}

export function workflowOf({ definition, type = "STANDARD", workload = {} }: FigureCase): Workflow {
  const source = sourceOfValue(definition, "it.asl.json");
  const { stateMachine, diagnostics } = readDefinition(source);
  if (stateMachine === null || diagnostics.some(({ severity }) => severity === "error"))
    throw new Error(JSON.stringify(diagnostics));
  const file = parseWorkloadFile(JSON.stringify({ workflows: { it: workload } }), "stepfare.yml");
  if (file.diagnostics.length > 0) throw new Error(JSON.stringify(file.diagnostics));
  return {
    ...{ name: "it", type, stateMachine, diagnostics, at: source.locate(""), locate: source.locate },
    workload: workloadFor(file, { name: "it", file: null, aliases: [] })?.workload ?? EMPTY_WORKLOAD,
    ...{ foundIn: "asl", aliases: [] },
  };
}

export function pricesOf({ region = LENDING_REGION, isLent = true }: FigureCase): PriceList {
  const list = priceListOf(region)!;
  return isLent ? borrowPrices(list, priceListOf(LENDING_REGION)!) : list;
}
