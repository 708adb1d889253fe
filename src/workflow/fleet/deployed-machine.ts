/** A deployed machine is what was observed of a workflow on AWS, and over which period. */
import type { Fleet, FleetMachine } from "./fleet.ts";

export interface DeployedMachine {
  readonly machine: FleetMachine;
  /** `2026-10`; null when the period is no month. */
  readonly month: string | null;
  readonly period: Fleet["period"];
}
