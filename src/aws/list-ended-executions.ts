/** Lists the executions of a machine that ended in one way and began in the period, newest first, as AWS lists them. */
import { ListExecutionsCommand } from "@aws-sdk/client-sfn";
import type { CollectionPeriod } from "../observation/fleet-collection.ts";
import type { EndStatus } from "../workflow/fleet/fleet.ts";
import type { CallAllowance } from "./sample-budget.ts";
import type { RegionClients } from "./region-clients.ts";

export interface ListedExecution {
  readonly arn: string;
  readonly startMs: number;
}

export interface EndedExecutions {
  /** By start, earliest first. */
  readonly executions: readonly ListedExecution[];
  /** False when the allowance ended before the beginning of the period was reached. */
  readonly complete: boolean;
}

/** The largest page. https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html */
const PAGE = 1000;

export async function listEndedExecutions(
  { sfn }: RegionClients,
  {
    arn,
    status,
    period,
  }: { readonly arn: string; readonly status: EndStatus; readonly period: CollectionPeriod },
  allowance: CallAllowance,
): Promise<EndedExecutions> {
  const executions: ListedExecution[] = [];
  let token: string | undefined;
  do {
    if (!allowance.take()) return { executions: executions.reverse(), complete: false };
    const page = await sfn.send(
      new ListExecutionsCommand({
        stateMachineArn: arn,
        statusFilter: status,
        maxResults: PAGE,
        nextToken: token,
      }),
    );
    allowance.answered();
    for (const { executionArn, startDate } of page.executions ?? []) {
      const startMs = startDate?.getTime() ?? Number.NaN;
      if (executionArn === undefined || Number.isNaN(startMs)) continue;
      // Sorted by start, newest first: whatever follows began before the period.
      if (startMs < period.fromMs) return { executions: executions.reverse(), complete: true };
      if (startMs < period.untilMs) executions.push({ arn: executionArn, startMs });
    }
    token = page.nextToken === "" ? undefined : page.nextToken;
  } while (token !== undefined);
  return { executions: executions.reverse(), complete: true };
}
