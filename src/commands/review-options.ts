/** The options of `review` and `explain`, as yargs knows them. */
import type { Argv } from "yargs";
import type { Around } from "./command-start.ts";
import type { Shell } from "../shell.ts";

export function reviewCommand(cli: Argv, shell: Shell, { later, common }: Around): Argv {
  return cli.command(
    "review [paths..]",
    "what may go wrong, what to change first, and whether compensation really runs",
    (command) =>
      common(command)
        .positional("paths", {
          type: "string",
          array: true,
          describe: "definitions, templates, folders, globs; - is standard input; absent = this folder",
        })
        .option("inject-faults", {
          type: "boolean",
          describe:
            "act executions out with each Task, and each undo, made to fail, and show which undos ran",
        })
        .option("input", { type: "string", describe: "JSON file with the input of these executions" })
        .option("results", { type: "string", describe: "JSON file with the outcomes of Tasks in them" })
        .option("fail-on", {
          type: "string",
          describe: "least severity of a finding that fails the run: error, warning, info; never (default)",
        })
        .option("top", { type: "string", describe: "entries a list shows before it is cut (5)" })
        .example("$0 review .", "every state machine of a repository")
        .example(
          "$0 review saga.asl.json --inject-faults",
          "which undos run, in which order, for each failure",
        )
        .epilog(
          "Rules are silenced in stepfare.yml, with a reason; stepfare explain <rule> says more of each.",
        ),
    (argv) =>
      later(async () => {
        const { runReview } = await import("./review.ts");
        return runReview(shell, { ...argv, paths: argv["paths"] ?? [] });
      }),
  );
}

export function explainCommand(cli: Argv, shell: Shell, { later }: Pick<Around, "later">): Argv {
  return cli.command(
    "explain [code]",
    "the page of a rule or a diagnostic: what it means, why, and what to write instead",
    (command) =>
      command
        .positional("code", { type: "string", describe: "such as polling-loop; absent = list them all" })
        .example("$0 explain task-without-timeout", "what it means and how to mend it"),
    (argv) =>
      later(async () => {
        const { runExplain } = await import("./explain.ts");
        return runExplain(shell, argv.code ?? null);
      }),
  );
}
