/** The options of `collect`, as yargs knows them. */
import type { Argv } from "yargs";
import type { Later } from "./command-start.ts";
import type { Shell } from "../shell.ts";

export function collectCommand(cli: Argv, shell: Shell, later: Later): Argv {
  return cli.command(
    "collect",
    "read from AWS what really runs, into fleet.json; nothing is ever written there",
    (command) => runOptions(sampleOptions(whereOptions(command))),
    (argv) =>
      later(async () => {
        const { runCollect } = await import("./collect.ts");
        return runCollect(shell, argv);
      }),
  );
}

const many = { type: "string", array: true, nargs: 1 } as const;

function whereOptions<T>(command: Argv<T>) {
  return command
    .option("region", { ...many, describe: "regions, such as us-east-1,eu-west-1, or all that are enabled" })
    .option("profile", { type: "string", describe: "profile of the AWS configuration" })
    .option("role-arn", { ...many, describe: "role to take in another account; may be given several times" })
    .option("organization-role", {
      type: "string",
      describe: "name of a role to take in every account of the organization",
    })
    .option("name", { ...many, describe: "only machines whose name matches the glob" })
    .option("arn", { ...many, describe: "only the machines of these ARNs" })
    .option("tag", { ...many, describe: "only machines with the tag: key=value, or key" })
    .option("month", { type: "string", describe: "month such as 2026-10 (the last whole month)" })
    .option("since", { type: "string", describe: "first day, instead of a month: 2026-10-01" })
    .option("until", { type: "string", describe: "last day; absent = now" });
}

function sampleOptions<T>(command: Argv<T>) {
  return command
    .option("histories", { type: "string", describe: "executions sampled of each machine (30); 0 = none" })
    .option("sample-calls", { type: "string", describe: "most calls for samples, over all machines (5000)" })
    .option("logs", { type: "boolean", describe: "sample Express machines from their CloudWatch Logs" })
    .option("keep-payloads", {
      type: "boolean",
      describe: "keep inputs and outputs of sampled executions in the file",
    })
    .option("versions", {
      type: "boolean",
      describe: "aliases and versions too: two calls more per machine",
    });
}

function runOptions<T>(command: Argv<T>) {
  return command
    .option("output", { alias: "o", type: "string", describe: "the file to write (fleet.json)" })
    .option("dry-run", { type: "boolean", describe: "say what it would ask, cost and take" })
    .option("print-policy", { type: "boolean", describe: "print the least IAM policy for these options" })
    .option("earlier", {
      type: "string",
      describe:
        "fleet file of before, whose unchanged definitions are not read again (the one to be replaced)",
    })
    .option("fresh", {
      type: "boolean",
      describe: "read all anew: forget an earlier file, and what a broken-off run has read",
    })
    .option("rate", {
      type: "string",
      describe: "how much of AWS's default request quotas to use (0.5); above 1 where AWS raised them",
    })
    .option("quiet", { alias: "q", type: "boolean", describe: "nothing on standard error but errors" })
    .example("$0 collect --region eu-west-1 --month 2026-10", "what ran in October")
    .example("$0 collect --region all --dry-run", "what asking everywhere would cost");
}
