/** A Retry whose waits grow without MaxDelaySeconds: its last attempts come when nobody needs them any more. */
import { retriedStates } from "../retried-state.ts";
import { climbLadder, secondsWords } from "../retry-ladder.ts";
import type { FindingRule } from "../rule.ts";

/** Shorter waits do no harm for want of a limit. */
const LONG_SECONDS = 300;

export const unboundedBackoff: FindingRule = {
  id: "unbounded-backoff",
  kind: "finding",
  severity: "warning",
  title: "A Retry whose waits grow without bound",
  passes: "no Retry waits ever longer without a limit",
  judge: ({ states }) => {
    const retried = retriedStates(states);
    if (retried.length === 0) return null;
    return retried.flatMap(({ state, retry }) =>
      retry.flatMap((retrier) => {
        const { longestSeconds } = climbLadder([retrier]);
        const grows = retrier.maxDelaySeconds === null && retrier.backoffRate > 1 && retrier.maxAttempts > 1;
        if (!grows || longestSeconds <= LONG_SECONDS) return [];
        return [
          {
            states: [state.name],
            pointer: retrier.pointer,
            detail: retrier.errorEquals.join(" "),
            text: `${state.name} retries ${retrier.errorEquals.join(", ")} with waits that grow to ${secondsWords(longestSeconds)}: nothing sets MaxDelaySeconds`,
            remedy: `Set "MaxDelaySeconds" to the longest wait that still makes sense.`,
          },
        ];
      }),
    );
  },
};
