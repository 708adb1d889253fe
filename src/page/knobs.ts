/** Knobs are the figures of a workflow that a reader may turn: each with its value, and the workload that follows from another. */
import {
  DISTRIBUTED_ITEMS,
  INLINE_ITEMS,
  JOB_DURATION_MS,
  PAYLOAD_KB,
  TASK_DURATION_MS,
  WAIT_DURATION_MS,
} from "../workflow/default-figures.ts";
import type { ParseJsonata } from "../graph/constant-expression.ts";
import { withKnownFigures } from "../graph/known-figures.ts";
import { waitsForWork } from "../workflow/definition/task-resource.ts";
import { exactFigure } from "../workflow/figure.ts";
import { statesOf } from "../workflow/state-identity.ts";
import type { ChoiceState, State, TaskState } from "../workflow/state-machine.ts";
import type { Workflow } from "../workflow/workflow.ts";
import {
  EMPTY_STATE_WORKLOAD,
  type StateWorkload,
  type Workload,
  workloadOfState,
} from "../workflow/workload/workload.ts";
import type { WorkflowReport } from "../report/analysis-report.ts";
import type { PictureWay } from "../report/workflow-pictures.ts";

export interface Knob {
  /** Unique within the workflow; as in stepfare.yml where a name occurs once. */
  readonly id: string;
  readonly label: string;
  readonly unit: "rate" | "count" | "rounds" | "share" | "ms" | "KB";
  /** Null = nobody has said. */
  readonly value: number | null;
  /** Nobody has said so: a default stands. */
  readonly isDefault: boolean;
  readonly turn: (workload: Workload, value: number) => Workload;
}

/** Those of the workflow as a whole first, then the states' in their order. */
export function knobsOf(
  { workload: said, stateMachine }: Workflow,
  report: WorkflowReport,
  parseJsonata: ParseJsonata | null,
): readonly Knob[] {
  const workload = withKnownFigures(stateMachine, said, parseJsonata);
  const states = statesOf(stateMachine);
  const ways = report.pictures?.ways ?? [];
  return [
    {
      id: "executionsPerMonth",
      label: "Executions a month",
      unit: "rate",
      value: report.executionsPerMonth?.value ?? null,
      isDefault: report.executionsPerMonth === null,
      turn: (given, value) => ({ ...given, executionsPerMonth: exactFigure(value, "declared") }),
    },
    {
      id: "payloadKB",
      label: "Data between states, KB",
      unit: "KB",
      value: (workload.payloadKB ?? PAYLOAD_KB).value,
      isDefault: workload.payloadKB === null,
      turn: (given, value) => ({ ...given, payloadKB: exactFigure(value, "declared") }),
    },
    ...allDurations(states, workload),
    ...states.flatMap((state) => stateKnobs(state, workload, ways)),
  ];
}

/** One knob for all Tasks of which nobody has said how long they last. */
function allDurations(states: readonly State[], workload: Workload): readonly Knob[] {
  const silent = states.filter(
    (state): state is TaskState =>
      state.type === "Task" &&
      !waitsForWork(state.resource) &&
      workloadOfState(workload, state).duration === null,
  );
  if (silent.length < 2) return [];
  return [
    {
      id: "durations",
      label: `Duration of each of the ${silent.length} Tasks that have none of their own`,
      unit: "ms",
      value: TASK_DURATION_MS.value,
      isDefault: true,
      turn: (given, value) => silent.reduce((sum, state) => saidOf(sum, state, durationOf(value)), given),
    },
  ];
}

function stateKnobs(state: State, workload: Workload, ways: readonly PictureWay[]): readonly Knob[] {
  const said = workloadOfState(workload, state);
  switch (state.type) {
    case "Choice":
      return choiceKnobs(state, said, ways);
    case "Map": {
      const figure = said.items ?? (state.mode === "INLINE" ? INLINE_ITEMS : DISTRIBUTED_ITEMS);
      return [
        {
          ...common(state, "items", "items"),
          unit: "count",
          value: figure.value,
          isDefault: said.items === null,
          turn: (given, value) => saidOf(given, state, { items: exactFigure(value, "declared") }),
        },
      ];
    }
    case "Task":
      return [
        durationKnob(
          state,
          said,
          waitsForWork(state.resource) ? JOB_DURATION_MS.value : TASK_DURATION_MS.value,
        ),
        failureKnob(state, said),
      ];
    case "Wait":
      return state.seconds === null ? [durationKnob(state, said, WAIT_DURATION_MS.value)] : [];
    default:
      return [];
  }
}

function common(state: State, key: string, what: string): Pick<Knob, "id" | "label"> {
  return { id: `${state.pointer}:${key}`, label: `${state.name}: ${what}` };
}

function durationKnob(state: State, { duration }: StateWorkload, otherwise: number): Knob {
  return {
    ...common(state, "duration", "duration"),
    unit: "ms",
    value: duration?.ms.value ?? otherwise,
    isDefault: duration === null,
    turn: (given, value) => saidOf(given, state, durationOf(value)),
  };
}

function durationOf(ms: number): Partial<StateWorkload> {
  return { duration: { ms: exactFigure(ms, "declared"), percentiles: null } };
}

/** What was seen attempt by attempt gives way to the rate. */
function failureKnob(state: TaskState, { failureRate }: StateWorkload): Knob {
  return {
    ...common(state, "failureRate", "failure rate of an attempt"),
    unit: "share",
    value: failureRate?.value ?? 0,
    isDefault: failureRate === null,
    turn: (given, value) =>
      saidOf(given, state, { failureRate: exactFigure(value, "declared"), seenVisits: null }),
  };
}

/** Declared rounds say how often a Choice stays in its loop; its shares then only say which way it stays, and which way it leaves. */
function choiceKnobs(
  state: ChoiceState,
  { rounds }: StateWorkload,
  ways: readonly PictureWay[],
): readonly Knob[] {
  const own = ways.filter(({ from, kind, to }) => from === state.pointer && kind === "choice" && to !== null);
  if (rounds === null) return shareKnobs(state, { own, group: own, of: "" });
  const staying = own.filter(({ isLoop }) => isLoop);
  const leaving = own.filter(({ isLoop }) => !isLoop);
  return [
    {
      ...common(state, "rounds", "rounds of the loop that it closes"),
      unit: "rounds",
      value: rounds.value,
      isDefault: false,
      turn: (given, value) => saidOf(given, state, { rounds: exactFigure(value, "declared") }),
    },
    ...shareKnobs(state, { own, group: staying, of: ", of what stays in the loop" }),
    ...shareKnobs(state, { own, group: leaving, of: ", of what leaves the loop" }),
  ];
}

interface ShareGroup {
  /** All ways of the Choice. */
  readonly own: readonly PictureWay[];
  /** Those whose shares are told of each other. */
  readonly group: readonly PictureWay[];
  /** Of what they are shares; "" = of all. */
  readonly of: string;
}

/** One share moved, the group's others keep their proportions; all of the Choice's are said, so that they add up to 1. */
function shareKnobs(state: ChoiceState, { own, group, of }: ShareGroup): readonly Knob[] {
  if (group.length < 2) return [];
  const whole = group.reduce((sum, { share }) => sum + share, 0);
  return group.map(({ to, share }): Knob => {
    const name = lastToken(to!);
    return {
      ...common(state, `choices:${name}`, `share that goes to ${name}${of}`),
      unit: "share",
      value: whole > 0 ? share / whole : 0,
      isDefault: false,
      turn: (given, value) => {
        const before = workloadOfState(given, state).choices;
        const shares = new Map(
          own.map((way) => {
            const key = lastToken(way.to!);
            return [key, before.get(key)?.value ?? way.share] as const;
          }),
        );
        const among = new Set(group.map((way) => lastToken(way.to!)));
        return saidOf(given, state, { choices: movedShares(shares, { among, moved: name, value }) });
      },
    };
  });
}

interface ShareMove {
  readonly among: ReadonlySet<string>;
  readonly moved: string;
  /** Its new share of what goes to those `among`. */
  readonly value: number;
}

function movedShares(
  shares: ReadonlyMap<string, number>,
  { among, moved, value }: ShareMove,
): StateWorkload["choices"] {
  const sumOf = (names: readonly string[]): number =>
    names.reduce((sum, name) => sum + (shares.get(name) ?? 0), 0);
  const others = [...among].filter((name) => name !== moved);
  const [whole, rest] = [sumOf([...among]), sumOf(others)];
  const left = (1 - value) * whole;
  return new Map(
    [...shares].map(([name, share]) => {
      if (!among.has(name)) return [name, exactFigure(share, "declared")];
      const now = name === moved ? value * whole : rest > 0 ? (share / rest) * left : left / others.length;
      // 1 − 0.8 is 0.19999999999999996.
      return [name, exactFigure(Number(now.toPrecision(12)), "declared")];
    }),
  );
}

/** The state's name, from its pointer. */
function lastToken(pointer: string): string {
  return pointer
    .slice(pointer.lastIndexOf("/") + 1)
    .replaceAll("~1", "/")
    .replaceAll("~0", "~");
}

/** Under the pointer, which stands over the name. */
function saidOf(workload: Workload, state: State, change: Partial<StateWorkload>): Workload {
  const said = { ...EMPTY_STATE_WORKLOAD, ...workloadOfState(workload, state), ...change };
  return { ...workload, states: new Map([...workload.states, [state.pointer, said]]) };
}
