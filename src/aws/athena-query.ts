/** An Athena query is one question asked of a table in the Glue catalog: started, waited for, its rows read page by page. */
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetTableMetadataCommand,
  StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { UserError } from "../user-error.ts";
import { clientConfig, openWorld } from "./aws-world.ts";
import { failureOf, reasonLine } from "./call-failure.ts";
import { ownAccess } from "./open-accesses.ts";
import { realClock } from "./token-bucket.ts";

export interface AthenaPlace {
  readonly database: string;
  readonly table: string;
  readonly workgroup: string | null;
  /** Where results go, `s3://…`; null = as the workgroup says. */
  readonly output: string | null;
  readonly region: string | null;
  readonly profile: string | null;
}

const REGION_HINT = "Write --region eu-west-1, set AWS_REGION, or give the AWS profile a region.";
const OUTPUT_HINT =
  "Results need a place: --athena-output s3://bucket/prefix/, or a workgroup that names one (--athena-workgroup).";
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 3000;

function open({ region, profile }: AthenaPlace): AthenaClient {
  return new AthenaClient(clientConfig(openWorld(1), ownAccess({ profile }), region));
}

interface Asked {
  readonly client: AthenaClient;
  readonly place: AthenaPlace;
}

async function ask<T>(action: string, place: AthenaPlace, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (error instanceof Error && error.message === "Region is missing") {
      throw new UserError("no-region", "Nothing says in which region Athena is to be asked.", REGION_HINT);
    }
    const { message, hint } = failureOf(error, action);
    throw new UserError(
      "athena-failed",
      `Athena cannot be asked of ${nameOf(place)}: ${message}.`,
      hint ?? placeHint(message),
      3,
    );
  }
}

function nameOf({ database, table }: AthenaPlace): string {
  return `${database}.${table}`;
}

function placeHint(reason: string): string | null {
  return /output|location|bucket/i.test(reason) ? OUTPUT_HINT : null;
}

/** Throws UserErrors `athena-failed`, and `no-region` when neither the user nor the environment names one. */
export async function tableColumns(place: AthenaPlace): Promise<{
  readonly columns: readonly string[];
  readonly partitions: readonly string[];
}> {
  const client = open(place);
  try {
    const { TableMetadata } = await ask("athena:GetTableMetadata", place, () =>
      client.send(
        new GetTableMetadataCommand({
          CatalogName: "AwsDataCatalog",
          DatabaseName: place.database,
          TableName: place.table,
        }),
      ),
    );
    const names = (columns: readonly { readonly Name?: string | undefined }[] = []): readonly string[] =>
      columns.flatMap(({ Name }) => Name ?? []);
    const partitions = names(TableMetadata?.PartitionKeys);
    return { columns: [...names(TableMetadata?.Columns), ...partitions], partitions };
  } finally {
    client.destroy();
  }
}

/** Waits as long as it takes. Throws UserError `athena-failed` with Athena's own reason. */
export async function runQuery(
  sql: string,
  place: AthenaPlace,
): Promise<{ readonly rows: readonly (readonly string[])[]; readonly scannedBytes: number }> {
  const client = open(place);
  try {
    const { QueryExecutionId } = await ask("athena:StartQueryExecution", place, () =>
      client.send(
        new StartQueryExecutionCommand({
          QueryString: sql,
          QueryExecutionContext: { Database: place.database, Catalog: "AwsDataCatalog" },
          ...(place.workgroup === null ? {} : { WorkGroup: place.workgroup }),
          ...(place.output === null ? {} : { ResultConfiguration: { OutputLocation: place.output } }),
        }),
      ),
    );
    const scannedBytes = await waitForEnd({ client, place }, QueryExecutionId!);
    return { rows: await readRows({ client, place }, QueryExecutionId!), scannedBytes };
  } finally {
    client.destroy();
  }
}

async function waitForEnd({ client, place }: Asked, id: string): Promise<number> {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(LONGEST_WAIT_MS, wait * 1.5)) {
    const { QueryExecution } = await ask("athena:GetQueryExecution", place, () =>
      client.send(new GetQueryExecutionCommand({ QueryExecutionId: id })),
    );
    const state = QueryExecution?.Status?.State;
    if (state === "SUCCEEDED") return QueryExecution?.Statistics?.DataScannedInBytes ?? 0;
    if (state === "FAILED" || state === "CANCELLED") {
      const why = reasonLine(QueryExecution?.Status?.StateChangeReason ?? "it gives no reason");
      throw new UserError(
        "athena-failed",
        `Athena ${state === "FAILED" ? "could not run" : "cancelled"} the query of ${nameOf(place)}: ${why}.`,
        placeHint(why),
        3,
      );
    }
    await realClock.sleep(wait);
  }
}

/** Without the first row, which repeats the columns' names. */
async function readRows({ client, place }: Asked, id: string): Promise<readonly (readonly string[])[]> {
  const rows: string[][] = [];
  let token: string | undefined;
  do {
    const page = await ask("athena:GetQueryResults", place, () =>
      client.send(new GetQueryResultsCommand({ QueryExecutionId: id, NextToken: token })),
    );
    for (const { Data = [] } of page.ResultSet?.Rows ?? [])
      rows.push(Data.map(({ VarCharValue }) => VarCharValue ?? ""));
    token = page.NextToken;
  } while (token !== undefined);
  return rows.slice(1);
}
