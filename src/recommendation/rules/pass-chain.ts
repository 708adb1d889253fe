/** Pass states one after the other, whose work one of them could do: assignments and outputs in a single state. */
import { type JsonObject, isJsonObject, ownValue } from "../../workflow/text/json-value.ts";
import type { PassState, Scope } from "../../workflow/state-machine.ts";
import type { JsonPatch, PatchOperation } from "../json-patch.ts";
import { placedOf } from "../placed-state.ts";
import type { Proposal } from "../recommendation.ts";
import type { OpportunityRule, Subject } from "../rule.ts";
import { followChains } from "../follow-chains.ts";
import { type PathOf, pathFrom, redirect, removeState, waysTo } from "../state-removal.ts";
import { isIdle } from "./idle-pass.ts";

export const passChain: OpportunityRule = {
  id: "pass-chain",
  kind: "opportunity",
  title: "Pass states that one could stand for",
  passes: "no Pass state only follows another",
  propose: (subject) => {
    const passes = placedOf(subject.states, "Pass");
    if (passes.length === 0) return null;
    const scopes = [...new Set(passes.map(({ scope }) => scope))];
    return scopes.flatMap((scope) => chainsOf(scope).flatMap((chain) => proposal(scope, chain, subject)));
  },
};

/** Maximal chains of two or more, each state entered from the one before alone. */
function chainsOf(scope: Scope): readonly (readonly PassState[])[] {
  const busy = new Map(
    scope.states.flatMap((state) =>
      state.type === "Pass" && !isIdle(state) ? [[state.name, state] as const] : [],
    ),
  );
  const followerOf = (pass: PassState): PassState | undefined => {
    const next = busy.get(pass.next ?? "");
    if (next === undefined || next === pass || next.queryLanguage !== pass.queryLanguage) return undefined;
    return waysTo(scope, next.name).length === 1 ? next : undefined;
  };
  return followChains([...busy.values()], followerOf);
}

function proposal(scope: Scope, chain: readonly PassState[], { workflow }: Subject): readonly Proposal[] {
  const pathOf = pathFrom(workflow.stateMachine.pointer);
  const [first] = chain;
  const last = chain.at(-1);
  if (first === undefined || last === undefined) return [];
  const merged = mergedAssign(chain);
  const led = redirect(scope, { from: first.name, to: last.name }, pathOf);
  if (led === null) return [];
  const change: JsonPatch = [
    ...led,
    ...(merged === null ? [] : [assign(last, merged, pathOf)]),
    ...chain.slice(0, -1).map((pass) => removeState(pass, pathOf)),
  ];
  return [
    {
      states: chain.map(({ name }) => name),
      pointer: first.pointer,
      advice:
        merged === null
          ? `do the work of these ${chain.length} states in one, ${last.name}: ${oneStateWords(last)}`
          : `assign everything in ${last.name}: the states before it only set variables`,
      effort: merged === null ? "medium" : "low",
      conditions: merged === null ? ["the one state sets the same fields and variables as the chain"] : [],
      change,
      isMechanical: merged !== null,
      keepsBehaviour: merged !== null,
    },
  ];
}

function oneStateWords({ queryLanguage }: PassState): string {
  return queryLanguage === "JSONata"
    ? "one Output and one Assign hold all of it"
    : `as a state with "QueryLanguage": "JSONata", which a JSONPath workflow may hold, one Output and one Assign do all of it`;
}

function assign(pass: PassState, value: JsonObject, pathOf: PathOf): PatchOperation {
  return { op: "add", path: `${pathOf(pass.pointer)}/Assign`, value };
}

const ASSIGN_ONLY = new Set(["Type", "Next", "End", "Comment", "QueryLanguage", "Assign"]);

/** All assignments in one; null when a state does more, or reads a variable that one before it sets. */
function mergedAssign(chain: readonly PassState[]): JsonObject | null {
  const all = new Map<string, JsonObject[string]>();
  for (const [index, pass] of chain.entries()) {
    const isLast = index === chain.length - 1;
    const mayDo = (key: string): boolean => ASSIGN_ONLY.has(key) || (isLast && key === "Output");
    const assigned = ownValue(pass.fields, "Assign");
    const text = JSON.stringify(pass.fields);
    const names = [...all.keys()].map((key) => key.replace(/\.\$$/, ""));
    if (!Object.keys(pass.fields).every(mayDo) || names.some((name) => text.includes(`$${name}`)))
      return null;
    if (assigned !== undefined && !isJsonObject(assigned)) return null;
    for (const [key, value] of Object.entries(assigned ?? {})) {
      const bare = key.replace(/\.\$$/, "");
      all.delete(bare);
      all.delete(`${bare}.$`);
      all.set(key, value);
    }
  }
  return Object.fromEntries(all);
}
