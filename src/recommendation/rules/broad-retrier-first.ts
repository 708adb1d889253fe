/** A Retrier for every error before Retriers for some: those never get their turn. */
import { retriedStates } from "../retried-state.ts";
import type { FindingRule } from "../rule.ts";

const BROAD = ["States.ALL", "States.TaskFailed"];

export const broadRetrierFirst: FindingRule = {
  id: "broad-retrier-first",
  kind: "finding",
  severity: "warning",
  title: "A Retrier for every error before more specific ones",
  passes: "specific Retriers come before the one for every error",
  judge: ({ states }) => {
    const several = retriedStates(states).filter(({ retry }) => retry.length > 1);
    if (several.length === 0) return null;
    return several.flatMap(({ state, retry }) => {
      const at = retry.findIndex(({ errorEquals }) => errorEquals.some((name) => BROAD.includes(name)));
      const broad = retry[at];
      if (broad === undefined) return [];
      const name = broad.errorEquals.includes("States.ALL") ? "States.ALL" : "States.TaskFailed";
      const shadowed = retry
        .slice(at + 1)
        .flatMap(({ errorEquals }) => errorEquals)
        .filter(
          (error) =>
            name === "States.ALL" ||
            !["States.Timeout", "States.ALL", "States.HeartbeatTimeout"].includes(error),
        );
      if (shadowed.length === 0) return [];
      return [
        {
          states: [state.name],
          pointer: broad.pointer,
          text: `${state.name} retries ${name} before ${shadowed.join(", ")}: Retriers are tried in order, so the later ones never apply`,
          remedy: `Put the Retrier for ${name} last.`,
        },
      ];
    });
  },
};
