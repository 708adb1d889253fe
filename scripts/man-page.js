/** The man page, written from the commands as the command line declares them: the build puts it beside the bundle. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { importSource } from "./import-source.js";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

export async function manPage() {
  const { version } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8"));
  const { catalogue, line } = await importSource({
    catalogue: "src/commands/command-catalogue.ts",
    line: "src/commands/command-line.ts",
  });
  return pageOf(
    catalogue.commandCatalogue((cli) => line.commandsOf(cli, {}, () => undefined)),
    version,
  );
}

/** troff takes a backslash for an escape, a leading dot or quote for a request, and a plain hyphen for one it may break at. */
function troff(text) {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll(/^(?=[.'])/gm, "\\&");
}

function pageOf(commands, version) {
  const lines = [
    `.TH STEPFARE 1 "" "stepfare ${version}" "User Commands"`,
    ".SH NAME",
    troff("stepfare - plan the cost and capacity of AWS Step Functions workflows from their definitions"),
    ".SH SYNOPSIS",
    ...commands
      .flatMap(({ usage }) => [".B stepfare", troff(usage), "[\\fIoptions\\fR]", ".br"])
      .slice(0, -1),
    ".SH DESCRIPTION",
    troff(
      "Reads state machines in Amazon States Language, and in SAM, CloudFormation, CDK, Terraform and Serverless Framework sources; counts every path with its retries, loops and Maps; prices it as Standard and as Express. Nothing is executed and nothing is fetched to read a definition. Without a command, paths are analysed.",
    ),
    ".SH COMMANDS",
    ...commands.flatMap(commandLines),
    ".SH FILES",
    ...entry(
      "stepfare.yml",
      "What a definition cannot know: executions, shares, items, durations, prices, policies. The nearest one beside a definition or in a folder above speaks for it.",
    ),
    ...entry("fleet.json", "What collect read from AWS; every later command works from it."),
    ".SH ENVIRONMENT",
    ...entry("NO_COLOR, FORCE_COLOR", "No colours, or colours where the output is no terminal."),
    ...entry("AWS_REGION", "The region, where neither an option nor stepfare.yml names one."),
    ...entry("HTTPS_PROXY, NO_PROXY", "Heeded for AWS, forges and downloads."),
    ".SH EXIT STATUS",
    ...[
      ["0", "All is well."],
      ["1", "A gate failed: a budget, a finding, a limit that the options or stepfare.yml make fail."],
      ["2", "The input or the options are wrong."],
      ["3", "AWS, the network or a forge failed."],
      ["70", "A bug in stepfare."],
    ].flatMap(([code, said]) => entry(code, said)),
    ".SH SEE ALSO",
    troff("stepfare explain <code> prints the page of each rule and diagnostic."),
  ];
  return `${lines.join("\n")}\n`;
}

function entry(term, said) {
  return [".TP", `.B ${troff(term)}`, troff(said)];
}

function commandLines({ usage, describe, options, positionals, examples, epilog }) {
  return [
    `.SS ${troff(usage)}`,
    troff(sentence(describe)),
    ...positionals.flatMap(({ name, describe: said }) => [".TP", `.I ${troff(name)}`, troff(said)]),
    ...options.flatMap(optionLines),
    ...(examples.length === 0 ? [] : [".PP", "Examples:"]),
    ...examples.flatMap(({ command, describe: said }) => [
      ".TP",
      `.B ${troff(command.replaceAll("$0", "stepfare"))}`,
      troff(said),
    ]),
    ...(epilog === null ? [] : [".PP", troff(epilog)]),
  ];
}

function optionLines({ name, aliases, describe, takesValue, choices }) {
  const flags = [...aliases, name].map(
    (flag) => `\\fB${troff(flag.length === 1 ? `-${flag}` : `--${flag}`)}\\fR`,
  );
  const value = takesValue ? " \\fIvalue\\fR" : "";
  const listed = choices.length === 0 || describe.includes(choices[0]) ? "" : ` (${choices.join(", ")})`;
  return [".TP", `${flags.join(", ")}${value}`, troff(`${describe}${listed}`)];
}

function sentence(text) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
