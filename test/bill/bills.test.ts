import { copyFile, readFile, symlink, writeFile } from "node:fs/promises";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runQuery, tableColumns } from "../../src/aws/athena-query.ts";
import { openObjects } from "../../src/aws/s3-objects.ts";
import { findBillColumns } from "../../src/bill/bill-columns.ts";
import { billQuery } from "../../src/bill/bill-query.ts";
import { openBillDoor } from "../../src/bill/open-bill-door.ts";
import { billedNumber, billedSum, mergeSums } from "../../src/bill/sum-rows.ts";
import type { BilledSum } from "../../src/usage/billed-usage.ts";
import { type Duck, openDuck, writeBills } from "./bill-fixture.ts";

const SECRET = "secret";

let duck: Duck;
let files: ReadonlyMap<string, string>;
let server: Server;
const asked: string[] = [];

beforeAll(async () => {
  duck = await openDuck();
  files = await writeBills(duck);
  server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: "AKIATEST",
    AWS_SECRET_ACCESS_KEY: SECRET,
    AWS_REGION: "us-east-1",
  });
}, 60_000);

afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await duck.close();
});

/** Amazon Athena over DuckDB, by AWS JSON 1.1; and S3, by REST. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const target = String(request.headers["x-amz-target"] ?? "");
  if (!target.startsWith("AmazonAthena.")) return answerS3(request, response);
  const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>;
  const operation = target.split(".")[1]!;
  asked.push(operation);
  const reply = await athena(operation, body);
  response.writeHead("__type" in reply ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
  response.end(JSON.stringify(reply));
}

const queries = new Map<string, { sql: string; polls: number }>();
const PAGE = 1000;
/** As Athena answers, in two lines; and it repeats a credential. */
const BAD_REASON = `COLUMN_NOT_FOUND: line 1:8: ${SECRET} cannot be resolved.\nThis query ran against "billing".`;

async function athena(operation: string, body: Record<string, string>): Promise<object> {
  const id = body.QueryExecutionId ?? "";
  switch (operation) {
    case "GetTableMetadata": {
      if (body.TableName !== "cur")
        return { __type: "MetadataException", Message: `no table ${body.TableName}` };
      const names = await duck.rows(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'cur'",
      );
      return {
        TableMetadata: { Name: "cur", Columns: names.map(([Name]) => ({ Name })), PartitionKeys: [] },
      };
    }
    case "StartQueryExecution":
      queries.set(`q${queries.size}`, { sql: body.QueryString!, polls: 0 });
      return { QueryExecutionId: `q${queries.size - 1}` };
    case "GetQueryExecution": {
      const query = queries.get(id)!;
      query.polls += 1;
      const isBad = query.sql.includes("no_such_thing");
      const State = query.polls < 2 ? "RUNNING" : isBad ? "FAILED" : "SUCCEEDED";
      const Status = { State, StateChangeReason: isBad ? BAD_REASON : undefined };
      return { QueryExecution: { QueryExecutionId: id, Status, Statistics: { DataScannedInBytes: 1234 } } };
    }
    default: {
      const rows = [["a header"], ...(await duck.rows(queries.get(id)!.sql))];
      const from = Number(body.NextToken ?? 0);
      const page = rows.slice(from, from + PAGE);
      const NextToken = from + PAGE < rows.length ? String(from + PAGE) : undefined;
      return {
        NextToken,
        ResultSet: { Rows: page.map((row) => ({ Data: row.map((VarCharValue) => ({ VarCharValue })) })) },
      };
    }
  }
}

async function answerS3(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url!, "http://s3");
  const [, bucket, ...key] = url.pathname.split("/");
  if (bucket === "broken") {
    const isWhole = request.headers.range !== undefined;
    response.writeHead(isWhole ? 206 : 200, { "content-length": isWhole ? "4" : "100000" });
    if (isWhole || request.method === "HEAD") {
      response.end("line");
      return;
    }
    response.write("line", () => setTimeout(() => response.destroy(), 5));
    return;
  }
  if (bucket !== "bills") {
    response.writeHead(403).end("<Error><Code>AccessDenied</Code></Error>");
    return;
  }
  if (key.join("/") === "") {
    const keys = [...files.keys()].map((name) => `<Contents><Key>${name}</Key></Contents>`).join("");
    const xml = `<ListBucketResult><IsTruncated>false</IsTruncated>${keys}</ListBucketResult>`;
    response.writeHead(200, { "content-type": "application/xml" }).end(xml);
    return;
  }
  const bytes = await readFile(files.get(key.join("/"))!);
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  const part = from === undefined ? bytes : bytes.subarray(Number(from), Number(to) + 1);
  response
    .writeHead(from === undefined ? 200 : 206, { "content-length": String(part.length) })
    .end(request.method === "HEAD" ? undefined : part);
}

const said: string[] = [];
const hooks = { say: async (sentence: string) => void said.push(sentence) };

function door() {
  return openBillDoor({
    cwd: duck.folder,
    remote: async () => ({
      openObjects: (url) => openObjects(url, { profile: null, region: "us-east-1" }),
      tableColumns: (question) => tableColumns({ ...question, profile: null, region: "us-east-1" }),
      runQuery: (sql, question) => runQuery(sql, { ...question, profile: null, region: "us-east-1" }),
    }),
  });
}

/** The query, run by DuckDB over a file. */
async function byQuery(from: string): Promise<readonly BilledSum[]> {
  const header = (await duck.rows(`DESCRIBE SELECT * FROM ${from}`)).map(([name]) => name!);
  const rows = await duck.rows(billQuery(findBillColumns(header, from), { from, month: "2026-10" }));
  return mergeSums([
    rows.map((row) =>
      billedSum(row.slice(0, 9), {
        quantity: Number(row[9]),
        cost: Number(row[10]),
        rows: Number(row[11]),
        from: row[12]!,
        until: row[13]!,
      }),
    ),
  ]);
}

function expectSame(actual: readonly BilledSum[], expected: readonly BilledSum[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [index, { quantity, cost, ...keys }] of actual.entries()) {
    const { quantity: otherQuantity, cost: otherCost, ...otherKeys } = expected[index]!;
    expect(keys).toStrictEqual(otherKeys);
    expect(quantity).toBeCloseTo(otherQuantity, 6);
    expect(cost).toBeCloseTo(otherCost, 9);
  }
}

describe("a bill", () => {
  test.each([
    ["cur.snappy.parquet", "CUR 2.0"],
    ["cur.zstd.parquet", "CUR 2.0"],
    ["cur.csv", "CUR 2.0"],
    ["legacy.csv.gz", "CUR (legacy)"],
    ["focus.parquet", "FOCUS"],
    ["focus.csv", "FOCUS"],
  ])("%s gives the sums that its query gives in DuckDB", async (name, format) => {
    const { sums, sources } = await door().readBills([files.get(name)!], hooks);
    expect(sources).toMatchObject([{ format, rows: 6000 }]);
    expect(sums.reduce((all, { rows }) => all + rows, 0)).toBe(2000);
    const table =
      format === "FOCUS" ? "billing.focus" : format === "CUR 2.0" ? "billing.cur" : "billing.legacy";
    expectSame(sums, await byQuery(table));
  });

  test("is the same by way of Athena, whose results come in pages", async () => {
    const question = {
      database: "billing",
      table: "cur",
      month: "2026-10",
      workgroup: null,
      output: "s3://x/",
    };
    const { sums, sources } = await door().askAthena(question, hooks);
    expect(sources).toStrictEqual([{ name: "billing.cur", format: "CUR 2.0", rows: null }]);
    expectSame(sums, (await door().readBills([files.get("cur.snappy.parquet")!], hooks)).sums);
    expect(asked.filter((operation) => operation === "GetQueryExecution").length).toBeGreaterThan(1);
    await expect(door().askAthena({ ...question, table: "other" }, hooks)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining("Athena cannot be asked of billing.other: athena:GetTableMetadata"),
    });
    const place = { ...question, profile: null, region: "us-east-1" };
    await expect(runQuery("SELECT no_such_thing FROM cur", place)).rejects.toMatchObject({
      exitCode: 3,
      message:
        "Athena could not run the query of billing.cur: COLUMN_NOT_FOUND: line 1:8: [redacted] cannot be resolved.",
      hint: null,
    });
  });

  test("is the same in S3, by its bytes or by its folder", async () => {
    const local = await door().readBills([files.get("cur.snappy.parquet")!, files.get("cur.csv")!], hooks);
    const remote = await door().readBills(["s3://bills/cur.snappy.parquet", "s3://bills/cur.csv"], hooks);
    expectSame(remote.sums, local.sums);
    expect((await door().readBills(["s3://bills/"], hooks)).sources.length).toBe(6);
    await expect(door().readBills(["s3://other/cur.csv"], hooks)).rejects.toMatchObject({ exitCode: 3 });
    await expect(door().readBills(["s3://broken/cur.csv"], hooks)).rejects.toMatchObject({
      exitCode: 3,
      message: "Cannot read s3://broken/cur.csv: the connection broke off.",
    });
  });

  test("is the same when its folder holds it in parts, and says what it reads before it does", async () => {
    said.length = 0;
    const second = path.join(duck.folder, "again.csv");
    await copyFile(files.get("cur.csv")!, second);
    const { sums } = await door().readBills([files.get("cur.csv")!, second], hooks);
    const once = await door().readBills([files.get("cur.csv")!], hooks);
    expectSame(
      sums,
      once.sums.map((sum) => ({
        ...sum,
        quantity: 2 * sum.quantity,
        cost: 2 * sum.cost,
        rows: 2 * sum.rows,
      })),
    );
    await door().readBills([files.get("focus.parquet")!], hooks);
    expect(said).toContainEqual(expect.stringMatching(/^reading 6,000 rows in 1 file/));
  });

  test("that is named twice, or by a link, is read once", async () => {
    said.length = 0;
    const file = files.get("cur.csv")!;
    const link = path.join(duck.folder, "link.csv");
    await symlink(file, link);
    const { sums, sources } = await door().readBills([file, link, file], hooks);
    expect(sources.length).toBe(1);
    expectSame(sums, (await door().readBills([file], hooks)).sums);
    expect(said).toContain(`${link} is named twice, and read once`);
    const remote = await door().readBills(["s3://bills/", "s3://bills/cur.csv"], hooks);
    expect(remote.sources.length).toBe(6);
  });

  test.each([
    ["within a row", 300, /ends within the row on line LAST, which has \d+ of \d+ columns/],
    ["within quotes", 0, /ends within quotes, in the row that begins on line LAST;/],
  ])("in CSV that is cut off %s is refused", async (what, cut, message) => {
    const text = await readFile(files.get("cur.csv")!, "utf8");
    const whole = text.trimEnd();
    const rest =
      cut === 0 ? `${whole.slice(0, whole.lastIndexOf("\n"))}\n1,"AmazonStates` : whole.slice(0, -cut);
    const file = path.join(duck.folder, `cut-${what}.csv`);
    await writeFile(file, rest);
    await expect(door().readBills([file], hooks)).rejects.toMatchObject({
      code: "unreadable-bill",
      message: expect.stringMatching(message.source.replace("LAST", String(rest.split("\n").length))),
    });
    await writeFile(`${file}.gz`, gzipSync(text).subarray(0, -100));
    await expect(door().readBills([`${file}.gz`], hooks)).rejects.toMatchObject({
      code: "unreadable-bill",
      message: expect.stringContaining("unexpected end of file"),
    });
    // Without the last line end it is whole.
    await writeFile(file, whole);
    expectSame(
      (await door().readBills([file], hooks)).sums,
      (await door().readBills([files.get("cur.csv")!], hooks)).sums,
    );
  });

  test.each<[string, string, string]>([
    ["no bill at all", "a,b\n1,2\n", "not-a-bill"],
    ["nothing", "", "not-a-bill"],
    [
      "no column of cost",
      "line_item_product_code,line_item_usage_type,line_item_usage_amount\n",
      "missing-bill-columns",
    ],
    ["a stray quote among its columns", 'a,b"c\n', "unreadable-bill"],
    [
      "a quantity that is no number",
      "line_item_usage_account_id,line_item_product_code,line_item_usage_type,line_item_usage_amount,line_item_unblended_cost\n1,AmazonStates,USE1-StateTransition,many,1\n",
      "unreadable-bill",
    ],
    ["text in UTF-16", "\ufeffa,b\n", "not-a-bill"],
    ["two characters", "{}", "not-a-bill"],
    ["Parquet cut off", "PAR1 and no more of it", "unreadable-bill"],
  ])("of %s is refused in words", async (name, text, code) => {
    const file = path.join(duck.folder, `${name}.csv`);
    await writeFile(file, text, name.endsWith("UTF-16") ? "utf16le" : "utf8");
    await expect(door().readBills([file], hooks)).rejects.toMatchObject({ code, exitCode: 2 });
  });

  test.each([
    ["in quotes", '"2,100,000",1', /"2,100,000" stands.* in row 5, column line_item_usage_amount/],
    ["without quotes", "1,dear", /"dear" stands.* in row 5, column line_item_unblended_cost/],
  ])("a value %s that is no number is told with its row and column", async (_, values, told) => {
    const head =
      "line_item_usage_account_id,line_item_product_code,line_item_usage_type,line_item_usage_amount,line_item_unblended_cost";
    const rows = ["1,AmazonEC2,x,1,1", '"1",AmazonStates,USE1-StateTransition,1,1', "1,AmazonStates,x,1,1"];
    const file = path.join(duck.folder, "odd-number.csv");
    const text = [head, ...rows, `1,AmazonStates,USE1-StateTransition,${values}`, ...rows].join("\n");
    await writeFile(file, `${text}\n`);
    await expect(door().readBills([file], hooks)).rejects.toThrow(told);
  });

  test.each([
    ["line_item_usage_start_date", "10/2/2026 0:00,2026-10-01T00:00:00Z"],
    ["bill_billing_period_start_date", "2026-10-02T00:00:00Z,01.10.2026"],
  ])("a date that is none of AWS's is told with its row and column: %s", async (column, dates) => {
    const head =
      "line_item_usage_account_id,line_item_product_code,line_item_usage_type,line_item_usage_amount,line_item_unblended_cost,line_item_usage_start_date,bill_billing_period_start_date";
    const row = "1,AmazonStates,USE1-StateTransition,1,2";
    const fine = ["2026-10-02T00:00:00Z,2026-10-01T00:00:00Z", "2026-10-02 00:00:00.000,2026-10", ","];
    const file = path.join(duck.folder, "odd-date.csv");
    const write = (all: readonly string[]): Promise<void> =>
      writeFile(file, [head, ...all.map((each) => `${row},${each}`), ""].join("\n"));
    await write(fine);
    const { sums } = await door().readBills([file], hooks);
    expect(sums.map(({ month, cost }) => [month, cost])).toEqual([
      ["", 2],
      ["2026-10", 4],
    ]);
    await write([...fine, dates]);
    await expect(door().readBills([file], hooks)).rejects.toThrow(new RegExp(`in row 5, column ${column}`));
  });

  test("a value that is no number is told by its beginning", () => {
    expect(() => billedNumber(`1"${"x".repeat(1e6)}`)).toThrow(
      `"1\\"${"x".repeat(38)}…" stands where a quantity or a cost should be.`,
    );
  });
});
