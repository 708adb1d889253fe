/** The trace report is all that `trace` has to say of one execution acted out. */
import type { ExecutionTrace } from "../scenario/execution-trace.ts";

export interface TraceReport extends ExecutionTrace {
  readonly schemaVersion: "1";
  readonly kind: "trace";
  /** The definition's, as its file is called. */
  readonly name: string;
}

export function reportTrace(name: string, trace: ExecutionTrace): TraceReport {
  return { schemaVersion: "1", kind: "trace", name, ...trace };
}
