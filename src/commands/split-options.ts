/** The options of `split`, as yargs knows them. */
import type { Argv } from "yargs";
import type { Around } from "./command-start.ts";
import type { Shell } from "../shell.ts";

/** `common` adds the options that every command with workload, prices and output has. */
export function splitCommand(cli: Argv, shell: Shell, { later, common }: Around): Argv {
  return cli.command(
    "split <definition>",
    "which parts of a Standard workflow to run as Express children; writes the definitions",
    (command) =>
      common(command)
        .positional("definition", {
          type: "string",
          demandOption: true,
          describe: "a definition or a template; - is standard input",
        })
        .option("name", {
          type: "string",
          describe: "name of the one to split, of several in a template",
        })
        .option("write", { type: "string", describe: "folder to write the definitions and resources to" })
        .option("force", { type: "boolean", describe: "write over files that are there" })
        .option("top", { type: "string", describe: "entries a list shows before it is cut (5)" })
        .example("$0 split order.asl.json --executions 1M", "what a split saves, and what it changes")
        .example(
          "$0 split order.asl.json --write split/",
          "the parent, its children and the resources to add",
        ),
    (argv) =>
      later(async () => {
        const { runSplit } = await import("./split.ts");
        return runSplit(shell, argv);
      }),
  );
}
