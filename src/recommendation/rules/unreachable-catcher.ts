/** A Catcher that earlier ones leave nothing to: each of its errors is caught before. */
import { matchesError } from "../../workflow/definition/error-names.ts";
import type { FindingRule } from "../rule.ts";

const WILDCARDS = ["States.ALL", "States.TaskFailed"];

export const unreachableCatcher: FindingRule = {
  id: "unreachable-catcher",
  kind: "finding",
  severity: "warning",
  title: "A Catcher that never applies",
  passes: "every Catcher has errors of its own",
  judge: ({ states }) => {
    const several = states.flatMap(({ state }) =>
      "catch" in state && state.catch.length > 1 ? [state] : [],
    );
    if (several.length === 0) return null;
    return several.flatMap((state) =>
      state.catch.flatMap(({ errorEquals: names, pointer, next }, at) => {
        const earlier = state.catch.slice(0, at).flatMap(({ errorEquals }) => errorEquals);
        // After States.ALL nothing may stand: AWS refuses that, and the definition's own check says so.
        if (names.length === 0 || earlier.includes("States.ALL")) return [];
        if (!names.every((name) => isTaken(earlier, name))) return [];
        const takers = earlier.filter(
          (name) => names.includes(name) || names.some((each) => isTaken([name], each)),
        );
        return [
          {
            states: [state.name],
            pointer,
            detail: names.join(" "),
            text: `${state.name} catches ${names.join(", ")} by an earlier Catcher already (${[...new Set(takers)].join(", ")}): this one never applies, and ${next} is not reached by it`,
            remedy: "Put the Catcher for the particular error first, or take this one out.",
          },
        ];
      }),
    );
  },
};

/** A wildcard is taken only by itself: an earlier name takes but one of its errors. */
function isTaken(earlier: readonly string[], name: string): boolean {
  return WILDCARDS.includes(name) ? earlier.includes(name) : matchesError(earlier, name);
}
