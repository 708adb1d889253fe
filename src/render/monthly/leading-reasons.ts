/** Leading reasons are the largest of some that add up to a sum, in a line; what is cut is said, with what it comes to. */
import { signedMoney } from "../number-words.ts";

interface Reason {
  readonly text: string;
  readonly cost: number;
}

/** `reasons` come the largest first. One alone is never cut: saying so takes as long as telling it. */
export function leadingReasons(reasons: readonly Reason[], most: number, currency: string): string {
  const shown = reasons.length === most + 1 ? reasons : reasons.slice(0, most);
  const cut = reasons.slice(shown.length);
  const rest = cut.reduce((sum, { cost }) => sum + cost, 0);
  return [
    ...shown.map(({ text, cost }) => `${signedMoney(cost, currency)} ${text}`),
    ...(cut.length === 0 ? [] : [`and ${cut.length} more, ${signedMoney(rest, currency)} together`]),
  ].join("; ");
}
