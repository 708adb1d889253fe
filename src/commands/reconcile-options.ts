/** The options of `reconcile`, as yargs knows them. */
import type { Argv } from "yargs";
import type { Around } from "./command-start.ts";
import type { Shell } from "../shell.ts";
import { billOptions } from "./bill-options.ts";

const BILL = "The bill, one of:";

/** `common` adds the options that every command with prices and output has. */
export function reconcileCommand(cli: Argv, shell: Shell, { later, common }: Around): Argv {
  return cli.command(
    "reconcile <fleets..>",
    "what AWS billed beside what it counted and what the definitions let expect, and why they differ",
    (command) =>
      billOptions(common(command), BILL)
        .positional("fleets", {
          type: "string",
          array: true,
          demandOption: true,
          describe: "fleet.json of the month, or a folder; of several months the newest counts",
        })
        .option("month", {
          type: "string",
          describe: "the month, such as 2026-10; absent = the newest of the fleets",
        })
        .option("top", { type: "string", describe: "entries a list shows before it is cut (10)" })
        .example("$0 reconcile fleet.json --bill cur.parquet", "a month's bill, machine by machine")
        .example(
          "$0 reconcile fleet.json --athena billing.cur",
          "the same where the bill is too large to fetch",
        ),
    (argv) =>
      later(async () => {
        const { runReconcile } = await import("./reconcile.ts");
        return runReconcile(shell, argv);
      }),
  );
}
