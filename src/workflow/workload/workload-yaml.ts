/** Workload YAML is a workload written as the stepfare.yml that says the same: read back, it gives the same figures. */
import type { Figure } from "../figure.ts";
import { statesOf } from "../state-identity.ts";
import type { StateMachine } from "../state-machine.ts";
import {
  type DurationFigure,
  EMPTY_STATE_WORKLOAD,
  type StateWorkload,
  type Workload,
  workloadOfState,
} from "./workload.ts";

export interface WrittenRun {
  readonly name: string;
  readonly region: string;
  readonly transitionRule: string;
  readonly stateMachine: StateMachine;
  readonly workload: Workload;
}

export function writeWorkloadFile({
  name,
  region,
  transitionRule,
  stateMachine,
  workload,
}: WrittenRun): string {
  const own = workflowLines(workload);
  const states = stateLines(stateMachine, workload);
  return [
    `region: ${region}`,
    `transitionRule: ${transitionRule}`,
    "workflows:",
    `  ${text(name)}:`,
    ...(own.length + states.length === 0 ? ["    {}"] : own.map((line) => `    ${line}`)),
    ...(states.length === 0 ? [] : ["    states:", ...states.map((line) => `      ${line}`)]),
    "",
  ].join("\n");
}

function workflowLines(workload: Workload): readonly string[] {
  const { logLevel, logExecutionData, tracing, needsHistory, suppressions } = workload;
  const lines = [
    ...figureLine("executionsPerMonth", workload.executionsPerMonth),
    ...figureLine("peakPerSecond", workload.peakPerSecond),
    ...figureLine("payloadKB", workload.payloadKB),
    ...(logLevel === null ? [] : [`logLevel: ${text(logLevel)}`]),
    ...(logExecutionData === null ? [] : [`logExecutionData: ${String(logExecutionData)}`]),
    ...(tracing === null ? [] : [`tracing: ${String(tracing)}`]),
    ...(needsHistory ? ["needsHistory: true"] : []),
  ];
  const suppressed = suppressions.map(({ rule, state, reason }) =>
    [
      `rule: ${text(rule)}`,
      ...(state === null ? [] : [`state: ${text(state)}`]),
      `reason: ${text(reason)}`,
    ].join(", "),
  );
  return suppressed.length === 0
    ? lines
    : [...lines, "suppress:", ...suppressed.map((each) => `  - { ${each} }`)];
}

/** By name, and by pointer where a name occurs twice; states of which nothing is said have no line. */
function stateLines(stateMachine: StateMachine, workload: Workload): readonly string[] {
  const states = statesOf(stateMachine);
  const times = new Map<string, number>();
  for (const { name } of states) times.set(name, (times.get(name) ?? 0) + 1);
  return states.flatMap((state) => {
    const said = workloadOfState(workload, state);
    const fields = said === EMPTY_STATE_WORKLOAD ? [] : stateFields(said);
    const key = times.get(state.name) === 1 ? state.name : state.pointer;
    return fields.length === 0 ? [] : [`${text(key)}: { ${fields.join(", ")} }`];
  });
}

/** What was seen attempt by attempt has no words in the file, and stays out. */
function stateFields(said: StateWorkload): readonly string[] {
  const { choices, errors, lambda, idempotent, duration } = said;
  const memory = lambda?.memoryMB ?? null;
  const architecture = lambda?.architecture ?? null;
  const lambdaFields = [
    ...figureLine("memoryMB", memory),
    ...(architecture === null ? [] : [`architecture: ${architecture}`]),
  ];
  return [
    ...mapLine("choices", choices),
    ...figureLine("items", said.items),
    ...figureLine("itemKB", said.itemKB),
    ...figureLine("batchItems", said.batchItems),
    ...figureLine("rounds", said.rounds),
    ...(duration === null ? [] : [`duration: ${durationText(duration)}`]),
    ...mapLine("errors", errors),
    ...figureLine("failureRate", said.failureRate),
    ...(lambdaFields.length === 0 ? [] : [`lambda: { ${lambdaFields.join(", ")} }`]),
    ...(idempotent === null ? [] : [`idempotent: ${String(idempotent)}`]),
  ];
}

function mapLine(key: string, figures: ReadonlyMap<string, Figure>): readonly string[] {
  if (figures.size === 0) return [];
  const entries = [...figures].map(([name, figure]) => `${text(name)}: ${figureText(figure, number)}`);
  return [`${key}: { ${entries.join(", ")} }`];
}

function figureLine(key: string, figure: Figure | null): readonly string[] {
  return figure === null ? [] : [`${key}: ${figureText(figure, number)}`];
}

function figureText({ value, low, high }: Figure, words: (value: number) => string): string {
  return low === value && high === value
    ? words(value)
    : `{ low: ${words(low)}, likely: ${words(value)}, high: ${words(high)} }`;
}

function durationText({ ms, percentiles }: DurationFigure): string {
  if (percentiles === null) return figureText(ms, milliseconds);
  const points = percentiles.map(
    ([share, at]) => `p${number(Number((share * 100).toPrecision(12)))}: ${milliseconds(at)}`,
  );
  return `{ ${points.join(", ")} }`;
}

/** Without an exponent, which a duration may not have. */
function milliseconds(ms: number): string {
  const plain = ms.toLocaleString("en-US", { useGrouping: false, maximumFractionDigits: 20 });
  return `${plain}ms`;
}

function number(value: number): string {
  return String(value);
}

function text(value: string): string {
  const isPlain = /^[A-Za-z_][\w.-]*$/.test(value) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(value);
  return isPlain ? value : quotedText(value);
}

/** What YAML takes for a line's end, what turns the direction of writing, and what nobody sees. */
const ESCAPED = /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** In JSON's quotes, which are YAML's too. */
export function quotedText(value: string): string {
  return JSON.stringify(value).replaceAll(
    ESCAPED,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
