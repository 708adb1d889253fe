/** A ladder of retries that, at worst, goes on for hours or repeats a whole Map or Parallel many times. */
import { innerScopes } from "../../workflow/state-identity.ts";
import { type RetriedState, retriedStates } from "../retried-state.ts";
import { climbLadder, growsUnbounded, secondsWords } from "../retry-ladder.ts";
import type { FindingRule } from "../rule.ts";

const LONG_SECONDS = 3600;
const MANY_RETRIES = 20;
/** Each repeats everything inside. */
const MANY_REPEATS = 5;

export const longRetryLadder: FindingRule = {
  id: "long-retry-ladder",
  kind: "finding",
  severity: "info",
  title: "A ladder of retries that is long at worst",
  passes: "every ladder of retries ends within an hour",
  judge: ({ states }) => {
    const retried = retriedStates(states);
    if (retried.length === 0) return null;
    return retried.flatMap((each) => {
      const worst = worstOf(each);
      if (worst === null) return [];
      const { state, retry } = each;
      return [
        {
          states: [state.name],
          pointer: retry[0]!.pointer,
          text: `${state.name} ${worst}`,
          remedy: `Lower "MaxAttempts", or set "MaxDelaySeconds", to what its callers can wait for.`,
        },
      ];
    });
  },
};

function worstOf({ state, retry }: RetriedState): string | null {
  const { retries, waitSeconds } = climbLadder(retry);
  const holds = innerScopes(state).length > 0;
  if (holds && retries > MANY_REPEATS)
    return `can repeat everything inside it ${retries} times, each time billed in full`;
  // Waits that grow without a limit are told of once, by the rule of their own.
  if (waitSeconds > LONG_SECONDS && !retry.some(growsUnbounded))
    return `can go on retrying for ${secondsWords(waitSeconds)} (${retries} retries)`;
  return retries > MANY_RETRIES ? `can be retried ${retries} times, each a transition` : null;
}
