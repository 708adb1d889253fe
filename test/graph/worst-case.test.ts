/** The worst case, against every way through the definition followed by recursion. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { worstCase } from "../../src/graph/worst-case.ts";
import type { MapState, Retrier, Scope, State } from "../../src/workflow/state-machine.ts";
import { randomMachine } from "./random-machine.ts";
import { type SaidOfState, machineOf, profileOf } from "./run-of.ts";

type Said = Readonly<Record<string, SaidOfState>>;

interface Worst {
  readonly transitions: number;
  readonly events: number;
}

/** Throws a RangeError in a loop: nothing ends the recursion. */
function worstOf(scope: Scope, said: Said, name = scope.startAt): Worst {
  const state = scope.states.find((each) => each.name === name)!;
  const ways = followersOf(state).map((next) => worstOf(scope, said, next));
  const own = worstVisit(state, said);
  return {
    transitions: own.transitions + Math.max(0, ...ways.map(({ transitions }) => transitions)),
    events: own.events + Math.max(0, ...ways.map(({ events }) => events)),
  };
}

/** Of Retriers for A, for time-outs and for all: each name, or all, is the first one's. */
function mostRetries(retry: readonly Retrier[]): number {
  const taken = new Set<string>();
  let retries = 0;
  for (const { errorEquals, maxAttempts } of retry) {
    const [name] = errorEquals;
    if (!taken.has(name!) && !taken.has("States.ALL")) retries += maxAttempts;
    taken.add(name!);
  }
  return retries;
}

function followersOf(state: State): readonly string[] {
  if (state.type === "Choice")
    return [...state.choices.map(({ next }) => next), ...(state.default === null ? [] : [state.default])];
  const caught = "catch" in state ? state.catch.map(({ next }) => next) : [];
  return "next" in state && state.next !== null ? [state.next, ...caught] : caught;
}

function worstVisit(state: State, said: Said): Worst {
  const attempts = "retry" in state ? 1 + mostRetries(state.retry) : 1;
  const attempt = worstAttempt(state, said);
  const around = state.type === "Fail" ? 1 : state.type === "Parallel" || state.type === "Map" ? 3 : 2;
  return {
    transitions: attempts * (1 + attempt.transitions),
    events: around + attempts * attempt.events,
  };
}

function worstAttempt(state: State, said: Said): Worst {
  switch (state.type) {
    case "Task":
      return { transitions: 0, events: state.resource.pattern === "REQUEST_RESPONSE" ? 3 : 4 };
    case "Parallel":
      return state.branches
        .map((branch) => worstOf(branch, said))
        .reduce((sum, { transitions, events }) => plus(sum, transitions, events), {
          transitions: 0,
          events: 1,
        });
    case "Map":
      return worstMap(state, said);
    default:
      return { transitions: 0, events: 0 };
  }
}

function worstMap(map: MapState, said: Said): Worst {
  const items = Math.ceil(said[map.name]?.items ?? 0);
  if (map.mode === "INLINE") {
    const each = items === 0 ? { transitions: 0, events: 0 } : worstOf(map.processor, said);
    return { transitions: items * each.transitions, events: 1 + items * (2 + each.events) };
  }
  const children = Math.ceil(items / (map.itemBatcher?.maxItemsPerBatch ?? 1));
  const inside =
    children > 0 && map.executionType === "STANDARD" ? worstOf(map.processor, said).transitions : 0;
  return { transitions: children * (1 + inside), events: 3 };
}

function plus(sum: Worst, transitions: number, events: number): Worst {
  return { transitions: sum.transitions + transitions, events: sum.events + events };
}

const variety = { depth: 2, loops: false, jitter: false, distributed: true, states: 5 };

describe("the worst case", () => {
  test("of a machine without loops is its longest way, every retry spent", () => {
    fc.assert(
      fc.property(randomMachine(variety), ({ definition, said }) => {
        const worst = worstOf(machineOf(definition), said);
        expect(worstCase(profileOf(definition, said).run)).toEqual({
          ...{ transitions: worst.transitions, historyEvents: worst.events, unboundedBy: [] },
        });
      }),
      { numRuns: 200 },
    );
  });

  test("is unbounded where a loop can be come to that nothing bounds, and names it", () => {
    fc.assert(
      fc.property(randomMachine({ ...variety, depth: 0, loops: true }), ({ definition, said }) => {
        const machine = machineOf(definition);
        const reaches = (from: string): ReadonlySet<string> => {
          const reached = new Set<string>();
          const open = [from];
          for (const name of open) {
            const state = machine.states.find((each) => each.name === name)!;
            for (const next of followersOf(state).filter((each) => !reached.has(each))) {
              reached.add(next);
              open.push(next);
            }
          }
          return reached;
        };
        const entered = [machine.startAt, ...reaches(machine.startAt)];
        const looping = new Set(entered.filter((name) => reaches(name).has(name)));
        const { transitions, historyEvents, unboundedBy } = worstCase(profileOf(definition, said).run);
        expect(transitions === null).toBe(looping.size > 0);
        expect(historyEvents === null).toBe(looping.size > 0);
        expect(unboundedBy.length > 0).toBe(looping.size > 0);
        for (const name of unboundedBy) expect(looping).toContain(name);
      }),
      { numRuns: 150 },
    );
  });

  test("within a Map is unbounded by a loop inside, unless the Map has no items", () => {
    const inner = {
      StartAt: "Again",
      States: {
        Again: {
          Type: "Choice",
          Choices: [{ Variable: "$.x", IsPresent: true, Next: "Again" }],
          Default: "Out",
        },
        Out: { Type: "Succeed" },
      },
    };
    const definition = { StartAt: "M", States: { M: { Type: "Map", ItemProcessor: inner, End: true } } };
    expect(worstCase(profileOf(definition, { M: { items: 1 } }).run)).toEqual({
      ...{ transitions: null, historyEvents: null, unboundedBy: ["Again"] },
    });
    expect(worstCase(profileOf(definition, { M: { items: 0 } }).run)).toEqual({
      ...{ transitions: 1, historyEvents: 4, unboundedBy: [] },
    });
  });
});
