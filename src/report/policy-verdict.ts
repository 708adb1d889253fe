/** A policy verdict is which policies a report breaks: what they deny fails the run, what they warn of is said. */
import { NO_POLICY, type Policies, type Policy } from "../workflow/workload/policies.ts";

export interface PolicyVerdict {
  readonly passed: boolean;
  /** Why not, a sentence each. */
  readonly reasons: readonly string[];
  /** What only warns. */
  readonly warnings: readonly string[];
}

export interface Judging {
  /** Those of the file, and those of the command line, which add to them. */
  readonly policies: readonly (Policies | null)[];
  readonly warningsFail: boolean;
  /** How the report breaks a policy, a sentence each. */
  readonly breaches: (policy: Policy) => readonly string[];
}

export function judgePolicies({ policies, warningsFail, breaches }: Judging): PolicyVerdict {
  const broken = (level: keyof Policies): readonly string[] => [
    ...new Set(policies.flatMap((each) => breaches(each?.[level] ?? NO_POLICY))),
  ];
  const [denied, warned] = [broken("deny"), broken("warn")];
  const reasons = warningsFail ? [...new Set([...denied, ...warned])] : denied;
  const warnings = warningsFail ? [] : warned.filter((text) => !denied.includes(text));
  return { passed: reasons.length === 0, reasons, warnings };
}
