/** Named workflows answer to what a Task writes as its StateMachineArn: an ARN, a name, or a placeholder for a machine beside it. */
import type { Workflow } from "../workflow/workflow.ts";

/** Null when none answers to the target, or several do and none is nearer to the parent than the others. */
export type FindNamed = (target: string, parent: Workflow) => Workflow | null;

export function nameWorkflows(workflows: readonly Workflow[]): FindNamed {
  const byName = new Map<string, Workflow[]>();
  for (const workflow of workflows) {
    for (const name of new Set([workflow.name, ...workflow.aliases])) {
      const named = byName.get(name);
      if (named === undefined) byName.set(name, [workflow]);
      else named.push(workflow);
    }
  }
  return (target, parent) => {
    if (OWN_ARN.test(target)) return parent;
    for (const name of namesIn(target)) {
      const found = nearest(byName.get(name) ?? [], parent);
      if (found !== null) return found;
    }
    return null;
  };
}

/** The Context object's own machine. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
const OWN_ARN = /^(\$\$|\{%\s*\$states\.context)\.StateMachine\.Id(\s*%\})?$/;

/** By ARN, by the name at the ARN's end, or by what a placeholder such as `${Child.Arn}` names. */
function namesIn(target: string): readonly string[] {
  const last = /:stateMachine:([^:]+)/.exec(target)?.[1];
  const placeholder = /^\$\{([^}]+)\}$/.exec(last ?? target)?.[1];
  return [
    target,
    last,
    placeholder,
    placeholder?.replace(/\.(Arn|arn|id|Ref|Name)$/, ""),
    placeholder?.replace(/(Arn|ARN)$/, ""),
  ].filter((name) => name !== undefined && name !== "") as readonly string[];
}

/** A repository may hold many templates with a machine of one name: the one in the parent's own folder is meant. */
function nearest(named: readonly Workflow[], parent: Workflow): Workflow | null {
  if (named.length <= 1) return named[0] ?? null;
  const shared = named.map((workflow) => sharedFolders(workflow.at.file, parent.at.file));
  const most = Math.max(...shared);
  const closest = named.filter((_, index) => shared[index] === most);
  return closest.length === 1 ? closest[0]! : null;
}

function sharedFolders(a: string, b: string): number {
  const [one, other] = [a, b].map((file) => file.split(/[\\/]/).slice(0, -1)) as [string[], string[]];
  const apart = one.findIndex((folder, index) => folder !== other[index]);
  return apart === -1 ? one.length : apart;
}
