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
  readonly pointer: string;
  readonly from: string;
}

/** `states` is the scope's States as written: a state that could not be read is there all the same. */
export function checkTargets(scope: Scope, states: Reading, startAtWritten: boolean): void {
  const start = { name: scope.startAt, pointer: pointerTo(scope.pointer, "StartAt"), from: "StartAt" };
  const targets = startAtWritten ? [start] : [];
  const names = Object.keys(states.fields);
  let hints = MAX_HINTS;
  for (const target of [...targets, ...scope.states.flatMap(targetsOf)]) {
    if (Object.hasOwn(states.fields, target.name) || hasPlaceholder(target.name)) continue;
    states.report({
      code: "unknown-target",
      severity: "error",
      message: `${target.from} goes to ${shown(target.name)}, which is not a state of this scope.`,
      pointer: target.pointer,
      hint: hints-- > 0 ? didYouMean(target.name, names) : null,
    });
  }
}

/** Every transition a state can take, with the pointer of the field that names it. */
export function targetsOf(state: State): readonly Target[] {
  const from = `State ${shown(state.name)}`;
  const targets: Target[] = [];
  const next = "next" in state ? state.next : null;
  if (next !== null) targets.push({ name: next, pointer: pointerTo(state.pointer, "Next"), from });
  if ("choices" in state) {
    for (const rule of state.choices) {
      targets.push({ name: rule.next, pointer: pointerTo(rule.pointer, "Next"), from: `A rule of ${from}` });
    }
    if (state.default !== null) {
      targets.push({
        name: state.default,
        pointer: pointerTo(state.pointer, "Default"),
        from: `The default of ${from}`,
      });
    }
  }
  if ("catch" in state) {
    for (const catcher of state.catch) {
      targets.push({
        name: catcher.next,
        pointer: pointerTo(catcher.pointer, "Next"),
        from: `A Catcher of ${from}`,
      });
    }
  }
  return targets;
}
