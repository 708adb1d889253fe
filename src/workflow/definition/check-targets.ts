/** Checks that every StartAt, Next, Default and Catch of a scope names one of the scope's states. */
import { didYouMean } from "../did-you-mean.ts";
import type { Reading } from "./field-reader.ts";
import { shown } from "./field-reader.ts";
import { pointerTo } from "../text/json-value.ts";
import { hasPlaceholder } from "./placeholder.ts";
import type { Scope, State } from "../state-machine.ts";

/** Searching a near name among thousands for each of thousands would take minutes; the first faults show the pattern. */
const MAX_HINTS = 100;

interface Target {
  readonly name: string;
  /** The field that names it, and the object that the field stands in. */
  readonly field: "StartAt" | "Next" | "Default";
  readonly pointer: string;
  /** What says so: `A rule of `, and the state; null = the scope itself. */
  readonly part: string;
  readonly state: string | null;
}

/** `states` is the scope's States as written: a state that could not be read is there all the same. */
export function checkTargets(scope: Scope, states: Reading, startAtWritten: boolean): void {
  const { startAt: name, pointer } = scope;
  const start: Target = { name, field: "StartAt", pointer, part: "", state: null };
  const targets = startAtWritten ? [start] : [];
  const names = Object.keys(states.fields);
  let hints = MAX_HINTS;
  for (const target of [...targets, ...scope.states.flatMap(targetsOf)]) {
    if (Object.hasOwn(states.fields, target.name) || hasPlaceholder(target.name)) continue;
    states.report({
      code: "unknown-target",
      severity: "error",
      message: `${sourceOf(target)} goes to ${shown(target.name)}, which is not a state of this scope.`,
      pointer: pointerTo(target.pointer, target.field),
      hint: hints-- > 0 ? didYouMean(target.name, names) : null,
    });
  }
}

function sourceOf({ part, state }: Target): string {
  return state === null ? "StartAt" : `${part}State ${shown(state)}`;
}

/** Every transition a state can take, and where the field that names it stands. */
export function targetsOf(state: State): readonly Target[] {
  const targets: Target[] = [];
  const add = (name: string, at: Pick<Target, "field" | "pointer" | "part">): void => {
    targets.push({ name, field: at.field, pointer: at.pointer, part: at.part, state: state.name });
  };
  const { pointer } = state;
  if ("next" in state && state.next !== null) add(state.next, { field: "Next", pointer, part: "" });
  if ("choices" in state) {
    for (const rule of state.choices)
      add(rule.next, { field: "Next", pointer: rule.pointer, part: "A rule of " });
    if (state.default !== null) add(state.default, { field: "Default", pointer, part: "The default of " });
  }
  if ("catch" in state) {
    for (const catcher of state.catch)
      add(catcher.next, { field: "Next", pointer: catcher.pointer, part: "A Catcher of " });
  }
  return targets;
}
