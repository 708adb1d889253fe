/**
 * Map states: the processor, how it runs, and what a Distributed Map reads and writes.
 * Fields: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
import type { NumberRule, Reading } from "./field-reader.ts";
import {
  checkExclusive,
  checkFieldNames,
  COUNT,
  hasField,
  POSITIVE,
  readNumber,
  readObject,
  readOneOf,
  readString,
  reportAt,
  reportMissing,
} from "./field-reader.ts";
import { pointerTo } from "../text/json-value.ts";
import {
  ITEM_BATCHER_FIELDS,
  ITEM_READER_FIELDS,
  PROCESSOR_CONFIG_FIELDS,
  READER_CONFIG_FIELDS,
  RESULT_WRITER_FIELDS,
  WRITER_CONFIG_FIELDS,
} from "./state-fields.ts";
import type { ItemBatcher, MapState } from "../state-machine.ts";

const PERCENTAGE: NumberRule = { min: 0, max: 100, integer: false };
/** https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html */
const BATCH_BYTES: NumberRule = { min: 1, max: 262_144, integer: true };
/** https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html, field Label. */
const MAX_LABEL_CHARACTERS = 40;
const DISTRIBUTED_ONLY = [
  ...[
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "Label",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
  ],
  ...["ToleratedFailurePercentage", "ToleratedFailurePercentagePath"],
];

/** All of a Map state but its processor's states. */
export type MapFields = Pick<
  MapState,
  | "mode"
  | "executionType"
  | "maxConcurrency"
  | "itemBatcher"
  | "toleratedFailurePercentage"
  | "toleratedFailureCount"
  | "itemReader"
  | "resultWriter"
>;

export function parseMapFields(state: Reading): MapFields {
  const { mode, executionType } = parseProcessorConfig(state);
  if (mode === "INLINE") warnOfDistributedFields(state);
  for (const field of ["MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"]) {
    checkExclusive(state, field, `${field}Path`);
  }
  checkLabel(state);
  return {
    mode,
    executionType,
    maxConcurrency: readNumber(state, "MaxConcurrency", COUNT, true) || null,
    itemBatcher: parseItemBatcher(state),
    toleratedFailurePercentage: readNumber(state, "ToleratedFailurePercentage", PERCENTAGE, true),
    toleratedFailureCount: readNumber(state, "ToleratedFailureCount", COUNT, true),
    itemReader: parseItemReader(state),
    resultWriter: parseResultWriter(state),
  };
}

/** The field that holds the processor, or null when there is none. */
export function processorField(state: Reading): "ItemProcessor" | "Iterator" | null {
  checkExclusive(state, "ItemProcessor", "Iterator");
  if (hasField(state, "ItemProcessor")) return "ItemProcessor";
  if (hasField(state, "Iterator")) return "Iterator";
  reportMissing(state, "ItemProcessor");
  return null;
}

function parseProcessorConfig(state: Reading): Pick<MapState, "mode" | "executionType"> {
  const inline = { mode: "INLINE", executionType: "STANDARD" } as const;
  const field = hasField(state, "ItemProcessor") ? "ItemProcessor" : "Iterator";
  const processor = readObject({ ...state, report: () => undefined }, field, state.subject);
  const config =
    processor && readObject({ ...processor, report: state.report }, "ProcessorConfig", "ProcessorConfig");
  if (config === null) return inline;
  checkFieldNames(config, PROCESSOR_CONFIG_FIELDS);
  const mode = readOneOf(config, "Mode", ["INLINE", "DISTRIBUTED"]) ?? "INLINE";
  const executionType = readOneOf(config, "ExecutionType", ["STANDARD", "EXPRESS"]);
  if (mode === "DISTRIBUTED" && !hasField(config, "ExecutionType")) {
    reportMissing(
      config,
      "ExecutionType",
      `Distributed mode needs "ExecutionType": "STANDARD" or "EXPRESS".`,
    );
  }
  return { mode, executionType: executionType ?? "STANDARD" };
}

function warnOfDistributedFields(state: Reading): void {
  for (const key of DISTRIBUTED_ONLY) {
    if (!hasField(state, key)) continue;
    state.report({
      code: "distributed-field",
      severity: "warning",
      message: `"${key}" only applies to a Map in distributed mode, and ${state.subject} runs inline.`,
      pointer: pointerTo(state.pointer, key),
      hint: `Set "ProcessorConfig": { "Mode": "DISTRIBUTED", … }, or remove the field.`,
    });
  }
}

function parseItemBatcher(state: Reading): ItemBatcher | null {
  const batcher = readObject(state, "ItemBatcher", "ItemBatcher");
  if (batcher === null) return null;
  checkFieldNames(batcher, ITEM_BATCHER_FIELDS);
  const limits = ["MaxItemsPerBatch", "MaxInputBytesPerBatch"];
  for (const limit of limits) checkExclusive(batcher, limit, `${limit}Path`);
  if (!limits.some((limit) => hasField(batcher, limit) || hasField(batcher, `${limit}Path`))) {
    reportMissing(batcher, "MaxItemsPerBatch", `Set "MaxItemsPerBatch", "MaxInputBytesPerBatch" or both.`);
  }
  return {
    maxItemsPerBatch: readNumber(batcher, "MaxItemsPerBatch", POSITIVE, true),
    maxInputBytesPerBatch: readNumber(batcher, "MaxInputBytesPerBatch", BATCH_BYTES, true),
  };
}

function parseItemReader(state: Reading): string | null {
  const reader = readObject(state, "ItemReader", "ItemReader");
  if (reader === null) return null;
  checkFieldNames(reader, ITEM_READER_FIELDS);
  const config = readObject(reader, "ReaderConfig", "ReaderConfig");
  if (config !== null) {
    readNumber(config, "MaxItems", COUNT, true);
    checkExclusive(config, "MaxItems", "MaxItemsPath");
    checkFieldNames(config, READER_CONFIG_FIELDS);
    readOneOf(config, "InputType", ["CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"]);
    readOneOf(config, "CSVHeaderLocation", ["FIRST_ROW", "GIVEN"]);
    readOneOf(config, "CSVDelimiter", ["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"]);
  }
  return readString(reader, "Resource", true);
}

/** WriterConfig alone is enough: it then only shapes the output. */
function parseResultWriter(state: Reading): string | null {
  const writer = readObject(state, "ResultWriter", "ResultWriter");
  if (writer === null) return null;
  checkFieldNames(writer, RESULT_WRITER_FIELDS);
  const config = readObject(writer, "WriterConfig", "WriterConfig");
  if (config !== null) {
    checkFieldNames(config, WRITER_CONFIG_FIELDS);
    readOneOf(config, "OutputType", ["JSON", "JSONL"]);
    readOneOf(config, "Transformation", ["NONE", "COMPACT", "FLATTEN"]);
  }
  return readString(writer, "Resource", !hasField(writer, "WriterConfig"));
}

function checkLabel(state: Reading): void {
  const label = readString(state, "Label");
  if (label === null || label.length <= MAX_LABEL_CHARACTERS) return;
  const message = `"Label" has ${label.length} characters; at most ${MAX_LABEL_CHARACTERS} are allowed.`;
  reportAt(state, "Label", ["value-out-of-range", message]);
}
