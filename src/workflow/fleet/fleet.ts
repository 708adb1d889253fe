/** A fleet is the state machines of some accounts and regions as deployed, with what was observed of them: fleet.json. */
import type { FleetValue } from "./fleet-schema.ts";

export type Fleet = Immutable<FleetValue>;
export type FleetMachine = Fleet["machines"][number];
export type MachineMetrics = NonNullable<FleetMachine["metrics"]>;
export type ExecutionSample = NonNullable<FleetMachine["sample"]>;
export type SampledState = ExecutionSample["states"][number];
/** A mean with its 95 % interval and the number of observations. */
export type ObservedMean = ExecutionSample["states"][number]["visitsPerExecution"];
export type EndStatus = ExecutionSample["byStatus"][number]["status"];

export const END_STATUSES = [
  "SUCCEEDED",
  "FAILED",
  "TIMED_OUT",
  "ABORTED",
] as const satisfies readonly EndStatus[];

/** A fleet says so near its beginning, so that a look need not parse all of it. */
export function isFleetText(text: string): boolean {
  return /^\s*\{[^[]{0,300}"kind"\s*:\s*"fleet"/.test(text.slice(0, 400));
}

type Immutable<T> = T extends object ? { readonly [Key in keyof T]: Immutable<T[Key]> } : T;
