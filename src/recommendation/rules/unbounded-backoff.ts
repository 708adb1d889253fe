/** A Retry whose waits grow without MaxDelaySeconds: its last attempts come when nobody needs them any more. */
import { applicableRetriers } from "../../graph/applicable-retriers.ts";
import { retriedStates } from "../retried-state.ts";
import { climbLadder, growsUnbounded, secondsWords } from "../retry-ladder.ts";
import type { FindingRule } from "../rule.ts";

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
      applicableRetriers(retry).flatMap((retrier) => {
        if (!growsUnbounded(retrier)) return [];
        const { longestSeconds, waitSeconds } = climbLadder([retrier]);
        return [
          {
            states: [state.name],
            pointer: retrier.pointer,
            detail: retrier.errorEquals.join(" "),
            text: `${state.name} retries ${retrier.errorEquals.join(", ")} with waits that grow to ${secondsWords(longestSeconds)}, ${secondsWords(waitSeconds)} in all: nothing sets MaxDelaySeconds`,
            remedy: `Set "MaxDelaySeconds" to the longest wait that still makes sense.`,
          },
        ];
      }),
    );
  },
};
