/** The command line: takes the arguments, gives the exit code. Errors are caught here, once. */
import yargs from "yargs";
import type { Argv } from "yargs";
import packageJson from "../package.json" with { type: "json" };
import { commandsOf } from "./commands/command-line.ts";
import { nodeShell } from "./node-shell.ts";
import type { Shell } from "./shell.ts";
import { UserError } from "./user-error.ts";

/** Exit codes: 0 fine, 1 a gate failed, 2 the user's input or options, 3 AWS, network or forge, 70 our bug. */
const OUR_BUG = 70;
const HELP_WIDTH = 100;

export async function main(argv: readonly string[], shell: Shell = nodeShell()): Promise<number> {
  try {
    return await run(argv, shell);
  } catch (error) {
    if (error instanceof UserError) {
      await shell.stderr.write(
        `stepfare: ${error.message}\n${error.hint === null ? "" : `  ${error.hint}\n`}`,
      );
      return error.exitCode;
    }
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    await shell.stderr.write(
      `stepfare: this is a bug in stepfare, not in your input.\n${stack}\nPlease report it with the command and, if you can, the definition.\n`,
    );
    return OUR_BUG;
  }
}

async function run(argv: readonly string[], shell: Shell): Promise<number> {
  let exitCode = 0;
  const cli = commandsOf(yargs() as Argv, shell, (code) => (exitCode = code))
    .scriptName("stepfare")
    .usage(
      "$0 <command>\n\nPlan the cost and capacity of AWS Step Functions workflows from their definitions.",
    )
    .version(packageJson.version)
    .alias("h", "help")
    .recommendCommands()
    .strict()
    .wrap(Math.min(HELP_WIDTH, shell.stdout.columns ?? HELP_WIDTH))
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new UserError("invalid-option", message, "stepfare --help lists commands and options.");
    });
  await cli.parseAsync([...argv], {}, (error, _argv, output) => {
    if (error) throw error;
    if (output !== "") void shell.stdout.write(`${output}\n`);
  });
  return exitCode;
}
