/** The schema of fleet.json, the file that `collect` writes: its types and its JSON Schema come from it. */
import * as z from "zod";

const count = z.number().min(0);
const interval = {
  low: z.number().describe("Lower end of the 95 % interval."),
  high: z.number().describe("Upper end of the 95 % interval."),
};
const n = count.describe("Observations it rests on.");

const mean = z
  .object({ mean: z.number().describe("Weighted mean."), ...interval, n })
  .describe("A mean with its interval.");

const figure = z
  .object({ likely: z.number().describe("The observed value."), ...interval, n })
  .describe("An observed figure.");

const status = z.enum(["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]);

const branch = z.object({
  to: z.string().describe("The state that followed."),
  count: count.describe("Visits that left this way."),
  share: z.number().min(0).max(1).describe("Weighted share of the visits that left."),
});

const observedError = z.object({
  error: z.string().describe("Error name."),
  count: count.describe("Attempts that failed with it."),
  share: z.number().min(0).max(1).describe("Weighted share of the attempts."),
});

const sampledState = z.object({
  name: z.string().describe("The state's name."),
  type: z.string().describe("The state's type, such as Task."),
  visits: count.describe("Visits seen."),
  visitsPerExecution: mean.describe("Visits per execution."),
  next: z.array(branch).describe("What followed; for a Choice, its branches taken."),
  effectiveVisits: count.describe(
    "Independent visits that would tell as much: fewer than seen when visits of one execution resemble each other.",
  ),
  attempts: count.describe("Attempts seen, retries included."),
  effectiveAttempts: count.describe("Independent attempts that would tell as much."),
  errors: z.array(observedError).describe("Failed attempts by error name."),
  items: mean.nullable().describe("Map: items per visit."),
  durationMs: mean
    .extend({
      percentiles: z
        .array(z.tuple([z.number().min(0).max(1), count]))
        .describe("Pairs of [share, milliseconds]."),
    })
    .nullable()
    .describe("One attempt (Task), or one stay (Wait), milliseconds."),
  inputBytes: mean.nullable().describe("Bytes of the state's input."),
  outputBytes: mean.nullable().describe("Bytes of the state's output."),
});

const sample = z.object({
  histories: count.describe("Executions whose events were read to the end."),
  source: z.enum(["histories", "logs"]).describe("Where the events come from."),
  executions: count.nullable().describe("Ended executions of the period that the sample stands for."),
  from: z.string().nullable().describe("Start of the earliest execution that could have been drawn."),
  until: z.string().nullable().describe("Start of the latest execution that could have been drawn."),
  complete: z.boolean().describe("Whether every ended execution of the period could have been drawn."),
  byStatus: z
    .array(
      z.object({
        status: status.describe("How executions ended."),
        executions: count.describe("Executions of the period that ended so."),
        histories: count.describe("Of which these many were read."),
      }),
    )
    .describe("Executions and histories by how they ended; each history is weighted by their ratio."),
  transitions: mean.nullable().describe("State transitions per execution, by history arithmetic."),
  historyEvents: mean.nullable().describe("History events per execution."),
  states: z.array(sampledState).describe("What was seen of each state."),
  payloads: z
    .array(
      z.object({
        status: status.describe("How the execution ended."),
        input: z.string().nullable().describe("Its input as JSON text."),
        output: z.string().nullable().describe("Its output as JSON text."),
      }),
    )
    .nullable()
    .describe("Inputs and outputs of executions; null unless they were asked for."),
});

const metrics = z.object({
  started: count.nullable().describe("Executions started."),
  succeeded: count.nullable().describe("Executions that succeeded."),
  failed: count.nullable().describe("Executions that failed."),
  timedOut: count.nullable().describe("Executions that timed out."),
  aborted: count.nullable().describe("Executions that were aborted."),
  throttled: count.nullable().describe("StateEntered events and retries that were throttled."),
  durationMs: z
    .object({
      mean: z.number().describe("Sum over count, milliseconds."),
      p50: z.number().nullable().describe("Half of the executions last at most this, milliseconds."),
      p90: z.number().nullable().describe("Nine in ten last at most this, milliseconds."),
      p99: z.number().nullable().describe("99 in 100 last at most this, milliseconds."),
    })
    .nullable()
    .describe("How long executions took; null when none ended."),
  transitions: count
    .nullable()
    .describe("State transitions consumed; null when CloudWatch does not give them per machine."),
  expressBilledDurationMs: count.nullable().describe("Express: billed duration of all executions together."),
  expressBilledMemoryMB: count.nullable().describe("Express: mean billed memory of an execution."),
  startedByDay: z
    .array(count.nullable())
    .describe("Executions started on each day of the period; null where CloudWatch has no data point."),
});

const stateFigures = z.object({
  choices: z.record(z.string(), figure).optional().describe("Share of each branch."),
  items: figure.optional().describe("Items per execution of the state."),
  duration: figure.optional().describe("One attempt, milliseconds."),
  errors: z.record(z.string(), figure).optional().describe("Share of attempts that fail, by error name."),
});

const workload = z.object({
  executionsPerMonth: figure.nullable().describe("Executions of a month."),
  payloadKB: figure.nullable().describe("Data that flows between states, KB of 1,000 bytes."),
  states: z.record(z.string(), stateFigures).describe("Figures of states, by name."),
});

const place = z.object({
  file: z.string(),
  line: z.number(),
  column: z.number(),
  pointer: z.string(),
});

const diagnostic = z.object({
  code: z.string().describe("What kind of thing it is; names its page in docs/."),
  severity: z.enum(["error", "warning", "info"]).describe("How bad it is."),
  message: z.string().describe("What is wrong and why."),
  at: place.nullable().describe("Where, when it concerns a file."),
  hint: z.string().nullable().describe("What to do."),
});

const fleetMachineSchema = z.object({
  arn: z.string().describe("ARN of the state machine."),
  name: z.string().describe("Its name."),
  account: z.string().describe("The account it lives in."),
  region: z.string().describe("The region it lives in."),
  type: z.enum(["STANDARD", "EXPRESS"]).describe("Its type."),
  createdAt: z.string().nullable().describe("When it was created."),
  revisionId: z.string().nullable().describe("Revision of the definition; null for one never updated."),
  definition: z.string().nullable().describe("The definition as deployed; null when it could not be read."),
  logging: z
    .object({
      level: z.enum(["ALL", "ERROR", "FATAL", "OFF"]).describe("What is logged."),
      includeExecutionData: z.boolean().describe("Whether inputs and outputs are logged too."),
      logGroups: z.array(z.string()).describe("ARNs of the log groups."),
    })
    .nullable()
    .describe("Logging to CloudWatch Logs; null when not known."),
  tracing: z.boolean().nullable().describe("Whether X-Ray traces are sent."),
  tags: z
    .array(z.object({ key: z.string().describe("Key."), value: z.string().describe("Value.") }))
    .nullable()
    .describe("Tags; null when they could not be read."),
  aliases: z.array(z.string()).nullable().describe("ARNs of its aliases; null when they were not asked for."),
  versions: z
    .array(z.string())
    .nullable()
    .describe("ARNs of its versions; null when they were not asked for."),
  metrics: metrics
    .nullable()
    .describe("What CloudWatch counted in the period; null when it could not be read."),
  sample: sample.nullable().describe("What a sample of executions showed; null when none was drawn."),
  workload: workload.describe("The observed figures, by the keys of stepfare.yml."),
});

export const fleetSchema = z
  .object({
    schemaVersion: z.literal("1").describe("Version of this format."),
    kind: z.literal("fleet").describe("What kind of file it is."),
    month: z.string().nullable().describe("The month, such as 2026-10; null for another period."),
    period: z
      .object({
        from: z.string().describe("First instant, UTC."),
        until: z.string().describe("First instant after it, UTC."),
        partial: z.boolean().describe("The month was not over when it was collected."),
      })
      .describe("What the figures are of."),
    collectedWith: z
      .object({
        calls: count.describe("Calls to AWS whose answers are in this file."),
        metrics: count.describe("Metrics asked of CloudWatch, which AWS bills."),
        cost: z.number().describe("What asking cost at list price, USD."),
      })
      .describe("What it took to collect this."),
    regions: z
      .array(
        z.object({
          account: z.string().describe("Account."),
          region: z.string().describe("Region."),
          transitions: count
            .nullable()
            .describe("State transitions of all its machines together; null when CloudWatch does not say."),
        }),
      )
      .describe("What is known only of an account and region as a whole."),
    diagnostics: z.array(diagnostic).describe("What could not be read, and why."),
    machines: z.array(fleetMachineSchema).describe("The state machines, by account, region and name."),
  })
  .describe(
    "State machines as deployed, with what a period's metrics and a sample of executions say of them.",
  );

export type FleetValue = z.output<typeof fleetSchema>;
