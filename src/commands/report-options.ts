/** The options of `report`, as yargs knows them. */
import type { Argv } from "yargs";
import type { Around } from "./command-start.ts";
import type { Shell } from "../shell.ts";
import { billOptions } from "./bill-options.ts";
import { FAIL_ON_BUDGETS_HELP } from "./fail-on.ts";

const BILL = "The bill of the month, to be laid beside it, one of:";

/** `common` adds the options that every command with prices and output has. */
export function reportCommand(cli: Argv, shell: Shell, { later, common }: Around): Argv {
  return cli.command(
    "report <fleets..>",
    "what the machines of some accounts cost in a month, what changed, and what to look at first",
    (command) =>
      billOptions(common(command), BILL)
        .positional("fleets", {
          type: "string",
          array: true,
          demandOption: true,
          describe: "fleet.json of one or more months, a folder that holds them, or globs",
        })
        .option("fail-on", {
          type: "string",
          array: true,
          nargs: 1,
          describe: FAIL_ON_BUDGETS_HELP,
        })
        .option("exit-zero", {
          type: "boolean",
          describe: "exit with 0 whatever fails; the report still says so",
        })
        .option("brief", {
          type: "boolean",
          describe: "with --format markdown: a few lines for a chat, without tables",
        })
        .option("top", { type: "string", describe: "entries a list shows before it is cut (10)" })
        .example("$0 report fleets/", "the newest month, the trend and what moved since the month before")
        .example(
          "$0 report fleet.json --fail-on total.monthly-cost=500",
          "a budget for all machines together",
        )
        .example(
          "$0 report fleets/ --bill cur.parquet --format html -o report.html",
          "a page, with the bill",
        ),
    (argv) =>
      later(async () => {
        const { runReport } = await import("./report.ts");
        return runReport(shell, argv);
      }),
  );
}
