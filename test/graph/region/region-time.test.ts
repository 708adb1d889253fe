/** Times and figures of regions, against profiles of the same states as machines of their own. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { meanOf, quantileOf } from "../../../src/graph/distribution.ts";
import { profileExecution } from "../../../src/graph/execution-profile.ts";
import { entriesOf, figuresOfFlow } from "../../../src/graph/region/flow-figures.ts";
import { buildFlowGraph } from "../../../src/graph/region/flow-graph.ts";
import { durationOf, timeRegions } from "../../../src/graph/region/region-time.ts";
import {
  findRegions,
  membersOf,
  regionsOf,
  sumOver,
  sumsDominated,
} from "../../../src/graph/region/single-exit-regions.ts";
import type { ScopeRun } from "../../../src/graph/run-context.ts";
import type { State } from "../../../src/workflow/state-machine.ts";
import { visitsOfDoomed } from "../../../src/graph/region/doomed-visits.ts";
import { type RandomMachine, randomMachine } from "../random-machine.ts";
import { type SaidOfState, contextOf, machineOf, workloadOf } from "../run-of.ts";

function figuredRegions(run: ScopeRun) {
  const flow = buildFlowGraph(run.graph);
  if (flow === null) return [];
  const family = findRegions(flow);
  const figures = figuresOfFlow(run, flow, family);
  const times = timeRegions({ run, flow, family, figures });
  const transitions = sumsDominated(figures.transitions, family.tree);
  const failures = sumsDominated(figures.failures, family.tree);
  const durationMs = sumsDominated(figures.durationMs, family.tree);
  return [...family.tree.preorder]
    .flatMap((entry) => regionsOf(entry, family))
    .map((region) => ({
      ...region,
      states: membersOf(region, family.tree).map((node) => run.graph.nodes[node]!),
      doomed: run.graph.nodes.filter((_, node) => flow.doomed[node]),
      exitName: region.exit === flow.end ? null : run.graph.nodes[region.exit]!.name,
      entries: entriesOf(region, family, figures),
      transitions: sumOver(region, transitions),
      failures: sumOver(region, failures),
      durationMs: sumOver(region, durationMs),
      time: times.of(region),
    }));
}

type FoundRegion = ReturnType<typeof figuredRegions>[number];

/** The region as a machine: its exit is an end. */
function alone({ states, doomed, exitName }: FoundRegion) {
  const exit = { type: "Succeed", name: exitName ?? "", pointer: "/exit", fields: {} } as unknown as State;
  const all = [...states, ...doomed, ...(exitName === null ? [] : [exit])];
  return { pointer: "/alone", startAt: states[0]!.name, states: all };
}

function profileOf(definition: unknown, said: Readonly<Record<string, SaidOfState>>) {
  return profileExecution(machineOf(definition), contextOf(workloadOf(said)))!;
}

/** The same machine, in which every other Catcher leads to states that take time before they fail. */
function withDoom(definition: RandomMachine["definition"]): RandomMachine["definition"] {
  let caught = 0;
  const diverted = (state: object): object => {
    const { Catch, ...rest } = state as { Catch?: readonly object[] };
    if (Catch === undefined) return state;
    return { ...rest, Catch: Catch.map((each) => (caught++ % 2 === 0 ? { ...each, Next: "Doom" } : each)) };
  };
  const States = Object.fromEntries(
    Object.entries(definition.States).map(([name, state]) => [name, diverted(state)]),
  );
  return {
    ...definition,
    States: {
      ...States,
      Doom: { Type: "Wait", Seconds: 7, Next: "Doom?" },
      "Doom?": {
        Type: "Choice",
        Choices: [{ Variable: "$.x", IsPresent: true, Next: "Doom" }],
        Default: "Dead",
      },
      Dead: { Type: "Fail", Error: "B" },
    },
  };
}

interface Part {
  readonly kind: "set" | "test" | "wait";
  readonly key: "x" | "y";
  readonly share: number;
  readonly seconds: number;
}

/** Parts one after the other: two ways that set a constant, two that it decides between, or a Wait; perhaps all once more. */
function decidedMachine(parts: readonly Part[], again: number): RandomMachine {
  const said: Record<string, SaidOfState> = { Again: { choices: { P0: again } } };
  const open = { Variable: "$.open", IsPresent: true };
  const States: Record<string, object> = {
    Again: { Type: "Choice", Choices: [{ ...open, Next: "P0" }], Default: "End" },
    End: { Type: "Succeed" },
  };
  parts.forEach(({ kind, key, share, seconds }, i) => {
    const [name, Next] = [`P${i}`, i + 1 < parts.length ? `P${i + 1}` : "Again"];
    const [yes, no] = [`${name} yes`, `${name} no`];
    if (kind === "wait") {
      States[name] = { Type: "Wait", Seconds: seconds, Next };
      return;
    }
    const isSet = kind === "set";
    const rule = isSet ? open : { Variable: `$.${key}`, BooleanEquals: true };
    States[name] = { Type: "Choice", Choices: [{ ...rule, Next: yes }], Default: no };
    if (isSet) said[name] = { choices: { [yes]: share } };
    const wayOf = (Result: boolean): object =>
      isSet
        ? { Type: "Pass", Result, ResultPath: `$.${key}`, Next }
        : { Type: "Wait", Seconds: Result ? seconds : 10 * seconds, Next };
    States[yes] = wayOf(true);
    States[no] = wayOf(false);
  });
  return { definition: { StartAt: "P0", States }, said };
}

const part: fc.Arbitrary<Part> = fc.record({
  kind: fc.constantFrom("set", "test", "wait"),
  key: fc.constantFrom("x", "y"),
  share: fc.constantFrom(0, 0.1, 0.25, 0.6, 1),
  seconds: fc.integer({ min: 1, max: 5 }),
});

describe("a region", () => {
  test("lasts, and is billed, as long and as much as its states alone", () => {
    const variety = { depth: 1, loops: true, jitter: false, distributed: false, states: 7 };
    fc.assert(
      fc.property(randomMachine(variety), fc.boolean(), (machine, isDoomed) => {
        const { said } = machine;
        const definition = isDoomed ? withDoom(machine.definition) : machine.definition;
        const profile = profileOf(definition, said);
        for (const region of figuredRegions(profile.run)) {
          if (region.entries < 1e-9) continue;
          const own = profileExecution(alone(region), contextOf(workloadOf(said)))!;
          const time = durationOf(region.time);
          expect(meanOf(time)).toBeCloseTo(meanOf(own.durationMs), 4);
          expect(
            Math.abs(quantileOf(time, 0.99) / Math.max(1, quantileOf(own.durationMs, 0.99)) - 1),
          ).toBeLessThan(quantileOf(own.durationMs, 0.99) === 0 ? 2 : 0.02);
          const exits = region.exitName === null ? 0 : region.entries - region.failures;
          const transitions = region.entries * meanOf(own.transitions) - exits;
          expect(region.transitions).toBeCloseTo(transitions, 6);
          const failed = own.run.outcomes.reduce(
            (sum, { error, mass }) => sum + (error === null ? 0 : mass),
            0,
          );
          expect(region.failures).toBeCloseTo(region.entries * failed, 8);
          expect(region.time.failed?.mass ?? 0).toBeCloseTo(failed, 8);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("lasts, as often as it is entered, as long as all visits of its states", () => {
    const parts = fc.array(part, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(parts, fc.constantFrom(0, 0.3, 0.8), (drawn, again) => {
        const { definition, said } = decidedMachine(drawn, again);
        for (const { entries, time, durationMs } of figuredRegions(profileOf(definition, said).run)) {
          const lasting = entries * meanOf(durationOf(time));
          expect(Math.abs(lasting - durationMs)).toBeLessThan(1e-7 * Math.max(1, durationMs));
        }
      }),
      { numRuns: 15 },
    );
  });

  test("keeps a counted loop at its exact number of rounds", () => {
    const definition = {
      StartAt: "Init",
      States: {
        Init: { Type: "Pass", Result: 0, ResultPath: "$.n", Next: "Work" },
        Work: { Type: "Task", Resource: "arn:aws:lambda:us-east-1:1:function:w", Next: "Again" },
        Again: {
          Type: "Choice",
          Choices: [{ Variable: "$.done", BooleanEquals: false, Next: "Work" }],
          Default: "End",
        },
        End: { Type: "Succeed" },
      },
    };
    const profile = profileOf(definition, { Work: { ms: 20_000 }, Again: { rounds: 10 } });
    const loop = figuredRegions(profile.run).find(
      ({ states, exitName }) => states.length === 2 && states[0]!.name === "Work" && exitName === "End",
    )!;
    expect(loop.entries).toBeCloseTo(1, 12);
    expect(quantileOf(durationOf(loop.time), 0.99)).toBe(200_000);
  });

  test("is a run of states of any length", () => {
    const States = Object.fromEntries(
      Array.from({ length: 50 }, (_, at) => [
        `S${at}`,
        {
          Type: "Task",
          Resource: "arn:aws:lambda:us-east-1:1:function:w",
          ...(at === 49 ? { End: true } : { Next: `S${at + 1}` }),
        },
      ]),
    );
    const said = Object.fromEntries(Object.keys(States).map((name, at) => [name, { ms: 2 ** (at % 7) }]));
    const regions = figuredRegions(profileOf({ StartAt: "S0", States }, said).run);
    expect(regions).toHaveLength((50 * 51) / 2);
    for (const { states, time } of regions) {
      const sum = states.reduce((total, { name }) => total + (said[name]?.ms ?? 0), 0);
      expect(meanOf(durationOf(time))).toBe(sum);
    }
  });
});

test("doomed states are entered on account of all states of the flow together, as often as they are", () => {
  const variety = { depth: 0, loops: true, jitter: false, distributed: false, states: 7 };
  fc.assert(
    fc.property(randomMachine(variety), fc.nat(3), (machine, parts) => {
      const { run } = profileOf(withDoom(machine.definition), machine.said);
      const flow = buildFlowGraph(run.graph);
      if (flow === null) return;
      const states = run.graph.nodes.map((_, node) => node).filter((node) => !flow.doomed[node]);
      const sums = new Float64Array(run.graph.nodes.length);
      for (let part = 0; part <= parts; part++) {
        const members = new Set(states.filter((node) => node % (parts + 1) === part));
        visitsOfDoomed(run, flow, members).forEach((visits, node) => (sums[node]! += visits));
      }
      run.visits.forEach((visits, node) => {
        expect(sums[node]).toBeCloseTo(flow.doomed[node] ? visits : 0, 9);
      });
    }),
    { numRuns: 100 },
  );
});
