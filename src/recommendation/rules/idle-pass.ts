/** A Pass state without any field of its own: entered, billed, and nothing done. */
import { exactFigure } from "../../workflow/figure.ts";
import type { PassState, Scope } from "../../workflow/state-machine.ts";
import { type Workload, workloadOfState } from "../../workflow/workload/workload.ts";
import { withStateFigures } from "../changed-workload.ts";
import type { JsonPatch, PatchOperation } from "../json-patch.ts";
import { placedOf } from "../placed-state.ts";
import type { Proposal } from "../recommendation.ts";
import type { OpportunityRule, Subject } from "../rule.ts";
import { type PathOf, pathFrom, removeState, waysTo } from "../state-removal.ts";

export const idlePass: OpportunityRule = {
  id: "idle-pass",
  kind: "opportunity",
  title: "Pass states that do nothing",
  passes: "every Pass state does something",
  propose: (subject) => {
    const passes = placedOf(subject.states, "Pass");
    if (passes.length === 0) return null;
    return [...new Set(passes.map(({ scope }) => scope))].flatMap((scope) => proposal(scope, subject));
  },
};

const NO_WORK = new Set(["Type", "Next", "End", "Comment", "QueryLanguage"]);

export function isIdle({ fields }: PassState): boolean {
  return Object.keys(fields).every((key) => NO_WORK.has(key));
}

function proposal(scope: Scope, { workflow }: Subject): readonly Proposal[] {
  const pathOf = pathFrom(workflow.stateMachine.pointer);
  const idle = new Map(
    scope.states.flatMap((state) =>
      state.type === "Pass" && isIdle(state) ? [[state.name, state] as const] : [],
    ),
  );
  const targets = targetsOf(idle);
  const change: PatchOperation[] = [];
  const removed: PassState[] = [];
  let workload = workflow.workload;
  for (const pass of idle.values()) {
    const target = targets.get(pass.name);
    if (target === undefined) continue;
    const led = ledOn(scope, { pass, target, idle }, pathOf);
    if (led === null) continue;
    change.push(...led, removeState(pass, pathOf));
    removed.push(pass);
    if (target !== null) workload = renameBranch(workload, scope, { from: pass.name, to: target });
  }
  const [first] = removed;
  if (first === undefined) return [];
  return [
    {
      states: removed.map(({ name }) => name),
      pointer: first.pointer,
      advice:
        removed.length === 1
          ? "remove it: what leads there can go straight on"
          : "remove them: what leads there can go straight on",
      effort: "low",
      conditions: ["they are no marks that people or dashboards look for in the execution history"],
      change,
      isMechanical: true,
      keepsBehaviour: true,
      around: { workload },
    },
  ];
}

/**
 * Where each idle state's chain leads: a state, null for the end, undefined for nowhere but itself. Each chain is
 * walked once. One that ends the scope keeps its last state when a Choice, a Catcher or StartAt leads there.
 */
function targetsOf(idle: ReadonlyMap<string, PassState>): ReadonlyMap<string, string | null | undefined> {
  const targets = new Map<string, string | null | undefined>();
  for (const pass of idle.values()) {
    const chain = new Set<string>();
    let on: PassState | undefined = pass;
    let target: string | null | undefined = pass.next;
    while (on !== undefined && !targets.has(on.name) && !chain.has(on.name)) {
      chain.add(on.name);
      target = on.next;
      on = target === null ? undefined : idle.get(target);
    }
    if (on !== undefined) target = targets.get(on.name);
    for (const name of chain) targets.set(name, target);
  }
  return targets;
}

interface Leading {
  readonly pass: PassState;
  readonly target: string | null;
  readonly idle: ReadonlyMap<string, PassState>;
}

/** Ways from other idle states are left alone: those states go too. Null when a way cannot be led on. */
function ledOn(scope: Scope, { pass, target, idle }: Leading, pathOf: PathOf): JsonPatch | null {
  const ways = waysTo(scope, pass.name).filter(({ from }) => from === null || !idle.has(from.name));
  if (target !== null) {
    return ways.map(({ pointer }) => ({ op: "replace", path: pathOf(pointer), value: target }));
  }
  if (
    pass.next !== null ||
    waysTo(scope, pass.name).some(({ kind, from }) => kind !== "next" || idle.has(from?.name ?? ""))
  )
    return null;
  return ways.flatMap(({ pointer }): JsonPatch => {
    const path = pathOf(pointer);
    return [
      { op: "remove", path },
      { op: "add", path: path.replace(/Next$/, "End"), value: true },
    ];
  });
}

/** Shares are declared by target, so they follow it. */
function renameBranch(
  workload: Workload,
  scope: Scope,
  { from, to }: { from: string; to: string },
): Workload {
  return waysTo(scope, from).reduce((changed, { from: state }) => {
    if (state?.type !== "Choice") return changed;
    const { choices } = workloadOfState(changed, state);
    const share = choices.get(from);
    if (share === undefined) return changed;
    const others = new Map([...choices].filter(([key]) => key !== from));
    const there = others.get(to);
    others.set(
      to,
      there === undefined ? share : exactFigure(there.value + share.value, there.basis, there.note),
    );
    return withStateFigures(changed, state, { choices: others });
  }, workload);
}
