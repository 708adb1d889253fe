/** Reports the limits of one execution: how near it comes to what AWS allows. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
import { meanOf, quantileOf } from "../graph/distribution.ts";
import type { ExecutionProfile } from "../graph/execution-profile.ts";
import type { WorstCase } from "../graph/worst-case.ts";
import type { StateMachine } from "../workflow/state-machine.ts";
import type { LimitReport } from "./analysis-report.ts";

const HISTORY_EVENTS = 25_000;
const DEFINITION_BYTES = 1_048_576;

/** The execution's own start and end are two events. */
const OWN_EVENTS = 2;

export function reportLimits(
  profile: ExecutionProfile,
  worst: WorstCase,
  stateMachine: StateMachine,
): readonly LimitReport[] {
  const mean = meanOf(profile.historyEvents) + OWN_EVENTS;
  const p99 = quantileOf(profile.historyEvents, 0.99) + OWN_EVENTS;
  const atWorst = worst.historyEvents === null ? null : worst.historyEvents + OWN_EVENTS;
  const bytes = stateMachine.definitionBytes;
  return [
    {
      code: "history-events",
      mean,
      p99,
      worst: atWorst,
      limit: HISTORY_EVENTS,
      reachedAt: mean / HISTORY_EVENTS,
      text: historyText(p99, atWorst),
    },
    {
      code: "definition-size",
      mean: bytes,
      p99: bytes,
      worst: bytes,
      limit: DEFINITION_BYTES,
      reachedAt: bytes / DEFINITION_BYTES,
      text:
        bytes > DEFINITION_BYTES
          ? "the definition is larger than the 1 MB that AWS accepts"
          : "bytes of the definition, of 1 MB",
    },
  ];
}

function historyText(p99: number, worst: number | null): string {
  const what = "history events of a Standard execution";
  if (p99 > HISTORY_EVENTS) return `${what}: at p99 past 25,000, where AWS ends the execution`;
  if (worst === null) return `${what}; a loop without a bound can reach 25,000, where AWS ends the execution`;
  return worst > HISTORY_EVENTS
    ? `${what}; the worst case passes 25,000, where AWS ends the execution`
    : `${what}, of 25,000`;
}
