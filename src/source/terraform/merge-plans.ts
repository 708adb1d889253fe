/** A plan and the configuration it was made of describe the same machines: merged, each is found once, with the best of both. */
import type { FoundWorkflow } from "../found-workflow.ts";
import type { Diagnostic } from "../../diagnostic.ts";

/** The machines of a root module, or of a plan or state. */
export interface TerraformSource {
  readonly folder: string;
  /** Of each workflow, in the same order. */
  readonly addresses: readonly string[];
  readonly workflows: readonly FoundWorkflow[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * A plan knows names, numbers and schedules; a definition it lacks is taken from the configuration, and a machine in
 * both stays in the plan alone.
 */
export function mergePlans(
  roots: readonly TerraformSource[],
  plans: readonly TerraformSource[],
): readonly TerraformSource[] {
  const rootOf = new Map(plans.map((plan) => [plan, rootOfPlan(plan, roots)]));
  const merged = plans.map((plan) => {
    const root = rootOf.get(plan) ?? null;
    if (root === null) return plan;
    const workflows = plan.workflows.map((workflow, index) =>
      completed(workflow, plan.addresses[index] ?? "", root),
    );
    return { ...plan, workflows };
  });
  const remaining = roots.map((root) => {
    const planned = plans
      .filter((plan) => rootOf.get(plan) === root)
      .flatMap((plan) => plan.addresses.map(withoutIndexes));
    return keep(root, (address) => !planned.includes(withoutIndexes(address)));
  });
  return [...remaining, ...merged];
}

/** The root whose machines the plan names: in the plan's own folder, or else the only one. */
function rootOfPlan(plan: TerraformSource, roots: readonly TerraformSource[]): TerraformSource | null {
  const planned = new Set(plan.addresses.map(withoutIndexes));
  const candidates = roots.filter((root) =>
    root.addresses.some((address) => planned.has(withoutIndexes(address))),
  );
  const beside = candidates.find((root) => root.folder === plan.folder);
  return beside ?? (candidates.length === 1 ? (candidates[0] ?? null) : null);
}

function completed(workflow: FoundWorkflow, address: string, root: TerraformSource): FoundWorkflow {
  if (workflow.definition !== null) return workflow;
  const exact = root.addresses.indexOf(address);
  const index =
    exact >= 0
      ? exact
      : root.addresses.findIndex((other) => withoutIndexes(other) === withoutIndexes(address));
  const written = root.workflows[index];
  if (written === undefined || written.definition === null) return workflow;
  return {
    ...workflow,
    at: written.at,
    definition: written.definition,
    schedules: workflow.schedules.length > 0 ? workflow.schedules : written.schedules,
    diagnostics: written.diagnostics.filter((diagnostic) => diagnostic.code !== "unknown-instances"),
  };
}

function keep(source: TerraformSource, isKept: (address: string) => boolean): TerraformSource {
  const kept = source.addresses.map(isKept);
  return {
    ...source,
    addresses: source.addresses.filter((_, index) => kept[index]),
    workflows: source.workflows.filter((_, index) => kept[index]),
  };
}

function withoutIndexes(address: string): string {
  return address.replaceAll(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g, "");
}
