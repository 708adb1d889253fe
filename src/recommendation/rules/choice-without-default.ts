/** A Choice without Default: what matches none of its rules ends the execution. */
import { matchesAlways } from "../exhaustive-rules.ts";
import { placedOf } from "../placed-state.ts";
import type { FindingRule } from "../rule.ts";

const UNMATCHED = "States.NoChoiceMatched";

export const choiceWithoutDefault: FindingRule = {
  id: "choice-without-default",
  kind: "finding",
  severity: "info",
  title: "A Choice without Default",
  passes: "every Choice knows where to go when no rule matches",
  judge: ({ states }) => {
    const choices = placedOf(states, "Choice");
    if (choices.length === 0) return null;
    return choices.flatMap(({ state, within }) => {
      if (state.default !== null || state.choices.length === 0 || matchesAlways(state)) return [];
      // Somebody around it waits for that very error.
      const isExpected = within.some((around) =>
        around.catch.some(({ errorEquals }) => errorEquals.includes(UNMATCHED)),
      );
      if (isExpected) return [];
      const ends = within.length === 0 ? "the execution" : `what runs inside ${within.at(-1)!.name}`;
      return [
        {
          states: [state.name],
          pointer: state.pointer,
          text: `${state.name} has no Default: data that none of its rules matches ends ${ends} with ${UNMATCHED}`,
          remedy: "Add a Default, if only to a Fail state that says what was not expected.",
        },
      ];
    });
  },
};
