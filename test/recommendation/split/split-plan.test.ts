/** The chosen split against every split there is, priced by profiles of the regions as machines of their own. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { priceListOf } from "../../../src/cost/known-price-lists.ts";
import { priceQuantity } from "../../../src/cost/tiered-price.ts";
import { expectationOf, meanOf, quantileOf } from "../../../src/graph/distribution.ts";
import { profileExecution } from "../../../src/graph/execution-profile.ts";
import type { ScopeRun } from "../../../src/graph/run-context.ts";
import { END } from "../../../src/graph/state-graph.ts";
import { planSplit, secondsAtBreakEven } from "../../../src/recommendation/split/split-plan.ts";
import type { State, StateMachine } from "../../../src/workflow/state-machine.ts";
import { statesWithin } from "../../../src/workflow/state-identity.ts";
import type { Workload } from "../../../src/workflow/workload/workload.ts";
import { randomMachine } from "../../graph/random-machine.ts";
import { type SaidOfState, contextOf, machineOf, workloadOf } from "../../graph/run-of.ts";
import { failingMachine } from "./failing-machine.ts";

const priceList = priceListOf("us-east-1")!;
const unit = (usageType: keyof typeof priceList.prices): number =>
  priceList.prices[usageType]!.tiers[0]!.unitPrice!;

interface Option {
  readonly run: ScopeRun;
  readonly members: ReadonlySet<number>;
  /** States that only failures lead to and it takes along: visits per run of the scope, in its calls. */
  readonly taken: ReadonlyMap<number, number>;
  readonly gb: number;
  /** Without its GB-seconds. */
  readonly saving: number;
}

interface Scoped {
  readonly run: ScopeRun;
  readonly runs: number;
  /** The states around it, each with its run. */
  readonly around: readonly { readonly run: ScopeRun; readonly node: number }[];
}

function scopedRuns(top: ScopeRun): readonly Scoped[] {
  const all: Scoped[] = [{ run: top, runs: 1, around: [] }];
  for (const { run, runs, around } of all) {
    run.stateVisits.forEach(({ attempts, inside }, node) => {
      if (inside === null || inside.childType === "EXPRESS") return;
      const times = runs * run.visits[node]! * attempts * inside.times;
      for (const inner of inside.runs)
        if (inner !== null) all.push({ run: inner, runs: times, around: [...around, { run, node }] });
    });
  }
  return all;
}

/** By the definition, over every set of the scope's states. */
function optionsOf({ run, runs }: Scoped, workload: Workload): readonly Option[] {
  const { graph } = run;
  const next = graph.nodes.map((_, node) => [
    ...new Set(graph.edges[node]!.filter(({ to }) => to >= END).map(({ to }) => to)),
  ]);
  const from = (start: number): ReadonlySet<number> => {
    const seen = new Set([start]);
    for (const node of seen) if (node !== END) for (const to of next[node]!) seen.add(to);
    return seen;
  };
  const reached = [...from(graph.start)].filter((node) => node !== END);
  const alive = reached.filter((node) => from(node).has(END));
  const options: Option[] = [];
  for (let bits = 1; bits < 2 ** alive.length; bits++) {
    const members = new Set(alive.filter((_, at) => (bits >> at) & 1));
    const entries = new Set(members.has(graph.start) ? [graph.start] : []);
    const exits = new Set<number>();
    for (const node of alive) {
      for (const to of next[node]!) {
        if (members.has(to) && !members.has(node)) entries.add(to);
        if (members.has(node) && !members.has(to) && (to === END || alive.includes(to))) exits.add(to);
      }
    }
    if (entries.size !== 1 || exits.size !== 1) continue;
    const [entry, exit] = [[...entries][0]!, [...exits][0]!];
    const doomed = reached.filter((node) => !alive.includes(node));
    const besides = doomed.filter((node) => leadsTo(node, members, next, doomed));
    const states = [...members, ...besides].map((node) => graph.nodes[node]!);
    if (states.some(isBlocked)) continue;
    const own = ownProfile(run, { entry, exit, states }, workload);
    if (quantileOf(own.durationMs, 0.99) > 300_000) continue;
    const calls = callsOf(run, entry, members);
    if (runs * calls <= 0) continue;
    const visitsIn = (node: number): number =>
      own.run.visits[own.run.graph.indexOf.get(graph.nodes[node]!.name)!]!;
    const taken = new Map(besides.map((node) => [node, calls * visitsIn(node)] as const));
    options.push({ run, members, taken, ...costOf(own, runs * calls, { ends: exit === END, workload }) });
  }
  return options;
}

function leadsTo(
  node: number,
  members: ReadonlySet<number>,
  next: readonly (readonly number[])[],
  doomed: readonly number[],
): boolean {
  const seen = new Set([...members].flatMap((member) => next[member]!.filter((to) => doomed.includes(to))));
  for (const each of seen) for (const to of next[each]!) seen.add(to);
  return seen.has(node);
}

function isBlocked(state: State): boolean {
  return statesWithin({ pointer: "", startAt: state.name, states: [state] }).some(
    (each) =>
      (each.type === "Task" && each.resource.pattern === "WAIT_FOR_TASK_TOKEN") ||
      (each.type === "Map" && each.mode === "DISTRIBUTED"),
  );
}

function ownProfile(
  { graph }: ScopeRun,
  {
    entry,
    exit,
    states,
  }: { readonly entry: number; readonly exit: number; readonly states: readonly State[] },
  workload: Workload,
) {
  const stub = {
    type: "Succeed",
    name: graph.nodes[exit]?.name ?? "",
    pointer: "/exit",
    fields: {},
  } as unknown as State;
  const scope = {
    pointer: "/alone",
    startAt: graph.nodes[entry]!.name,
    states: exit === END ? states : [...states, stub],
  };
  return profileExecution(scope, contextOf(workload))!;
}

function callsOf({ graph, solved, unrolled }: ScopeRun, entry: number, members: ReadonlySet<number>): number {
  let calls = graph.start === entry ? 1 : 0;
  solved.chain.arcs.forEach((arcs, situation) => {
    if (members.has(unrolled.situations[situation]!.state)) return;
    for (const { to, share } of arcs)
      if (to >= 0 && unrolled.situations[to]!.state === entry) calls += solved.visits[situation]! * share;
  });
  return calls;
}

function costOf(
  own: NonNullable<ReturnType<typeof profileExecution>>,
  calls: number,
  { ends, workload }: { readonly ends: boolean; readonly workload: Workload },
): Pick<Option, "gb" | "saving"> {
  const failed = own.run.outcomes.reduce((sum, { error, mass }) => sum + (error === null ? 0 : mass), 0);
  // The stub of the exit was entered as well.
  const replaced = meanOf(own.transitions) - (ends ? 0 : 1 - failed);
  const standIn = 2 + failed + (ends ? 1 - failed : 0);
  const billedMs = expectationOf(own.durationMs, (ms) => Math.max(1, Math.ceil(ms / 100 - 1e-9)) * 100);
  const told = own.states.reduce((sum, { errorEvents }) => sum + errorEvents, 0);
  const events = workload.logLevel === "OFF" ? 0 : failed + told;
  const logs = events * 500e-9 * unit("Logs-Ingest-GB");
  return {
    gb: calls * (billedMs / 1000) * (64 / 1024),
    saving: calls * (unit("StateTransition") * (replaced - standIn) - unit("StepFunctions-Request") - logs),
  };
}

/** The most that any set of disjoint cuts saves. */
function bestOfAll(stateMachine: StateMachine, workload: Workload, executions: number | null) {
  const { run, children } = profileExecution(stateMachine, contextOf(workload))!;
  const alreadyGb = children.reduce((sum, { type, count, durationMs }) => {
    const billedMs = expectationOf(durationMs, (ms) => Math.max(1, Math.ceil(ms / 100 - 1e-9)) * 100);
    return type === "STANDARD" ? sum : sum + count * (billedMs / 1000) * (64 / 1024);
  }, 0);
  const scopes = scopedRuns(run);
  const options = scopes.flatMap((scoped) => optionsOf(scoped, workload));
  const around = new Map(scopes.map((scoped) => [scoped.run, scoped.around]));
  const clash = (a: Option, b: Option): boolean =>
    (a.run === b.run && [...a.members].some((node) => b.members.has(node))) ||
    around.get(a.run)!.some((outer) => outer.run === b.run && b.members.has(outer.node)) ||
    around.get(b.run)!.some((outer) => outer.run === a.run && a.members.has(outer.node));
  const gbPrice = (gb: number): number => {
    const price = priceList.prices["StepFunctions-GB-Second"]!;
    if (executions === null) return gb * price.tiers[0]!.unitPrice!;
    return (
      priceQuantity(price, gb * executions, { free: 0, already: alreadyGb * executions }).cost! / executions
    );
  };
  // Of what the others take along, nothing runs in the parent that could be cut there.
  const leftOf = ({ run }: Option, others: readonly Option[]): number =>
    around.get(run)!.reduce((left, outer) => {
      const gone = others.map(({ run: of, taken }) => (of === outer.run ? (taken.get(outer.node) ?? 0) : 0));
      return left * Math.max(0, 1 - gone.reduce((a, b) => a + b, 0) / outer.run.visits[outer.node]!);
    }, 1);
  let [best, tried] = [0, 0];
  const extend = (from: number, taken: readonly Option[]): void => {
    tried += 1;
    let [saving, gb] = [0, 0];
    for (const option of taken) {
      const left = leftOf(option, taken);
      saving += left * option.saving;
      gb += left * option.gb;
    }
    best = Math.max(best, saving - gbPrice(gb));
    for (let i = from; i < options.length; i++) {
      const option = options[i]!;
      if (taken.some((other) => clash(option, other))) continue;
      extend(i + 1, [...taken, option]);
    }
  };
  extend(0, []);
  return { best, options: options.length, tried };
}

function slowed(said: Readonly<Record<string, SaidOfState>>, factors: readonly number[]) {
  return Object.fromEntries(
    Object.entries(said).map(([name, of], at) => [
      name,
      of.ms === undefined ? of : { ...of, ms: of.ms * factors[at % factors.length]! },
    ]),
  );
}

function planOf(stateMachine: StateMachine, workload: Workload, executions: number | null) {
  const profile = profileExecution(stateMachine, contextOf(workload))!;
  const basis = { priceList, transitionRule: "start+entered", others: new Map() } as const;
  return planSplit({ profile, stateMachine, workload, executions, basis });
}

describe("the chosen split", () => {
  const varieties = [
    { depth: 1, loops: true, jitter: false, distributed: true, states: 6 },
    { depth: 0, loops: true, jitter: false, distributed: false, states: 8 },
    { depth: 0, loops: false, jitter: false, distributed: false, states: 9 },
    { depth: 0, loops: false, jitter: false, distributed: false, states: 9 },
  ];
  /** States in a row, of which some are no good in a child: where several cuts pay. */
  const rows = fc
    .array(fc.constantFrom("Pass", "Pass", "Pass", "Task", "Task", "Token"), { minLength: 8, maxLength: 10 })
    .map((kinds) => {
      const States = kinds.map((kind, at): [string, object] => {
        const Resource = `arn:aws:states:::lambda:invoke${kind === "Token" ? ".waitForTaskToken" : ""}`;
        const Next = `S${at + 1}`;
        return [`S${at}`, kind === "Pass" ? { Type: "Pass", Next } : { Type: "Task", Resource, Next }];
      });
      const said = Object.fromEntries(States.map(([name], at) => [name, { ms: (at + 1) * 90 }]));
      const End = [`S${kinds.length}`, { Type: "Succeed" }] as const;
      return { definition: { StartAt: "S0", States: Object.fromEntries([...States, End]) }, said };
    });
  const cases = fc.tuple(
    fc.oneof(...varieties.map(randomMachine), rows, rows, failingMachine),
    fc.array(fc.constantFrom(0.5, 1, 20, 200, 600), { minLength: 5, maxLength: 5 }),
    fc.constantFrom(null, 1000, 10_000_000, 300_000_000),
    fc.constantFrom("OFF", null),
  );

  test("saves as much as the best of all splits", () => {
    const seen = { withCuts: 0, several: 0, options: 0 };
    fc.assert(
      fc.property(cases, ([{ definition, said }, factors, executions, logLevel]) => {
        const stateMachine = machineOf(definition);
        const workload = { ...workloadOf(slowed(said, factors)), logLevel } as Workload;
        const { best, options } = bestOfAll(stateMachine, workload, executions);
        const plan = planOf(stateMachine, workload, executions);
        seen.options += options;
        if (plan.cuts.length > 0) seen.withCuts += 1;
        if (plan.cuts.length > 1) seen.several += 1;
        expect(plan.savingPerExecution! * 1e6).toBeCloseTo(best * 1e6, 5);
        const ofCuts = plan.cuts.reduce((sum, { saving }) => sum + saving, 0);
        expect(ofCuts * 1e6).toBeCloseTo(plan.savingPerExecution! * 1e6, 5);
      }),
      { numRuns: 150 },
    );
    // A law that holds because nothing is ever cut would be none.
    expect(seen.withCuts).toBeGreaterThan(10);
    expect(seen.several).toBeGreaterThan(0);
  });

  test("counts on the tiers that it reaches itself", () => {
    const task = (next: string) => ({ Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Next: next });
    const names = ["A", "B", "C", "Ask", "D", "E", "F", "End"];
    const States = Object.fromEntries(names.slice(0, -1).map((name, at) => [name, task(names[at + 1]!)]));
    const Ask = { ...task("D"), Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken" };
    const stateMachine = machineOf({ StartAt: "A", States: { ...States, Ask, End: { Type: "Succeed" } } });
    const said = Object.fromEntries(names.map((name) => [name, { ms: 10_000 }]));
    const workload = { ...workloadOf(said), logLevel: "OFF" } as const;
    // 30 s a call: dearer than a transition at the first tier's price, cheaper at the third's.
    expect(planOf(stateMachine, workload, null).cuts).toHaveLength(0);
    expect(planOf(stateMachine, workload, 1000).cuts).toHaveLength(0);
    const plan = planOf(stateMachine, workload, 1e8);
    expect(plan.cuts).toHaveLength(2);
    expect(plan.savingPerExecution! * 1e6).toBeCloseTo(bestOfAll(stateMachine, workload, 1e8).best * 1e6, 6);
    // Two calls of 30 s at 64 MB reach the second tier; as long as this, they would save nothing at that mean price.
    const gb = plan.cuts.reduce((sum, { billedMs }) => sum + (billedMs / 1000) * (64 / 1024), 0);
    const { cost } = priceQuantity(priceList.prices["StepFunctions-GB-Second"]!, gb * 1e8);
    const each = cost! / (gb * 1e8);
    const seconds = (plan.savingPerExecution! + gb * each) / (2 * (64 / 1024) * each);
    expect(secondsAtBreakEven(plan)).toBeCloseTo(seconds, 6);
  });

  test("of 2,000 states in a row is found without trying every pair's time", () => {
    const States = Object.fromEntries(
      Array.from({ length: 2000 }, (_, at) => [
        `S${at}`,
        { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Next: `S${at + 1}` },
      ]),
    );
    const stateMachine = machineOf({ StartAt: "S0", States: { ...States, S2000: { Type: "Succeed" } } });
    const said = Object.fromEntries(
      Object.keys(States).map((name, at) => [name, { ms: 100 + (at % 7) * 400 }]),
    );
    const plan = planOf(stateMachine, workloadOf(said), null);
    for (const { scope, region } of plan.cuts) expect(scope.times().of(region).through!.mass).toBe(1);
    // 1.3 s a state on average: 230 of them fit into five minutes.
    expect(plan.cuts.length).toBeGreaterThanOrEqual(9);
    expect(plan.cuts.length).toBeLessThan(11);
  });
});
