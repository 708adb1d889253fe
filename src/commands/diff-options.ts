/** The options of `diff`, as yargs knows them. */
import type { Argv } from "yargs";
import type { Around } from "./command-start.ts";
import type { Shell } from "../shell.ts";
import { FAIL_ON_HELP } from "./fail-on.ts";

/** `common` adds the options that every command with prices and output has. */
export function diffCommand(cli: Argv, shell: Shell, { later, common }: Around): Argv {
  return cli.command(
    "diff [paths..]",
    "what a change costs more or less, because of which states, and whether that may be",
    (command) =>
      gateOptions(common(command))
        .positional("paths", {
          type: "string",
          array: true,
          default: [] as string[],
          describe: "what to compare: files, folders, globs; the current folder when absent",
        })
        .option("base", {
          type: "string",
          demandOption: true,
          describe: "git ref, folder, or saved report (analyze --format json)",
        })
        .option("merge-base", {
          type: "boolean",
          default: true,
          describe: "compare with where the branch left the base; --no-merge-base with its tip",
        })
        .option("executions", {
          alias: "e",
          type: "string",
          describe: "executions per month: 1M, 50/s, 1200/day",
        })
        .option("payload", { type: "string", describe: "size of the data between states: 8KB" })
        .option("duration", {
          type: "string",
          describe: "one attempt of each Task that has no duration of its own",
        })
        .option("parameter", {
          type: "string",
          array: true,
          nargs: 1,
          describe: "template parameter: key=value",
        })
        .option("fleet", {
          type: "string",
          describe:
            "fleet.json of stepfare collect: definitions get the figures of the machines that run them",
        })
        .option("top", {
          type: "string",
          describe: "how many changed workflows the terminal and Markdown show (5)",
        })
        .example("$0 diff --base origin/main", "the work tree against where it left main")
        .example("$0 diff --base origin/main -f json -o diff.json", "for stepfare comment"),
    (argv) =>
      later(async () => {
        const { runDiff } = await import("./diff.ts");
        return runDiff(shell, { ...argv, paths: argv.paths ?? [] });
      }),
  );
}

function gateOptions<T>(command: Argv<T>) {
  return command
    .option("fail-on", { type: "string", array: true, nargs: 1, describe: FAIL_ON_HELP })
    .option("exit-zero", { type: "boolean", describe: "exit with 0 though a policy is broken" })
    .option("details", {
      type: "boolean",
      default: true,
      describe: "Markdown: fold the lesser changes (not on Bitbucket)",
    })
    .option("graphs", {
      type: "boolean",
      default: true,
      describe: "Markdown: draw small changed workflows with Mermaid",
    });
}
