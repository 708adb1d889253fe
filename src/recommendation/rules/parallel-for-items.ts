/** A Parallel whose branches do one and the same thing, each with another item: that is what a Map is for. */
import type { JsonValue } from "../../workflow/text/json-value.ts";
import type { ParallelState, Scope } from "../../workflow/state-machine.ts";
import { placedOf } from "../placed-state.ts";
import type { FindingRule } from "../rule.ts";

export const parallelForItems: FindingRule = {
  id: "parallel-for-items",
  kind: "finding",
  severity: "info",
  title: "A Parallel used for one thing per item",
  passes: "every Parallel does different things at once",
  judge: ({ states }) => {
    const parallels = placedOf(states, "Parallel");
    if (parallels.length === 0) return null;
    return parallels
      .filter(({ state }) => state.branches.length > 1 && areAlike(state))
      .map(({ state }) => ({
        states: [state.name],
        pointer: state.pointer,
        text: `${state.name} has ${state.branches.length} branches that do the same with different items: an item more needs a branch more`,
        remedy: "Use a Map over a list of the items, with MaxConcurrency where what they call is limited.",
      }));
  },
};

function areAlike({ branches }: ParallelState): boolean {
  const [first, ...others] = branches.map(shapeOf);
  return first !== undefined && first !== "" && others.every((shape) => shape === first);
}

/** Without names, comments and numbers; "" for a branch that calls nothing. */
function shapeOf({ states, startAt }: Scope): string {
  if (!states.some(({ type }) => type === "Task")) return "";
  const numbers = new Map(states.map(({ name }, index) => [name, `#${index}`]));
  const shape = (_key: string, value: JsonValue): JsonValue | undefined => {
    if (_key === "Comment") return undefined;
    if (typeof value === "number") return 0;
    if (typeof value !== "string") return value;
    return numbers.get(value) ?? value.replaceAll(/\d+/g, "0");
  };
  return JSON.stringify([numbers.get(startAt) ?? "", states.map(({ fields }) => fields)], shape);
}
