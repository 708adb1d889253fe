/**
 * The fields each part of a definition may have, by query language.
 * Common fields: https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
 * Query languages: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
import type { QueryLanguage, State } from "../state-machine.ts";

export interface FieldTable {
  readonly both: readonly string[];
  readonly JSONPath: readonly string[];
  readonly JSONata: readonly string[];
}

const COMMON = ["Type", "Comment", "QueryLanguage"];
const FLOW = [...COMMON, "Assign", "Next", "End"];
const IN_OUT = ["InputPath", "OutputPath"];
const ERRORS = ["Retry", "Catch"];

export const STATE_FIELDS: Readonly<Record<State["type"], FieldTable>> = {
  Pass: { both: FLOW, JSONPath: [...IN_OUT, "Parameters", "Result", "ResultPath"], JSONata: ["Output"] },
  Task: {
    both: [...FLOW, ...ERRORS, "Resource", "TimeoutSeconds", "HeartbeatSeconds", "Credentials"],
    JSONPath: [
      ...IN_OUT,
      ...["Parameters", "ResultSelector", "ResultPath", "TimeoutSecondsPath", "HeartbeatSecondsPath"],
    ],
    JSONata: ["Arguments", "Output"],
  },
  Choice: { both: [...COMMON, "Assign", "Choices", "Default"], JSONPath: IN_OUT, JSONata: ["Output"] },
  Wait: {
    both: [...FLOW, "Seconds", "Timestamp"],
    JSONPath: [...IN_OUT, "SecondsPath", "TimestampPath"],
    JSONata: ["Output"],
  },
  Succeed: { both: COMMON, JSONPath: IN_OUT, JSONata: ["Output"] },
  Fail: { both: [...COMMON, "Error", "Cause"], JSONPath: ["ErrorPath", "CausePath"], JSONata: [] },
  Parallel: {
    both: [...FLOW, ...ERRORS, "Branches"],
    JSONPath: [...IN_OUT, "Parameters", "ResultSelector", "ResultPath"],
    JSONata: ["Arguments", "Output"],
  },
  Map: {
    both: [
      ...FLOW,
      ...ERRORS,
      ...["ItemProcessor", "Iterator", "ItemReader", "ItemSelector", "ItemBatcher", "ResultWriter", "Label"],
      ...["MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"],
    ],
    JSONPath: [
      ...IN_OUT,
      ...["ItemsPath", "Parameters", "ResultSelector", "ResultPath", "MaxConcurrencyPath"],
      ...["ToleratedFailureCountPath", "ToleratedFailurePercentagePath"],
    ],
    JSONata: ["Items", "Output"],
  },
};

const table = (both: readonly string[], JSONPath: readonly string[] = [], JSONata: readonly string[] = []) =>
  ({ both, JSONPath, JSONata }) satisfies FieldTable;

export const MACHINE_FIELDS = table([
  ...["Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version"],
]);
export const BRANCH_FIELDS = table(["Comment", "QueryLanguage", "StartAt", "States"]);
export const PROCESSOR_FIELDS = table([...BRANCH_FIELDS.both, "ProcessorConfig"]);
export const RETRIER_FIELDS = table([
  ...[
    "ErrorEquals",
    "IntervalSeconds",
    "MaxAttempts",
    "BackoffRate",
    "MaxDelaySeconds",
    "JitterStrategy",
    "Comment",
  ],
]);
export const CATCHER_FIELDS = table(["ErrorEquals", "Next", "Assign", "Comment"], ["ResultPath"], ["Output"]);
export const CREDENTIALS_FIELDS = table(["RoleArn"], ["RoleArn.$"]);
export const PROCESSOR_CONFIG_FIELDS = table(["Mode", "ExecutionType"]);
export const ITEM_BATCHER_FIELDS = table(
  ["BatchInput", "MaxItemsPerBatch", "MaxInputBytesPerBatch"],
  ["MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath"],
);
export const ITEM_READER_FIELDS = table(["Resource", "ReaderConfig"], ["Parameters"], ["Arguments"]);
/** https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html */
export const READER_CONFIG_FIELDS = table(
  [
    ...["InputType", "Transformation", "ManifestType", "CSVHeaderLocation", "CSVHeaders", "CSVDelimiter"],
    ...["MaxItems", "ItemsPointer"],
  ],
  ["MaxItemsPath", "Parameters"],
  ["Arguments"],
);
/** https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html */
export const WRITER_CONFIG_FIELDS = table(["OutputType", "Transformation"]);
export const RESULT_WRITER_FIELDS = table(["Resource", "WriterConfig"], ["Parameters"], ["Arguments"]);

export const otherLanguage = (language: QueryLanguage): QueryLanguage =>
  language === "JSONPath" ? "JSONata" : "JSONPath";
