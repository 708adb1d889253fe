/** Loops in which every state may follow every other: too many ways around to tell apart, so they are left in one step. */
import { expect, test } from "vitest";
import { meanOf } from "../../src/graph/distribution.ts";
import { type SaidOfState, profileOf } from "./run-of.ts";

const rule = (Next: string) => ({ Variable: "$.x", IsPresent: true, Next });

test.each([5, 9, 30])(
  "of %i states is left in the exact mean, whole transitions, none below zero",
  (count) => {
    const States: Record<string, object> = { End: { Type: "Succeed" } };
    const said: Record<string, SaidOfState> = {};
    for (let i = 0; i < count; i++) {
      const all = Array.from({ length: count }, (_, j) => `C${j}`);
      States[`C${i}`] = { Type: "Choice", Choices: all.map((name) => rule(name)), Default: "End" };
      const shares = all.map((name, j): [string, number] => [name, ((j + i) % 7) / (4 * count)]);
      said[`C${i}`] = { choices: Object.fromEntries(shares) };
    }
    const profile = profileOf({ StartAt: "C0", States }, said);
    const visits = profile.states.reduce((sum, state) => sum + state.visits, 0);
    expect(meanOf(profile.transitions) / visits).toBeCloseTo(1, 6);
    expect(profile.transitions.values.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
  },
);
