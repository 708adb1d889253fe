/** The rule list is every rule there is, in the order in which reports tell them. */
import type { FindingRule, OpportunityRule, Rule } from "./rule.ts";
import { broadRetrierFirst } from "./rules/broad-retrier-first.ts";
import { callbackWithoutHeartbeat } from "./rules/callback-without-heartbeat.ts";
import { choiceChain } from "./rules/choice-chain.ts";
import { choiceWithoutDefault } from "./rules/choice-without-default.ts";
import { contradictingTimeouts } from "./rules/contradicting-timeouts.ts";
import { costlyExpressWorkflow } from "./rules/costly-express-workflow.ts";
import { costlyRetries } from "./rules/costly-retries.ts";
import { distributedMapPermissions } from "./rules/distributed-map-permissions.ts";
import { earlyFirstWait } from "./rules/early-first-wait.ts";
import { expressOverrun } from "./rules/express-overrun.ts";
import { expressWithoutLogs } from "./rules/express-without-logs.ts";
import { futileRetry } from "./rules/futile-retry.ts";
import { idlePass } from "./rules/idle-pass.ts";
import { incompleteUndo } from "./rules/incomplete-undo.ts";
import { largeInlineMap } from "./rules/large-inline-map.ts";
import { longRetryLadder } from "./rules/long-retry-ladder.ts";
import { mapWithoutConcurrencyLimit } from "./rules/map-without-concurrency-limit.ts";
import { mapWithoutResultWriter } from "./rules/map-without-result-writer.ts";
import { mapWithoutTolerance } from "./rules/map-without-tolerance.ts";
import { missingAlarms } from "./rules/missing-alarms.ts";
import { outgrownInlineMap } from "./rules/outgrown-inline-map.ts";
import { neverSucceeds } from "./rules/never-succeeds.ts";
import { oversizedBatch } from "./rules/oversized-batch.ts";
import { parallelForItems } from "./rules/parallel-for-items.ts";
import { passChain } from "./rules/pass-chain.ts";
import { passThroughLambda } from "./rules/pass-through-lambda.ts";
import { pollingLoop } from "./rules/polling-loop.ts";
import { repeatedSideEffect } from "./rules/repeated-side-effect.ts";
import { retryWithoutJitter } from "./rules/retry-without-jitter.ts";
import { shortStandardWorkflow } from "./rules/short-standard-workflow.ts";
import { standardMapChildren } from "./rules/standard-map-children.ts";
import { swallowedInput } from "./rules/swallowed-input.ts";
import { synchronousExpressChild } from "./rules/synchronous-express-child.ts";
import { taskWithoutRetry } from "./rules/task-without-retry.ts";
import { taskWithoutTimeout } from "./rules/task-without-timeout.ts";
import { tracingOff } from "./rules/tracing-off.ts";
import { unbatchedDistributedMap } from "./rules/unbatched-distributed-map.ts";
import { unboundedBackoff } from "./rules/unbounded-backoff.ts";
import { undoOutOfOrder } from "./rules/undo-out-of-order.ts";
import { undoWithoutKey } from "./rules/undo-without-key.ts";
import { undoWithoutRetry } from "./rules/undo-without-retry.ts";
import { unreachableCatcher } from "./rules/unreachable-catcher.ts";
import { unreachableRetrier } from "./rules/unreachable-retrier.ts";
import { unwatchedUndoFailure } from "./rules/unwatched-undo-failure.ts";
import { verboseExpressLogging } from "./rules/verbose-express-logging.ts";

export const opportunityRules: readonly OpportunityRule[] = [
  shortStandardWorkflow,
  costlyExpressWorkflow,
  pollingLoop,
  earlyFirstWait,
  largeInlineMap,
  standardMapChildren,
  unbatchedDistributedMap,
  passThroughLambda,
  idlePass,
  passChain,
  choiceChain,
  verboseExpressLogging,
  costlyRetries,
];

export const findingRules: readonly FindingRule[] = [
  taskWithoutTimeout,
  callbackWithoutHeartbeat,
  contradictingTimeouts,
  taskWithoutRetry,
  retryWithoutJitter,
  unboundedBackoff,
  longRetryLadder,
  broadRetrierFirst,
  unreachableRetrier,
  futileRetry,
  unreachableCatcher,
  choiceWithoutDefault,
  neverSucceeds,
  swallowedInput,
  repeatedSideEffect,
  expressOverrun,
  synchronousExpressChild,
  expressWithoutLogs,
  tracingOff,
  missingAlarms,
  parallelForItems,
  outgrownInlineMap,
  mapWithoutTolerance,
  mapWithoutConcurrencyLimit,
  mapWithoutResultWriter,
  oversizedBatch,
  distributedMapPermissions,
  incompleteUndo,
  undoOutOfOrder,
  undoWithoutRetry,
  undoWithoutKey,
  unwatchedUndoFailure,
];

export const rules: readonly Rule[] = [...opportunityRules, ...findingRules];
