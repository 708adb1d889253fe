/** A measured execution is what CloudWatch says that one execution of a deployed machine uses in the mean: it stands over what a definition lets expect. */
import type { Percentiles } from "../workflow/percentile-curve.ts";

export interface MeasuredExecution {
  /** State transitions of a Standard execution, all that AWS counted; null = not counted. */
  readonly transitions: number | null;
  /**
   * State transitions of a whole month in which none started: executions of the months before made them, so they are
   * of no execution of this one, and of no type it might have. 0 where some started, for then they are in `transitions`.
   */
  readonly carriedTransitions: number;
  /** How long executions take, ms; null = not measured. */
  readonly durationMs: Percentiles | null;
  /**
   * What Express bills of the time: counted where the machine is Express, else the mean of rounded durations, shaped
   * by the percentiles around the measured mean. Off by less than 100 ms, since each is rounded up by less than that.
   */
  readonly billedDurationMs: number | null;
  /** Mean billed memory of an Express execution; GB-seconds are exact where all executions are billed alike. */
  readonly billedMemoryMB: number | null;
}
