/** Alike reasons are those of one and the same text: twenty Tasks without idempotency are one thing to say. */
import type { Reason } from "../report/analysis-report.ts";

/** Groups in the order in which their texts first come up. */
export function groupAlikeReasons(reasons: readonly Reason[]): readonly (readonly Reason[])[] {
  const groups = new Map<string, Reason[]>();
  for (const reason of reasons) {
    const group = groups.get(reason.text);
    if (group === undefined) groups.set(reason.text, [reason]);
    else group.push(reason);
  }
  return [...groups.values()];
}
