/** The schema of scenario files: every key with its meaning; the reader, the types and the JSON Schema come from it. */
import * as z from "zod";
import type { JsonObject, JsonValue } from "../text/json-value.ts";
import { problem, quoted } from "./quantity.ts";
import type { Parsed } from "./quantity.ts";
import { READ_ONCE, group, mapOf, readBy } from "./schema-parts.ts";
import type { JsonSchema } from "./schema-parts.ts";

const jsonValue = () => readBy(parseJson, {});
const jsonObject = () => readBy(parseObject, { type: "object" });

/** YAML knows numbers that JSON does not: `.nan`, `.inf`. */
function parseJson(written: unknown): Parsed<JsonValue> {
  const waiting: unknown[] = [written];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === "number" && !Number.isFinite(value)) return problem(`${value} is no JSON number`);
    if (typeof value === "bigint" || value === undefined) return problem(`${String(value)} is no JSON value`);
    if (typeof value === "object" && value !== null)
      for (const inner of Object.values(value)) waiting.push(inner);
  }
  return { ok: true, value: written as JsonValue };
}

function parseObject(written: unknown): Parsed<JsonObject> {
  if (typeof written !== "object" || written === null || Array.isArray(written)) {
    return problem(`${quoted(written)} stands where names belong: write a group of name: value`);
  }
  return parseJson(written) as Parsed<JsonObject>;
}

const MAX_MS = 366 * 24 * 3_600_000;
const milliseconds = readBy(
  (written): Parsed<number> =>
    typeof written === "number" && written >= 0 && written <= MAX_MS
      ? { ok: true, value: written }
      : problem(`${quoted(written)} is no time in milliseconds: write a number such as 300`),
  { type: "number", minimum: 0, maximum: MAX_MS },
);

const attempt = group({
  output: jsonValue().optional().describe("What the attempt gives: any JSON."),
  error: z
    .string()
    .nullable()
    .optional()
    .describe("The name of the error it fails with; null when it names none."),
  cause: z.string().nullable().optional().describe("The cause of the error."),
  durationMs: milliseconds.optional().describe("How long the attempt lasts, milliseconds; 0 when absent."),
  heartbeatsMs: z
    .array(milliseconds)
    .optional()
    .describe("When heartbeats come, milliseconds from the attempt's start."),
});

function isOneOf({ output, error }: z.output<typeof attempt>): boolean {
  return (output === undefined) !== (error === undefined);
}

const { $schema: _, ...attemptJson } = z.toJSONSchema(attempt, { io: "input", unrepresentable: "any" });
const outcomeJson: JsonSchema = {
  ...attemptJson,
  oneOf: [{ required: ["output"] }, { required: ["error"] }],
};
const BOTH_OR_NEITHER = "an outcome has either an output or an error: write one of them";

/** One outcome, or a list of them; a single one needs no list. */
const outcomes = z
  .unknown()
  .transform((written, context): readonly z.output<typeof attempt>[] => {
    const fail = (path: (string | number)[], message: string, input: unknown) =>
      context.issues.push({ code: "custom", message, input, path });
    const isList = Array.isArray(written);
    const list: readonly unknown[] = isList ? written : [written];
    if (list.length === 0) fail([], "an empty list says nothing: write at least one outcome", written);
    return list.flatMap((each, index) => {
      const at = isList ? [index] : [];
      const parsed = attempt.safeParse(each, READ_ONCE);
      if (parsed.success) {
        if (!isOneOf(parsed.data)) fail(at, BOTH_OR_NEITHER, each);
        return [parsed.data];
      }
      for (const issue of parsed.error.issues) {
        const path = [...at, ...issue.path];
        context.issues.push({ ...issue, path, input: issue.input } as (typeof context.issues)[number]);
      }
      return [];
    });
  })
  .meta({ anyOf: [outcomeJson, { type: "array", items: outcomeJson, minItems: 1 }] });

/** Also the format of a `resultsFile`. */
export const resultsSchema = mapOf(outcomes);

const weight = readBy(
  (written): Parsed<number> =>
    typeof written === "number" && written >= 0 && Number.isFinite(written)
      ? { ok: true, value: written }
      : problem(`${quoted(written)} is no weight: write a number of 0 or more`),
  { type: "number", minimum: 0 },
);

const name = readBy(
  (written): Parsed<string> =>
    typeof written === "string" && written.trim() !== ""
      ? { ok: true, value: written }
      : problem(`${quoted(written)} names no scenario: write a text`),
  { type: "string", pattern: "\\S" },
);

const scenario = group({
  name: name.describe("What the scenario is called; unique in the file."),
  input: jsonValue().optional().describe("The execution's input: any JSON; {} when absent."),
  inputFile: z.string().nullish().describe("A JSON or YAML file with the input, relative to this file."),
  results: resultsSchema
    .nullish()
    .describe(
      "By state: the outcomes of its attempts in order; a list that runs out repeats its last outcome.",
    ),
  resultsFile: z.string().nullish().describe("A JSON or YAML file with the results, relative to this file."),
  weight: weight
    .nullish()
    .describe("How often such an execution comes, relative to the other scenarios (1); 0 = only tried."),
  context: jsonObject().nullish().describe("Laid over the context object ($$, $states.context)."),
  seed: z.number().nullish().describe("For jitter, random numbers and UUIDs (0)."),
  expect: group({
    status: z
      .enum(["SUCCEEDED", "FAILED", "TIMED_OUT"])
      .nullish()
      .describe("How the execution ends; FAILED when only an error is given."),
    error: z.string().nullish().describe("The name of the error that ends it."),
  })
    .nullish()
    .describe("How the execution should end, when not with success."),
});

export const scenarioFileSchema = group({
  $schema: z.string().nullish().describe("Address of this schema, for editors."),
  scenarios: z.array(scenario).describe("Executions as they may really go."),
}).describe(
  "Executions of one workflow as they may really go: inputs, task results, and how often each comes.",
);

export type ScenarioFileValue = z.output<typeof scenarioFileSchema>;
export type ScenarioValue = ScenarioFileValue["scenarios"][number];
