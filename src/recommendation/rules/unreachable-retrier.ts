/** A Retrier that an earlier one leaves nothing to: each of its errors is named before. */
import { retriedStates } from "../retried-state.ts";
import type { FindingRule } from "../rule.ts";

export const unreachableRetrier: FindingRule = {
  id: "unreachable-retrier",
  kind: "finding",
  severity: "warning",
  title: "A Retrier that never applies",
  passes: "every Retrier has errors of its own",
  judge: ({ states }) => {
    const several = retriedStates(states).filter(({ retry }) => retry.length > 1);
    if (several.length === 0) return null;
    return several.flatMap(({ state, retry }) => {
      const seen = new Set<string>();
      return retry.flatMap((retrier) => {
        const names = retrier.errorEquals;
        const known = names.length > 0 && names.every((name) => seen.has(name));
        names.forEach((name) => seen.add(name));
        if (!known) return [];
        return [
          {
            states: [state.name],
            pointer: retrier.pointer,
            detail: names.join(" "),
            text: `${state.name} names ${names.join(", ")} in an earlier Retrier already: this one never applies, nor does its count`,
            remedy: "Keep one Retrier for each error, with the attempts that are meant.",
          },
        ];
      });
    });
  },
};
