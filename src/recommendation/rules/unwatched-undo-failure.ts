/** An undo whose own failure reaches nobody: no alarm, no queue, no table for somebody to mend it from. */
import type { FindingRule } from "../rule.ts";
import type { Saga } from "../saga.ts";
import { tasksInside, undosOf } from "../saga.ts";
import { tells } from "../task-effect.ts";
import { matchesError } from "../../workflow/definition/error-names.ts";
import type { State, TaskState } from "../../workflow/state-machine.ts";
import { followersOf } from "../../workflow/state-identity.ts";

export const unwatchedUndoFailure: FindingRule = {
  id: "unwatched-undo-failure",
  kind: "finding",
  severity: "warning",
  title: "An undo whose failure reaches nobody",
  passes: "the failure of every undo reaches an alarm or a store",
  judge: ({ sagas, workflow }) => {
    if (sagas.length === 0) return null;
    const isWatched = (workflow.surroundings?.alarms ?? []).some(
      ({ metric }) => metric === "ExecutionsFailed",
    );
    return sagas.flatMap((saga) =>
      undosOf(saga).flatMap(({ undo }) => {
        const lost = lostFailure(undo, saga, isWatched);
        if (lost === null) return [];
        return [
          {
            states: [undo.name],
            pointer: undo.pointer,
            text: `${undo.name} can fail ${lost}: what stays done is known to nobody`,
            remedy:
              "Catch States.ALL and lead it to a Task that leaves word: a queue, a table, a topic that somebody reads.",
          },
        ];
      }),
    );
  },
};

/** Null when its failure leaves word somewhere. */
function lostFailure(undo: TaskState, { scope }: Saga, isWatched: boolean): string | null {
  const catcher = undo.catch.find(({ errorEquals }) => matchesError(errorEquals, "*"));
  if (catcher === undefined) return isWatched ? null : "and nothing catches it";
  return leavesWord(catcher.next, scope.states)
    ? null
    : `and its Catcher leads past every Task that leaves word (${catcher.next})`;
}

/** Whether the ways from a state hold a Task that writes or sends something, besides undos of their own. */
function leavesWord(from: string, states: readonly State[]): boolean {
  const byName = new Map(states.map((state) => [state.name, state]));
  const seen = new Set([from]);
  for (const name of seen) {
    const state = byName.get(name);
    if (state === undefined) continue;
    if (tasksInside(state).some(tells)) return true;
    for (const next of followersOf(state)) seen.add(next);
  }
  return false;
}
