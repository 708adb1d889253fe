/** The command line: takes the arguments, gives the exit code. Errors are caught here, once. */
import yargs from "yargs";
import packageJson from "../package.json" with { type: "json" };
import { argumentFault } from "./commands/argument-fault.ts";
import { commandCatalogue } from "./commands/command-catalogue.ts";
import { COMMAND_NAMES, commandsOf } from "./commands/command-line.ts";
import { END_OF_OPTIONS, markArguments, unmarkArguments } from "./commands/marked-arguments.ts";
import { nodeShell } from "./node-shell.ts";
import { terminalLines } from "./render/safe-text.ts";
import type { Shell } from "./shell.ts";
import { UserError } from "./user-error.ts";
import { nearestName } from "./workflow/did-you-mean.ts";
import { quoted } from "./workflow/workload/quantity.ts";

/** Exit codes: 0 fine, 1 a gate failed, 2 the user's input or options, 3 AWS, network or forge, 70 our bug. */
const OUR_BUG = 70;
const HELP_WIDTH = 100;

export async function main(argv: readonly string[], shell: Shell = nodeShell()): Promise<number> {
  try {
    return await run(argv, shell);
  } catch (error) {
    if (error instanceof UserError) {
      const hint = misspeltCommand(error, argv) ?? error.hint;
      const lines = `stepfare: ${error.message}${hint === null ? "" : `\n  ${hint}`}`;
      await shell.stderr.write(`${terminalLines(lines)}\n`);
      return error.exitCode;
    }
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    await shell.stderr.write(
      `stepfare: this is a bug in stepfare, not in your input.\n${terminalLines(stack)}\nPlease report it with the command and, if you can, the definition.\n`,
    );
    return OUR_BUG;
  }
}

/** The positionals that name files and folders. */
const PATHS: readonly string[] = ["paths", "path", "fleets", "definition"];

/** A variable that is not set leaves an empty argument, which would stand for the current folder. */
function refuseEmptyPaths(parsed: Readonly<Record<string, unknown>>): void {
  if (!PATHS.some((name) => [parsed[name]].flat().includes(""))) return;
  throw new UserError(
    "invalid-option",
    "A path is empty.",
    "Is a variable not set? The current folder is written as a dot: .",
  );
}

async function run(argv: readonly string[], shell: Shell): Promise<number> {
  const works: (() => Promise<number>)[] = [];
  const cli = commandsOf(yargs(), shell, (work) => void works.push(work))
    .scriptName("stepfare")
    .usage(
      "$0 [command]\n\nPlan the cost and capacity of AWS Step Functions workflows from their definitions.",
    )
    .version(argv.includes("--version") ? await versionText() : packageJson.version)
    .alias("h", "help")
    .recommendCommands()
    .strict()
    .wrap(Math.min(HELP_WIDTH, shell.stdout.columns ?? HELP_WIDTH))
    .exitProcess(false)
    .option(END_OF_OPTIONS, { type: "boolean", hidden: true })
    .middleware((parsed) => {
      for (const [key, value] of Object.entries(parsed))
        Object.assign(parsed, { [key]: unmarkArguments(value) });
      refuseEmptyPaths(parsed);
      refuseSwitchValues(argv, cli);
    })
    .fail((message, error) => {
      // What yargs itself finds wrong it throws or says, by turns.
      if (error && error.name !== "YError") throw error;
      throw argumentFault({
        message: error?.message ?? message,
        argv,
        options: knownOptions(cli),
        catalogue: commandCatalogue((recorder) => commandsOf(recorder, shell, () => undefined)),
      });
    });
  drawNoHelpAhead(cli);
  let said = "";
  await cli.parseAsync(markArguments(argv), {}, (error, _argv, output) => {
    if (error) throw error;
    said = output;
  });
  if (said !== "") await shell.stdout.write(`${said}\n`);
  const [work] = works;
  return work === undefined ? 0 : work();
}

/** yargs takes any value of a switch but true for false. */
function refuseSwitchValues(argv: readonly string[], cli: unknown): void {
  const { boolean } = optionsOf(cli);
  const end = argv.indexOf("--");
  for (const argument of end < 0 ? argv : argv.slice(0, end)) {
    const [, flag = "", name = "", value = ""] = /^(--?([^=]+))=(.*)$/s.exec(argument) ?? [];
    if (!boolean.includes(name) || value === "true" || value === "false") continue;
    throw new UserError(
      "invalid-option",
      `${flag}: ${quoted(value)} is neither true nor false.`,
      `It takes no value: write ${flag}, or leave it out.`,
    );
  }
}

/** Without a command, arguments are paths to analyse: so a misspelt command looks like a path. */
function misspeltCommand(error: UserError, [first = ""]: readonly string[]): string | null {
  if (error.code !== "no-such-path" || !/^[a-z]+$/i.test(first) || COMMAND_NAMES.includes(first)) return null;
  const meant = nearestName(first, COMMAND_NAMES);
  return meant === null ? null : `Did you mean the command "${meant}"?`;
}

/** Prices are loaded only to be told; regions differ, and `prices show` tells each one's date. */
async function versionText(): Promise<string> {
  const { knownRegions, priceListOf } = await import("./cost/known-price-lists.ts");
  const dates = knownRegions()
    .flatMap((region) => priceListOf(region)?.date ?? [])
    .sort();
  return `${packageJson.version} (AWS price lists up to ${dates.at(-1) ?? "unknown"})`;
}

/** Before a command runs, yargs draws its help in case somebody asks for it later: nobody does here, and it takes as long as the start. */
function drawNoHelpAhead(cli: unknown): void {
  type Inside = { getInternalMethods(): { getUsageInstance(): { cacheHelpMessage: () => void } } };
  (cli as Inside).getInternalMethods().getUsageInstance().cacheHelpMessage = () => undefined;
}

interface YargsOptions {
  readonly key: Readonly<Record<string, unknown>>;
  /** Names and aliases of those without a value. */
  readonly boolean: readonly string[];
}

/** The options of the command at hand; yargs knows them, but its types do not say so. */
function optionsOf(cli: unknown): YargsOptions {
  return (cli as { getOptions(): YargsOptions }).getOptions();
}

function knownOptions(cli: unknown): readonly string[] {
  return Object.keys(optionsOf(cli).key)
    .filter((name) => name !== END_OF_OPTIONS)
    .map((name) => (name.length === 1 ? `-${name}` : `--${name}`));
}
