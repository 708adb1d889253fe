/** Short ways to trace one state, for tests. */
import { traceExecution } from "../../src/scenario/execution-trace.ts";
import type { ExecutionTrace, TraceOptions } from "../../src/scenario/execution-trace.ts";

/** A machine whose states follow one another as written; the last one ends. */
export function chainOf(states: Record<string, Record<string, unknown>>, more: object = {}): object {
  const names = Object.keys(states);
  const linked = Object.entries(states).map(([name, state], at) => {
    const ends = ["Succeed", "Fail", "Choice"].includes(String(state["Type"]));
    const next = names[at + 1];
    const link = ends || "Next" in state ? {} : next === undefined ? { End: true } : { Next: next };
    return [name, { ...state, ...link }];
  });
  return { StartAt: names[0], States: Object.fromEntries(linked), ...more };
}

/** One Pass state with these Parameters; gives its output or fails the test with the error. */
export async function passOutput(parameters: unknown, input: unknown = {}, options: TraceOptions = {}) {
  const trace = await tracePass({ Parameters: parameters }, input, options);
  if (trace.status !== "SUCCEEDED") throw new Error(`${trace.error?.error}: ${trace.error?.cause}`);
  return trace.output;
}

export function tracePass(
  fields: object,
  input: unknown = {},
  options: TraceOptions = {},
): Promise<ExecutionTrace> {
  return traceExecution(chainOf({ P: { Type: "Pass", ...fields } }), { ...options, input });
}

/** One JSONata expression as the Output of a Pass state. */
export function traceQuery(output: unknown, input: unknown = {}, options: TraceOptions = {}) {
  return traceExecution(chainOf({ P: { Type: "Pass", Output: output } }, { QueryLanguage: "JSONata" }), {
    ...options,
    input,
  });
}

export function namesOf(trace: ExecutionTrace): readonly string[] {
  return trace.entered.map(({ name }) => name);
}
