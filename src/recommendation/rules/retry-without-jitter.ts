/** A Retry without jitter: executions that failed together retry together, and fell together what was about to recover. */
import { retriedStates } from "../retried-state.ts";
import type { FindingRule } from "../rule.ts";

export const retryWithoutJitter: FindingRule = {
  id: "retry-without-jitter",
  kind: "finding",
  severity: "info",
  title: "A Retry without jitter",
  passes: "every Retry spreads its attempts by jitter",
  judge: ({ states }) => {
    const retried = retriedStates(states);
    if (retried.length === 0) return null;
    return retried.flatMap(({ state, retry }) => {
      const bare = retry.filter(
        ({ jitterStrategy, maxAttempts }) => jitterStrategy === "NONE" && maxAttempts > 0,
      );
      const [first] = bare;
      if (first === undefined) return [];
      return [
        {
          states: [state.name],
          pointer: first.pointer,
          text: `${state.name} retries ${namesOf(bare.flatMap(({ errorEquals }) => errorEquals))} without jitter: executions that failed together come back together`,
          remedy: `Set "JitterStrategy": "FULL": each retry then falls somewhere in its wait.`,
        },
      ];
    });
  },
};

function namesOf(errors: readonly string[]): string {
  const few = [...new Set(errors)];
  return few.length <= 3 ? few.join(", ") : `${few.slice(0, 2).join(", ")} and ${few.length - 2} more`;
}
