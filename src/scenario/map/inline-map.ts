/** How an inline Map acts: its iterations are threads of the same execution. */
import type { MapState } from "../../workflow/state-machine.ts";
import { logStep } from "../execution-thread.ts";
import type { CompiledScope, StateAction } from "../execution-thread.ts";
import { guardAction } from "../action/guarded-action.ts";
import { compileItemInput, compileItems, mapContext } from "./map-items.ts";
import { compileNumber } from "../data/numeric-field.ts";
import { runScope } from "../scope-run.ts";
import { compileStateData } from "../data/state-data.ts";
import { runFork } from "../thread-fork.ts";

/** Iterations of an inline Map that run at once. https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html */
const MAX_CONCURRENCY = 40;

export function compileInlineMap(state: MapState, processor: CompiledScope): StateAction {
  const data = compileStateData(state);
  const itemsOf = compileItems(state);
  const inputOf = compileItemInput(state);
  const maxConcurrency = compileNumber(state, state.fields, "MaxConcurrency");
  return guardAction(state, data, function* (visit) {
    const { thread, compiled } = visit;
    const selected = data.select(visit);
    const limit = maxConcurrency === null ? 0 : ((yield* maxConcurrency(visit, selected)) ?? 0);
    const items = yield* itemsOf(visit, selected);
    logStep(thread, compiled, { kind: "noted", events: 1 });
    const outputs = yield* runFork({
      thread,
      compiled,
      count: items.length,
      concurrency: Math.min(limit === 0 ? MAX_CONCURRENCY : limit, MAX_CONCURRENCY),
      branch: (index) => ({ index, map: mapContext(items, index) }),
      *run(_index, child) {
        logStep(child, compiled, { kind: "noted", events: 1 });
        const input = yield* inputOf(visit, selected, child);
        const output = yield* runScope(processor, child, input);
        logStep(child, compiled, { kind: "noted", events: 1 });
        return output;
      },
      failureEvents: 1,
      cutEvents: 2,
    });
    logStep(thread, compiled, { kind: "noted", events: 1 });
    return outputs;
  });
}
