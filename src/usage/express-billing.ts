/**
 * Express billing turns durations and sizes into what AWS meters: time rounded up to 100 ms, memory to 64 MB.
 * https://aws.amazon.com/step-functions/pricing/
 */
import { type Distribution, expectationOf } from "../graph/distribution.ts";

const TIME_STEP_MS = 100;
export const MEMORY_STEP_MB = 64;
const BASE_MEMORY_MB = 50;

/** One execution's billed time, ms: rounded up to 100 ms, at least 100. */
export function billedMs(durationMs: number): number {
  return Math.max(1, Math.ceil(durationMs / TIME_STEP_MS - 1e-9)) * TIME_STEP_MS;
}

/** Mean of the billed times: every execution is rounded by itself, never the mean. */
export function meanBilledMs(durationMs: Distribution): number {
  return expectationOf(durationMs, billedMs);
}

export interface ExpressMemory {
  readonly definitionBytes: number;
  readonly payloadKB: number;
  /** Map iterations and Parallel branches of one execution. */
  readonly parallelSteps: number;
}

/** Memory in use, MB: 50 + definition + payload × Map or Parallel steps, KB to MB by 1,000 as on AWS's page. */
function usedMemoryMB({ definitionBytes, payloadKB, parallelSteps }: ExpressMemory): number {
  return BASE_MEMORY_MB + definitionBytes / 1e6 + (payloadKB * parallelSteps) / 1000;
}

/** Billed in chunks of 64 MB, at least one. */
export function billedMemoryMB(memory: ExpressMemory): number {
  return Math.max(1, Math.ceil(usedMemoryMB(memory) / MEMORY_STEP_MB - 1e-9)) * MEMORY_STEP_MB;
}

/** GB-seconds; MB to GB by 1,024. */
export function gbSeconds(ms: number, memoryMB: number): number {
  return (ms / 1000) * (memoryMB / 1024);
}
