/** A waiting line is what becomes of the requests to one service that serves so many at once and lets the others wait their turn. */
import { type Wait, constantServiceWait, memorylessServiceWait } from "./waiting-time.ts";

/** Requests of one Task, which come at random; nobody is turned away. */
export interface WaitingLine {
  readonly state: string;
  readonly places: number;
  readonly atMean: LineWait;
  /** Null = no peak is known. */
  readonly atPeak: LineWait | null;
}

export interface LineWait {
  /** Share of the places in use; from 1 on the line grows without end. */
  readonly use: number;
  /** Where all requests take equally long, the least there is, and where their times have no memory; null = without end. */
  readonly between: readonly [equal: Wait, memoryless: Wait] | null;
}

/** What it is asked, in requests open at once if none had to wait. */
export interface LineLoad {
  readonly state: string;
  readonly attemptMs: number;
  readonly atOnce: number;
  readonly atOnceAtPeak: number | null;
}

export function waitInLine(
  { state, attemptMs, atOnce, atOnceAtPeak }: LineLoad,
  places: number,
): WaitingLine {
  const wait = (load: number): LineWait => {
    const line = { places, load, serviceMs: attemptMs };
    const use = load / places;
    return { use, between: use < 1 ? [constantServiceWait(line), memorylessServiceWait(line)] : null };
  };
  return { state, places, atMean: wait(atOnce), atPeak: atOnceAtPeak === null ? null : wait(atOnceAtPeak) };
}
