/** What the local AWS answers to each call, with the services' limits on requests and their errors. */
import { executionArn, type FakeExecution, type FakeMachine, machineArn } from "./fake-account.ts";
import type { AwsCall, AwsWorldAsServed } from "./aws-server.ts";

export interface Refusal {
  readonly refused: string;
  readonly message: string;
  readonly status: number;
}

export type Answer = { readonly body: unknown } | Refusal;
type Call = Omit<AwsCall, "outcome">;
type Respond = (world: AwsWorldAsServed, call: Call) => Answer;

export function refusal(refused: string, message: string, status = 400): Refusal {
  return { refused, message, status };
}

export function denied(call: Pick<Call, "action" | "account">): Refusal {
  return refusal(
    "AccessDeniedException",
    `User: arn:aws:iam::${call.account}:user/reader is not authorized to perform: ${call.action} because no identity-based policy allows the ${call.action} action`,
  );
}

export function answerCall(world: AwsWorldAsServed, call: Call): Answer {
  const respond = ANSWERS.get(call.action);
  return respond === undefined ? refusal("UnknownOperationException", call.action) : respond(world, call);
}

/** Machines by account and region, and by ARN, sorted once. */
interface MachineIndex {
  readonly places: ReadonlyMap<string, readonly FakeMachine[]>;
  readonly arns: ReadonlyMap<string, FakeMachine>;
}

const indexes = new WeakMap<AwsWorldAsServed, MachineIndex>();

function indexOf(world: AwsWorldAsServed): MachineIndex {
  const known = indexes.get(world);
  if (known !== undefined) return known;
  const places = new Map<string, FakeMachine[]>();
  for (const machine of world.machines) {
    const place = `${machine.account} ${machine.region}`;
    const there = places.get(place);
    if (there === undefined) places.set(place, [machine]);
    else there.push(machine);
  }
  const made = { places, arns: new Map(world.machines.map((machine) => [machineArn(machine), machine])) };
  indexes.set(world, made);
  return made;
}

function machinesAt(world: AwsWorldAsServed, { account, region }: Call): readonly FakeMachine[] {
  return indexOf(world).places.get(`${account} ${region}`) ?? [];
}

function machineAt(
  world: AwsWorldAsServed,
  { account, region }: Call,
  arn: unknown,
): FakeMachine | undefined {
  const machine = indexOf(world).arns.get(textOf(arn));
  return machine?.account === account && machine.region === region ? machine : undefined;
}

const GONE = refusal("StateMachineDoesNotExist", "State Machine Does Not Exist: 'it'");

export function textOf(value: unknown, absent = ""): string {
  return typeof value === "string" ? value : absent;
}

/** A page of a list: tokens are offsets, as opaque to the client as the service's. */
function page<T>(
  world: AwsWorldAsServed,
  call: Call,
  all: readonly T[],
): { items: readonly T[]; nextToken?: string } {
  const asked = Number(call.body.maxResults ?? 0) || 100;
  const size = Math.min(asked, 1000, world.mostPerPage ?? 1000);
  const from = Number(textOf(call.body.nextToken, "token0").slice("token".length));
  const items = all.slice(from, from + size);
  return from + size < all.length ? { items, nextToken: `token${from + size}` } : { items };
}

const listStateMachines: Respond = (world, call) => {
  if (Number(call.body.maxResults ?? 0) > 1000)
    return refusal("ValidationException", "maxResults is too large");
  const { items, nextToken } = page(world, call, machinesAt(world, call));
  return {
    body: {
      stateMachines: items.map((machine) => ({
        creationDate: (machine.createdMs ?? Date.UTC(2025, 0, 1)) / 1000,
        name: machine.name,
        stateMachineArn: machineArn(machine),
        type: machine.type,
      })),
      nextToken,
    },
  };
};

const describeStateMachine: Respond = (world, call) => {
  const machine = machineAt(world, call, call.body.stateMachineArn);
  if (machine === undefined) return GONE;
  return {
    body: {
      stateMachineArn: machineArn(machine),
      name: machine.name,
      status: "ACTIVE",
      definition: call.body.includedData === "METADATA_ONLY" ? "{}" : machine.definition,
      roleArn: `arn:aws:iam::${machine.account}:role/run`,
      type: machine.type,
      creationDate: (machine.createdMs ?? Date.UTC(2025, 0, 1)) / 1000,
      loggingConfiguration: machine.loggingConfiguration ?? {
        level: "OFF",
        includeExecutionData: false,
        destinations: [],
      },
      tracingConfiguration: { enabled: machine.tracing ?? false },
      ...(machine.revisionId === null
        ? {}
        : { revisionId: machine.revisionId ?? "4f6a1c9e-7f1b-4d2b-9d0a-000000000000" }),
      encryptionConfiguration: { type: "AWS_OWNED_KEY" },
    },
  };
};

const getResources: Respond = (world, call) => {
  const filters = (call.body.TagFilters ?? []) as readonly { Key: string; Values?: readonly string[] }[];
  const tagged = machinesAt(world, call).filter(({ tags = {} }) =>
    filters.length === 0
      ? Object.keys(tags).length > 0
      : filters.every(({ Key, Values }) => {
          const value = Object.hasOwn(tags, Key) ? tags[Key] : undefined;
          return value !== undefined && (Values === undefined || Values.includes(value));
        }),
  );
  const size = Math.min(Number(call.body.ResourcesPerPage ?? 50), 100);
  const from = Number(textOf(call.body.PaginationToken).replace("token", "") || 0);
  return {
    body: {
      ResourceTagMappingList: tagged.slice(from, from + size).map((machine) => ({
        ResourceARN: machineArn(machine),
        Tags: Object.entries(machine.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
      })),
      PaginationToken: from + size < tagged.length ? `token${from + size}` : "",
    },
  };
};

interface DataQuery {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
    readonly Period: number;
    readonly Stat: string;
  };
}

const getMetricData: Respond = (world, call) => {
  const queries = (call.body.MetricDataQueries ?? []) as readonly DataQuery[];
  if (queries.length > 500)
    return refusal(
      "ValidationError",
      "The collection MetricDataQueries must not have a size greater than 500.",
    );
  if (new Set(queries.map(({ Id }) => Id)).size < queries.length)
    return refusal("ValidationError", "Ids are not unique");
  if (queries.some(({ Id, MetricStat }) => !/^[a-z]\w*$/.test(Id) || MetricStat.Period % 60 !== 0)) {
    return refusal("ValidationError", "The value for parameter Id or Period is invalid");
  }
  const fromMs = Number(call.body.StartTime) * 1000;
  const untilMs = Number(call.body.EndTime) * 1000;
  const points = queries.flatMap((query) =>
    pointsOf(world, call, { query, fromMs, untilMs }).map((point) => ({ id: query.Id, ...point })),
  );
  const size = world.dataPointsPerPage ?? 100_800;
  const from = Number(textOf(call.body.NextToken, "token0").slice("token".length));
  const shown = points.slice(from, from + size);
  const byId = new Map<string, (typeof shown)[number][]>();
  for (const point of shown) {
    const known = byId.get(point.id);
    if (known === undefined) byId.set(point.id, [point]);
    else known.push(point);
  }
  const more = from + size < points.length;
  return {
    body: {
      MetricDataResults: queries.map(({ Id }) => {
        const own = byId.get(Id) ?? [];
        return {
          Id,
          Label: Id,
          Timestamps: own.map(({ time }) => time / 1000),
          Values: own.map(({ value }) => value),
          StatusCode: more ? "PartialData" : "Complete",
        };
      }),
      Messages: [],
      ...(more ? { NextToken: `token${from + size}` } : {}),
    },
  };
};

interface Pointing {
  readonly query: DataQuery;
  readonly fromMs: number;
  readonly untilMs: number;
}

function pointsOf(
  world: AwsWorldAsServed,
  call: Call,
  { query, fromMs, untilMs }: Pointing,
): readonly { time: number; value: number }[] {
  const { Metric, Period, Stat } = query.MetricStat;
  if (Metric.Namespace !== "AWS/States") return [];
  const dimensions = new Map(Metric.Dimensions.map(({ Name, Value }) => [Name, Value]));
  const arn = dimensions.get("StateMachineArn");
  const capacity = Metric.MetricName === "ConsumedCapacity";
  if (capacity && dimensions.get("ServiceMetric") !== "StateTransition") return [];
  const one = machineAt(world, call, arn);
  const machines =
    arn === undefined
      ? machinesAt(world, call).filter(({ type }) => type === "STANDARD")
      : one === undefined || (capacity && !(one.transitionsApart ?? true))
        ? []
        : [one];
  const points: { time: number; value: number }[] = [];
  for (let time = fromMs; time < untilMs; time += Period * 1000) {
    const span = { fromMs: time, untilMs: Math.min(untilMs, time + Period * 1000) };
    const values = machines.flatMap((machine) => machine.metric?.(Metric.MetricName, Stat, span) ?? []);
    if (values.length > 0) points.push({ time, value: values.reduce((sum, value) => sum + value, 0) });
  }
  return points;
}

const listExecutions: Respond = (world, call) => {
  const { stateMachineArn, mapRunArn, statusFilter } = call.body;
  const run = world.mapRuns?.find(({ arn }) => arn === mapRunArn);
  const machine = machineAt(world, call, stateMachineArn);
  if (run === undefined && machine === undefined) return GONE;
  if (machine?.type === "EXPRESS")
    return refusal("StateMachineTypeNotSupported", "This operation is not supported by this type");
  const executions = run?.children ?? machine?.executions ?? [];
  const listed = executions
    .filter(({ status }) => statusFilter === undefined || status === statusFilter)
    .toSorted((a, b) => b.startMs - a.startMs);
  const { items, nextToken } = page(world, call, listed);
  return {
    body: {
      executions: items.map((execution) => ({
        executionArn:
          run === undefined ? executionArn(machine!, execution) : `${run.executionArn}/${execution.name}`,
        stateMachineArn: stateMachineArn ?? "",
        name: execution.name,
        status: execution.status,
        startDate: execution.startMs / 1000,
        ...(execution.status === "RUNNING" ? {} : { stopDate: execution.stopMs / 1000 }),
        redriveCount: 0,
      })),
      nextToken,
    },
  };
};

function executionAt(world: AwsWorldAsServed, call: Call): FakeExecution | undefined {
  const arn = textOf(call.body.executionArn);
  for (const run of world.mapRuns ?? []) {
    const child = run.children.find(({ name }) => `${run.executionArn}/${name}` === arn);
    if (child !== undefined) return child;
  }
  for (const machine of machinesAt(world, call)) {
    if (!arn.includes(`:execution:${machine.name}:`)) continue;
    return machine.executions?.find((execution) => executionArn(machine, execution) === arn);
  }
  return undefined;
}

const getExecutionHistory: Respond = (world, call) => {
  const execution = executionAt(world, call);
  if (execution === undefined) return refusal("ExecutionDoesNotExist", "Execution Does Not Exist");
  const { items, nextToken } = page(world, call, execution.events());
  return { body: { events: items, nextToken } };
};

const describeMapRun: Respond = (world, call) => {
  const run = world.mapRuns?.find(({ arn }) => arn === call.body.mapRunArn);
  if (run === undefined) return refusal("ResourceNotFound", "no such Map Run");
  const counts = (total: number): object => ({
    pending: 0,
    running: 0,
    succeeded: total,
    failed: 0,
    timedOut: 0,
    aborted: 0,
    total,
    resultsWritten: 0,
  });
  return {
    body: {
      mapRunArn: run.arn,
      executionArn: run.executionArn,
      status: "SUCCEEDED",
      startDate: 1_790_000_000,
      stopDate: 1_790_000_100,
      maxConcurrency: 0,
      toleratedFailurePercentage: 0,
      toleratedFailureCount: 0,
      itemCounts: counts(run.items),
      executionCounts: counts(run.children.length),
    },
  };
};

const listAliases: Respond = (world, call) => {
  const machine = machineAt(world, call, call.body.stateMachineArn);
  if (machine === undefined) return GONE;
  return {
    body: {
      stateMachineAliases: (machine.aliases ?? []).map((alias) => ({
        stateMachineAliasArn: `${machineArn(machine)}:${alias}`,
        creationDate: 1_750_000_000,
      })),
    },
  };
};

const listVersions: Respond = (world, call) => {
  const machine = machineAt(world, call, call.body.stateMachineArn);
  if (machine === undefined) return GONE;
  return {
    body: {
      stateMachineVersions: [
        { stateMachineVersionArn: `${machineArn(machine)}:1`, creationDate: 1_750_000_000 },
      ],
    },
  };
};

const filterLogEvents: Respond = ({ logs = [] }, { body }) => {
  const events = logs
    .filter(({ group }) => group === body.logGroupIdentifier)
    .filter(({ timeMs }) => timeMs >= Number(body.startTime) && timeMs <= Number(body.endTime))
    .map(({ timeMs, message }, index) => ({
      eventId: String(index),
      logStreamName: "s",
      timestamp: timeMs,
      message,
    }));
  return { body: { events: events.slice(0, Number(body.limit ?? 10_000)), searchedLogStreams: [] } };
};

const assumeRole: Respond = (_world, { body }) => {
  const account = /::(\d{12}):role/.exec(textOf(body.RoleArn))?.[1] ?? "";
  const expires = new Date(Date.now() + 3_600_000).toISOString();
  return {
    body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>AKIAROLE${account}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>${expires}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  };
};

const listAccounts: Respond = ({ organization = [] }) => ({
  body: {
    Accounts: organization.map(({ account, status }) => ({
      Id: account,
      Arn: `arn:aws:organizations::111111111111:account/o-1/${account}`,
      Status: status,
      State: status,
    })),
  },
});

const listRegions: Respond = ({ enabledRegions = [] }) => ({
  body: {
    Regions: enabledRegions.map((RegionName) => ({ RegionName, RegionOptStatus: "ENABLED_BY_DEFAULT" })),
  },
});

const validateDefinition: Respond = ({ validate }, { body }) => {
  const diagnostics = validate?.(textOf(body.definition)) ?? [];
  return { body: { result: diagnostics.length === 0 ? "OK" : "FAIL", diagnostics, truncated: false } };
};

const ANSWERS: ReadonlyMap<string, Respond> = new Map([
  ["states:ListStateMachines", listStateMachines],
  ["states:DescribeStateMachine", describeStateMachine],
  ["states:ListStateMachineAliases", listAliases],
  ["states:ListStateMachineVersions", listVersions],
  ["states:ListExecutions", listExecutions],
  ["states:GetExecutionHistory", getExecutionHistory],
  ["states:DescribeMapRun", describeMapRun],
  ["states:ValidateStateMachineDefinition", validateDefinition],
  ["tag:GetResources", getResources],
  ["cloudwatch:GetMetricData", getMetricData],
  ["logs:FilterLogEvents", filterLogEvents],
  ["sts:AssumeRole", assumeRole],
  ["organizations:ListAccounts", listAccounts],
  ["account:ListRegions", listRegions],
]);
