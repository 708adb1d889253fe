/** A workflow no way through which ends well: every execution that ends has failed. */
import type { Scope, State } from "../../workflow/state-machine.ts";
import { followersOf } from "../../workflow/state-identity.ts";
import type { FindingRule } from "../rule.ts";

export const neverSucceeds: FindingRule = {
  id: "never-succeeds",
  kind: "finding",
  severity: "warning",
  title: "A workflow that never succeeds",
  passes: "the workflow can succeed",
  judge: ({ workflow: { stateMachine }, states }) => {
    // Innermost first: a state whose branches cannot succeed is left by its Catchers alone.
    const scopes = [...new Set(states.map(({ scope }) => scope))].toReversed();
    const hopeless = new Set<Scope>();
    for (const scope of scopes) if (!canSucceed(scope, hopeless)) hopeless.add(scope);
    if (!hopeless.has(stateMachine)) return [];
    const fails = reached(stateMachine, hopeless).filter((state) => state.type === "Fail");
    // A loop without an end is told as such; failing is what a workflow of Fail states alone is for.
    if (fails.length === 0 || stateMachine.states.every(({ type }) => type === "Fail")) return [];
    return [
      {
        states: [],
        pointer: stateMachine.pointer,
        text: `no way from ${stateMachine.startAt} leads to a Succeed state or an End: every execution that ends fails, with ${fails.map(({ name }) => name).join(", ")}`,
        remedy: "Lead the way that is meant to end well to a Succeed state, or end it.",
      },
    ];
  },
};

/** Scopes inside are judged before. Targets that are not there say nothing, and pass for a good end. */
function canSucceed(scope: Scope, hopeless: ReadonlySet<Scope>): boolean {
  const names = new Set(scope.states.map(({ name }) => name));
  if (!names.has(scope.startAt)) return true;
  return reached(scope, hopeless).some((state) => {
    const next = waysFrom(state, hopeless);
    if (next.some((name) => !names.has(name))) return true;
    if (state.type === "Succeed") return true;
    return "next" in state && state.next === null && !isBlocked(state, hopeless);
  });
}

function reached(scope: Scope, hopeless: ReadonlySet<Scope>): readonly State[] {
  const byName = new Map(scope.states.map((state) => [state.name, state]));
  const seen = new Set([scope.startAt]);
  for (const name of seen) {
    const state = byName.get(name);
    if (state !== undefined) for (const next of waysFrom(state, hopeless)) seen.add(next);
  }
  return [...seen].flatMap((name) => byName.get(name) ?? []);
}

function waysFrom(state: State, hopeless: ReadonlySet<Scope>): readonly string[] {
  return isBlocked(state, hopeless) && "catch" in state
    ? state.catch.map(({ next }) => next)
    : followersOf(state);
}

/** A Parallel fails with any of its branches. A Map may have no items, or tolerate what fails. */
function isBlocked(state: State, hopeless: ReadonlySet<Scope>): boolean {
  return state.type === "Parallel" && state.branches.some((branch) => hopeless.has(branch));
}
