/** Reads one execution: its events to the end, and what the Map Runs it started know. Payloads are measured and dropped. */
import {
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  type SFNClient,
} from "@aws-sdk/client-sfn";
import type { SampledExecution } from "../observation/execution-tally.ts";
import { type ObservedHistory, type ObservedState, readHistory } from "../observation/read-history.ts";
import type { CallAllowance } from "./sample-budget.ts";

/** The largest page. https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html */
const PAGE = 1000;
/** Child executions read of each Map Run: enough to see its branches over a few parents. */
const CHILDREN = 3;

export interface ReadExecution {
  readonly history: ObservedHistory;
  readonly children: SampledExecution["children"];
  readonly input: string | null;
  readonly output: string | null;
}

/** Null when the allowance ends first, or the history has no end. */
export async function readExecution(
  sfn: SFNClient,
  arn: string,
  allowance: CallAllowance,
): Promise<ReadExecution | null> {
  const events = await readEvents(sfn, arn, allowance);
  if (events === null) return null;
  const history = readHistory(events);
  if (!history.complete) return null;
  const mapRuns = await Promise.all(history.states.map((state) => readMapRuns(sfn, state, allowance)));
  const states = history.states.map((state, index) => ({
    ...state,
    items: [...state.items, ...(mapRuns[index]?.items ?? [])],
  }));
  return {
    history: { ...history, states },
    children: mapRuns.flatMap(({ children }) => children),
    input: events[0]?.executionStartedEventDetails?.input ?? null,
    output: events.at(-1)?.executionSucceededEventDetails?.output ?? null,
  };
}

async function readEvents(
  sfn: SFNClient,
  executionArn: string,
  allowance: CallAllowance,
): Promise<readonly HistoryEvent[] | null> {
  const events: HistoryEvent[] = [];
  let token: string | undefined;
  do {
    if (!allowance.take()) return null;
    const page = await sfn.send(
      new GetExecutionHistoryCommand({
        executionArn,
        maxResults: PAGE,
        nextToken: token,
        includeExecutionData: true,
      }),
    );
    allowance.answered();
    events.push(...(page.events ?? []));
    token = page.nextToken === "" ? undefined : page.nextToken;
  } while (token !== undefined);
  return events;
}

interface MapRuns {
  readonly items: readonly number[];
  readonly children: SampledExecution["children"];
}

/** Items of Distributed Maps, which histories do not tell, and a few of their Standard children. */
async function readMapRuns(
  sfn: SFNClient,
  { mapRuns }: ObservedState,
  allowance: CallAllowance,
): Promise<MapRuns> {
  const items: number[] = [];
  const children: SampledExecution["children"][number][] = [];
  for (const mapRunArn of new Set(mapRuns)) {
    if (!allowance.take()) break;
    const { itemCounts, executionCounts } = await sfn.send(new DescribeMapRunCommand({ mapRunArn }));
    allowance.answered();
    if (itemCounts?.total !== undefined) items.push(itemCounts.total);
    if (!allowance.take()) break;
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ mapRunArn, maxResults: PAGE }));
    allowance.answered();
    const ended = executions.flatMap(({ executionArn, stopDate }) =>
      // Express children have no history: https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
      executionArn === undefined || stopDate === undefined || executionArn.includes(":express:")
        ? []
        : [executionArn],
    );
    const picked = ended.filter((_, index) => index % Math.max(1, Math.ceil(ended.length / CHILDREN)) === 0);
    const read: (readonly ObservedState[])[] = [];
    for (const child of picked) {
      const events = await readEvents(sfn, child, allowance);
      if (events !== null) read.push(readHistory(events).states);
    }
    const scale = (executionCounts?.total ?? ended.length) / Math.max(1, read.length);
    children.push(...read.map((states) => ({ scale, states })));
  }
  return { items, children };
}
