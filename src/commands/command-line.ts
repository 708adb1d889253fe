/** The command line's commands and options, as yargs knows them; each handler loads its command only when it runs. */
import type { Argv } from "yargs";
import { analysisRenderers } from "../render/analysis-renderers.ts";
import { capacityRenderers } from "../render/capacity-renderers.ts";
import { diffRenderers } from "../render/diff-renderers.ts";
import { monthlyRenderers } from "../render/monthly-renderers.ts";
import { reconcileRenderers } from "../render/reconcile-renderers.ts";
import { reviewRenderers } from "../render/review-renderers.ts";
import { splitRenderers } from "../render/split-renderers.ts";
import type { Later } from "./command-start.ts";
import type { Shell } from "../shell.ts";
import { capacityCommand } from "./capacity-options.ts";
import { collectCommand } from "./collect-options.ts";
import { COMMENT_OPTIONS, parseCommentOptions } from "./comment-options.ts";
import { diffCommand } from "./diff-options.ts";
import { reconcileCommand } from "./reconcile-options.ts";
import { reportCommand } from "./report-options.ts";
import { splitCommand } from "./split-options.ts";
import { explainCommand, reviewCommand } from "./review-options.ts";

/** The words that commands begin with. */
export const COMMAND_NAMES: readonly string[] = [
  "analyze",
  "review",
  "trace",
  "diff",
  "capacity",
  "split",
  "comment",
  "init",
  "collect",
  "report",
  "reconcile",
  "prices",
  "explain",
  "completion",
];

/** Adds every command; a command's exit code is what the work given to `later` says. */
export function commandsOf(cli: Argv, shell: Shell, later: Later): Argv {
  const withAnalyze = analyzeCommand(cli, shell, later);
  const priced =
    (renderers: Renderers) =>
    <T>(command: Argv<T>): Argv<T> =>
      pricingOptions(outputOptions(command, renderers));
  const pricedWorkload =
    (renderers: Renderers) =>
    <T>(command: Argv<T>): Argv<T> =>
      pricingOptions(workloadOptions(outputOptions(command, renderers)));
  const withReview = reviewCommand(withAnalyze, shell, { later, common: pricedWorkload(reviewRenderers) });
  const withTrace = traceCommand(withReview, shell, later);
  const withDiff = diffCommand(withTrace, shell, { later, common: priced(diffRenderers) });
  const withCapacity = capacityCommand(withDiff, shell, {
    later,
    common: pricedWorkload(capacityRenderers),
  });
  const withSplit = splitCommand(withCapacity, shell, { later, common: pricedWorkload(splitRenderers) });
  const withComment = commentCommand(withSplit, shell, later);
  const withInit = initCommand(withComment, shell, later);
  const withCollect = collectCommand(withInit, shell, later);
  const withReport = reportCommand(withCollect, shell, { later, common: priced(monthlyRenderers) });
  const withReconcile = reconcileCommand(withReport, shell, { later, common: priced(reconcileRenderers) });
  const withExplain = explainCommand(pricesCommand(withReconcile, shell, later), shell, { later });
  return completionCommand(withExplain, shell, later);
}

function analyzeCommand(cli: Argv, shell: Shell, later: Later): Argv {
  return cli.command(
    ["analyze [paths..]", "$0 [paths..]"],
    "what workflows cost, which type they should be, and why",
    (command) =>
      outputOptions(pricingOptions(workloadOptions(command)), analysisRenderers)
        .positional("paths", {
          type: "string",
          array: true,
          describe: "definitions, templates, folders, globs; - is standard input; absent = this folder",
        })
        .option("fleet", {
          type: "string",
          group: WORKLOAD,
          describe:
            "fleet.json of stepfare collect: definitions get the figures of the machines that run them",
        })
        .option("validate-with-aws", {
          type: "boolean",
          describe: "ask AWS's own validator as well; needs credentials",
        })
        .option("top", {
          type: "string",
          group: OUTPUT,
          describe: "entries a list shows before it is cut (5; 20 workflows)",
        })
        .example(
          "$0 analyze order.asl.json --executions 1M",
          "one definition at a million executions a month",
        )
        .example("$0 analyze .", "every state machine of a repository")
        .example("$0 analyze . --format html -o costs.html", "the same as a page for a review")
        .epilog("What a definition cannot know stands in stepfare.yml; stepfare init writes one to fill in."),
    (argv) =>
      later(async () => {
        const { runAnalyze } = await import("./analyze.ts");
        return runAnalyze(shell, { ...argv, paths: argv.paths ?? [] });
      }),
  );
}

function traceCommand(cli: Argv, shell: Shell, later: Later): Argv {
  return cli.command(
    "trace <definition>",
    "act one execution out on a given input, in virtual time",
    (command) =>
      command
        .positional("definition", {
          type: "string",
          demandOption: true,
          describe: "the definition's file; - is standard input",
        })
        .option("input", { type: "string", describe: "JSON file with the execution's input" })
        .option("results", {
          type: "string",
          describe: "JSON file with the outcomes of each Task's attempts",
        })
        .option("context", { type: "string", describe: "JSON file with the context object" })
        .option("seed", { type: "string", describe: "seed of jitter and random functions" })
        .option("scenario", {
          type: "string",
          describe: "name of a scenario in the definition's scenario file, in place of input and results",
        })
        .option("type", { choices: ["STANDARD", "EXPRESS"] as const, describe: "type of the workflow" })
        .option("format", {
          choices: ["table", "json"] as const,
          default: "table" as const,
          describe: "how to show it",
        })
        .option("top", { type: "string", describe: "steps shown before the list is cut" })
        .option("verbose", { type: "boolean", describe: "show everything" }),
    (argv) =>
      later(async () => {
        const { runTrace } = await import("./trace.ts");
        return runTrace(shell, argv);
      }),
  );
}

function initCommand(cli: Argv, shell: Shell, later: Later): Argv {
  return cli.command(
    "init [paths..]",
    "write a stepfare.yml with every figure the definitions leave open, as comments",
    (command) =>
      command
        .positional("paths", {
          type: "string",
          array: true,
          default: [] as string[],
          describe: "definitions, templates, folders, globs",
        })
        .option("dry-run", { type: "boolean", describe: "print the file instead of writing it" })
        .option("config", { type: "string", describe: "the file to write (stepfare.yml)" })
        .example("$0 init", "for every state machine of this repository"),
    (argv) =>
      later(async () => {
        const { runInit } = await import("./init.ts");
        return runInit(shell, { ...argv, paths: argv.paths ?? [] });
      }),
  );
}

function commentCommand(cli: Argv, shell: Shell, later: Later): Argv {
  return cli.command(
    "comment [path]",
    "post a diff made before on its pull request",
    (command) =>
      command
        .positional("path", {
          type: "string",
          default: "diff.json",
          describe: "what diff --format json wrote; - is standard input",
        })
        .options(COMMENT_OPTIONS),
    (argv) =>
      later(async () => {
        const [{ runComment }, { commentBody }] = await Promise.all([
          import("./comment.ts"),
          import("../render/comment-body.ts"),
        ]);
        return runComment(shell, parseCommentOptions(argv.path, argv), commentBody);
      }),
  );
}

function pricesCommand(cli: Argv, shell: Shell, later: Later): Argv {
  return cli.command("prices", "the price lists in use", (command) =>
    command
      .command(
        "show",
        "the prices of a region, with source and date",
        (show) =>
          priceOptions(show).option("format", {
            alias: "f",
            type: "string",
            group: OUTPUT,
            describe: "table, json",
          }),
        (argv) =>
          later(async () => {
            const { runShowPrices } = await import("./prices.ts");
            return runShowPrices(shell, argv);
          }),
      )
      .command(
        "update",
        "bring a region's prices up to date from AWS's public price list",
        (update) =>
          update
            .option("region", { type: "string", describe: "AWS region (us-east-1)" })
            .option("file", { type: "string", describe: "an offer file downloaded by other means" }),
        (argv) =>
          later(async () => {
            const { updatePrices } = await import("./prices.ts");
            return updatePrices(shell, { region: argv.region ?? "us-east-1", file: argv.file });
          }),
      )
      .demandCommand(1, "prices needs to be told what: show or update"),
  );
}

function completionCommand(cli: Argv, shell: Shell, later: Later): Argv {
  return cli.command(
    "completion [shell]",
    "a script that completes commands and options in bash, zsh or fish",
    (command) =>
      command
        .positional("shell", { type: "string", describe: "bash, zsh, fish; absent = the one SHELL names" })
        .example('eval "$($0 completion bash)"', "for this bash session"),
    (argv) =>
      later(async () => {
        const { runCompletion } = await import("./completion.ts");
        const declare = (recorder: Argv): Argv => commandsOf(recorder, shell, () => undefined);
        return runCompletion(shell, argv.shell ?? null, declare);
      }),
  );
}

const WORKLOAD = "What the definition does not say:";
const PRICING = "Counting and prices:";
const OUTPUT = "Output:";

function workloadOptions<T>(command: Argv<T>) {
  return command
    .option("executions", {
      alias: "e",
      type: "string",
      group: WORKLOAD,
      describe: "executions per month: 1M, 1000000/month, 50/s, 1200/day",
    })
    .option("payload", {
      type: "string",
      group: WORKLOAD,
      describe: "size of the data between states: 8KB",
    })
    .option("duration", {
      type: "string",
      group: WORKLOAD,
      describe: "one attempt of each Task that has no duration of its own: 300ms",
    })
    .option("parameter", {
      type: "string",
      array: true,
      nargs: 1,
      group: WORKLOAD,
      describe: "template parameter: key=value; may be given again",
    });
}

/** A command's formats, by name. */
type Renderers = Readonly<Record<string, unknown>>;

function outputOptions<T>(command: Argv<T>, renderers: Renderers) {
  const formats = Object.keys(renderers).join(", ");
  return command
    .option("format", { alias: "f", type: "string", group: OUTPUT, describe: formats })
    .option("output", {
      alias: "o",
      type: "string",
      group: OUTPUT,
      describe: "write to a file instead of standard output",
    })
    .option("quiet", {
      alias: "q",
      type: "boolean",
      group: OUTPUT,
      describe: "no diagnostics on standard error",
    })
    .option("verbose", { type: "boolean", group: OUTPUT, describe: "show everything, cut no list" });
}

function pricingOptions<T>(command: Argv<T>) {
  return priceOptions(command).option("transition-rule", {
    type: "string",
    group: PRICING,
    describe: "how an execution's start and end count: start+entered (default), entered, start+entered+end",
  });
}

function priceOptions<T>(command: Argv<T>) {
  return command
    .option("config", {
      type: "string",
      group: WORKLOAD,
      describe: "stepfare.yml to use instead of the nearest one",
    })
    .option("region", {
      type: "string",
      group: PRICING,
      describe: "AWS region (stepfare.yml, else AWS_REGION, else us-east-1)",
    })
    .option("discount", { type: "string", group: PRICING, describe: "off the list price: 9%" })
    .option("borrow", {
      type: "boolean",
      group: PRICING,
      describe: "take prices a region lacks from us-east-1 (default); --no-borrow leaves them unknown",
    });
}
