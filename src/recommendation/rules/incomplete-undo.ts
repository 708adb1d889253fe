/** A way to fail after which something that was done stays done: its undo does not run. */
import type { FindingRule } from "../rule.ts";
import type { SagaFailure } from "../saga.ts";
import { tells } from "../task-effect.ts";

export const incompleteUndo: FindingRule = {
  id: "incomplete-undo",
  kind: "finding",
  severity: "warning",
  title: "A failure that leaves work half undone",
  passes: "every way to fail undoes what was done before",
  judge: ({ sagas }) => {
    if (sagas.length === 0) return null;
    return sagas.flatMap(({ failures }) =>
      failures
        .filter(({ missing }) => missing.length > 0)
        .map((failure) => ({
          states: [failure.failing.name],
          pointer: failure.catcher?.pointer ?? failure.failing.pointer,
          detail: failure.catcher?.next ?? "uncaught",
          text: `${howWords(failure)}, and ${failure.missing.map(({ task }) => task.name).join(", ")} ${failure.missing.length === 1 ? "stays" : "stay"} done: ${undoWords(failure)}`,
          remedy: remedyOf(failure),
        })),
    );
  },
};

function howWords({ failing, catcher }: SagaFailure): string {
  if (failing.type === "Fail") return `${failing.name} ends the execution after work was done`;
  if (catcher !== null) return `when ${failing.name} fails, its Catcher leads to ${catcher.next}`;
  const catches = "catch" in failing && failing.catch.length > 0;
  return catches
    ? `when ${failing.name} fails with an error that its Catchers do not name, nothing catches it`
    : `when ${failing.name} fails, nothing catches it`;
}

function undoWords({ missing }: SagaFailure): string {
  const undos = missing.map(({ undos: [undo] }) => undo?.name ?? "");
  return `${undos.join(", ")} ${undos.length === 1 ? "does" : "do"} not run`;
}

function remedyOf({ failing, missing }: SagaFailure): string {
  const first = missing[0]?.undos[0]?.name ?? "the undo of the last step done";
  if (failing.type === "Fail") return `Lead what goes to ${failing.name} through ${first} first.`;
  // Nobody wants a trip cancelled because the message about it did not go out.
  if (failing.type === "Task" && tells(failing))
    return `Give ${failing.name} a Catcher for States.ALL: one that goes on as if it had succeeded where its message is not worth the work done before, else one that leads to ${first} and through the undos before it.`;
  return `Give ${failing.name} a Catcher for States.ALL that leads to ${first}, and from there through the undos of the steps before.`;
}
