/** An inline Map whose list will outgrow what one execution holds: its payload, its history, or its 40 at a time. */
import type { MapState, Scope, State } from "../../workflow/state-machine.ts";
import { workloadOfState } from "../../workflow/workload/workload.ts";
import { INLINE_CONCURRENCY, PAYLOAD_BYTES } from "../map-batch.ts";
import { placedOf } from "../placed-state.ts";
import type { FindingRule, Subject } from "../rule.ts";

export const outgrownInlineMap: FindingRule = {
  id: "outgrown-inline-map",
  kind: "finding",
  severity: "warning",
  title: "An inline Map over a list that outgrows it",
  passes: "no inline Map is known to outgrow payload, history or concurrency",
  judge: (subject) => {
    const maps = placedOf(subject.states, "Map").filter(({ state }) => state.mode === "INLINE");
    if (maps.length === 0) return null;
    return maps.flatMap(({ state, scope, runsAs }) => {
      const limit = passedLimit(state, subject, runsAs === "STANDARD") ?? listedWithoutEnd(state, scope);
      if (limit === null) return [];
      return [
        {
          states: [state.name],
          pointer: state.pointer,
          text: `${state.name} ${limit}`,
          remedy: `Make it a Distributed Map ("Mode": "DISTRIBUTED"), which reads its items from S3, with ItemBatcher and MaxConcurrency.`,
        },
      ];
    });
  },
};

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const HISTORY_EVENTS = 25_000;

function passedLimit(map: MapState, { workflow, profile }: Subject, hasHistory: boolean): string | null {
  const { items, itemKB } = workloadOfState(workflow.workload, map);
  if (items === null) return null;
  const most = items.high;
  if (itemKB !== null && most * itemKB.high * 1000 > PAYLOAD_BYTES)
    return `gets ${most} items of ${itemKB.high} KB: more than the 256 KiB that a state's input holds`;
  const inside = eventsPerItem(map, profile);
  const events = most * (2 + inside);
  if (hasHistory && events > HISTORY_EVENTS)
    return `writes about ${Math.round(events)} history events for ${most} items, and AWS ends an execution at 25,000`;
  return most > 25 * INLINE_CONCURRENCY
    ? `works through ${most} items at most ${INLINE_CONCURRENCY} at a time`
    : null;
}

function eventsPerItem(map: MapState, profile: Subject["profile"]): number {
  const own = new Set(map.processor.states.map(({ pointer }) => pointer));
  const runs = profile.states.find(({ state }) => state === map);
  const times = (runs?.visits ?? 0) * (runs?.iterations ?? 0);
  if (times === 0) return 0;
  const events = profile.states.reduce(
    (sum, { state, historyEvents }) => sum + (own.has(state.pointer) ? historyEvents : 0),
    0,
  );
  return events / times;
}

const LISTINGS = /^(listObjects(V2)?|listObjectVersions|scan)$/i;

/** The list is all that a bucket or a table holds, and that grows. */
function listedWithoutEnd(map: MapState, scope: Scope): string | null {
  const before = scope.states.filter((state) => "next" in state && state.next === map.name);
  const listing = before.find(
    (state): state is Extract<State, { type: "Task" }> =>
      state.type === "Task" && LISTINGS.test(state.resource.action),
  );
  if (listing === undefined) return null;
  const limited = /MaxKeys|MaxItems|Limit/.test(JSON.stringify(listing.fields));
  return limited
    ? null
    : `runs over what ${listing.name} lists: the list grows with its bucket or table, and a payload holds 256 KiB`;
}
