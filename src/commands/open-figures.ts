/** Open figures are what a definition leaves for its user to say: each with an example or its current default, and what it means. */
import { withKnownFigures } from "../graph/known-figures.ts";
import { stronglyConnected } from "../graph/strongly-connected.ts";
import { buildStateGraph } from "../graph/state-graph.ts";
import type { StateGraph } from "../graph/state-graph.ts";
import { callsLambda } from "../usage/meter-neighbours.ts";
import {
  DISTRIBUTED_ITEMS,
  INLINE_ITEMS,
  JOB_DURATION_MS,
  LAMBDA_MEMORY_MB,
  PAYLOAD_KB,
  TASK_DURATION_MS,
  WAIT_DURATION_MS,
} from "../workflow/default-figures.ts";
import { waitsForWork } from "../workflow/definition/task-resource.ts";
import type { Figure } from "../workflow/figure.ts";
import type { ChoiceState, MapState, Scope, State, TaskState, WaitState } from "../workflow/state-machine.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { workloadOfState } from "../workflow/workload/workload.ts";
import { quotedText } from "../workflow/workload/workload-yaml.ts";
import type { StateWorkload } from "../workflow/workload/workload.ts";
import { jsonataParserFor } from "./jsonata-parser.ts";

export interface OpenFigure {
  readonly key: string;
  /** What stands after the key: a value, or members of a group. */
  readonly value: string | readonly (readonly [key: string, value: string])[];
  /** One line; "" where a figure before it has said the same. */
  readonly meaning: string;
  /** What holds until it is declared, said of each. */
  readonly until: string;
}

export interface OpenState {
  /** The state's name, or its pointer where the name occurs twice. */
  readonly key: string;
  readonly figures: readonly OpenFigure[];
}

export interface OpenFigures {
  readonly general: readonly OpenFigure[];
  readonly states: readonly OpenState[];
}

export function openFiguresOf(workflow: Workflow): OpenFigures {
  const { stateMachine } = workflow;
  const workload = withKnownFigures(stateMachine, workflow.workload, jsonataParserFor([workflow]));
  const scopes = scopesOf(stateMachine);
  const count = new Map<string, number>();
  for (const { name } of scopes.flatMap((scope) => scope.states)) count.set(name, (count.get(name) ?? 0) + 1);
  const states = scopes.flatMap((scope) => {
    const graph = buildStateGraph(scope);
    return scope.states.flatMap((state): readonly OpenState[] => {
      const figures = figuresOf(state, graph, workloadOfState(workload, state));
      const key = count.get(state.name) === 1 ? state.name : state.pointer;
      return figures.length === 0 ? [] : [{ key, figures }];
    });
  });
  return sayOnce({ general: generalFigures(workflow), states });
}

/** The same meaning is told at the first figure that has it. */
function sayOnce({ general, states }: OpenFigures): OpenFigures {
  const told = new Set<string>();
  const once = (figure: OpenFigure): OpenFigure => {
    const isTold = told.has(figure.meaning);
    told.add(figure.meaning);
    return isTold ? { ...figure, meaning: "" } : figure;
  };
  return {
    general: general.map(once),
    states: states.map(({ key, figures }) => ({ key, figures: figures.map(once) })),
  };
}

/** Every scope of a machine, each before those inside it. */
function scopesOf(machine: Scope): readonly Scope[] {
  const scopes: Scope[] = [];
  const open: Scope[] = [machine];
  for (let scope = open.pop(); scope !== undefined; scope = open.pop()) {
    scopes.push(scope);
    for (const state of scope.states.toReversed()) {
      if (state.type === "Parallel") open.push(...state.branches.toReversed());
      else if (state.type === "Map") open.push(state.processor);
    }
  }
  return scopes;
}

function generalFigures({ type, workload }: Workflow): readonly OpenFigure[] {
  const figures: (OpenFigure | false)[] = [
    workload.executionsPerMonth === null && {
      key: "executionsPerMonth",
      value: "1M",
      meaning: "how often it runs, also 50/s or 1200/day",
      until: "unknown: costs are shown per execution and per million",
    },
    type === null && {
      key: "type",
      value: "STANDARD",
      meaning: "STANDARD or EXPRESS",
      until: "default STANDARD",
    },
    workload.peakPerSecond === null && {
      key: "peakPerSecond",
      value: "50",
      meaning: "executions started per second at the busiest time",
      until: "unknown: limits on starts are not checked",
    },
    workload.payloadKB === null && {
      key: "payloadKB",
      value: String(PAYLOAD_KB.value),
      meaning: "size of the data between states, KB",
      until: defaultWords(PAYLOAD_KB),
    },
  ];
  return figures.filter((figure) => figure !== false);
}

function figuresOf(state: State, graph: StateGraph | null, said: StateWorkload): readonly OpenFigure[] {
  switch (state.type) {
    case "Choice":
      return graph === null ? [] : choiceFigures(state, graph, said);
    case "Map":
      return mapFigures(state, said);
    case "Task":
      return taskFigures(state, said);
    case "Wait":
      return waitFigures(state, said);
    default:
      return [];
  }
}

function choiceFigures(choice: ChoiceState, graph: StateGraph, said: StateWorkload): readonly OpenFigure[] {
  const index = graph.indexOf.get(choice.name) ?? -1;
  const edges = graph.edges[index] ?? [];
  if (edges.length < 2) return [];
  const rules = edges.reduce((sum, edge) => sum + edge.rules.length, 0);
  const rest = edges.find((edge) => edge.rules.includes("default")) ?? edges.at(-1);
  const shares = edges
    .filter((edge) => edge !== rest)
    .map((edge) => [graph.nodes[edge.to]?.name ?? "", shareText(edge.rules.length / rules)] as const);
  const restName = graph.nodes[rest?.to ?? -1]?.name ?? "the last";
  const figures: OpenFigure[] = [];
  if (said.choices.size === 0) {
    figures.push({
      key: "choices",
      value: shares,
      meaning: "share of each way by its target; default: all rules alike",
      until: `the rest goes to ${quotedText(restName)}`,
    });
  }
  const { of } = stronglyConnected(
    graph.edges.map((ways) => ways.flatMap(({ to }) => (to >= 0 ? [to] : []))),
  );
  const staying = edges.filter(({ to }) => to >= 0 && of[to] === of[index]);
  const leaving = rules - staying.reduce((sum, edge) => sum + edge.rules.length, 0);
  if (staying.length > 0 && leaving > 0 && said.rounds === null) {
    const value = String(Number((rules / leaving).toFixed(2)));
    figures.push({
      key: "rounds",
      value,
      meaning: "how often the Choice that closes a loop is entered before it lets go",
      until: "default: follows from its shares",
    });
  }
  return figures;
}

function shareText(share: number): string {
  return String(Math.floor(share * 10_000) / 10_000);
}

function mapFigures(map: MapState, said: StateWorkload): readonly OpenFigure[] {
  const fallback = map.mode === "DISTRIBUTED" ? DISTRIBUTED_ITEMS : INLINE_ITEMS;
  if (said.items !== null) return [];
  const value = String(fallback.value);
  return [{ key: "items", value, meaning: "items each time the Map runs", until: defaultWords(fallback) }];
}

function taskFigures(task: TaskState, said: StateWorkload): readonly OpenFigure[] {
  const job = waitsForWork(task.resource);
  const figures: OpenFigure[] = [];
  if (said.duration === null || said.duration.ms.basis === "default") {
    const fallback = said.duration?.ms ?? (job ? JOB_DURATION_MS : TASK_DURATION_MS);
    figures.push(durationFigure(fallback, "how long one attempt lasts, also { p50: 300ms, p99: 2s }"));
  }
  if (said.failureRate === null && said.errors.size === 0) {
    figures.push({
      key: "failureRate",
      value: "0",
      meaning: "share of attempts that fail, such as 1%",
      until: "default none",
    });
  }
  if (callsLambda(task.resource) && said.lambda?.memoryMB == null) {
    figures.push({
      key: "lambda",
      value: [["memoryMB", String(LAMBDA_MEMORY_MB.value)]],
      meaning: `memory of the function, MB (${LAMBDA_MEMORY_MB.value} is AWS's default)`,
      until: "unknown: the function's duration is not priced",
    });
  }
  return figures;
}

function waitFigures(wait: WaitState, said: StateWorkload): readonly OpenFigure[] {
  if (wait.seconds !== null || said.duration !== null) return [];
  return [durationFigure(WAIT_DURATION_MS, "how long it waits")];
}

function durationFigure(fallback: Figure, meaning: string): OpenFigure {
  const { value, low, high } = fallback;
  const until = `default ${durationText(value)} (${durationText(low)} to ${durationText(high)})`;
  return { key: "duration", value: durationText(value), meaning, until };
}

/** In the largest unit that needs no fraction. */
function durationText(ms: number): string {
  const units = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1000],
  ] as const;
  const [unit, size] = units.find(([, length]) => ms >= length && ms % length === 0) ?? ["ms", 1];
  return `${ms / size}${unit}`;
}

function defaultWords({ value, low, high }: Figure): string {
  return `default ${value} (${low} to ${high})`;
}
