/** The options that name a bill, as yargs knows them. */
import type { Argv } from "yargs";

export function billOptions<T>(command: Argv<T>, group: string) {
  return command
    .option("bill", {
      type: "string",
      array: true,
      nargs: 1,
      group,
      describe:
        "Cost and Usage Report or FOCUS, CSV, CSV.gz or Parquet: a file, a folder, s3://bucket/prefix/",
    })
    .option("athena", {
      type: "string",
      group,
      describe: "the bill's table in Amazon Athena: database.table; only sums come back",
    })
    .option("athena-workgroup", { type: "string", group, describe: "workgroup of the query" })
    .option("athena-output", {
      type: "string",
      group,
      describe: "s3://bucket/prefix/ for the query's result, where the workgroup names none",
    })
    .option("profile", { type: "string", describe: "profile of the AWS configuration" });
}
