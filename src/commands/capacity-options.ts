/** The options of `capacity`, as yargs knows them. */
import type { Argv } from "yargs";
import type { Around } from "./command-start.ts";
import type { Shell } from "../shell.ts";

const LOAD = "Load and plan:";

/** `common` adds the options that every command with workload, prices and output has. */
export function capacityCommand(cli: Argv, shell: Shell, { later, common }: Around): Argv {
  return cli.command(
    "capacity <definition>",
    "how near a workflow comes to AWS's limits, and how wide its Distributed Maps should run",
    (command) =>
      common(command)
        .positional("definition", {
          type: "string",
          demandOption: true,
          describe: "a definition, template or folder; - is standard input",
        })
        .option("name", {
          type: "string",
          describe: "the state machine to look at, where several are found",
        })
        .option("rate", { type: "string", group: LOAD, describe: "executions started, mean: 50/s, 1200/day" })
        .option("peak", {
          type: "string",
          group: LOAD,
          describe: "executions started in the busiest second: 200/s",
        })
        .option("day-profile", {
          type: "string",
          group: LOAD,
          describe: "24 shares of a day's executions, by hour, separated by commas",
        })
        .option("window", {
          type: "string",
          group: LOAD,
          describe: "time that a Distributed Map may take: 6h",
        })
        .option("downstream-limit", {
          type: "string",
          group: LOAD,
          describe: "requests that what the Tasks call bears at once: 400",
        })
        .option("items", {
          type: "string",
          array: true,
          nargs: 1,
          group: LOAD,
          describe: "items of a Map: 60000, or State=60000 where there are several",
        })
        .option("storm", {
          type: "string",
          group: LOAD,
          describe: "play so many executions that fail together and retry: 2000",
        })
        .option("recovery", {
          type: "string",
          group: LOAD,
          describe: "how long a storm's downstream is down: 30s",
        })
        .option("simulate", {
          type: "string",
          group: LOAD,
          describe: "simulate so many executions beside the computed durations: 100k",
        })
        .option("seed", { type: "string", group: LOAD, describe: "seed of all that is simulated (1)" })
        .option("fail-over", {
          type: "string",
          array: true,
          nargs: 1,
          describe: "exit with 1 past this share of a limit: historyEvents=0.8",
        })
        .example(
          "$0 capacity nightly.asl.json --window 6h --downstream-limit 400",
          "which batch and width fit the night",
        )
        .example("$0 capacity order.asl.json --rate 50/s --peak 400/s", "which quota breaks first, and when"),
    (argv) =>
      later(async () => {
        const { runCapacity } = await import("./capacity.ts");
        return runCapacity(shell, argv);
      }),
  );
}
