/** The schema of stepfare.yml: every key with its meaning; the reader, the types and the JSON Schema come from it. */
import * as z from "zod";
import { DURATION_PATTERN, PERCENTILE_PATTERN, parseDuration } from "./duration.ts";
import {
  COUNT_PATTERN,
  MEMORY_PATTERN,
  PERCENT_PATTERN,
  RATE_PATTERN,
  SHARE_PATTERN,
  SIZE_PATTERN,
  parseCount,
  parseMemoryMB,
  parsePercent,
  parseRange,
  parseRate,
  parseRounds,
  parseShare,
  parseSizeKB,
  quoted,
} from "./quantity.ts";
import type { Parsed, Range } from "./quantity.ts";
import { policies } from "./policies-schema.ts";
import { REGION_PATTERN } from "../fleet/region-name.ts";
import { SCHEDULE_PATTERN, parseSchedule } from "./schedule.ts";
import { type JsonSchema, NOT_NEGATIVE, group, mapOf, readBy, textMatching } from "./schema-parts.ts";

function rangeOf(parse: (written: unknown) => Parsed<number>, one: readonly JsonSchema[]) {
  return readBy((written): Parsed<Range> => parseRange(written, parse), { anyOf: [...one, rangeJson(one)] });
}

function rangeJson(one: readonly JsonSchema[]): JsonSchema {
  const end = { anyOf: one };
  return {
    type: "object",
    description: "The likely value and the ends of its range, which default to it.",
    properties: { low: end, likely: end, high: end },
    required: ["likely"],
    additionalProperties: false,
  };
}

const count = rangeOf(parseCount, [NOT_NEGATIVE, textMatching(COUNT_PATTERN)]);
const rate = rangeOf(parseRate, [NOT_NEGATIVE, textMatching(RATE_PATTERN)]);
const share = rangeOf(parseShare, [{ type: "number", minimum: 0, maximum: 1 }, textMatching(SHARE_PATTERN)]);
const sizeKB = rangeOf(parseSizeKB, [NOT_NEGATIVE, textMatching(SIZE_PATTERN)]);
const memoryMB = rangeOf(parseMemoryMB, [
  { type: "number", exclusiveMinimum: 0 },
  textMatching(MEMORY_PATTERN),
]);
const rounds = rangeOf(parseRounds, [{ type: "number", minimum: 1 }, textMatching(COUNT_PATTERN)]);

const durationTexts: readonly JsonSchema[] = [
  { ...textMatching(DURATION_PATTERN), examples: ["300ms", "1.5s", "5m", "2h"] },
  { enum: [0, "0"] },
];
const duration = readBy(parseDuration, {
  anyOf: [
    ...durationTexts,
    rangeJson(durationTexts),
    {
      type: "object",
      description: "Durations by percentile.",
      patternProperties: { [PERCENTILE_PATTERN.source]: { anyOf: durationTexts } },
      minProperties: 1,
      additionalProperties: false,
    },
  ],
});

const flag = (description: string) => z.boolean().nullish().describe(description);

const lambda = group({
  memoryMB: memoryMB.nullish().describe("Memory of the function, MB: 512, 512MB or 2GB."),
  architecture: z.enum(["x86_64", "arm64"]).nullish().describe("Instruction set of the function."),
});

const state = group({
  choices: mapOf(share.nullish())
    .nullish()
    .describe(
      "Choice: share of each branch, by target state, rule number or default. The rest goes to Default.",
    ),
  items: count.nullish().describe("Map: items per execution of the state."),
  itemKB: sizeKB.nullish().describe("Map: size of one item, KB of 1,000 bytes."),
  batchItems: count
    .nullish()
    .describe("Map with an ItemBatcher: items of one batch, where they are computed at run time."),
  rounds: rounds.nullish().describe("Choice that closes a loop: how often it is entered before it lets go."),
  duration: duration
    .nullish()
    .describe("How long one attempt lasts: 300ms, 1.5s, 5m, 2h; { low, likely, high } or { p50, p99 }."),
  errors: mapOf(share.nullish()).nullish().describe("Share of attempts that fail, by error name."),
  failureRate: share.nullish().describe("Share of attempts that fail with any error no name is given for."),
  lambda: lambda.nullish().describe("The Lambda function that the Task calls."),
  idempotent: flag("The Task's work can be repeated without harm."),
});

const text = (description: string) =>
  z
    .string()
    .refine((written) => written.trim() !== "", {
      error: ({ input }) => `${quoted(input)} says nothing: write a few words`,
    })
    .describe(description);

const suppression = group({
  rule: text("The rule that is not to be heard of, such as task-without-timeout."),
  state: z.string().nullish().describe("The state it is for; all of them when absent."),
  reason: text("Why it does not matter here; shown beside the suppressed finding."),
});

const common = {
  executionsPerMonth: rate
    .nullish()
    .describe("Executions per month: 1M, 1_000_000, or a rate such as 50/s or 1200/day."),
  perSecond: count.nullish().describe("Executions per second on average, instead of executionsPerMonth."),
  perDay: count.nullish().describe("Executions per day, instead of executionsPerMonth."),
  schedule: readBy(parseSchedule, {
    ...textMatching(SCHEDULE_PATTERN),
    examples: ["rate(5 minutes)", "cron(0 12 * * ? *)"],
  })
    .nullish()
    .describe("EventBridge schedule that starts the workflow, instead of executionsPerMonth."),
  peakPerSecond: count.nullish().describe("Executions started per second at the busiest time."),
  payloadKB: sizeKB.nullish().describe("Size of the data that flows between states, KB of 1,000 bytes."),
  logLevel: z
    .enum(["ALL", "ERROR", "FATAL", "OFF"])
    .nullish()
    .describe("CloudWatch Logs level of the state machine."),
  logExecutionData: flag("Whether inputs and outputs are logged too."),
  tracing: flag("Whether X-Ray traces are sent."),
  needsHistory: flag(
    "True when redrive or the 90-day execution history is needed: then Express is no option.",
  ),
  suppress: z
    .array(suppression)
    .nullish()
    .describe("Findings and opportunities that are not to be shown, each with its reason."),
};

const match = group({
  file: z.string().nullish().describe("Glob for definition files, relative to the folder of this file."),
  arn: z.string().nullish().describe("ARN of the state machine; * stands for anything."),
});

const workflow = group({
  match: match.nullish().describe("Which workflows this entry is for, instead of those of its name."),
  type: z
    .enum(["STANDARD", "EXPRESS"])
    .nullish()
    .describe("Type of the workflow, where its definition does not say."),
  scenarios: z
    .string()
    .nullish()
    .describe("The workflow's scenario file, or a glob for several, relative to the folder of this file."),
  ...common,
  states: mapOf(state.nullish())
    .nullish()
    .describe("Figures of states, by name, or by JSON pointer where a name occurs twice."),
});

export const workloadFileSchema = group({
  $schema: z.string().nullish().describe("Address of this schema, for editors."),
  region: z
    .string()
    .regex(REGION_PATTERN)
    .nullish()
    .describe("AWS region whose prices apply, such as us-east-1."),
  transitionRule: z
    .enum(["entered", "start+entered", "start+entered+end"])
    .nullish()
    .describe("Which transitions count as billed for one execution; start+entered when absent."),
  prices: group({
    discount: readBy(parsePercent, { ...textMatching(PERCENT_PATTERN), examples: ["9%"] })
      .nullish()
      .describe("Discount on every list price."),
    list: z.string().nullish().describe("A private price list: path relative to the folder of this file."),
  })
    .nullish()
    .describe("What you pay instead of the list price."),
  defaults: group(common)
    .nullish()
    .describe("What holds for every workflow unless its own entry says otherwise."),
  workflows: mapOf(workflow.nullish())
    .nullish()
    .describe("Workflows by name: an ASL file's name without .asl.json, a template's logical or given name."),
  policies: policies
    .nullish()
    .describe("What a pull request may cost before `stepfare diff` warns or fails."),
}).describe(
  "What Step Functions definitions cannot know: executions, branch shares, items, durations, prices.",
);

export type WorkloadFileValue = z.output<typeof workloadFileSchema>;
export type WorkflowValue = NonNullable<z.output<typeof workflow>>;
export type StateValue = NonNullable<z.output<typeof state>>;
