/** How a Parallel acts: every branch runs from the same input; the outputs become a list. */
import type { ParallelState } from "../../workflow/state-machine.ts";
import { logStep } from "../execution-thread.ts";
import type { CompiledScope, StateAction } from "../execution-thread.ts";
import { guardAction } from "./guarded-action.ts";
import { runScope } from "../scope-run.ts";
import { compileStateData } from "../data/state-data.ts";
import { runFork } from "../thread-fork.ts";

export function compileParallel(state: ParallelState, branches: readonly CompiledScope[]): StateAction {
  const data = compileStateData(state);
  return guardAction(state, data, function* (visit) {
    const { thread, compiled } = visit;
    const input = yield* data.build(visit, data.select(visit));
    logStep(thread, compiled, { kind: "noted", events: 1 });
    const outputs = yield* runFork({
      thread,
      compiled,
      count: branches.length,
      concurrency: branches.length,
      branch: () => ({}),
      run: (index, child) => runScope(branches[index] as CompiledScope, child, input),
      failureEvents: 0,
      cutEvents: 1,
    });
    logStep(thread, compiled, { kind: "noted", events: 1 });
    return outputs;
  });
}
