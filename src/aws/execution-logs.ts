/**
 * Execution logs are the history of Express executions, one JSON line an event, in CloudWatch Logs; the log level decides
 * which events there are. https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
 */
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { tallyExecutions, type SampledExecution } from "../observation/execution-tally.ts";
import { readLoggedExecutions } from "../observation/logged-execution.ts";
import type { ExecutionSample } from "../workflow/fleet/fleet.ts";
import { clientConfig, paced } from "./aws-world.ts";
import type { MeasuredMachine } from "./collect-region.ts";
import type { CollectionRun } from "./collection-run.ts";
import type { Tally } from "./collect-journal.ts";
import type { RegionClients } from "./region-clients.ts";

/** Windows spread over the period, each read for a few pages. */
const WINDOWS = 8;
const PAGES_PER_WINDOW = 2;
const LARGEST_PAGE = 10_000;

/** Null when the machine logs too little, or nothing of it is there. Only level ALL tells whole executions. */
export async function sampleLogged(
  { world, access, region }: RegionClients,
  machine: MeasuredMachine,
  { run, tally }: { readonly run: CollectionRun; readonly tally: Tally },
): Promise<ExecutionSample | null> {
  const [group] = machine.logging?.logGroups ?? [];
  if (machine.logging?.level !== "ALL" || group === undefined) return null;
  const client = new CloudWatchLogsClient(clientConfig(world, access, region));
  client.middlewareStack.use(paced(world, access, region));
  try {
    const messages = await readWindows(client, { group, machine, run, tally });
    const { executions, payloads } = readLoggedExecutions(messages, run.request.histories * WINDOWS);
    if (executions.length === 0) return null;
    return sampleOf(machine, { executions, payloads: run.request.keepPayloads ? payloads : null, run });
  } finally {
    client.destroy();
  }
}

interface ReadingWindows {
  readonly group: string;
  readonly machine: MeasuredMachine;
  readonly run: CollectionRun;
  readonly tally: Tally;
}

async function readWindows(
  client: CloudWatchLogsClient,
  { group, machine, run: { period }, tally }: ReadingWindows,
): Promise<readonly string[]> {
  const messages: string[] = [];
  const width = (period.untilMs - period.fromMs) / WINDOWS;
  for (let window = 0; window < WINDOWS; window++) {
    const startTime = Math.round(period.fromMs + (window + 0.5) * width);
    let token: string | undefined;
    for (let page = 0; page < PAGES_PER_WINDOW; page++) {
      const answer = await client.send(
        new FilterLogEventsCommand({
          logGroupIdentifier: group.replace(/:\*$/, ""),
          startTime,
          endTime: Math.round(period.fromMs + (window + 1) * width) - 1,
          // One group may hold several machines' events.
          filterPattern: `{ $.execution_arn = "*:${machine.name}:*" }`,
          limit: LARGEST_PAGE,
          nextToken: token,
        }),
      );
      tally.calls++;
      messages.push(...(answer.events ?? []).flatMap(({ message }) => message ?? []));
      token = answer.nextToken;
      if (token === undefined || token === "") break;
    }
  }
  return messages;
}

interface Sampled {
  readonly executions: readonly SampledExecution[];
  readonly payloads: ExecutionSample["payloads"];
  readonly run: CollectionRun;
}

function sampleOf(machine: MeasuredMachine, { executions, payloads, run }: Sampled): ExecutionSample {
  const statuses = [...new Set(executions.map(({ status }) => status))];
  return {
    histories: executions.length,
    source: "logs",
    executions: machine.metrics?.started ?? null,
    from: new Date(run.period.fromMs).toISOString(),
    until: new Date(run.period.untilMs).toISOString(),
    complete: false,
    byStatus: statuses.map((status) => {
      const histories = executions.filter((each) => each.status === status).length;
      return { status, executions: histories, histories };
    }),
    ...tallyExecutions(executions),
    payloads,
  };
}
