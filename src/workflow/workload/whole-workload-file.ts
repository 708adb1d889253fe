/** A whole workload file is read at once, in whatever YAML there is: for who has its text and cannot wait. */
import { readAllWorkloadText } from "./all-workload-text.ts";
import type { WorkloadFile } from "./workload-file.ts";
import { type WorkloadReading, parseWorkload, readWorkload } from "./workload-file-reader.ts";

/** `file` is the name that places and notes carry. Never throws. */
export function readWorkloadFile(text: string, file: string): WorkloadReading {
  return readWorkload(readAllWorkloadText(text, file), file);
}

/** As `readWorkloadFile`; throws one UserError `invalid-workload-file` that lists all errors, a line each. */
export function parseWorkloadFile(text: string, file: string): WorkloadFile {
  return parseWorkload(readAllWorkloadText(text, file), file);
}
