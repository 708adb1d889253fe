/** Choice states that fall through to each other: their rules, one after the other, fit in the first. */
import { type Figure, exactFigure } from "../../workflow/figure.ts";
import { ownValue } from "../../workflow/text/json-value.ts";
import type { ChoiceState, Scope } from "../../workflow/state-machine.ts";
import type { Workload } from "../../workflow/workload/workload.ts";
import { withStateFigures } from "../changed-workload.ts";
import { type EffectiveShares, effectiveShares } from "../effective-shares.ts";
import type { JsonPatch, PatchOperation } from "../json-patch.ts";
import { placedOf } from "../placed-state.ts";
import type { Proposal } from "../recommendation.ts";
import type { OpportunityRule, Subject } from "../rule.ts";
import { followChains } from "../follow-chains.ts";
import { pathFrom, removeState, waysTo } from "../state-removal.ts";

export const choiceChain: OpportunityRule = {
  id: "choice-chain",
  kind: "opportunity",
  title: "Choice states that one could stand for",
  passes: "no Choice only falls through to another",
  propose: (subject) => {
    const choices = placedOf(subject.states, "Choice");
    if (choices.length === 0) return null;
    const scopes = [...new Set(choices.map(({ scope }) => scope))];
    return scopes.flatMap((scope) => chainsOf(scope).map((chain) => proposal(chain, subject)));
  },
};

const PLAIN = new Set(["Type", "Comment", "QueryLanguage", "Choices", "Default"]);

function isPlain({ fields }: ChoiceState): boolean {
  return Object.keys(fields).every((key) => PLAIN.has(key)) && Array.isArray(ownValue(fields, "Choices"));
}

function chainsOf(scope: Scope): readonly (readonly ChoiceState[])[] {
  const choices = new Map(
    scope.states.flatMap((state) =>
      state.type === "Choice" && isPlain(state) ? [[state.name, state] as const] : [],
    ),
  );
  const followerOf = (choice: ChoiceState): ChoiceState | undefined => {
    const next = choices.get(choice.default ?? "");
    if (next === undefined || next === choice || next.queryLanguage !== choice.queryLanguage)
      return undefined;
    return waysTo(scope, next.name).length === 1 ? next : undefined;
  };
  return followChains([...choices.values()], followerOf);
}

function proposal(chain: readonly ChoiceState[], { workflow, profile }: Subject): Proposal {
  const pathOf = pathFrom(workflow.stateMachine.pointer);
  const [first] = chain as readonly [ChoiceState];
  const last = chain.at(-1)!;
  const at = pathOf(first.pointer);
  const rules = chain.flatMap(({ choices }) => choices.map(({ fields }) => fields));
  const otherwise: PatchOperation =
    last.default === null
      ? { op: "remove", path: `${at}/Default` }
      : { op: "replace", path: `${at}/Default`, value: last.default };
  const change: JsonPatch = [
    { op: "replace", path: `${at}/Choices`, value: rules },
    otherwise,
    ...chain.slice(1).map((choice) => removeState(choice, pathOf)),
  ];
  return {
    states: chain.map(({ name }) => name),
    pointer: first.pointer,
    advice: `put all rules into ${first.name}, in their order: it tests them one after the other, as the chain does`,
    effort: "low",
    conditions: [],
    change,
    isMechanical: true,
    keepsBehaviour: true,
    around: { workload: withJointShares(workflow.workload, chain, effectiveShares(profile)) },
  };
}

/** Each way keeps its share: that of falling through so far times its own. */
function withJointShares(
  workload: Workload,
  chain: readonly ChoiceState[],
  effective: EffectiveShares,
): Workload {
  const [first] = chain as readonly [ChoiceState];
  const joint = new Map<string, Figure>();
  let through = 1;
  for (const [index, choice] of chain.entries()) {
    const shares = effective.get(choice.pointer);
    if (shares === undefined) return workload;
    const next = chain[index + 1]?.name;
    for (const [to, figure] of shares) {
      if (to === next) continue;
      const known = joint.get(to)?.value ?? 0;
      joint.set(to, exactFigure(known + through * figure.value, figure.basis, figure.note));
    }
    through *= next === undefined ? 1 : (shares.get(next)?.value ?? 0);
  }
  return withStateFigures(workload, first, { choices: joint });
}
