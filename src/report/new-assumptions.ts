/** New assumptions are default figures that a changed workflow's cost rests on, and that the base did not need. */
import type { PricedFigure, PricedWorkflow } from "../cost/priced-workflow.ts";

/** What a Standard workflow's bill is made of: how often, not how long or how large. */
const COUNTED: ReadonlySet<PricedFigure["unit"]> = new Set(["share", "count"]);

export function newAssumptions(
  before: PricedWorkflow | null,
  after: PricedWorkflow | null,
): readonly PricedFigure[] {
  const known = new Set((before?.figures ?? []).filter(isAssumed).map(({ key }) => key));
  return (after?.figures ?? []).filter(
    (figure) =>
      isAssumed(figure) && !known.has(figure.key) && (after?.type === "EXPRESS" || COUNTED.has(figure.unit)),
  );
}

function isAssumed({ basis }: PricedFigure): boolean {
  return basis === "default";
}
